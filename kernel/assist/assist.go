// Package assist answers what a front end asks while a person types: complete,
// inspect and is_complete. It works from types and the documentation inside the
// program, runs nothing, and takes any text and any cursor.
package assist

import (
	"go/types"

	"github.com/nabla-go/nabla/kernel/cell"
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
	// Magics lists the magics.
	Magics() []cell.Command
	// Language is the language of help, "zh" or "en".
	Language() string
	// IsMathematics tells whether the string arguments of a function, known by
	// its bare name, are mathematics; "" is a magic that takes an expression.
	IsMathematics(function string) bool
	// Words gives what may stand where the text of the spot ends, whatever has
	// been typed of it.
	Words(Spot) []Word
	// About describes a name of mathematics, "" for one that means nothing.
	About(s Spot, name string) string
}

// A Spot is where mathematics is typed.
type Spot struct {
	Text string // of the argument, up to the cursor
	Code string // the cell, and what declared the receiver of the call
	Call string // the bare name of the function, "" behind a magic
}

// A Word may stand at a spot; First fits better than what has it not.
type Word struct {
	Text, Kind, About string
	First             bool
}

// An Assistant answers for one session.
type Assistant struct{ live Live }

// New gives the assistant for what is alive in a session.
func New(live Live) *Assistant { return &Assistant{live} }
