package derive

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// An indexer writes expressions in entries.
type indexer struct {
	x     *expr.Node
	taken map[string]bool
	err   error
}

// indexNames are given to sums, in this order.
var indexNames = []string{"i", "j", "p", "q", "r", "s", "t", "u", "v", "a", "b", "c", "d", "e", "g", "h", "m", "n"}

// fresh is an index that runs over a size; nil for a size of one.
func (w *indexer) fresh(size shape.Size) *index {
	if size.IsOne() {
		return nil
	}
	for _, n := range indexNames {
		if !w.taken[n] {
			w.taken[n] = true
			return &index{n, size}
		}
	}
	name := fmt.Sprintf("i%d", len(w.taken))
	w.taken[name] = true
	return &index{name, size}
}

// refuse notes why there are no entries to write.
func (w *indexer) refuse(why string) entry {
	if w.err == nil {
		w.err = shape.NewError(shape.Domain, why, "")
	}
	return nought
}

// over sums a body over a fresh index.
func (w *indexer) over(size shape.Size, body func(i *index) entry) entry {
	i := w.fresh(size)
	if i == nil {
		return body(nil)
	}
	return total{i, body(i)}
}

// entry is the entry (i,j) of a node.
func (w *indexer) entry(n *expr.Node, i, j *index) entry {
	if row := entryRows[n.Op()]; row != nil {
		return row(w, n, i, j)
	}
	if n == w.x || !n.DependsOn(w.x) {
		return atom{n, i, j}
	}
	if n.Op().IsElementwise() {
		return applied{n.Op(), n.Name(), n.Order(), w.entry(n.Arg(0), i, j)}
	}
	op := n.Op().String()
	if n.Op() == expr.OpVec || n.Op() == expr.OpKron || n.Op() == expr.OpComm {
		return w.refuse("by components: an entry of " + op + " is numbered by a pair of indices, and here one index counts one side of a variable")
	}
	return w.refuse("by components: the entries of " + op + " of an unknown matrix are no sums and products of its entries")
}

type entryRow func(w *indexer, n *expr.Node, i, j *index) entry

// entryRows are the operators that have entries in terms of their operands'. It
// is filled in init, as its rows call entry.
var entryRows [expr.NumOps]entryRow

func init() {
	scalarEntry := func(f func(w *indexer, a *expr.Node) entry) entryRow {
		return func(w *indexer, n *expr.Node, _, _ *index) entry { return f(w, n.Arg(0)) }
	}
	all := func(w *indexer, a *expr.Node, f func(e entry) entry) entry {
		return w.over(a.Shape().Rows, func(p *index) entry {
			return w.over(a.Shape().Cols, func(q *index) entry { return f(w.entry(a, p, q)) })
		})
	}
	exp := func(e entry) entry { return applied{op: expr.OpExp, arg: e} }
	for op, row := range map[expr.Op]entryRow{
		expr.OpNum:   func(_ *indexer, n *expr.Node, _, _ *index) entry { return number{n.Rat()} },
		expr.OpOnes:  func(*indexer, *expr.Node, *index, *index) entry { return one },
		expr.OpZeros: func(*indexer, *expr.Node, *index, *index) entry { return nought },
		expr.OpEye: func(_ *indexer, _ *expr.Node, i, j *index) entry {
			if i == j {
				return one
			}
			return delta{i, j}
		},
		expr.OpT: func(w *indexer, n *expr.Node, i, j *index) entry { return w.entry(n.Arg(0), j, i) },
		expr.OpAdd: func(w *indexer, n *expr.Node, i, j *index) entry {
			var terms []entry
			for _, a := range n.Args() {
				terms = append(terms, w.entry(a, i, j))
			}
			return sum(terms...)
		},
		expr.OpHad: func(w *indexer, n *expr.Node, i, j *index) entry {
			var factors []entry
			for _, a := range n.Args() {
				factors = append(factors, w.entry(a, i, j))
			}
			return prod(factors...)
		},
		expr.OpMul: (*indexer).product,
		expr.OpPow: (*indexer).power, expr.OpHPow: (*indexer).power,
		expr.OpTr: func(w *indexer, n *expr.Node, _, _ *index) entry {
			return w.over(n.Arg(0).Shape().Rows, func(p *index) entry { return w.entry(n.Arg(0), p, p) })
		},
		expr.OpSum: scalarEntry(func(w *indexer, a *expr.Node) entry {
			return all(w, a, func(e entry) entry { return e })
		}),
		expr.OpNorm1: scalarEntry(func(w *indexer, a *expr.Node) entry {
			return all(w, a, func(e entry) entry { return applied{op: expr.OpAbs, arg: e} })
		}),
		expr.OpNorm2: scalarEntry(func(w *indexer, a *expr.Node) entry {
			return raised{all(w, a, func(e entry) entry { return power(e, expr.Int(2)) }), number{expr.RatHalf}}
		}),
		expr.OpLogSumExp: scalarEntry(func(w *indexer, a *expr.Node) entry {
			return applied{op: expr.OpLog, arg: all(w, a, exp)}
		}),
		expr.OpSoftmax: func(w *indexer, n *expr.Node, i, j *index) entry {
			return prod(exp(w.entry(n.Arg(0), i, j)), power(all(w, n.Arg(0), exp), expr.RatNeg))
		},
		expr.OpSoftmaxRows: func(w *indexer, n *expr.Node, i, j *index) entry {
			under := w.over(n.Shape().Cols, func(q *index) entry { return exp(w.entry(n.Arg(0), i, q)) })
			return prod(exp(w.entry(n.Arg(0), i, j)), power(under, expr.RatNeg))
		},
		expr.OpLSERows: func(w *indexer, n *expr.Node, i, _ *index) entry {
			return applied{op: expr.OpLog, arg: w.over(n.Arg(0).Shape().Cols, func(q *index) entry { return exp(w.entry(n.Arg(0), i, q)) })}
		},
		expr.OpDiag: func(w *indexer, n *expr.Node, i, j *index) entry {
			v := n.Arg(0)
			at := w.entry(v, i, nil)
			if v.Shape().IsRow() {
				at = w.entry(v, nil, i)
			}
			if i == j {
				return at
			}
			return prod(delta{i, j}, at)
		},
		expr.OpDiagOf: func(w *indexer, n *expr.Node, i, _ *index) entry { return w.entry(n.Arg(0), i, i) },
	} {
		entryRows[op] = row
	}
}

// product sums over the inner sizes of the chain.
func (w *indexer) product(n *expr.Node, i, j *index) entry {
	p := n.Product()
	factors := []entry{number{p.Coef}}
	for _, s := range p.Scalars {
		factors = append(factors, w.entry(s, nil, nil))
	}
	var inner []*index
	left := i
	for k, f := range p.Chain {
		right := j
		if k < len(p.Chain)-1 {
			right = w.fresh(f.Shape().Cols)
			if right != nil {
				inner = append(inner, right)
			}
		}
		factors = append(factors, w.entry(f, left, right))
		left = right
	}
	body := prod(factors...)
	for k := len(inner) - 1; k >= 0; k-- {
		body = total{inner[k], body}
	}
	return collapseEyes(body)
}

// collapseEyes works out the deltas of identity matrices at once.
func collapseEyes(e entry) entry {
	if hasDelta(e) {
		return collapse(e)
	}
	return e
}

// power of a number, of entries, or of a matrix, which is a product.
func (w *indexer) power(n *expr.Node, i, j *index) entry {
	base, e := n.Arg(0), n.Arg(1)
	if n.Op() == expr.OpPow && !n.Shape().IsScalar() {
		k, ok := e.Rat().Int64()
		if !ok || !e.IsNum() || k < 1 || k > 6 {
			return w.refuse("by components: only small whole powers of a matrix are sums of products")
		}
		chain := make([]*expr.Node, k)
		for l := range chain {
			chain[l] = base
		}
		var inner []*index
		factors, left := []entry{}, i
		for l, f := range chain {
			right := j
			if l < len(chain)-1 {
				right = w.fresh(f.Shape().Cols)
				inner = append(inner, right)
			}
			factors = append(factors, w.entry(f, left, right))
			left = right
		}
		body := prod(factors...)
		for l := len(inner) - 1; l >= 0; l-- {
			body = total{inner[l], body}
		}
		return body
	}
	if e.IsNum() {
		if b, ok := w.entry(base, i, j).(raised); ok && e.IsInt(2) {
			return power(b, e.Rat())
		}
		return power(w.entry(base, i, j), e.Rat())
	}
	at := func(a *expr.Node) entry {
		if a.Shape().IsScalar() {
			return w.entry(a, nil, nil)
		}
		return w.entry(a, i, j)
	}
	return raised{at(base), at(e)}
}

// partial is the derivative of an entry by the entry (k,l) of x, deltas as they
// come.
func (w *indexer) partial(e entry, k, l *index) entry {
	switch e := e.(type) {
	case atom:
		if e.node != w.x {
			return nought
		}
		var ds []entry
		if k != nil {
			ds = append(ds, delta{e.i, k})
		}
		if l != nil {
			ds = append(ds, delta{e.j, l})
		}
		return prod(ds...)
	case total:
		if d := w.partial(e.body, k, l); d != nought {
			return total{e.over, d}
		}
	case plus:
		return sum(each(e.terms, func(t entry) entry { return w.partial(t, k, l) })...)
	case times:
		var terms []entry
		for at, f := range e.factors {
			d := w.partial(f, k, l)
			if d == nought {
				continue
			}
			factors := append([]entry{}, e.factors...)
			factors[at] = d
			terms = append(terms, prod(factors...))
		}
		return sum(terms...)
	case raised:
		db, de := w.partial(e.base, k, l), w.partial(e.exponent, k, l)
		var terms []entry
		if db != nought {
			lower := raised{e.base, sum(e.exponent, whole(-1))}
			outer := prod(e.exponent, lower)
			if n, ok := e.exponent.(number); ok {
				outer = prod(n, power(e.base, n.value.Add(expr.RatNeg)))
			}
			terms = append(terms, prod(outer, db))
		}
		if de != nought {
			terms = append(terms, prod(e, applied{op: expr.OpLog, arg: e.base}, de))
		}
		return sum(terms...)
	case applied:
		if d := w.partial(e.arg, k, l); d != nought {
			return prod(slope(e), d)
		}
	}
	return nought
}

// slope is the derivative of a function at its argument.
func slope(e applied) entry {
	call := func(op expr.Op) entry { return applied{op: op, arg: e.arg} }
	square := func(a entry) entry { return power(a, expr.Int(2)) }
	minus := func(a entry) entry { return prod(whole(-1), a) }
	switch e.op {
	case expr.OpExp:
		return e
	case expr.OpLog:
		return power(e.arg, expr.RatNeg)
	case expr.OpSin:
		return call(expr.OpCos)
	case expr.OpCos:
		return minus(call(expr.OpSin))
	case expr.OpTan:
		return sum(one, square(e))
	case expr.OpSinh:
		return call(expr.OpCosh)
	case expr.OpCosh:
		return call(expr.OpSinh)
	case expr.OpTanh:
		return sum(one, minus(square(e)))
	case expr.OpArcsin:
		return raised{sum(one, minus(square(e.arg))), number{expr.RatHalf.Neg()}}
	case expr.OpArccos:
		return minus(raised{sum(one, minus(square(e.arg))), number{expr.RatHalf.Neg()}})
	case expr.OpArctan:
		return power(sum(one, square(e.arg)), expr.RatNeg)
	case expr.OpSqrt:
		return prod(number{expr.RatHalf}, power(e, expr.RatNeg))
	case expr.OpAbs:
		return call(expr.OpSign)
	case expr.OpRelu:
		return call(expr.OpStep)
	case expr.OpSigmoid:
		return prod(e, sum(one, minus(e)))
	case expr.OpSoftplus:
		return call(expr.OpSigmoid)
	case expr.OpApply:
		e.order++
		return e
	}
	return nought // sign, step
}
