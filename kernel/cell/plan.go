package cell

import (
	"fmt"
	"go/constant"
	"go/types"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/nabla-go/nabla/kernel/cell/lower"
)

// A Plan is a checked cell: what the interpreter is to evaluate.
type Plan struct {
	Imports []Import
	// Symbols are to be added to package Runtime first.
	Symbols map[string]reflect.Value
	// Types declares struct types, of which Recursive are those that refer to
	// themselves.
	Types     string
	Recursive []string
	// Declarations is one text of variables and functions, after Types.
	Declarations string
	// Run names the function that runs the statements; it hands the cell's result
	// to Runtime.Result. For a variable it is the expression of its value.
	Run string
	// Result says what the last expression gives, nil when the cell has no
	// result.
	Result *Result
	// Prints tells that a statement of the cell calls the builtin print, which a
	// person may take for another language's.
	Prints bool
	// Outdated has the functions of earlier cells that go on calling one that the
	// cell declares again with another signature, by its name.
	Outdated map[string][]string
	// Number is that of the unit in the marks of lowered code.
	Number int

	commit, rollback func()
}

// An Import makes a package known to the interpreter under an alias.
type Import = lower.Import

// A Result says what the last expression of a cell is.
type Result struct {
	// Types are those of the values: several for a call with several results.
	Types []types.Type
	// Count tells that a result is named n: the number of bytes that a call such
	// as fmt.Println wrote, which nobody asks for.
	Count bool
	// Const is the value, known before anything runs. An untyped integer need
	// not fit an int.
	Const constant.Value
}

// Commit makes the names of the cell live.
func (p *Plan) Commit() { p.commit() }

// Rollback forgets a plan whose declarations the interpreter refused.
func (p *Plan) Rollback() { p.rollback() }

// An Error is one message of the parser or checker. Line and Column are
// 1-based, Column in bytes as the compiler counts.
type Error struct {
	Line, Column int
	Message      string
}

// Report is the message with its place, the line and a caret.
func (e Error) Report(code string, count int) string {
	head := fmt.Sprintf("cell %d:%d:%d: %s", count, e.Line, e.Column, e.Message)
	lines := strings.Split(code, "\n")
	if e.Line < 1 || e.Line > len(lines) {
		return head
	}
	line := strings.TrimRight(lines[e.Line-1], "\r")
	before := line[:min(max(e.Column-1, 0), len(line))]
	indent := strings.Repeat(" ", utf8.RuneCountInString(before))
	if tabs := strings.Count(before, "\t"); tabs > 0 {
		indent = strings.Map(func(r rune) rune {
			if r == '\t' {
				return r
			}
			return ' '
		}, before)
	}
	return head + "\n    " + line + "\n    " + indent + "^"
}
