package shape

import (
	"strings"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/words"
)

// Class says what kind of fault an Error reports.
type Class string

// The classes of error.
const (
	Syntax     Class = "syntax"     // the text is not an expression
	Unknown    Class = "name"       // a name that is not declared
	Mismatch   Class = "shape"      // operands whose shapes do not fit
	Domain     Class = "domain"     // fits, but has no derivative or value here
	Unverified Class = "unverified" // a result that failed its numeric check
	Internal   Class = "internal"   // a fault of this program
	Values     Class = "values"     // numbers that do not fit the declaration
)

// Error is what a faulty expression gives. Pos and End are byte offsets into
// Expr; End is Pos when only a point is known, and both are -1 when no place is.
type Error struct {
	Class   Class
	Message string
	Hint    string
	Expr    string
	Pos     int
	End     int
}

// NewError is an Error without a place.
func NewError(class Class, message, hint string) *Error {
	return &Error{Class: class, Message: message, Hint: hint, Pos: -1, End: -1}
}

// Error is the message, the expression with carets below the place, and the
// hint, each on its own line, in the language that words.SetLanguage chose. The
// fields of the error are English in either.
func (e *Error) Error() string { return e.In(words.Language()) }

// In is the text of Error in a language, "zh" or "en".
func (e *Error) In(lang string) string {
	colon := ": "
	if lang == "zh" {
		colon = "："
	}
	return words.In(lang, string(e.Class)) + colon + e.Text(lang)
}

// Text is In without the class.
func (e *Error) Text(lang string) string {
	hint := "hint: "
	if lang == "zh" {
		hint = "提示："
	}
	var b strings.Builder
	b.WriteString(words.In(lang, e.Message))
	if line, caret := e.Place(); line != "" {
		b.WriteString("\n    " + line + "\n    " + caret)
	}
	if e.Hint != "" {
		b.WriteString("\n  " + hint + words.In(lang, e.Hint))
	}
	return b.String()
}

// Place returns the line of the expression that holds the fault, cut to a
// readable length, and a line of carets that mark it; both are empty when no
// place is known.
func (e *Error) Place() (line, caret string) {
	if e.Pos < 0 || e.Pos > len(e.Expr) || e.Expr == "" {
		return "", ""
	}
	start := strings.LastIndexByte(e.Expr[:e.Pos], '\n') + 1
	stop := len(e.Expr)
	if k := strings.IndexByte(e.Expr[e.Pos:], '\n'); k >= 0 {
		stop = e.Pos + k
	}
	const reach = 60
	head, tail := "", ""
	if e.Pos-start > reach {
		start = e.Pos - reach
		for !utf8.RuneStart(e.Expr[start]) {
			start--
		}
		head = "…"
	}
	end := min(max(e.End, e.Pos), stop)
	if stop-end > reach {
		stop = end + min(reach, stop-end)
		for stop < len(e.Expr) && !utf8.RuneStart(e.Expr[stop]) {
			stop++
		}
		tail = "…"
	}
	width := func(s string) int { return utf8.RuneCountInString(s) }
	line = head + strings.ReplaceAll(e.Expr[start:stop], "\t", " ") + tail
	pad := width(head) + width(e.Expr[start:e.Pos])
	marks := max(1, min(width(e.Expr[e.Pos:end]), 2*reach))
	return line, strings.Repeat(" ", pad) + strings.Repeat("^", marks)
}
