// Package symbols holds what cells know about the packages that are compiled
// into Nabla, the standard library, gonum, gonum/plot, display and matcalc: their
// symbol tables for the interpreter, their types for the checker, their
// documentation, and the source of their generic functions.
//
// All of it is generated (see generate) and read on first use, package by
// package; a program that only links it pays nothing at start. All functions may
// be called from any goroutine.
package symbols

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/kernel/symbols/gonum"
	"github.com/nabla-go/nabla/kernel/symbols/nabla"
	"github.com/nabla-go/nabla/kernel/symbols/std"
	"github.com/nabla-go/nabla/kernel/symbols/table"
)

//go:generate go run ./generate

// Paths lists the import paths of all packages, sorted.
func Paths() []string {
	var paths []string
	for _, g := range groups() {
		for _, p := range g {
			paths = append(paths, p.Path)
		}
	}
	slices.Sort(paths)
	return paths
}

// Values gives the symbols of the package in the form of yaegi's Exports:
// functions, variables (addressable), typed constants, untyped constants as
// constant.Value, types as nil pointers, and for interface T a struct _T through
// which an interpreted value satisfies it. Generic functions and types are not
// among them (see Source). It gives nil for a package that is not here; the map
// belongs to the caller. The key in Exports is path + "/" + Name(path).
func Values(path string) map[string]reflect.Value {
	p := find(path)
	if p == nil {
		return nil
	}
	return p.Values()
}

// Name gives the name in the package's clause, "" for a package that is not here.
func Name(path string) string {
	if path == "unsafe" {
		return path
	}
	p := find(path)
	if p == nil {
		return ""
	}
	return p.Name
}

// Has reports whether cells can import the package.
func Has(path string) bool { return Name(path) != "" }

// groups gives the lists of packages, each sorted by path.
func groups() [3][]table.Package {
	return [...][]table.Package{nabla.Packages(), std.Packages(), gonum.Packages()}
}

func find(path string) *table.Package {
	for _, g := range groups() {
		i, ok := slices.BinarySearchFunc(g, path, func(p table.Package, path string) int {
			return strings.Compare(p.Path, path)
		})
		if ok {
			return &g[i]
		}
	}
	return nil
}

// archives are the files with everything but the symbol tables, opened together
// on first use.
var archives = sync.OnceValue(func() *archive {
	var all []string
	for _, data := range [][]string{nabla.Archives(), std.Archives(), gonum.Archives()} {
		all = append(all, data...)
	}
	return openArchives(all)
})
