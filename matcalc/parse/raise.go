package parse

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// varies reports whether the node depends on the index.
func (ix *sumIndex) varies(n *expr.Node) bool {
	for s := range ix.parts {
		if n.DependsOn(s) {
			return true
		}
	}
	return false
}

// total is the sum of the node over the index in matrix form; nil when none is
// known.
func (ix *sumIndex) total(n *expr.Node) *expr.Node {
	c, s := n.Context(), n.Shape()
	ones := c.Ones(ix.size, shape.One)
	switch {
	case !ix.varies(n):
		return expr.Mul(c.Dim(ix.size), n)
	case n.Op() == expr.OpAdd:
		var ts []*expr.Node
		for _, a := range n.Args() {
			t := ix.total(a)
			if t == nil {
				return nil
			}
			ts = append(ts, t)
		}
		return expr.Add(ts...)
	case s.IsMatrix():
		return ix.outer(n)
	}
	if p := n.Product(); s.IsScalar() && !p.Coef.Equal(expr.RatOne) {
		q := p
		q.Coef = expr.RatOne
		t := ix.total(q.Node(c))
		if t == nil {
			return nil
		}
		return expr.Scale(p.Coef, t)
	}
	l := ix.lift(n)
	switch {
	case l == nil:
		return nil
	case s.IsScalar():
		return expr.Call(expr.OpSum, l)
	case s.IsColumn():
		return expr.Mul(expr.T(l), ones)
	}
	return expr.Mul(expr.T(ones), l)
}

// outer is the sum of products of a column and a row: U'*diag(w)*V.
func (ix *sumIndex) outer(n *expr.Node) *expr.Node {
	p := n.Product()
	for k := 1; k < len(p.Chain); k++ {
		if !p.Chain[k].Shape().Rows.IsOne() {
			continue
		}
		u, v := ix.lift(expr.Mul(p.Chain[:k]...)), ix.lift(expr.Mul(p.Chain[k:]...))
		w := ix.lift(expr.Product{Coef: p.Coef, Scalars: p.Scalars}.Node(n.Context()))
		if u == nil || v == nil || w == nil {
			return nil
		}
		if len(p.Scalars) == 0 {
			return expr.Mul(n.Context().Num(p.Coef), expr.T(u), v)
		}
		return expr.Mul(expr.T(u), expr.Diag(w), v)
	}
	return nil
}

// lift is the matrix whose row i is the node's value (for a column, its
// transpose) at i; nil when the node is not understood.
func (ix *sumIndex) lift(n *expr.Node) *expr.Node {
	c, s := n.Context(), n.Shape()
	ones := c.Ones(ix.size, shape.One)
	if rows := ix.parts[n]; rows != nil {
		return rows
	}
	if s.IsMatrix() {
		return nil
	}
	if !ix.varies(n) {
		if s.IsColumn() {
			n = expr.T(n)
		}
		return expr.Mul(ones, n)
	}
	switch n.Op() {
	case expr.OpT:
		return ix.lift(n.Arg(0))
	case expr.OpAdd, expr.OpHad:
		args := make([]*expr.Node, len(n.Args()))
		for i, a := range n.Args() {
			if args[i] = ix.lift(a); args[i] == nil {
				return nil
			}
		}
		return expr.Call(n.Op(), args...)
	case expr.OpMul:
		return ix.liftProduct(n)
	case expr.OpPow, expr.OpHPow:
		a, e := ix.lift(n.Arg(0)), n.Arg(1)
		if a == nil || ix.varies(e) || !e.Shape().IsScalar() {
			return nil
		}
		return expr.HPow(a, e)
	}
	if len(n.Args()) != 1 {
		return nil
	}
	a := ix.lift(n.Arg(0))
	if a == nil {
		return nil
	}
	if n.Op().IsElementwise() {
		return expr.Rebuild(n, []*expr.Node{a})
	}
	width := c.Ones(a.Shape().Cols, shape.One)
	switch n.Op() {
	case expr.OpSum:
		return expr.Mul(a, width)
	case expr.OpNorm2:
		return expr.Call(expr.OpSqrt, expr.Mul(expr.HPow(a, c.Int(2)), width))
	case expr.OpNorm1:
		return expr.Mul(expr.Call(expr.OpAbs, a), width)
	case expr.OpSoftmax:
		return expr.Call(expr.OpSoftmaxRows, a)
	case expr.OpLogSumExp:
		return expr.Call(expr.OpLSERows, a)
	}
	return nil
}

// liftProduct walks the chain from the end that varies, then scales the rows
// by the scalar factors.
func (ix *sumIndex) liftProduct(n *expr.Node) *expr.Node {
	p := n.Product()
	var weights []*expr.Node
	fixed := expr.Product{Coef: p.Coef}
	for _, f := range p.Scalars {
		if !ix.varies(f) {
			fixed.Scalars = append(fixed.Scalars, f)
			continue
		}
		w := ix.lift(f)
		if w == nil {
			return nil
		}
		weights = append(weights, w)
	}
	scale := fixed.Node(n.Context())
	if len(p.Chain) == 0 {
		return expr.Mul(scale, expr.Had(weights...))
	}
	rows := ix.liftChain(p.Chain)
	switch {
	case rows == nil:
		return nil
	case len(weights) == 0:
		return expr.Mul(scale, rows)
	case rows.Shape().IsColumn():
		return expr.Mul(scale, expr.Had(append(weights, rows)...))
	}
	return expr.Mul(scale, expr.Diag(expr.Had(weights...)), rows)
}

func (ix *sumIndex) liftChain(chain []*expr.Node) *expr.Node {
	last := len(chain) - 1
	first := chain[0]
	if !first.Shape().IsRow() { // a column: A*B*x has rows x'*B'*A'
		return ix.fold(ix.lift(chain[last]), chain[:last], nil)
	}
	if !chain[last].Shape().IsColumn() { // a row
		return ix.foldRight(ix.lift(first), chain[1:])
	}
	if ix.varies(first) {
		return ix.pair(ix.foldRight(ix.lift(first), chain[1:last]), chain[last])
	}
	return ix.pair(ix.fold(ix.lift(chain[last]), chain[1:last], nil), first)
}

// foldRight multiplies the rows by constant matrices.
func (ix *sumIndex) foldRight(rows *expr.Node, by []*expr.Node) *expr.Node {
	if rows == nil {
		return nil
	}
	args := []*expr.Node{rows}
	for _, f := range by {
		if ix.varies(f) {
			return nil
		}
		args = append(args, f)
	}
	return expr.Mul(args...)
}

// fold multiplies columns, kept as rows, by constant matrices on their left.
func (ix *sumIndex) fold(rows *expr.Node, by, tail []*expr.Node) *expr.Node {
	for i := len(by) - 1; i >= 0; i-- {
		tail = append(tail, expr.T(by[i]))
		if ix.varies(by[i]) {
			return nil
		}
	}
	return ix.foldRight(rows, tail)
}

// pair is the vector of inner products of the rows with a vector that varies
// or not.
func (ix *sumIndex) pair(rows, v *expr.Node) *expr.Node {
	if rows == nil {
		return nil
	}
	if !ix.varies(v) {
		if v.Shape().IsRow() {
			v = expr.T(v)
		}
		return expr.Mul(rows, v)
	}
	other := ix.lift(v)
	if other == nil {
		return nil
	}
	return expr.Mul(expr.Had(rows, other), v.Context().Ones(rows.Shape().Cols, shape.One))
}
