package diff

import (
	"github.com/nabla-go/nabla/matcalc/expr"
)

// gradient is the matrix G of the shape of the variable with df = <G, dX>,
// found by passing adjoints from f down to the variable, once per node.
func (e *engine) gradient(f *expr.Node) *expr.Node {
	return e.adjoint(f, e.num(1), e.wrt)
}

// adjoint is the gradient of <seed, f> with respect to a node below f.
func (e *engine) adjoint(f, seed, target *expr.Node) *expr.Node {
	order := expr.PostOrder(f)
	adj := make(map[*expr.Node][]*expr.Node, len(order))
	adj[f] = []*expr.Node{seed}
	for i := len(order) - 1; i >= 0; i-- {
		n := order[i]
		gs := adj[n]
		if n == target || len(gs) == 0 || n.IsLeaf() || !n.DependsOn(e.wrt) {
			continue
		}
		g := gs[0]
		if len(gs) > 1 {
			g = e.simp.Simplify(expr.Add(gs...))
		}
		for k, a := range n.Args() {
			if a.DependsOn(e.wrt) {
				if c := e.pull(n, g, k); !c.IsZero() {
					adj[a] = append(adj[a], e.simp.Simplify(c))
				}
			}
		}
	}
	gs := adj[target]
	if len(gs) == 0 {
		return zeroLike(target)
	}
	return e.simp.Simplify(expr.Add(gs...))
}

// pull is the adjoint of operand k of n when that of n is g.
func (e *engine) pull(n, g *expr.Node, k int) *expr.Node {
	a := n.Arg(k)
	if n.Op().IsElementwise() {
		return had(g, slope(n))
	}
	f := pullRows[n.Op()]
	if f == nil {
		refuse("", "no derivative of %s is known in closed form", n.Op())
	}
	return f(e, n, g, a, k)
}

type pullRule func(e *engine, n, g, a *expr.Node, k int) *expr.Node

var pullRows map[expr.Op]pullRule

func init() {
	pullRows = map[expr.Op]pullRule{
		expr.OpAdd: func(_ *engine, _, g, _ *expr.Node, _ int) *expr.Node { return g },
		expr.OpT:   func(_ *engine, _, g, _ *expr.Node, _ int) *expr.Node { return expr.T(g) },
		expr.OpMul: pullProduct,
		expr.OpHad: func(_ *engine, n, g, _ *expr.Node, k int) *expr.Node {
			return had(append([]*expr.Node{g}, others(n.Args(), k)...)...)
		},
		expr.OpHPow: pullHPow,
		expr.OpPow:  pullPow,
		expr.OpInv: func(_ *engine, n, g, _ *expr.Node, _ int) *expr.Node {
			return expr.Neg(expr.Mul(expr.T(n), g, expr.T(n)))
		},
		expr.OpDet: func(_ *engine, n, g, a *expr.Node, _ int) *expr.Node {
			return expr.Mul(g, n, expr.T(expr.Inv(a)))
		},
		expr.OpLogDet: func(_ *engine, _, g, a *expr.Node, _ int) *expr.Node {
			return expr.Mul(g, expr.T(expr.Inv(a)))
		},
		expr.OpAdj:  pullAdj,
		expr.OpPinv: pullPinv,
		expr.OpExpm: pullExpm,
		expr.OpTr: func(e *engine, _, g, a *expr.Node, _ int) *expr.Node {
			return expr.Mul(g, e.ctx.Eye(a.Shape().Rows))
		},
		expr.OpSum: func(_ *engine, _, g, a *expr.Node, _ int) *expr.Node { return expr.Mul(g, ones(a)) },
		expr.OpNorm1: func(_ *engine, _, g, a *expr.Node, _ int) *expr.Node {
			return expr.Mul(g, call(expr.OpSign, a))
		},
		expr.OpNorm2: func(_ *engine, n, g, a *expr.Node, _ int) *expr.Node {
			return expr.Div(expr.Mul(g, a), n)
		},
		expr.OpLogSumExp: func(_ *engine, _, g, a *expr.Node, _ int) *expr.Node {
			return expr.Mul(g, call(expr.OpSoftmax, a))
		},
		expr.OpSoftmax: func(_ *engine, n, g, _ *expr.Node, _ int) *expr.Node {
			return expr.Sub(had(n, g), expr.Mul(inner(n, g), n))
		},
		expr.OpSoftmaxRows: func(e *engine, n, g, _ *expr.Node, _ int) *expr.Node {
			w := expr.Mul(had(n, g), e.ctx.Ones(n.Shape().Cols, one))
			return expr.Sub(had(n, g), expr.Mul(expr.Diag(w), n))
		},
		expr.OpSoftmaxCols: func(e *engine, n, g, _ *expr.Node, _ int) *expr.Node {
			w := expr.Mul(e.ctx.Ones(one, n.Shape().Rows), had(n, g))
			return expr.Sub(had(n, g), expr.Mul(n, expr.Diag(w)))
		},
		expr.OpLSERows: func(_ *engine, _, g, a *expr.Node, _ int) *expr.Node {
			return expr.Mul(expr.Diag(g), call(expr.OpSoftmaxRows, a))
		},
		expr.OpLSECols: func(_ *engine, _, g, a *expr.Node, _ int) *expr.Node {
			return expr.Mul(call(expr.OpSoftmaxCols, a), expr.Diag(g))
		},
		expr.OpDiag: func(_ *engine, _, g, a *expr.Node, _ int) *expr.Node {
			if a.Shape().IsRow() {
				return expr.T(diagOf(g))
			}
			return diagOf(g)
		},
		expr.OpDiagOf: func(_ *engine, _, g, _ *expr.Node, _ int) *expr.Node { return expr.Diag(g) },
		expr.OpVec:    pullVec,
		expr.OpKron:   pullKron,
		expr.OpHCat:   pullHCat,
		expr.OpVCat: func(e *engine, n, g, _ *expr.Node, k int) *expr.Node {
			return expr.Mul(e.selector(n.Args(), k, true), g)
		},
		expr.OpEigMax: func(_ *engine, _, g, a *expr.Node, _ int) *expr.Node {
			v := call(expr.OpEigVecMax, a)
			return expr.Mul(g, v, expr.T(v))
		},
		expr.OpSigmaMax: func(_ *engine, _, g, a *expr.Node, _ int) *expr.Node {
			return expr.Mul(g, call(expr.OpUSVMax, a), expr.T(call(expr.OpVSVMax, a)))
		},
		expr.OpNucNorm: func(_ *engine, _, g, a *expr.Node, _ int) *expr.Node {
			return expr.Mul(g, call(expr.OpPolar, a))
		},
	}
}

func others(args []*expr.Node, k int) []*expr.Node {
	out := make([]*expr.Node, 0, len(args)-1)
	out = append(out, args[:k]...)
	return append(out, args[k+1:]...)
}

// diagOf is the diagonal of g, as a product of vectors where g is one.
func diagOf(g *expr.Node) *expr.Node {
	if g.Shape().IsScalar() {
		return g
	}
	p := g.Product()
	if len(p.Chain) > 1 {
		for i := 1; i < len(p.Chain); i++ {
			if p.Chain[i].Shape().Rows.IsOne() {
				u, v := expr.Mul(p.Chain[:i]...), expr.Mul(p.Chain[i:]...)
				p.Chain = nil
				return expr.Mul(p.Node(g.Context()), had(u, expr.T(v)))
			}
		}
	}
	return expr.Diag(g)
}

// pullProduct: for a chain L*a*R the adjoint is L'*g*R'; for a scalar factor it
// is the inner product of g with the rest.
func pullProduct(e *engine, n, g, a *expr.Node, k int) *expr.Node {
	p := n.Product()
	lead := len(n.Args()) - len(p.Chain)
	if k < lead {
		rest := expr.Product{Coef: p.Coef, Scalars: others(n.Args()[lead-len(p.Scalars):lead], k-(lead-len(p.Scalars)))}
		r := rest.Node(e.ctx)
		if len(p.Chain) == 0 {
			return expr.Mul(g, r)
		}
		chain := expr.Mul(p.Chain...)
		if n.Shape().IsScalar() {
			return expr.Mul(g, r, chain)
		}
		return expr.Mul(r, inner(g, chain))
	}
	i := k - lead
	factors := []*expr.Node{expr.Product{Coef: p.Coef, Scalars: p.Scalars}.Node(e.ctx)}
	for j := i - 1; j >= 0; j-- {
		factors = append(factors, expr.T(p.Chain[j]))
	}
	left := expr.Mul(factors...)
	var right []*expr.Node
	for j := len(p.Chain) - 1; j > i; j-- {
		right = append(right, expr.T(p.Chain[j]))
	}
	return expr.Mul(append([]*expr.Node{left, g}, right...)...)
}

func pullHPow(_ *engine, n, g, a *expr.Node, k int) *expr.Node {
	d := had(g, powSlope(n, k))
	if a.Shape().IsScalar() {
		return call(expr.OpSum, d)
	}
	return d
}

// pullPow: a scalar power, with |x|² norms kept free of roots, or a matrix
// power with a known exponent.
func pullPow(e *engine, n, g, a *expr.Node, k int) *expr.Node {
	b, x := n.Arg(0), n.Arg(1)
	if n.Shape().IsScalar() {
		if k == 1 {
			return expr.Mul(g, n, call(expr.OpLog, b))
		}
		return expr.Mul(g, x, expr.Pow(b, lessOne(x)))
	}
	if k == 1 {
		refuse("only a whole exponent is allowed for a matrix", "the exponent of a matrix power has no derivative")
	}
	m, ok := x.Rat().Int64()
	if !ok || !x.IsNum() || m > 12 || m < -12 {
		if p := g.Product(); len(p.Chain) == 1 && commute(p.Chain[0], expr.T(b)) {
			return expr.Mul(x, g, expr.T(expr.Pow(b, lessOne(x))))
		}
		refuse("write the power with a number of at most 12", "the power %s needs as many terms as its exponent", "X^k")
	}
	if p := g.Product(); len(p.Chain) == 1 && commute(p.Chain[0], expr.T(b)) {
		return expr.Mul(e.num(m), g, expr.T(pow(b, m-1)))
	}
	base, sign := b, int64(1)
	if m < 0 {
		base, m, sign = expr.Inv(b), -m, -1
	}
	var terms []*expr.Node
	for i := int64(0); i < m; i++ {
		l, r := expr.T(pow(base, i)), expr.T(pow(base, m-1-i))
		t := expr.Mul(l, g, r)
		if sign < 0 {
			t = expr.Neg(expr.Mul(expr.T(base), t, expr.T(base)))
		}
		terms = append(terms, t)
	}
	return expr.Add(terms...)
}

// lessOne is x - 1.
func lessOne(x *expr.Node) *expr.Node {
	if x.IsNum() {
		return x.Context().Num(x.Rat().Add(expr.RatNeg))
	}
	return expr.Sub(x, x.Context().Int(1))
}

func pow(b *expr.Node, k int64) *expr.Node {
	if k == 0 {
		return b.Context().Eye(b.Shape().Rows)
	}
	return expr.Pow(b, b.Context().Int(k))
}

// commute reports factors that are known to commute: one is an identity, a
// multiple or a function of the other.
func commute(a, b *expr.Node) bool {
	if a.Op() == expr.OpEye || b.Op() == expr.OpEye || a == b {
		return true
	}
	core := func(n *expr.Node) *expr.Node {
		for n.Op() == expr.OpT || n.Op() == expr.OpInv || n.Op() == expr.OpPow || n.Op() == expr.OpExpm {
			if n.Op() == expr.OpT && n.Arg(0).Op() != expr.OpPow && n.Arg(0).Op() != expr.OpInv && n.Arg(0).Op() != expr.OpExpm {
				break
			}
			if n.Op() == expr.OpT {
				inside := n.Arg(0)
				n = expr.T(inside.Arg(0))
				continue
			}
			n = n.Arg(0)
		}
		return n
	}
	return core(a) == core(b) || a.Is(expr.Diagonal) && b.Is(expr.Diagonal)
}

func pullAdj(_ *engine, _, g, a *expr.Node, _ int) *expr.Node {
	det, inv := call(expr.OpDet, a), expr.Inv(a)
	return expr.Mul(det, expr.Sub(
		expr.Mul(inner(g, inv), expr.T(inv)),
		expr.Mul(expr.T(inv), g, expr.T(inv))))
}

// pullPinv is for full column rank (tall) or full row rank, when declared.
func pullPinv(e *engine, n, g, a *expr.Node, _ int) *expr.Node {
	gt, p, pt := expr.T(g), n, expr.T(n)
	m, k := a.Shape().Rows, a.Shape().Cols
	first := expr.Neg(expr.Mul(pt, g, pt))
	left := expr.Mul(expr.Sub(e.ctx.Eye(m), expr.Mul(a, p)), gt, p, pt)
	right := expr.Mul(pt, p, gt, expr.Sub(e.ctx.Eye(k), expr.Mul(p, a)))
	switch {
	case a.Is(expr.Tall):
		return expr.Add(first, left)
	case a.Is(expr.Wide):
		return expr.Add(first, right)
	}
	return expr.Add(first, left, right)
}

func pullExpm(_ *engine, n, g, a *expr.Node, _ int) *expr.Node {
	if p := g.Product(); len(p.Chain) == 1 && commute(p.Chain[0], expr.T(a)) {
		return expr.Mul(g, expr.T(n))
	}
	return frechet(expr.T(a), g)
}

// frechet is the derivative of expm at a in the direction d, for d that need
// not commute with a: the upper right block of expm([a, d; 0, a]) (Najfeld and
// Havel; Higham, Functions of Matrices, 10.6).
func frechet(a, d *expr.Node) *expr.Node {
	ctx, n := a.Context(), a.Shape().Rows
	one, zero := ctx.Eye(n), ctx.Zeros(n, n)
	row := func(x, y *expr.Node) *expr.Node { return expr.Call(expr.OpHCat, x, y) }
	column := func(x, y *expr.Node) *expr.Node { return expr.Call(expr.OpVCat, x, y) }
	return expr.Mul(row(one, zero), expr.Call(expr.OpExpm, column(row(a, d), row(zero, a))), column(zero, one))
}

// pullVec unstacks: vec(A)'*vec(B) is <A,B>. For g that is no vec itself the
// matrix is written with unit columns of a Kronecker product.
func pullVec(e *engine, _, g, a *expr.Node, _ int) *expr.Node { return e.unvec(g, a) }

// unvec is the matrix G of the shape of a with vec G = g.
func (e *engine) unvec(g, a *expr.Node) *expr.Node {
	m, n := a.Shape().Rows, a.Shape().Cols
	if n.IsOne() {
		return g
	}
	p := g.Product()
	switch {
	case len(p.Chain) == 1 && p.Chain[0].Op() == expr.OpVec && p.Chain[0].Arg(0).Shape() == a.Shape():
		inside := p.Chain[0].Arg(0)
		p.Chain = nil
		return expr.Mul(p.Node(e.ctx), inside)
	case len(p.Chain) > 0 && p.Chain[0].Op() == expr.OpAdd:
		var ts []*expr.Node
		for _, t := range p.Chain[0].Args() {
			q := p
			q.Chain = append([]*expr.Node{t}, p.Chain[1:]...)
			ts = append(ts, e.unvec(q.Node(e.ctx), a))
		}
		return expr.Add(ts...)
	case len(p.Chain) == 1 && p.Chain[0].Op() == expr.OpOnes:
		p.Chain = []*expr.Node{ones(a)}
		return p.Node(e.ctx)
	case len(p.Chain) == 1 && (p.Chain[0].Op().IsElementwise() || p.Chain[0].Op() == expr.OpHad || p.Chain[0].Op() == expr.OpHPow):
		h := p.Chain[0]
		args := make([]*expr.Node, len(h.Args()))
		for i, f := range h.Args() {
			args[i] = f
			if !f.Shape().IsScalar() {
				args[i] = e.unvec(f, a)
			}
		}
		p.Chain = nil
		return expr.Mul(p.Node(e.ctx), expr.Rebuild(h, args))
	case len(p.Chain) == 2 && p.Chain[0].Op() == expr.OpKron && p.Chain[1].Op() == expr.OpVec:
		k, v := p.Chain[0], p.Chain[1].Arg(0)
		b, l := k.Arg(0), k.Arg(1)
		if b.Shape().Rows == n && l.Shape().Rows == m && l.Shape().Cols == v.Shape().Rows && b.Shape().Cols == v.Shape().Cols {
			p.Chain = nil
			return expr.Mul(p.Node(e.ctx), l, v, expr.T(b))
		}
	}
	// (vec(I)' ⊗ I)(I ⊗ g) is the matrix whose columns are the pieces of g.
	eyeM, eyeN := e.ctx.Eye(m), e.ctx.Eye(n)
	row := expr.T(vec(eyeN))
	return expr.Mul(expr.Call(expr.OpKron, row, eyeM), expr.Call(expr.OpKron, eyeN, g))
}

func pullHCat(e *engine, n, g, _ *expr.Node, k int) *expr.Node {
	return expr.Mul(g, expr.T(e.selector(n.Args(), k, false)))
}

// selector picks block k out of blocks: zeros, an identity, zeros.
func (e *engine) selector(blocks []*expr.Node, k int, rows bool) *expr.Node {
	var parts []*expr.Node
	size := blocks[k].Shape().Cols
	if rows {
		size = blocks[k].Shape().Rows
	}
	for i, b := range blocks {
		w := b.Shape().Cols
		if rows {
			w = b.Shape().Rows
		}
		if i == k {
			parts = append(parts, e.ctx.Eye(size))
		} else {
			parts = append(parts, e.ctx.Zeros(size, w))
		}
	}
	return expr.Call(expr.OpHCat, parts...)
}
