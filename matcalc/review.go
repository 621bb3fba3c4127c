package matcalc

import (
	"github.com/nabla-go/nabla/matcalc/derive"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/review"
)

// Review is the verdict on every line of a derivation; see Variables.Check.
type Review struct{ *review.Review }

// Check judges a derivation or a list of statements, one on a line, in any
// input syntax: which line is the first wrong one, which term differs, numbers
// that show it, and the repair.
//
//	v := matcalc.Vars("A: n×n symmetric; x: n")
//	v.Check(`
//	    f = x'*A*x
//	    df = dx'*A*x + x'*A*dx
//	       = 2*x'*A*dx
//	    ∂f/∂x = 2*A*x
//	`)
//
// Derivatives are read in the given layout. It panics with *Error when a line
// cannot be read.
func (v *Variables) Check(lines string, layout ...Layout) *Review {
	r, err := v.CheckLines(lines, layout...)
	raise(err)
	return r
}

// CheckLines is Check with an error (an *Error) in place of a panic.
func (v *Variables) CheckLines(lines string, layout ...Layout) (*Review, error) {
	var l diff.Layout
	if len(layout) > 0 {
		l = layout[0]
	}
	r, err := review.Read(lines, v.scope, l)
	if err != nil {
		return nil, err
	}
	return &Review{r}, nil
}

// String is the review as text.
func (r *Review) String() string { return r.In(derive.Language()) }

// HTML is the review as a table.
func (r *Review) HTML() string { return r.Table(derive.Language()) }

// LayoutTable lists the nine kinds of derivative with their shapes in the
// numerator and the denominator layout.
type LayoutTable struct{ review.LayoutTable }

// Layouts differentiates an example of each kind in both layouts.
func Layouts() LayoutTable {
	t, err := review.Layouts()
	raise(err)
	return LayoutTable{t}
}

// String is the table as text.
func (t LayoutTable) String() string { return t.In(derive.Language()) }

// HTML is the table as HTML.
func (t LayoutTable) HTML() string { return t.Table(derive.Language()) }

// SetLanguage chooses the language of notes, reviews and rules: "zh" or "en";
// without it that of the environment variable LANG.
func SetLanguage(lang string) { derive.SetLanguage(lang) }
