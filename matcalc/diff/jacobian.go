package diff

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// jacobian is d vec(F)/d vec(X)', one row for each entry of F.
func (e *engine) jacobian(f *expr.Node) *expr.Node {
	if f.Shape().IsScalar() {
		return e.simp.Simplify(expr.T(vec(e.gradient(f))))
	}
	return e.of(f)
}

// of is the Jacobian of a part, made once.
func (e *engine) of(n *expr.Node) *expr.Node {
	if !n.DependsOn(e.wrt) {
		return e.ctx.Zeros(n.Shape().Len(), e.wrt.Shape().Len())
	}
	if j := e.jac[n]; j != nil {
		return j
	}
	j := e.simp.Simplify(e.rows(n))
	e.jac[n] = j
	return j
}

// rows dispatches on the node.
func (e *engine) rows(n *expr.Node) *expr.Node {
	switch {
	case n == e.wrt:
		return e.ctx.Eye(n.Shape().Len())
	case n.Shape().IsScalar():
		return expr.T(vec(e.gradient(n)))
	case n.Op().IsElementwise():
		return scaleRows(slope(n), e.of(n.Arg(0)))
	}
	f := jacRows[n.Op()]
	if f == nil {
		refuse("", "no Jacobian of %s is known in closed form", n.Op())
	}
	return f(e, n)
}

// scaleRows is diag(vec d) * j.
func scaleRows(d, j *expr.Node) *expr.Node { return expr.Mul(expr.Diag(vec(d)), j) }

// kron is the Kronecker product where factors may be rows, columns, scalars.
func kron(a, b *expr.Node) *expr.Node {
	if a.Shape().IsScalar() || b.Shape().IsScalar() {
		return expr.Mul(a, b)
	}
	return expr.Call(expr.OpKron, a, b)
}

// sandwich is the Jacobian of l*Y*r where that of Y is j: (r'⊗l) j.
func sandwich(l, r, j *expr.Node) *expr.Node { return expr.Mul(kron(expr.T(r), l), j) }

type jacRule func(e *engine, n *expr.Node) *expr.Node

var jacRows map[expr.Op]jacRule

func init() {
	jacRows = map[expr.Op]jacRule{
		expr.OpAdd: func(e *engine, n *expr.Node) *expr.Node {
			var ts []*expr.Node
			for _, a := range n.Args() {
				ts = append(ts, e.of(a))
			}
			return expr.Add(ts...)
		},
		expr.OpT: func(e *engine, n *expr.Node) *expr.Node {
			a := n.Arg(0)
			return expr.Mul(e.ctx.Comm(a.Shape().Rows, a.Shape().Cols), e.of(a))
		},
		expr.OpMul: jacProduct,
		expr.OpHad: func(e *engine, n *expr.Node) *expr.Node {
			var ts []*expr.Node
			for i, a := range n.Args() {
				if a.DependsOn(e.wrt) {
					ts = append(ts, scaleRows(had(others(n.Args(), i)...), e.of(a)))
				}
			}
			return expr.Add(ts...)
		},
		expr.OpHPow: func(e *engine, n *expr.Node) *expr.Node {
			var ts []*expr.Node
			for i, a := range n.Args() {
				if !a.DependsOn(e.wrt) {
					continue
				}
				if d := powSlope(n, i); a.Shape().IsScalar() {
					ts = append(ts, expr.Mul(vec(d), e.of(a)))
				} else {
					ts = append(ts, scaleRows(d, e.of(a)))
				}
			}
			return expr.Add(ts...)
		},
		expr.OpPow: func(e *engine, n *expr.Node) *expr.Node {
			b := n.Arg(0)
			m, ok := n.Arg(1).Rat().Int64()
			if !n.Arg(1).IsNum() || !ok || m < -12 || m > 12 {
				refuse("write the power with a number of at most 12", "the power X^k needs as many terms as its exponent")
			}
			base, j := b, e.of(b)
			if m < 0 {
				base, m = expr.Inv(b), -m
				j = e.of(base)
			}
			var ts []*expr.Node
			for i := int64(0); i < m; i++ {
				ts = append(ts, sandwich(pow(base, i), pow(base, m-1-i), j))
			}
			return expr.Add(ts...)
		},
		expr.OpInv: func(e *engine, n *expr.Node) *expr.Node {
			return expr.Neg(sandwich(n, n, e.of(n.Arg(0))))
		},
		expr.OpAdj: func(e *engine, n *expr.Node) *expr.Node {
			a := n.Arg(0)
			inv := expr.Inv(a)
			det := call(expr.OpDet, a)
			d := expr.Sub(expr.Mul(vec(inv), expr.T(vec(expr.T(inv)))), kron(expr.T(inv), inv))
			return expr.Mul(det, d, e.of(a))
		},
		expr.OpPinv: jacPinv,
		expr.OpSoftmax: func(e *engine, n *expr.Node) *expr.Node {
			v := vec(n)
			return expr.Mul(expr.Sub(expr.Diag(v), expr.Mul(v, expr.T(v))), e.of(n.Arg(0)))
		},
		expr.OpVec: func(e *engine, n *expr.Node) *expr.Node { return e.of(n.Arg(0)) },
		expr.OpDiag: func(e *engine, n *expr.Node) *expr.Node {
			return expr.Mul(e.spreader(n.Arg(0).Shape().Len()), e.of(n.Arg(0)))
		},
		expr.OpDiagOf: func(e *engine, n *expr.Node) *expr.Node {
			return expr.Mul(expr.T(e.spreader(n.Shape().Rows)), e.of(n.Arg(0)))
		},
		expr.OpKron: jacKron,
		expr.OpHCat: func(e *engine, n *expr.Node) *expr.Node {
			var ts []*expr.Node
			for _, a := range n.Args() {
				ts = append(ts, e.of(a))
			}
			return expr.Call(expr.OpVCat, ts...)
		},
		expr.OpVCat: func(e *engine, n *expr.Node) *expr.Node {
			if n.Shape().IsColumn() {
				var ts []*expr.Node
				for _, a := range n.Args() {
					ts = append(ts, e.of(a))
				}
				return expr.Call(expr.OpVCat, ts...)
			}
			var ts []*expr.Node
			for i, a := range n.Args() {
				if a.DependsOn(e.wrt) {
					s := expr.T(e.selector(n.Args(), i, true))
					ts = append(ts, expr.Mul(kron(e.ctx.Eye(n.Shape().Cols), s), e.of(a)))
				}
			}
			return expr.Add(ts...)
		},
		expr.OpLSERows: func(e *engine, n *expr.Node) *expr.Node {
			a := n.Arg(0)
			s := call(expr.OpSoftmaxRows, a)
			return expr.Mul(kron(e.ctx.Ones(one, a.Shape().Cols), e.ctx.Eye(a.Shape().Rows)), expr.Diag(vec(s)), e.of(a))
		},
		expr.OpSoftmaxRows: func(e *engine, n *expr.Node) *expr.Node {
			m, k := n.Shape().Rows, n.Shape().Cols
			d := expr.Diag(vec(n))
			mix := kron(e.ctx.Ones(k, k), e.ctx.Eye(m))
			return expr.Mul(expr.Sub(d, expr.Mul(d, mix, d)), e.of(n.Arg(0)))
		},
		expr.OpSoftmaxCols: func(e *engine, n *expr.Node) *expr.Node {
			m, k := n.Shape().Rows, n.Shape().Cols
			d := expr.Diag(vec(n))
			mix := kron(e.ctx.Eye(k), e.ctx.Ones(m, m))
			return expr.Mul(expr.Sub(d, expr.Mul(d, mix, d)), e.of(n.Arg(0)))
		},
		expr.OpLSECols: func(e *engine, n *expr.Node) *expr.Node {
			a := n.Arg(0)
			s := call(expr.OpSoftmaxCols, a)
			return expr.Mul(kron(e.ctx.Eye(a.Shape().Cols), e.ctx.Ones(one, a.Shape().Rows)), expr.Diag(vec(s)), e.of(a))
		},
	}
}

// spreader is the matrix S with vec(diag(v)) = S*v, n²×n.
func (e *engine) spreader(n shape.Size) *expr.Node {
	return expr.Mul(expr.Diag(vec(e.ctx.Eye(n))), kron(e.ctx.Ones(n, one), e.ctx.Eye(n)))
}

// jacProduct sums over the factors that depend on the variable.
func jacProduct(e *engine, n *expr.Node) *expr.Node {
	return e.within(e.ctx.Eye(n.Shape().Rows), n, e.ctx.Eye(n.Shape().Cols))
}

// within is the Jacobian of l*n*r for a product n, with l and r held fixed.
func (e *engine) within(l, n, r *expr.Node) *expr.Node {
	p := n.Product()
	var ts []*expr.Node
	chain := expr.Mul(p.Chain...)
	for i, s := range p.Scalars {
		if s.DependsOn(e.wrt) {
			rest := expr.Product{Coef: p.Coef, Scalars: others(p.Scalars, i)}
			whole := e.simp.Simplify(expr.Mul(l, chain, r))
			ts = append(ts, expr.Mul(rest.Node(e.ctx), vec(whole), e.of(s)))
		}
	}
	lead := expr.Product{Coef: p.Coef, Scalars: p.Scalars}.Node(e.ctx)
	for i, f := range p.Chain {
		if !f.DependsOn(e.wrt) {
			continue
		}
		left := e.simp.Simplify(expr.Mul(l, e.side(p.Chain[:i], f.Shape().Rows)))
		right := e.simp.Simplify(expr.Mul(e.side(p.Chain[i+1:], f.Shape().Cols), r))
		ts = append(ts, expr.Mul(lead, e.between(left, f, right)))
	}
	return expr.Add(ts...)
}

// side is the product of a part of a chain, an identity when it is empty.
func (e *engine) side(chain []*expr.Node, n shape.Size) *expr.Node {
	if len(chain) == 0 {
		return e.ctx.Eye(n)
	}
	return expr.Mul(chain...)
}

// between is the Jacobian of l*f*r. With r (or l) a vector, forms that avoid
// Kronecker products are taken for transposes, diagonals and elementwise
// products.
func (e *engine) between(l, f, r *expr.Node) *expr.Node {
	if f.Shape().IsColumn() && r.IsInt(1) {
		return expr.Mul(l, e.of(f))
	}
	if f.Shape().IsRow() && l.IsInt(1) {
		return expr.Mul(expr.T(r), e.of(expr.T(f)))
	}
	column := r.Shape().Cols.IsOne()
	switch {
	case f.Shape().IsRow() && column: // l*f*r with f*r a scalar: l*r'*df'
		return expr.Mul(l, expr.T(r), e.of(expr.T(f)))
	case f.Op() == expr.OpAdd:
		var ts []*expr.Node
		for _, t := range f.Args() {
			if t.DependsOn(e.wrt) {
				ts = append(ts, e.between(l, t, r))
			}
		}
		return expr.Add(ts...)
	case f.Op() == expr.OpMul && f.Shape().IsMatrix():
		return e.within(l, f, r)
	case f.Op() == expr.OpDiag && column:
		return expr.Mul(l, expr.Diag(r), e.of(col(f.Arg(0))))
	case f.Op() == expr.OpT && f.Arg(0).Shape().IsMatrix() && l.Shape().IsRow() && !column:
		// The transpose of a row is its own vec.
		return e.between(expr.T(r), f.Arg(0), expr.T(l))
	case f.Op() == expr.OpT && f.Arg(0) == e.wrt:
		a := e.wrt.Shape()
		// vec(l X' r) = (r'⊗l) K vec X = K (l⊗r') vec X.
		return expr.Mul(kron(expr.T(r), l), e.ctx.Comm(a.Rows, a.Cols))
	}
	return sandwich(l, r, e.of(f))
}

func col(v *expr.Node) *expr.Node {
	if v.Shape().IsRow() {
		return expr.T(v)
	}
	return v
}

func jacPinv(e *engine, n *expr.Node) *expr.Node {
	a, p := n.Arg(0), n
	pt := expr.T(p)
	m, k := a.Shape().Rows, a.Shape().Cols
	km := e.ctx.Comm(m, k)
	first := expr.Neg(kron(pt, p))
	left := expr.Mul(kron(expr.Sub(e.ctx.Eye(m), expr.Mul(a, p)), expr.Mul(p, pt)), km)
	right := expr.Mul(kron(expr.Mul(pt, p), expr.Sub(e.ctx.Eye(k), expr.Mul(p, a))), km)
	sum := expr.Add(first, left, right)
	switch {
	case a.Is(expr.Tall):
		sum = expr.Add(first, left)
	case a.Is(expr.Wide):
		sum = expr.Add(first, right)
	}
	return expr.Mul(sum, e.of(a))
}

// jacKron is the product rule: vec(A⊗B) = (I_n⊗K(q,m)⊗I_p)(vec A⊗vec B) for A
// m×n and B p×q.
func jacKron(e *engine, n *expr.Node) *expr.Node {
	a, b := n.Arg(0), n.Arg(1)
	var ts []*expr.Node
	if a.DependsOn(e.wrt) {
		ts = append(ts, e.kronLeft(a, b))
	}
	if b.DependsOn(e.wrt) {
		ts = append(ts, e.kronRight(a, b))
	}
	return expr.Add(ts...)
}

// kronRight is the Jacobian of A⊗B with A held fixed.
func (e *engine) kronRight(a, b *expr.Node) *expr.Node {
	m, n := a.Shape().Rows, a.Shape().Cols
	p, q := b.Shape().Rows, b.Shape().Cols
	eye := func(s shape.Size) *expr.Node { return e.ctx.Eye(s) }
	if n.IsOne() {
		// A is a column: every column of A⊗B is A ⊗ (column of B).
		return expr.Mul(kron(eye(q), kron(a, eye(p))), e.of(b))
	}
	// vec(A⊗B) = (I_n⊗K(q,m)⊗I_p)(vec A⊗vec B).
	shuffle := kron(eye(n), kron(e.ctx.Comm(q, m), eye(p)))
	if m.IsOne() || q.IsOne() {
		return expr.Mul(kron(vec(a), eye(p.Mul(q))), e.of(b))
	}
	return expr.Mul(shuffle, kron(vec(a), eye(p.Mul(q))), e.of(b))
}

// kronLeft is the Jacobian of A⊗B with B held fixed.
func (e *engine) kronLeft(a, b *expr.Node) *expr.Node {
	m, n := a.Shape().Rows, a.Shape().Cols
	p, q := b.Shape().Rows, b.Shape().Cols
	eye := func(s shape.Size) *expr.Node { return e.ctx.Eye(s) }
	if m.IsOne() || q.IsOne() {
		return expr.Mul(kron(eye(m.Mul(n)), vec(b)), e.of(a))
	}
	shuffle := kron(eye(n), kron(e.ctx.Comm(q, m), eye(p)))
	return expr.Mul(shuffle, kron(eye(m.Mul(n)), vec(b)), e.of(a))
}
