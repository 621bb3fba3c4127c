// Package assist answers what a front end asks while a person types: complete,
// inspect and is_complete. It works from types and the documentation inside the
// program, runs nothing, and takes any text and any cursor.
package assist

import (
	"go/types"
)

// Live is what the cells have declared so far. Its answers may be stale by the
// cell that is running; its methods are called from any goroutine.
type Live interface {
	// Path is the import path of the package that holds the declarations: it
	// decides which unexported fields and methods a cell may select.
	Path() string
	// Objects gives what a new cell can name: constants, variables, functions,
	// types and imported packages, by the name that the person typed.
	Objects() map[string]types.Object
	// Value describes what a variable holds, in short and with its shape
	// ("3×3 matrix"), "" where that is not known.
	Value(name string) string
	// Declaration gives the comment and the source of a declaration, "" where
	// there is none.
	Declaration(name string) (doc, source string)
	// Magics lists the magics by name, without the percent sign, with one line
	// of help each.
	Magics() map[string]string
	// Expressions completes the matcalc expression in a string argument: what
	// may stand for the name that text ends in. It may be nil.
	Expressions(text string) []string
}

// An Assistant answers for one session.
type Assistant struct{ live Live }

// New gives the assistant for what is alive in a session.
func New(live Live) *Assistant { return &Assistant{live} }
