package matcalc

import (
	"github.com/nabla-go/nabla/matcalc/derive"
	"github.com/nabla-go/nabla/matcalc/diff"
)

// Derivation is a derivative with the lines that lead to it, each by rules
// with a name; it shows as LaTeX and as text.
type Derivation = derive.Derivation

// Derive derives the gradient of a scalar, the Jacobian of a vector, or the
// derivative by a scalar, step by step by differentials. Each step has been
// checked numerically. It panics with *Error.
func (f *Expr) Derive(wrt string, layout ...Layout) *Derivation {
	d, err := f.DeriveBy(wrt, withLayout(Request{}, layout))
	raise(err)
	return d
}

// DeriveBy is Derive for a request; the error is an *Error.
func (f *Expr) DeriveBy(wrt string, q Request) (*Derivation, error) {
	result, err := f.Ask(wrt, q)
	if err != nil {
		return nil, err
	}
	x := f.vars.scope.Vars[wrt]
	q = q.Normal(f.node, x)
	if q.Kind == diff.Hessian {
		return f.Gradient(wrt).DeriveBy(wrt, Request{})
	}
	return derive.ByDifferential(f.node, x, result.node, q)
}
