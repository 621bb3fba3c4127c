package diff

import "github.com/nabla-go/nabla/matcalc/expr"

// forward holds the direction of a differential and the differential of every
// node seen.
type forward struct {
	*engine
	dir  *expr.Node
	memo map[*expr.Node]*expr.Node
}

// differential is dF for dX = dir; for a scalar variable and the direction 1
// it is the derivative.
func (e *engine) differential(f, dir *expr.Node) *expr.Node {
	w := &forward{e, dir, map[*expr.Node]*expr.Node{}}
	for _, n := range expr.PostOrder(f) {
		w.memo[n] = e.simp.Simplify(w.push(n))
	}
	return w.memo[f]
}

func (w *forward) push(n *expr.Node) *expr.Node {
	switch {
	case n == w.wrt:
		return w.dir
	case !n.DependsOn(w.wrt):
		return zeroLike(n)
	case n.Op().IsElementwise():
		return had(slope(n), w.memo[n.Arg(0)])
	}
	f := pushRows[n.Op()]
	if f == nil {
		refuse("", "no differential of %s is known in closed form", n.Op())
	}
	return f(w, n)
}

type pushRule func(w *forward, n *expr.Node) *expr.Node

var pushRows map[expr.Op]pushRule

// linear is the rule of functions that pass the differential through.
func linear(w *forward, n *expr.Node) *expr.Node {
	args := make([]*expr.Node, len(n.Args()))
	for i, a := range n.Args() {
		args[i] = w.memo[a]
	}
	return expr.Call(n.Op(), args...)
}

// multilinear is the product rule.
func multilinear(w *forward, n *expr.Node) *expr.Node {
	var terms []*expr.Node
	for i, a := range n.Args() {
		d := w.memo[a]
		if d.IsZero() {
			continue
		}
		args := append([]*expr.Node(nil), n.Args()...)
		args[i] = d
		if n.Op() == expr.OpMul {
			args = regroup(n, args)
		}
		terms = append(terms, expr.Call(n.Op(), args...))
	}
	if len(terms) == 0 {
		return zeroLike(n)
	}
	return expr.Add(terms...)
}

// regroup keeps the factors of a product apart from its scalar factors when
// the chain is a scalar of its own.
func regroup(n *expr.Node, args []*expr.Node) []*expr.Node {
	lead := len(args) - len(n.Product().Chain)
	if lead == 0 || lead == len(args) {
		return args
	}
	return append(append([]*expr.Node(nil), args[:lead]...), expr.Mul(args[lead:]...))
}

func init() {
	pushRows = map[expr.Op]pushRule{
		expr.OpAdd: linear, expr.OpT: linear, expr.OpTr: linear, expr.OpSum: linear, expr.OpVec: linear,
		expr.OpDiag: linear, expr.OpDiagOf: linear, expr.OpHCat: linear, expr.OpVCat: linear,
		expr.OpMul: multilinear, expr.OpHad: multilinear, expr.OpKron: multilinear,
		expr.OpHPow: func(w *forward, n *expr.Node) *expr.Node {
			out := []*expr.Node{zeroLike(n)}
			for i, a := range n.Args() {
				if d := w.memo[a]; !d.IsZero() {
					out = append(out, had(powSlope(n, i), d))
				}
			}
			return expr.Add(out...)
		},
		expr.OpPow: pushPow,
		expr.OpInv: func(w *forward, n *expr.Node) *expr.Node {
			return expr.Neg(expr.Mul(n, w.memo[n.Arg(0)], n))
		},
		expr.OpExpm: func(w *forward, n *expr.Node) *expr.Node {
			d := w.memo[n.Arg(0)]
			if p := d.Product(); len(p.Chain) == 1 && proportional(n.Arg(0), p.Chain[0]) {
				return expr.Mul(d, n)
			}
			return frechet(n.Arg(0), d)
		},
		expr.OpAdj: func(w *forward, n *expr.Node) *expr.Node {
			a, d := n.Arg(0), w.memo[n.Arg(0)]
			inv := expr.Inv(a)
			return expr.Mul(call(expr.OpDet, a), expr.Sub(expr.Mul(call(expr.OpTr, expr.Mul(inv, d)), inv), expr.Mul(inv, d, inv)))
		},
		expr.OpPinv: pushPinv,
		expr.OpSoftmax: func(w *forward, n *expr.Node) *expr.Node {
			d := w.memo[n.Arg(0)]
			return expr.Sub(had(n, d), expr.Mul(inner(n, d), n))
		},
		expr.OpSoftmaxRows: func(w *forward, n *expr.Node) *expr.Node {
			d := had(n, w.memo[n.Arg(0)])
			return expr.Sub(d, expr.Mul(expr.Diag(expr.Mul(d, w.ctx.Ones(n.Shape().Cols, one))), n))
		},
		expr.OpSoftmaxCols: func(w *forward, n *expr.Node) *expr.Node {
			d := had(n, w.memo[n.Arg(0)])
			return expr.Sub(d, expr.Mul(n, expr.Diag(expr.Mul(w.ctx.Ones(one, n.Shape().Rows), d))))
		},
		expr.OpLSERows: func(w *forward, n *expr.Node) *expr.Node {
			a := n.Arg(0)
			return expr.Mul(had(call(expr.OpSoftmaxRows, a), w.memo[a]), w.ctx.Ones(a.Shape().Cols, one))
		},
		expr.OpLSECols: func(w *forward, n *expr.Node) *expr.Node {
			a := n.Arg(0)
			return expr.Mul(w.ctx.Ones(one, a.Shape().Rows), had(call(expr.OpSoftmaxCols, a), w.memo[a]))
		},
	}
	for _, op := range []expr.Op{expr.OpDet, expr.OpLogDet, expr.OpNorm1, expr.OpNorm2, expr.OpLogSumExp, expr.OpEigMax, expr.OpSigmaMax, expr.OpNucNorm} {
		pushRows[op] = throughAdjoint
	}
}

// throughAdjoint: a scalar function's differential is the inner product of its
// local gradient with dA.
func throughAdjoint(w *forward, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	g := w.simp.Simplify(pullRows[n.Op()](w.engine, n, w.num(1), a, 0))
	return inner(g, w.memo[a])
}

// proportional reports that d is a factor of the form in which it commutes
// with a: a is c*d.
func proportional(a, d *expr.Node) bool {
	p := a.Product()
	return len(p.Chain) == 1 && commute(p.Chain[0], d)
}

func pushPow(w *forward, n *expr.Node) *expr.Node {
	b, x := n.Arg(0), n.Arg(1)
	db, dx := w.memo[b], w.memo[x]
	if n.Shape().IsScalar() {
		out := []*expr.Node{expr.Mul(x, expr.Pow(b, lessOne(x)), db)}
		if !dx.IsZero() {
			out = append(out, expr.Mul(n, call(expr.OpLog, b), dx))
		}
		return expr.Add(out...)
	}
	m, ok := x.Rat().Int64()
	if proportional(b, onlyFactor(db)) {
		return expr.Mul(x, expr.Pow(b, lessOne(x)), db)
	}
	if !ok || !x.IsNum() || m > 12 || m < -12 {
		refuse("write the power with a number of at most 12", "the power X^k needs as many terms as its exponent")
	}
	if m < 0 {
		refuse("", "a negative power of a matrix is not simplified")
	}
	var terms []*expr.Node
	for i := int64(0); i < m; i++ {
		terms = append(terms, expr.Mul(pow(b, i), db, pow(b, m-1-i)))
	}
	return expr.Add(terms...)
}

// onlyFactor is the one matrix of a product, or the product itself.
func onlyFactor(d *expr.Node) *expr.Node {
	if p := d.Product(); len(p.Chain) == 1 {
		return p.Chain[0]
	}
	return d
}

func pushPinv(w *forward, n *expr.Node) *expr.Node {
	a, d := n.Arg(0), w.memo[n.Arg(0)]
	p, pt := n, expr.T(n)
	dt := expr.T(d)
	first := expr.Neg(expr.Mul(p, d, p))
	left := expr.Mul(p, pt, dt, expr.Sub(w.ctx.Eye(a.Shape().Rows), expr.Mul(a, p)))
	right := expr.Mul(expr.Sub(w.ctx.Eye(a.Shape().Cols), expr.Mul(p, a)), dt, pt, p)
	switch {
	case a.Is(expr.Tall):
		return expr.Add(first, left)
	case a.Is(expr.Wide):
		return expr.Add(first, right)
	}
	return expr.Add(first, left, right)
}
