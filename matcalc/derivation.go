package matcalc

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/derive"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Derivation is a derivative with the lines that lead to it, each by rules
// with a name; it shows as LaTeX and as text.
type Derivation = derive.Derivation

// Strategy is a way to derive; the layouts and strategies are the options of
// Derive.
type Strategy = derive.Strategy

// The strategies, which lead to the same derivative.
const (
	ByDefinition   = derive.Definition    // X+dX, expand, drop what is of second order
	ByComponents   = derive.Components    // sums over entries, Kronecker's delta
	ByDifferential = derive.Differentials // rules for d, compare with df = tr(G'dX)
	ByChain        = derive.Chain         // intermediates with names
)

// Derive derives the gradient of a scalar, the Jacobian of a vector, or the
// derivative by a scalar, step by step; the options are a Strategy (by
// differentials without one) and a Layout. Each step has been checked
// numerically. It panics with *Error, which says why a strategy does not apply.
func (f *Expr) Derive(wrt string, options ...any) *Derivation {
	q, by := Request{}, ByDifferential
	for _, o := range options {
		switch o := o.(type) {
		case Strategy:
			by = o
		case Layout:
			q.Layout = o
		default:
			raise(shape.NewError(shape.Values, fmt.Sprintf("%v is no option of Derive", o), "the options are a strategy, as matcalc.ByChain, and a layout, as matcalc.Numerator"))
		}
	}
	d, err := f.DeriveBy(wrt, q, by)
	raise(err)
	return d
}

// DeriveBy is Derive for a request; the error is an *Error. A Hessian is
// derived from the gradient.
func (f *Expr) DeriveBy(wrt string, q Request, by ...Strategy) (*Derivation, error) {
	result, err := f.Ask(wrt, q)
	if err != nil {
		return nil, err
	}
	x := f.vars.scope.Vars[wrt]
	q = q.Normal(f.node, x)
	if q.Kind == diff.Hessian {
		return f.Gradient(wrt).DeriveBy(wrt, Request{}, by...)
	}
	strategy := ByDifferential
	if len(by) > 0 {
		strategy = by[0]
	}
	return derive.By(strategy, f.node, x, result.node, q)
}

// Strategies lists the strategies, the usual one first.
func Strategies() []Strategy { return derive.Strategies() }

// ParseStrategy reads a strategy's name, in English or Chinese; "" is
// ByDifferential.
func ParseStrategy(name string) (Strategy, error) { return derive.ParseStrategy(name) }
