package claim

import (
	"slices"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// An edit is a small change of an expression: the row of the table that it
// belongs to and what the row's sentence names.
type edit struct {
	row   *row
	node  *expr.Node   // the changed expression
	about []*expr.Node // what the sentence names, in order
}

// editor makes all small changes of one expression.
type editor struct {
	vars  []*expr.Node // variables that may stand in for one another
	parts []*expr.Node // what may have been forgotten as a factor
	out   []edit
	budg  int
}

// edits lists the changes of one place in n, and of one part everywhere.
func edits(n *expr.Node, vars, parts []*expr.Node, budget int) []edit {
	e := &editor{vars: vars, parts: parts, budg: budget}
	e.everywhere(n)
	e.walk(n, func(m *expr.Node) *expr.Node { return m }, true)
	return e.out
}

// lengths are the dimensions of the variables as numbers.
func (e *editor) lengths() []*expr.Node {
	seen := map[*expr.Node]bool{}
	var out []*expr.Node
	for _, v := range e.vars {
		for _, k := range []*expr.Node{v.Context().Dim(v.Shape().Rows), v.Context().Dim(v.Shape().Cols)} {
			if !k.IsNum() && !seen[k] {
				seen[k] = true
				out = append(out, k)
			}
		}
	}
	return out
}

// add records a change; shapes that do not fit are no change.
func (e *editor) add(r *row, put func(*expr.Node) *expr.Node, m *expr.Node, about ...*expr.Node) {
	if len(e.out) >= e.budg || m == nil {
		return
	}
	node := fits(func() *expr.Node { return put(m) })
	if node != nil {
		e.out = append(e.out, edit{r, node, about})
	}
}

// fits runs a construction and gives nil where shapes do not fit.
func fits(f func() *expr.Node) (n *expr.Node) {
	defer func() {
		if recover() != nil {
			n = nil
		}
	}()
	return f()
}

// everywhere transposes, inverts or renames a part wherever it occurs.
func (e *editor) everywhere(n *expr.Node) {
	same := func(m *expr.Node) *expr.Node { return m }
	for _, m := range expr.PostOrder(n) {
		if m == n || m.IsLeaf() && m.Op() != expr.OpSym {
			continue
		}
		swap := func(by *expr.Node) *expr.Node {
			return fits(func() *expr.Node { return expr.Substitute(n, map[*expr.Node]*expr.Node{m: by}) })
		}
		if m.Shape().IsSquare() && !m.Shape().IsScalar() {
			e.add(rowTranspose, same, swap(expr.T(m)), m)
			e.add(rowInverse, same, swap(expr.Inv(m)), m)
		}
		if m.Op() == expr.OpSym {
			for _, v := range e.vars {
				if v != m && v.Shape() == m.Shape() {
					e.add(rowName, same, swap(v), m, v)
				}
			}
		}
		if m.Op() == expr.OpAdd {
			e.sum(m, func(by *expr.Node) *expr.Node { return swap(by) })
		}
		for _, f := range e.parts {
			if f.Shape() == m.Shape() && f != m {
				e.add(rowMissingTerm, same, swap(expr.Add(m, f)), f)
				e.add(rowMissingTerm, same, swap(expr.Sub(m, f)), expr.Neg(f))
			}
		}
	}
}

// walk changes the node and then its operands; put builds the whole around it.
func (e *editor) walk(n *expr.Node, put func(*expr.Node) *expr.Node, top bool) {
	e.generic(n, put, top)
	switch n.Op() {
	case expr.OpAdd:
		e.sum(n, put)
	case expr.OpMul:
		e.product(n, put)
	case expr.OpHad:
		e.hadamard(n, put)
	case expr.OpPow, expr.OpHPow:
		e.power(n, put)
	case expr.OpKron:
		e.add(rowOrder, put, expr.Call(expr.OpKron, n.Arg(1), n.Arg(0)), n.Arg(0), n.Arg(1))
	}
	if top {
		e.around(n, put)
	}
	if n.Op() == expr.OpDiag && n.Arg(0).IsLeaf() {
		return
	}
	for i, a := range n.Args() {
		e.walk(a, func(m *expr.Node) *expr.Node {
			args := slices.Clone(n.Args())
			args[i] = m
			return put(expr.Rebuild(n, args))
		}, false)
	}
}

// mistaken are functions that are taken for one another.
var mistaken = [][]expr.Op{
	{expr.OpSin, expr.OpCos}, {expr.OpSinh, expr.OpCosh}, {expr.OpTan, expr.OpTanh}, {expr.OpTr, expr.OpDet, expr.OpLogDet, expr.OpSum},
	{expr.OpInv, expr.OpAdj, expr.OpT, expr.OpPinv}, {expr.OpExp, expr.OpLog, expr.OpExpm}, {expr.OpNorm1, expr.OpNorm2}, {expr.OpSigmoid, expr.OpSoftplus, expr.OpTanh},
	{expr.OpRelu, expr.OpStep, expr.OpAbs, expr.OpSign}, {expr.OpSoftmax, expr.OpLogSumExp}, {expr.OpSoftmaxRows, expr.OpSoftmaxCols}, {expr.OpLSERows, expr.OpLSECols},
	{expr.OpArcsin, expr.OpArccos, expr.OpArctan}, {expr.OpSqrt, expr.OpNorm2},
}

// generic are the changes that any node may need.
func (e *editor) generic(n *expr.Node, put func(*expr.Node) *expr.Node, top bool) {
	s := n.Shape()
	if !s.IsScalar() && !top {
		e.add(rowTranspose, put, expr.T(n), n)
	}
	for _, group := range mistaken {
		if !slices.Contains(group, n.Op()) {
			continue
		}
		for _, op := range group {
			if op != n.Op() {
				e.add(rowFunction, put, fits(func() *expr.Node { return expr.Call(op, n.Args()...) }), n, fits(func() *expr.Node { return expr.Call(op, n.Args()...) }))
			}
		}
	}
	if n.Op() == expr.OpSym {
		for _, v := range e.vars {
			if v != n && v.Shape() == s {
				e.add(rowName, put, v, n, v)
			}
		}
	}
	if n.Op().IsElementwise() {
		for _, k := range []expr.Rat{expr.Int(2), expr.RatHalf, expr.RatNeg} {
			other := fits(func() *expr.Node { return expr.Rebuild(n, []*expr.Node{expr.Scale(k, n.Arg(0))}) })
			e.add(rowArgument, put, other, n, other)
		}
	}
	if s.IsScalar() && !n.IsNum() && n.Op() != expr.OpPow && !top {
		for _, d := range append([]*expr.Node{n.Context().Int(-1)}, e.lengths()...) {
			other := expr.Pow(n, d)
			e.add(rowExponent, put, other, n, other)
		}
	}
	switch {
	case n.Op() == expr.OpNorm2:
		e.add(rowSquared, put, expr.Pow(n, n.Context().Int(2)), n)
	case n.Op() == expr.OpDiag:
		e.add(rowDiag, put, n.Arg(0), n)
	case n.Op() == expr.OpInv || n.Op() == expr.OpTr || n.Op() == expr.OpApply:
		e.add(rowDrop, put, n.Arg(0), n)
	case s.IsColumn():
		e.add(rowDiagMissing, put, expr.Diag(n), n)
	}
	if s.IsSquare() && !s.IsScalar() && n.Op() != expr.OpInv {
		e.add(rowInverse, put, expr.Inv(n), n)
	}
	if !s.IsScalar() {
		if n.Op() != expr.OpMul && n.Op() != expr.OpHad {
			e.forgotten(n, n.Product(), put)
		}
		e.add(rowSum, put, expr.Call(expr.OpSum, n), n)
		if s.IsSquare() {
			e.add(rowTrace, put, expr.Call(expr.OpTr, n), n)
		}
	}
}

func (e *editor) sum(n *expr.Node, put func(*expr.Node) *expr.Node) {
	for i, a := range n.Args() {
		with := func(m *expr.Node) *expr.Node {
			args := slices.Clone(n.Args())
			args[i] = m
			return put(expr.Add(args...))
		}
		e.add(rowTermSign, with, expr.Neg(a), a)
		e.add(rowTermFactor, with, expr.Scale(expr.Int(2), a), a, expr.Scale(expr.Int(2), a))
		e.add(rowTermFactor, with, expr.Scale(expr.RatHalf, a), a, expr.Scale(expr.RatHalf, a))
		rest := append(slices.Clone(n.Args()[:i]), n.Args()[i+1:]...)
		e.add(rowExtraTerm, put, fits(func() *expr.Node { return expr.Add(rest...) }), a)
	}
	e.add(rowJoin, put, fits(func() *expr.Node { return expr.Mul(n.Args()...) }), n)
}

func (e *editor) product(n *expr.Node, put func(*expr.Node) *expr.Node) {
	p := n.Product()
	ctx := n.Context()
	with := func(chain []*expr.Node) *expr.Node {
		q := p
		q.Chain = chain
		return fits(func() *expr.Node { return q.Node(ctx) })
	}
	if len(p.Chain) > 1 {
		r := slices.Clone(p.Chain)
		slices.Reverse(r)
		e.add(rowReversed, put, with(r), expr.Mul(p.Chain...))
	}
	for i := range p.Chain {
		if i+1 < len(p.Chain) {
			c := slices.Clone(p.Chain)
			c[i], c[i+1] = c[i+1], c[i]
			e.add(rowOrder, put, with(c), p.Chain[i], p.Chain[i+1])
			if p.Chain[i].Shape() == p.Chain[i+1].Shape() {
				h := append(slices.Clone(p.Chain[:i]), expr.Had(p.Chain[i], p.Chain[i+1]))
				e.add(rowHadamard, put, with(append(h, p.Chain[i+2:]...)), p.Chain[i], p.Chain[i+1])
			}
		}
		for j := range p.Chain {
			if j == i || j == i+1 || i == j+1 {
				continue
			}
			c := slices.Delete(slices.Clone(p.Chain), i, i+1)
			e.add(rowOrder, put, with(slices.Insert(c, j, p.Chain[i])), p.Chain[i], p.Chain[j])
		}
		if len(p.Chain) > 1 {
			e.add(rowExtraFactor, put, with(slices.Delete(slices.Clone(p.Chain), i, i+1)), p.Chain[i])
		}
	}
	for i, f := range p.Scalars {
		q := p
		q.Scalars = slices.Delete(slices.Clone(p.Scalars), i, i+1)
		e.add(rowExtraFactor, put, q.Node(ctx), f)
	}
	if k, whole := p.Coef.Int64(); whole && k > 1 { // det(2*A) = 2^n*det(A)
		for _, d := range e.lengths() {
			q := p
			q.Coef = expr.RatOne
			q.Scalars = append(slices.Clone(p.Scalars), expr.Pow(ctx.Int(k), d))
			e.add(rowExponent, put, fits(func() *expr.Node { return q.Node(ctx) }), ctx.Int(k), expr.Pow(ctx.Int(k), d))
		}
	}
	e.add(rowJoin, put, fits(func() *expr.Node { return expr.Add(n.Args()...) }), n)
	e.split(n, p, put)
	e.forgotten(n, p, put)
}

// around puts a factor of the right form around the whole.
func (e *editor) around(n *expr.Node, put func(*expr.Node) *expr.Node) {
	for _, f := range e.parts {
		e.add(rowMissingFactor, put, fits(func() *expr.Node { return expr.Mul(f, n) }), f)
		e.add(rowMissingFactor, put, fits(func() *expr.Node { return expr.Mul(n, f) }), f)
	}
}

// split replaces the product of two halves of the chain by their elementwise
// product.
func (e *editor) split(n *expr.Node, p expr.Product, put func(*expr.Node) *expr.Node) {
	for i := 1; i < len(p.Chain); i++ {
		l, r := expr.Mul(p.Chain[:i]...), expr.Mul(p.Chain[i:]...)
		if l.Shape() == r.Shape() && !l.Shape().IsScalar() {
			q := p
			q.Chain = []*expr.Node{expr.Had(l, r)}
			e.add(rowHadamard, put, fits(func() *expr.Node { return q.Node(n.Context()) }), l, r)
		}
	}
}

// forgotten puts a factor of the right form into the chain.
func (e *editor) forgotten(n *expr.Node, p expr.Product, put func(*expr.Node) *expr.Node) {
	for _, f := range e.parts {
		if f.Shape().IsScalar() {
			continue
		}
		for i := 0; i <= len(p.Chain); i++ {
			q := p
			q.Chain = slices.Insert(slices.Clone(p.Chain), i, f)
			m := fits(func() *expr.Node { return q.Node(n.Context()) })
			if m != nil && m.Shape() == n.Shape() {
				e.add(rowMissingFactor, put, m, f)
			}
		}
		e.add(rowMissingHad, put, fits(func() *expr.Node { return expr.Had(n, f) }), f)
	}
}

func (e *editor) hadamard(n *expr.Node, put func(*expr.Node) *expr.Node) {
	args := n.Args()
	for i := range args {
		rest := slices.Delete(slices.Clone(args), i, i+1)
		others := fits(func() *expr.Node { return expr.Had(rest...) })
		if others == nil {
			continue
		}
		e.add(rowProduct, put, fits(func() *expr.Node { return expr.Mul(args[i], others) }), args[i], others)
		e.add(rowProduct, put, fits(func() *expr.Node { return expr.Mul(others, args[i]) }), others, args[i])
		e.add(rowExtraFactor, put, others, args[i])
	}
	for _, f := range e.parts {
		e.add(rowMissingHad, put, fits(func() *expr.Node { return expr.Had(n, f) }), f)
	}
}

func (e *editor) power(n *expr.Node, put func(*expr.Node) *expr.Node) {
	b, x := n.Arg(0), n.Arg(1)
	ctx := n.Context()
	if b.Op() == expr.OpNorm2 && x.IsInt(2) {
		e.add(rowNotSquared, put, b, n)
	}
	for _, k := range []int64{1, -1} {
		y := expr.Add(x, ctx.Int(k))
		if x.IsNum() {
			y = ctx.Num(x.Rat().Add(expr.Int(k)))
		}
		e.add(rowExponent, put, fits(func() *expr.Node { return expr.Call(n.Op(), b, y) }), n, fits(func() *expr.Node { return expr.Call(n.Op(), b, y) }))
	}
	other := expr.OpHPow
	if n.Op() == expr.OpHPow {
		other = expr.OpPow
	}
	e.add(rowPowerKind, put, fits(func() *expr.Node { return expr.Call(other, b, x) }), n)
}
