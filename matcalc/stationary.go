package matcalc

import (
	"fmt"
	"strings"

	"github.com/nabla-go/nabla/matcalc/derive"
	"github.com/nabla-go/nabla/matcalc/shape"
	"github.com/nabla-go/nabla/matcalc/stationary"
)

// StationaryPoint is where the gradient vanishes: the solution in closed form
// with the derivation, what it needs, and whether it is a minimum, a maximum or
// a saddle; or, where no closed form is known, the equation.
type StationaryPoint struct{ *stationary.Point }

// Stationary solves gradient = 0 by the named variable, under equality
// constraints written as in "C*x = d". It panics with *Error.
func (f *Expr) Stationary(wrt string, constraints ...string) *StationaryPoint {
	p, err := f.FindStationary(wrt, constraints...)
	raise(err)
	return p
}

// FindStationary is Stationary with an error (an *Error) in place of a panic.
func (f *Expr) FindStationary(wrt string, constraints ...string) (*StationaryPoint, error) {
	x := f.vars.scope.Vars[wrt]
	if x == nil {
		return nil, shape.NewError(shape.Unknown, fmt.Sprintf("undefined variable %q", wrt), "declared: "+fmt.Sprint(f.vars.scope.Names()))
	}
	var cs []stationary.Constraint
	for _, text := range constraints {
		left, right, ok := strings.Cut(text, "=")
		if !ok {
			return nil, shape.NewError(shape.Syntax, fmt.Sprintf("%q is no equation", text), "a constraint is written as in C*x = d")
		}
		l, err := f.vars.Parse(left)
		if err != nil {
			return nil, err
		}
		r, err := f.vars.Parse(right)
		if err != nil {
			return nil, err
		}
		if r.node.IsZero() && !l.node.Shape().IsScalar() {
			r.node = l.node.Context().Zeros(l.node.Shape().Rows, l.node.Shape().Cols)
		}
		cs = append(cs, stationary.Constraint{Left: l.node, Right: r.node})
	}
	p, err := stationary.Find(f.node, x, cs)
	if err != nil {
		return nil, err
	}
	return &StationaryPoint{p}, nil
}

// String is the derivation as text.
func (p *StationaryPoint) String() string { return p.Text(derive.Language()) }

// LaTeX is the derivation as aligned lines.
func (p *StationaryPoint) LaTeX() string { return p.Markup(derive.Language()) }
