package cell

import (
	"fmt"
	"go/constant"
	"go/types"
	"strings"
	"unicode/utf8"
)

// A Plan is a checked cell: what the interpreter is to evaluate, in order.
type Plan struct {
	Imports []Import
	// Declarations is one text of types, constants, variables and functions.
	Declarations string
	Steps        []Step
	commit       func()
}

// An Import makes a package known to the interpreter under an alias.
type Import struct{ Alias, Path string }

// A Step is one statement.
type Step struct {
	Code string
	Line int // in the cell
	// Result tells that the value is the cell's result.
	Result *Result
}

// A Result says what the last expression of a cell is.
type Result struct {
	// Names holds the results of a call that has several, as variables; the
	// value of Code itself otherwise.
	Names []string
	Types []types.Type
	// Count tells that a result is named n: the number of bytes that a call such
	// as fmt.Println wrote, which nobody asks for.
	Count bool
	// Const is the value, known before anything runs.
	Const constant.Value
}

// Commit makes the names of the cell live.
func (p *Plan) Commit() { p.commit() }

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
