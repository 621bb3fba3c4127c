package index

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Slope gives f'(u) for a function or power f of the scalar u.
type Slope func(fn *expr.Node) *expr.Node

// calculus differentiates by the entry at of the variable.
type calculus struct {
	wrt   *expr.Node
	at    []*Index
	slope Slope
	err   error
}

// Derivative adds the indices of the variable to the free ones: its entry
// (i.., k..) is the derivative of the entry (i..) by the entry (k..) of the
// variable. All entries of the variable vary freely.
func (f *Form) Derivative(wrt *expr.Node, slope Slope) (*Form, error) {
	c := &calculus{wrt: wrt, slope: slope}
	for _, s := range [2]shape.Size{wrt.Shape().Rows, wrt.Shape().Cols} {
		if !s.IsOne() {
			c.at = append(c.at, &Index{s})
		}
	}
	out := &Form{Ctx: f.Ctx, Free: append(append([]*Index(nil), f.Free...), c.at...), Terms: c.terms(f.Terms)}
	out.tidy()
	return out, c.err
}

func (c *calculus) terms(ts []Term) []Term {
	var out []Term
	for _, t := range ts {
		for k, f := range t.Factors {
			rest := Term{Coef: t.Coef, Bound: t.Bound, Factors: append(append([]Factor(nil), t.Factors[:k]...), t.Factors[k+1:]...)}
			for _, d := range c.factor(f) {
				out = append(out, contracted(Term{
					Coef:    rest.Coef.Mul(d.Coef),
					Factors: append(append([]Factor(nil), rest.Factors...), d.Factors...),
					Bound:   append(append([]*Index(nil), rest.Bound...), d.Bound...),
				}.renewed()))
			}
		}
	}
	return out
}

// factor is the derivative of one factor.
func (c *calculus) factor(f Factor) []Term {
	switch {
	case f.IsDelta():
		return nil
	case f.Fn != nil:
		inner := c.terms(f.Arg)
		if len(inner) == 0 {
			return nil
		}
		return times(c.outer(f), inner)
	case f.Node == c.wrt:
		out := Term{Coef: expr.RatOne}
		for k, i := range f.At {
			out.Factors = append(out.Factors, Factor{At: []*Index{i, c.at[k]}})
		}
		return []Term{out}
	case !f.Node.DependsOn(c.wrt):
		return nil
	}
	return c.matrix(f)
}

// outer is f'(arg) in index form.
func (c *calculus) outer(f Factor) []Term {
	u := placeholder(f.Fn.Context())
	fn := f.Fn
	if fn.Op() != expr.OpPow {
		fn = expr.Rebuild(fn, []*expr.Node{u})
	}
	return substituted(c.slope(fn), u, f.Arg)
}

// substituted is a scalar node in index form with a sum in place of u.
func substituted(n, u *expr.Node, arg []Term) []Term {
	r := &reader{open: func(m *expr.Node) bool { return m.DependsOn(u) }}
	var fill func(ts []Term) []Term
	fill = func(ts []Term) []Term {
		var out []Term
		for _, t := range ts {
			product := []Term{{Coef: t.Coef, Bound: t.Bound}}
			for _, g := range t.Factors {
				switch {
				case g.Node == u:
					product = times(product, fresh(arg))
				case g.Fn != nil:
					g.Arg = fill(g.Arg)
					product = times(product, single(g))
				default:
					product = times(product, single(g))
				}
			}
			out = append(out, product...)
		}
		return out
	}
	return fill(r.at(n, nil, nil))
}

func fresh(ts []Term) []Term {
	out := make([]Term, len(ts))
	for i, t := range ts {
		out[i] = t.renewed()
	}
	return out
}
