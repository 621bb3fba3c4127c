package matcalc

import (
	"strings"
	"sync"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/shape"
	"github.com/nabla-go/nabla/matcalc/words"
)

// Variables are declared names with shapes and facts, in which expressions are
// written.
type Variables struct {
	scope  *parse.Scope
	passed sync.Map // *check.Report of each check.Claim that has been found true
}

// Vars declares variables, as in
//
//	v := matcalc.Vars("A: n×n symmetric; x: n; c: scalar positive; sigma: function")
//
// It panics with *Error when the text is no declaration.
func Vars(text string) *Variables {
	v, err := ParseVars(text)
	raise(err)
	return v
}

// ParseVars is Vars with an error (an *Error) in place of a panic.
func ParseVars(text string) (*Variables, error) {
	s, err := parse.Declarations(text)
	if err != nil {
		return nil, err
	}
	return &Variables{scope: s}, nil
}

// NewVariables is an empty set to which Declare adds.
func NewVariables() *Variables { return &Variables{scope: parse.NewScope()} }

// Declare adds a variable by its sizes (none for a scalar, one for a vector,
// two for a matrix) and facts; the error is an *Error.
func (v *Variables) Declare(name string, sizes []string, facts []string) error {
	if len(sizes) > 2 {
		return shape.NewError(shape.Mismatch, name+" has more than two sizes", "a variable is a scalar, a vector or a matrix")
	}
	sh := shape.Scalar
	for i, text := range sizes {
		s, err := shape.Parse(text)
		if err != nil {
			return shape.NewError(shape.Syntax, name+": "+err.Error(), "")
		}
		if i == 0 {
			sh.Rows = s
		} else {
			sh.Cols = s
		}
	}
	var props expr.Props
	for _, f := range facts {
		if f == "function" {
			return v.scope.DeclareFunc(name)
		}
		row, ok := expr.LookupProp(f)
		if !ok {
			return shape.NewError(shape.Unknown, name+": "+f+" is no known fact", "")
		}
		props |= row.Prop
	}
	return v.scope.Declare(name, sh, props)
}

// Scope gives the declarations to other packages.
func (v *Variables) Scope() *parse.Scope { return v.scope }

// Expr parses an expression; it panics with *Error.
func (v *Variables) Expr(text string) *Expr {
	e, err := v.Parse(text)
	raise(err)
	return e
}

// Parse is Expr with an error (an *Error) in place of a panic. The text may be
// ASCII, Unicode or LaTeX.
func (v *Variables) Parse(text string) (*Expr, error) {
	r, err := parse.Text(text, v.scope)
	if err != nil {
		return nil, err
	}
	return &Expr{vars: v, node: r.Node, read: r, text: text}, nil
}

// Understood says how a text that was not plain ASCII was read, with what was
// assumed; "" when there is nothing to say.
func (f *Expr) Understood() string {
	if f.read.Syntax == "" || f.read.Syntax == "ascii" && len(f.read.Notes) == 0 {
		return ""
	}
	said := []string{words.Say("read as " + f.ASCII())}
	for _, note := range f.read.Notes {
		said = append(said, words.Say(note))
	}
	return strings.Join(said, [2]string{"; ", "；"}[language()])
}
