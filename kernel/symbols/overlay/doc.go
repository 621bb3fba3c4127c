// Package overlay holds, in its folders, generic functions of the standard
// library whose own source leans on the runtime or on internal packages: the
// same functions written in plain Go, which the lowering can copy. They stand
// beside the rest of the package's source in what symbols.Source gives.
package overlay
