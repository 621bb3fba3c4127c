package index

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// matrixRule gives, for the entry f of a function of a matrix M, the factor of
// dM_ab, which is summed over a and b; an index is nil where M has length 1.
type matrixRule func(r *reader, f Factor, a, b *Index) []Term

// matrixRules hold the functions that stay whole in index form.
var matrixRules map[expr.Op]matrixRule

func init() {
	matrixRules = map[expr.Op]matrixRule{
		expr.OpInv: func(_ *reader, f Factor, a, b *Index) []Term {
			return []Term{{Coef: expr.RatNeg, Factors: []Factor{entry(f.Node, f.At[0], a), entry(f.Node, b, f.At[1])}}}
		},
		expr.OpLogDet: func(_ *reader, f Factor, a, b *Index) []Term { return single(entry(expr.Inv(f.Node.Arg(0)), b, a)) },
		expr.OpDet: func(_ *reader, f Factor, a, b *Index) []Term {
			return []Term{{Coef: expr.RatOne, Factors: []Factor{f, entry(expr.Inv(f.Node.Arg(0)), b, a)}}}
		},
		expr.OpNorm2: func(r *reader, f Factor, a, b *Index) []Term {
			under := power(f.Node, single(f), f.Node.Context().Int(-1))
			return times(under, r.at(f.Node.Arg(0), a, b))
		},
		expr.OpLogSumExp: func(_ *reader, f Factor, a, b *Index) []Term {
			return single(entry(expr.Call(expr.OpSoftmax, f.Node.Arg(0)), a, b))
		},
		expr.OpSoftmax: func(_ *reader, f Factor, a, b *Index) []Term {
			other := entry(f.Node, a, b)
			return []Term{
				{Coef: expr.RatOne, Factors: append(same(f.At, other.At), f)},
				{Coef: expr.RatNeg, Factors: []Factor{f, other}},
			}
		},
		expr.OpSoftmaxRows: func(_ *reader, f Factor, a, b *Index) []Term {
			row := same(f.At[:1], []*Index{a})
			return []Term{
				{Coef: expr.RatOne, Factors: append(same(f.At, []*Index{a, b}), f)},
				{Coef: expr.RatNeg, Factors: append(row, f, entry(f.Node, f.At[0], b))},
			}
		},
		expr.OpLSERows: func(_ *reader, f Factor, a, b *Index) []Term {
			return []Term{{Coef: expr.RatOne, Factors: append(same(f.At, []*Index{a}), entry(expr.Call(expr.OpSoftmaxRows, f.Node.Arg(0)), f.At[0], b))}}
		},
	}
}

// same ties indices to each other.
func same(a, b []*Index) []Factor {
	var out []Factor
	for k := range a {
		out = append(out, Factor{At: []*Index{a[k], b[k]}})
	}
	return out
}

// matrix is the derivative of an entry of a function of a matrix.
func (c *calculus) matrix(f Factor) []Term {
	rule := matrixRules[f.Node.Op()]
	if rule == nil {
		if c.err == nil {
			c.err = fmt.Errorf("the derivative of %v has no index form", f.Node.Op())
		}
		return nil
	}
	m := f.Node.Arg(0)
	var at [2]*Index
	for k, s := range [2]shape.Size{m.Shape().Rows, m.Shape().Cols} {
		if !s.IsOne() {
			at[k] = &Index{s}
		}
	}
	r := &reader{open: func(n *expr.Node) bool { return n.DependsOn(c.wrt) }}
	inner := c.terms(r.at(m, at[0], at[1]))
	out := over(times(rule(r, f, at[0], at[1]), inner), at[0], at[1])
	if r.err != nil && c.err == nil {
		c.err = r.err
	}
	return out
}
