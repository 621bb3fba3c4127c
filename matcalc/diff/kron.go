package diff

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

var one = shape.One

// pullKron is the partial inner product of g with the other factor. Where g is
// a Kronecker product that fits, it is one of the two times a number; in
// general it is a product with stacked identities.
func pullKron(e *engine, n, g, a *expr.Node, k int) *expr.Node {
	x, y := n.Arg(0), n.Arg(1)
	if g.Op() == expr.OpAdd {
		var ts []*expr.Node
		for _, t := range g.Args() {
			ts = append(ts, pullKron(e, n, t, a, k))
		}
		return expr.Add(ts...)
	}
	p := g.Product()
	if len(p.Chain) == 1 {
		if l, r, ok := e.splitKron(p.Chain[0], x, y); ok {
			p.Chain = nil
			if k == 0 {
				return expr.Mul(p.Node(e.ctx), inner(r, y), l)
			}
			return expr.Mul(p.Node(e.ctx), inner(l, x), r)
		}
	}
	return e.partial(g, x, y, k)
}

// splitKron sees a constant or a Kronecker product as factors shaped like x and
// y.
func (e *engine) splitKron(h, x, y *expr.Node) (l, r *expr.Node, ok bool) {
	switch h.Op() {
	case expr.OpKron:
		l, r = h.Arg(0), h.Arg(1)
		return l, r, l.Shape() == x.Shape() && r.Shape() == y.Shape()
	case expr.OpOnes:
		return ones(x), ones(y), true
	case expr.OpEye:
		if x.Shape().IsSquare() {
			return e.ctx.Eye(x.Shape().Rows), e.ctx.Eye(y.Shape().Rows), true
		}
	case expr.OpT:
		l, r, ok = e.splitKron(h.Arg(0), expr.T(x), expr.T(y))
		if ok {
			return expr.T(l), expr.T(r), true
		}
	}
	if h.Op().IsElementwise() && h.Arg(0).Op() == expr.OpKron && (h.Op() == expr.OpAbs || h.Op() == expr.OpSign) {
		u, v := h.Arg(0).Arg(0), h.Arg(0).Arg(1)
		if u.Shape() == x.Shape() && v.Shape() == y.Shape() {
			return call(h.Op(), u), call(h.Op(), v), true
		}
	}
	return nil, nil, false
}

// partial writes sum over the block entries: for k = 0 the matrix of
// <G_ij, Y>, for k = 1 the sum of x_ij G_ij, G_ij the blocks of g.
//
//	k = 1: (vec(I_m)'⊗I)(I_m ⊗ G)(x ⊗ I)... summed over block columns
func (e *engine) partial(g, x, y *expr.Node, k int) *expr.Node {
	if k == 1 {
		return e.weighted(g, x, y)
	}
	// <G_ij, Y> = tr(Y' G_ij): by K(m,p) G K(q,n) the roles of the factors are
	// exchanged and the case above applies.
	m, n := x.Shape().Rows, x.Shape().Cols
	p, q := y.Shape().Rows, y.Shape().Cols
	swapped := expr.Mul(e.ctx.Comm(p, m), g, e.ctx.Comm(n, q))
	return e.weighted(swapped, y, x)
}

// weighted is sum_ij x_ij G_ij, where G_ij is the (i,j) block, of the shape of
// y, of g.
func (e *engine) weighted(g, x, y *expr.Node) *expr.Node {
	m, n := x.Shape().Rows, x.Shape().Cols
	p, q := y.Shape().Rows, y.Shape().Cols
	eye := func(s shape.Size) *expr.Node { return e.ctx.Eye(s) }
	kron := func(a, b *expr.Node) *expr.Node {
		switch {
		case a.IsInt(1):
			return b
		case b.IsInt(1):
			return a
		case a.Shape().IsScalar() || b.Shape().IsScalar():
			return expr.Mul(a, b)
		}
		return expr.Call(expr.OpKron, a, b)
	}
	// One side: sum_j (x_:j' ⊗ I_p) G (e_j ⊗ I_q)
	//  = (vec(x)' ⊗ I_p) (I_n ⊗ G) (vec(I_n) ⊗ I_q).
	switch {
	case n.IsOne():
		return expr.Mul(kron(expr.T(x), eye(p)), g)
	case m.IsOne():
		return expr.Mul(g, kron(expr.T(x), eye(q)))
	}
	return expr.Mul(kron(expr.T(vec(x)), eye(p)), kron(eye(n), g), kron(vec(eye(n)), eye(q)))
}
