package index

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Stand is what a variable that stands for entries means: the entries of Of at
// At, where nil leaves a row or a column free, summed over the indices of Over.
// X[i,:] is {Of: X, At: [i, nil]}, and a sum over k is {Of: body, Over: [k]}.
type Stand struct {
	Of   *expr.Node
	At   [2]*Index
	Over []*Index
}

// reader turns nodes into index form.
type reader struct {
	open   func(*expr.Node) bool // what must be taken apart
	stands map[*expr.Node]Stand
	err    error
}

// Of is the form of a node's entries; parts that do not depend on the variables
// stay together as one matrix. The error names a function that has no entries
// in the syntax.
func Of(n *expr.Node, wrt ...*expr.Node) (*Form, error) {
	r := &reader{open: func(m *expr.Node) bool {
		for _, v := range wrt {
			if m.DependsOn(v) {
				return true
			}
		}
		return false
	}}
	f := &Form{Ctx: n.Context()}
	var at [2]*Index
	for k, s := range [2]shape.Size{n.Shape().Rows, n.Shape().Cols} {
		if !s.IsOne() {
			at[k] = &Index{s}
			f.Free = append(f.Free, at[k])
		}
	}
	f.Terms = r.at(n, at[0], at[1])
	f.tidy()
	return f, r.err
}

// Total is the sum over the indices of a scalar, vector or matrix in which
// variables stand for entries.
func Total(n *expr.Node, stands map[*expr.Node]Stand, over []*Index) (*Form, error) {
	r := &reader{stands: stands, open: func(m *expr.Node) bool {
		for s := range stands {
			if m.DependsOn(s) {
				return true
			}
		}
		return false
	}}
	f := &Form{Ctx: n.Context()}
	var at [2]*Index
	for k, s := range [2]shape.Size{n.Shape().Rows, n.Shape().Cols} {
		if !s.IsOne() {
			at[k] = &Index{s}
			f.Free = append(f.Free, at[k])
		}
	}
	for _, t := range r.at(n, at[0], at[1]) {
		t.Bound = append(t.Bound, over...)
		f.Terms = append(f.Terms, t)
	}
	f.tidy()
	return f, r.err
}

func (r *reader) refuse(n *expr.Node) []Term {
	if r.err == nil {
		r.err = fmt.Errorf("%v has no index form", n.Op())
	}
	return nil
}

// at is the entry (i,j) of a node; an index is nil where the length is 1.
func (r *reader) at(n *expr.Node, i, j *Index) []Term {
	if s, ok := r.stands[n]; ok {
		k, l := s.At[0], s.At[1]
		free := []*Index{i, j}
		if i == nil {
			free = free[1:]
		}
		if k == nil && !s.Of.Shape().Rows.IsOne() {
			k, free = free[0], free[1:]
		}
		if l == nil && !s.Of.Shape().Cols.IsOne() {
			l = free[0]
		}
		return over(r.at(s.Of, k, l), s.Over...)
	}
	if len(r.stands) == 0 && matrixRules[n.Op()] != nil {
		return single(entry(n, i, j))
	}
	if f := entryRows[n.Op()]; f != nil && (r.open(n) || n.IsLeaf() || n.Op() == expr.OpT && n.Arg(0).IsLeaf()) {
		return f(r, n, i, j)
	}
	if n.Op().IsElementwise() && r.open(n) {
		return single(Factor{Fn: n, Arg: r.at(n.Arg(0), i, j)})
	}
	if len(r.stands) > 0 && r.open(n) {
		return r.refuse(n)
	}
	return single(entry(n, i, j))
}

// power is a factor raised to a constant.
func power(n *expr.Node, base []Term, exponent *expr.Node) []Term {
	if len(base) == 1 && len(base[0].Bound) == 0 && len(base[0].Factors) == 1 && base[0].Coef.Equal(expr.RatOne) {
		// (a^(1/2))^2 is a, since the root is of what is not negative.
		f := base[0].Factors[0]
		if f.Fn != nil && f.Fn.Op() == expr.OpPow && f.Fn.Arg(1).IsNum() && f.Fn.Arg(1).Rat().Equal(expr.RatHalf) && exponent.IsNum() && exponent.Rat().IsInt() {
			return power(n, f.Arg, n.Context().Num(exponent.Rat().Mul(expr.RatHalf)))
		}
	}
	if exponent.IsInt(1) {
		return base
	}
	return single(Factor{Fn: expr.Pow(placeholder(n.Context()), exponent), Arg: base})
}

// placeholder stands for the operand of a function.
func placeholder(c *expr.Context) *expr.Node { return c.Sym("u·", shape.Scalar, expr.Positive) }

type entryRule func(r *reader, n *expr.Node, i, j *Index) []Term

var entryRows map[expr.Op]entryRule

func init() {
	entryRows = map[expr.Op]entryRule{
		expr.OpNum: func(_ *reader, n *expr.Node, _, _ *Index) []Term { return scaled(n.Rat(), one()) },
		expr.OpEye: func(_ *reader, _ *expr.Node, i, j *Index) []Term {
			return single(Factor{At: []*Index{i, j}})
		},
		expr.OpOnes:  func(_ *reader, _ *expr.Node, _, _ *Index) []Term { return one() },
		expr.OpZeros: func(_ *reader, _ *expr.Node, _, _ *Index) []Term { return nil },
		expr.OpAdd: func(r *reader, n *expr.Node, i, j *Index) []Term {
			var out []Term
			for _, a := range n.Args() {
				out = append(out, r.at(a, i, j)...)
			}
			return out
		},
		expr.OpT: func(r *reader, n *expr.Node, i, j *Index) []Term { return r.at(n.Arg(0), j, i) },
		expr.OpMul: func(r *reader, n *expr.Node, i, j *Index) []Term {
			p := n.Product()
			out := scaled(p.Coef, one())
			for _, s := range p.Scalars {
				out = times(out, r.at(s, nil, nil))
			}
			return times(out, r.chain(p.Chain, i, j))
		},
		expr.OpHad: func(r *reader, n *expr.Node, i, j *Index) []Term {
			out := one()
			for _, a := range n.Args() {
				out = times(out, r.at(a, i, j))
			}
			return out
		},
		expr.OpPow:  entryPow,
		expr.OpHPow: entryPow,
		expr.OpDiag: func(r *reader, n *expr.Node, i, j *Index) []Term {
			v := n.Arg(0)
			d := single(Factor{At: []*Index{i, j}})
			if v.Shape().IsRow() {
				return times(d, r.at(v, nil, i))
			}
			return times(d, r.at(v, i, nil))
		},
		expr.OpDiagOf: func(r *reader, n *expr.Node, i, _ *Index) []Term { return r.at(n.Arg(0), i, i) },
		expr.OpTr: func(r *reader, n *expr.Node, _, _ *Index) []Term {
			k := &Index{n.Arg(0).Shape().Rows}
			return over(r.at(n.Arg(0), k, k), k)
		},
		expr.OpSum: func(r *reader, n *expr.Node, _, _ *Index) []Term {
			return r.total(n.Arg(0), func(ts []Term) []Term { return ts })
		},
		expr.OpNorm1: func(r *reader, n *expr.Node, _, _ *Index) []Term {
			return r.total(n.Arg(0), func(ts []Term) []Term {
				return single(Factor{Fn: expr.Call(expr.OpAbs, placeholder(n.Context())), Arg: ts})
			})
		},
		expr.OpNorm2: func(r *reader, n *expr.Node, _, _ *Index) []Term {
			c := n.Context()
			squares := r.total(n.Arg(0), func(ts []Term) []Term { return power(n, ts, c.Int(2)) })
			return power(n, squares, c.Num(expr.RatHalf))
		},
		expr.OpLogSumExp: func(r *reader, n *expr.Node, _, _ *Index) []Term {
			c := n.Context()
			return single(Factor{Fn: expr.Call(expr.OpLog, placeholder(c)), Arg: r.total(n.Arg(0), exponentials(c))})
		},
		expr.OpSoftmax: func(r *reader, n *expr.Node, i, j *Index) []Term {
			c := n.Context()
			whole := r.total(n.Arg(0), exponentials(c))
			return times(exponentials(c)(r.at(n.Arg(0), i, j)), power(n, whole, c.Int(-1)))
		},
	}
}

func exponentials(c *expr.Context) func([]Term) []Term {
	return func(ts []Term) []Term { return single(Factor{Fn: expr.Call(expr.OpExp, placeholder(c)), Arg: ts}) }
}

// total is the sum over all entries of what f makes of them.
func (r *reader) total(n *expr.Node, f func([]Term) []Term) []Term {
	var i, j *Index
	if !n.Shape().Rows.IsOne() {
		i = &Index{n.Shape().Rows}
	}
	if !n.Shape().Cols.IsOne() {
		j = &Index{n.Shape().Cols}
	}
	return over(f(r.at(n, i, j)), i, j)
}

// chain is the entry of a product of matrices.
func (r *reader) chain(fs []*expr.Node, i, j *Index) []Term {
	if len(fs) == 0 {
		return one()
	}
	// Factors that stay together are one matrix.
	for k := 0; k+1 < len(fs); k++ {
		if !r.open(fs[k]) && !r.open(fs[k+1]) && len(fs) > 2 {
			joined := append(append([]*expr.Node(nil), fs[:k]...), expr.Mul(fs[k], fs[k+1]))
			if !joined[k].Shape().IsScalar() {
				return r.chain(append(joined, fs[k+2:]...), i, j)
			}
		}
	}
	if len(fs) == 1 {
		return r.at(fs[0], i, j)
	}
	var k *Index
	if s := fs[0].Shape().Cols; !s.IsOne() {
		k = &Index{s}
	}
	return over(times(r.at(fs[0], i, k), r.chain(fs[1:], k, j)), k)
}

// maxMatrixPower bounds the powers of a matrix that are written out.
const maxMatrixPower = 8

// entryPow is a power of every entry by a constant, or a power of a matrix with
// a small whole exponent.
func entryPow(r *reader, n *expr.Node, i, j *Index) []Term {
	b, e := n.Arg(0), n.Arg(1)
	if r.open(e) || !e.Shape().IsScalar() {
		return r.refuse(n)
	}
	if n.Op() == expr.OpPow && !n.Shape().IsScalar() {
		k, ok := e.Rat().Int64()
		if !e.IsNum() || !ok || k < 1 || k > maxMatrixPower {
			return r.refuse(n)
		}
		fs := make([]*expr.Node, k)
		for m := range fs {
			fs[m] = b
		}
		return r.chain(fs, i, j)
	}
	return power(n, r.at(b, i, j), e)
}
