// Package rt is what lowered cells call at run time. The interpreter knows a
// named type by its underlying type only, so a value of a person's type enters
// an interface as a Box, which carries its Type: the dynamic type that type
// switches, method calls, comparisons and printing go by. Compiled packages see
// boxes through the wrappers of their interfaces. Frames hold deferred calls,
// since the interpreter's own defer and recover differ from Go's.
package rt
