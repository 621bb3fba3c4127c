// Package loops holds twelve small programs of which the speed of cells is
// measured: each as a cell, in the bare interpreter and compiled. They are plain
// Go that the bare interpreter runs rightly, and give a number to compare.
package loops

import "embed"

// Sources are the files of the loops.
//
//go:embed *.go
var Sources embed.FS

// A Loop is one program.
type Loop struct {
	Name string
	File string
	Call string // of the function in a cell
	Run  func() float64
}

// All lists the loops.
var All = []Loop{
	{"matrix product", "matrix.go", "Matrix()", Matrix},
	{"sieve", "sieve.go", "Sieve()", Sieve},
	{"n-body", "nbody.go", "NBody()", NBody},
	{"sorting", "sorting.go", "Sorting()", Sorting},
	{"string building", "text.go", "Text()", Text},
	{"maps", "maps.go", "Maps()", Maps},
	{"closures", "closures.go", "Closures()", Closures},
	{"method calls", "methods.go", "Methods()", Methods},
	{"channels", "channels.go", "Channels()", Channels},
	{"struct fields", "fields.go", "Fields()", Fields},
	{"float arithmetic", "floats.go", "Floats()", Floats},
	{"complex arithmetic", "mandelbrot.go", "Mandelbrot()", Mandelbrot},
}

// Apart are programs whose cost in cells is that of types which the bare
// interpreter does not have.
var Apart = []Loop{
	{"assertions", "assertions.go", "Assertions()", Assertions},
	{"interface calls", "interfaces.go", "Interfaces()", Interfaces},
	{"conversions", "conversions.go", "Conversions()", Conversions},
	{"defer", "deferred.go", "Deferred()", Deferred},
}
