// Package std holds the generated symbol tables, types and documentation of
// the standard library.
package std

import "github.com/nabla-go/nabla/kernel/symbols/table"

// Packages lists the packages, sorted by import path.
func Packages() []table.Package { return packages[:] }

// Archives gives the zip archives with types, documentation and source.
func Archives() []string { return []string{archive, platformArchive} }
