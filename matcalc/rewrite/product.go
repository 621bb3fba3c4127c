package rewrite

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// product merges powers of scalar factors and simplifies the chain.
func (s *Simplifier) product(n *expr.Node) *expr.Node {
	p := n.Product()
	q := expr.Product{Coef: p.Coef}
	q.Scalars, q.Coef = mergeScalars(n.Context(), s.simple(p.Scalars), p.Coef)
	q.Chain = s.chain(p.Chain)
	if n.Shape().IsScalar() && len(q.Chain) > 0 {
		q = closed(n.Context(), q)
	}
	c := n.Context()
	if len(q.Chain) == 0 && !n.Shape().IsScalar() {
		q.Chain = []*expr.Node{c.Eye(n.Shape().Rows)}
	}
	r := q.Node(c)
	if r == n {
		if d := s.attempt(n, func() *expr.Node { return s.overBlocks(q) }); d != nil {
			return d
		}
		if d := s.attempt(n, func() *expr.Node { return s.distribute(q) }); d != nil && d.Size() < n.Size() {
			return d
		}
		if d := s.attempt(n, func() *expr.Node { return s.overSum(q, n) }); d != nil {
			return d
		}
	}
	return r
}

// simple simplifies scalar factors that were closed off when the product was
// made, and so are no operands that have been simplified.
func (s *Simplifier) simple(fs []*expr.Node) []*expr.Node {
	for i, f := range fs {
		if s.memo[f] != f {
			out := append([]*expr.Node(nil), fs...)
			for k := i; k < len(out); k++ {
				out[k] = s.Simplify(out[k])
			}
			return out
		}
	}
	return fs
}

// closed rewrites a scalar chain: with ones at an end it is a sum; of a chain
// and its transpose the shorter is taken.
func closed(c *expr.Context, q expr.Product) expr.Product {
	chain := q.Chain
	last := len(chain) - 1
	var sum *expr.Node
	switch {
	case isOnesRow(chain[0]):
		sum = c.Int(1)
		if last > 0 {
			sum = expr.Call(expr.OpSum, onesOff(chain[1:]))
		}
	case chain[last].Op() == expr.OpOnes:
		sum = expr.Call(expr.OpSum, expr.Mul(chain[:last]...))
	default:
		q.Chain = orient(chain)
		return q
	}
	q.Chain = nil
	q.Scalars = append(append([]*expr.Node(nil), q.Scalars...), sum)
	return q
}

// onesOff drops a column of ones from the end of a chain that is summed up.
func onesOff(chain []*expr.Node) *expr.Node {
	last := len(chain) - 1
	if last > 0 && chain[last].Op() == expr.OpOnes && chain[last].Shape().IsColumn() {
		chain = chain[:last]
	}
	return expr.Mul(chain...)
}

func isOnesRow(n *expr.Node) bool {
	return n.Op() == expr.OpT && n.Arg(0).Op() == expr.OpOnes
}

// orient chooses between x'*A*y and y'*A'*x.
func orient(chain []*expr.Node) []*expr.Node {
	rev := make([]*expr.Node, len(chain))
	size, back := 0, 0
	for i, f := range chain {
		t := expr.T(f)
		if f.Is(expr.Symmetric) {
			t = f
		}
		rev[len(chain)-1-i] = t
		size += f.Size()
		back += t.Size()
	}
	if back < size {
		return rev
	}
	if back == size {
		for i := range chain {
			if a, b := chain[i].Key(), rev[i].Key(); a != b {
				if b.Less(a) {
					return rev
				}
				break
			}
		}
	}
	return chain
}

// base sees a matrix factor as a power: inv(X) is X to -1, (X^2)' is X' to 2.
func base(f *expr.Node) (b *expr.Node, k int64) {
	switch f.Op() {
	case expr.OpT:
		if b, k := base(f.Arg(0)); k != 1 {
			if b.Is(expr.Symmetric) {
				return b, k
			}
			return expr.T(b), k
		}
	case expr.OpInv:
		b, k := base(f.Arg(0))
		return b, -k
	case expr.OpPow:
		if e, ok := f.Arg(1).Rat().Int64(); ok && f.Arg(1).IsNum() {
			b, k := base(f.Arg(0))
			return b, k * e
		}
	}
	return f, 1
}

func raised(b *expr.Node, k int64) *expr.Node {
	c := b.Context()
	if b.Op() == expr.OpT {
		return expr.T(raised(b.Arg(0), k))
	}
	if k < 0 {
		return expr.Pow(expr.Inv(b), c.Int(-k))
	}
	return expr.Pow(b, c.Int(k))
}

// chain drops identities and merges neighbours until nothing changes.
func (s *Simplifier) chain(chain []*expr.Node) []*expr.Node {
	if len(chain) < 2 {
		return chain
	}
	out := make([]*expr.Node, 0, len(chain))
	for _, f := range chain {
		out = append(out, f)
		for len(out) > 0 {
			if rest, ok := cancelTail(out); ok {
				out = rest
				break
			}
			k := len(out)
			if out[k-1].Op() == expr.OpEye && (k > 1 || len(chain) > 1) {
				out = out[:k-1]
				break
			}
			if k < 2 {
				break
			}
			if k > 2 {
				if m := betweenComms(out[k-3], out[k-2], out[k-1]); m != nil {
					out = append(out[:k-3], m)
					continue
				}
				if m := alongDiagonal(out[k-3], out[k-2], out[k-1]); m != nil {
					out = append(out[:k-3], m)
					continue
				}
				if k > 4 {
					if m := betweenDiagonals(out[k-5:]); m != nil {
						out = append(out[:k-5], m)
						continue
					}
				}
			}
			m, ok := mergePair(out[k-2], out[k-1])
			if !ok {
				break
			}
			out = out[:k-2]
			if m == nil {
				break
			}
			out = append(out, m)
		}
	}
	return out
}

// spreads reports diag(vec(eye(n)))*kron(ones(n),eye(n)), which takes u to
// vec(diag(u)).
func spreads(a, b *expr.Node) bool {
	if a.Op() != expr.OpDiag || b.Op() != expr.OpKron || b.Arg(0).Op() != expr.OpOnes || b.Arg(1).Op() != expr.OpEye {
		return false
	}
	v := a.Arg(0)
	return v.Op() == expr.OpVec && v.Arg(0).Op() == expr.OpEye && v.Arg(0).Shape().Rows == b.Arg(1).Shape().Rows &&
		b.Arg(0).Shape().IsColumn() && b.Arg(0).Shape().Rows == b.Arg(1).Shape().Rows
}

// alongDiagonal is kron(u',M)*diag(vec(eye(n)))*kron(ones(n),eye(n)) = M*diag(u),
// the Jacobian of M*diag(x)*u by x; nil for other factors.
func alongDiagonal(a, b, c *expr.Node) *expr.Node {
	if a.Op() != expr.OpKron || !spreads(b, c) || !a.Arg(0).Shape().IsRow() {
		return nil
	}
	u := expr.T(a.Arg(0))
	if u.Shape() != c.Arg(0).Shape() || a.Arg(1).Shape().Cols != u.Shape().Rows {
		return nil
	}
	return expr.Mul(a.Arg(1), expr.Diag(u))
}

// betweenDiagonals is the Jacobian of diag(B*diag(x)*A') by x, which is A.*B;
// nil for other factors.
func betweenDiagonals(f []*expr.Node) *expr.Node {
	if f[0].Op() != expr.OpKron || f[2].Op() != expr.OpKron || !spreads(f[3], f[4]) {
		return nil
	}
	if ones, eye := f[0].Arg(0), f[0].Arg(1); !spreads(f[1], expr.Call(expr.OpKron, expr.T(ones), eye)) {
		return nil
	}
	a, b := f[2].Arg(0), f[2].Arg(1)
	if a.Shape() != b.Shape() || a.Shape().Rows != f[0].Shape().Rows || a.Shape().Cols != f[4].Shape().Cols {
		return nil
	}
	return expr.Had(a, b)
}

// mergePair is the product of two neighbours as one factor; nil with ok is the
// identity.
func mergePair(a, b *expr.Node) (m *expr.Node, ok bool) {
	if a.Shape().IsSquare() && b.Shape().IsSquare() {
		ba, ka := base(a)
		bb, kb := base(b)
		switch {
		case ba == bb && ba.Is(expr.Projector) && ka > 0 && kb > 0:
			return a, true
		case ba == bb && ka+kb == 0:
			return nil, true
		case ba == bb:
			return raised(ba, ka+kb), true
		case ba.Is(expr.Orthogonal) && expr.Transposes(a, b):
			return nil, true
		}
	}
	if m := inverseMeets(a, b); m != nil {
		return m, true
	}
	if m := pastComm(a, b); m != nil {
		return m, true
	}
	if m := intoKron(a, b); m != nil {
		return m, true
	}
	switch {
	case a.Op() == expr.OpSym && a.Declared().Has(expr.Stochastic) && b.Op() == expr.OpOnes:
		return a.Context().Ones(a.Shape().Rows, b.Shape().Cols), true
	case a.Op() == expr.OpOnes && a.Shape().IsColumn() && isOnesRow(b):
		return a.Context().Ones(a.Shape().Rows, b.Shape().Cols), true
	case a.Op() == expr.OpDiag && b.Op() == expr.OpDiag:
		return expr.Diag(expr.Had(column(a.Arg(0)), column(b.Arg(0)))), true
	case a.Op() == expr.OpDiag && b.Shape().IsColumn():
		return expr.Had(column(a.Arg(0)), b), true
	case b.Op() == expr.OpDiag && a.Shape().IsRow():
		return expr.T(expr.Had(expr.T(a), column(b.Arg(0)))), true
	case a.Op() == expr.OpKron && b.Op() == expr.OpKron &&
		a.Arg(0).Shape().Cols == b.Arg(0).Shape().Rows && a.Arg(1).Shape().Cols == b.Arg(1).Shape().Rows:
		return kron(expr.Mul(a.Arg(0), b.Arg(0)), expr.Mul(a.Arg(1), b.Arg(1))), true
	case a.Op() == expr.OpKron && b.Op() == expr.OpVec && b.Arg(0).Shape() == shape.Matrix(a.Arg(1).Shape().Cols, a.Arg(0).Shape().Cols):
		// (P⊗Q) vec M = vec(Q M P').
		return stackedProduct(a.Arg(1), b.Arg(0), expr.T(a.Arg(0))), true
	case a.Op() == expr.OpComm && b.Op() == expr.OpComm && a.Sizes()[0] == b.Sizes()[1] && a.Sizes()[1] == b.Sizes()[0]:
		return nil, true
	case a.Op() == expr.OpComm && b.Op() == expr.OpVec && b.Arg(0).Shape().Rows == a.Sizes()[0] && b.Arg(0).Shape().Cols == a.Sizes()[1]:
		return expr.Call(expr.OpVec, expr.T(b.Arg(0))), true
	}
	return nil, false
}

func column(v *expr.Node) *expr.Node {
	if v.Shape().IsRow() {
		return expr.T(v)
	}
	return v
}

// distribute multiplies a factor into a neighbouring sum when something there
// cancels with it.
func (s *Simplifier) distribute(q expr.Product) *expr.Node {
	for i, f := range q.Chain {
		if ks := kroneckerSum(f); ks != nil && i+1 < len(q.Chain) && q.Chain[i+1].Op() == expr.OpVec {
			terms := make([]*expr.Node, len(ks))
			for k, t := range ks {
				terms[k] = expr.Mul(s.Simplify(t), q.Chain[i+1])
			}
			out := q
			out.Chain = append(append(append([]*expr.Node(nil), q.Chain[:i]...), expr.Add(terms...)), q.Chain[i+2:]...)
			return s.Simplify(out.Node(f.Context()))
		}
		if f.Op() != expr.OpAdd {
			continue
		}
		if i > 0 && cancels(q.Chain[i-1], f, false) {
			return s.spread(q, i-1, i, i)
		}
		if i+1 < len(q.Chain) && cancels(q.Chain[i+1], f, true) {
			return s.spread(q, i, i+1, i)
		}
		if i > 0 && s.shortens(f, func(t []*expr.Node) []*expr.Node { return join(q.Chain[:i], t) }) {
			return s.spread(q, 0, i, i)
		}
		if i+1 < len(q.Chain) && s.shortens(f, func(t []*expr.Node) []*expr.Node { return join(t, q.Chain[i+1:]) }) {
			return s.spread(q, i, len(q.Chain)-1, i)
		}
	}
	return nil
}

func join(a, b []*expr.Node) []*expr.Node { return append(append([]*expr.Node(nil), a...), b...) }

// shortens reports that the chain of some term of the sum loses two factors or
// more where the other factors meet it, as a projector does.
func (s *Simplifier) shortens(sum *expr.Node, beside func([]*expr.Node) []*expr.Node) bool {
	for _, t := range sum.Args() {
		if c := t.Product().Chain; len(c) > 1 {
			if all := beside(c); len(s.chain(all))+2 <= len(all) {
				return true
			}
		}
	}
	return false
}

// cancels reports whether some term of the sum ends (or begins) with the
// inverse of the factor.
func cancels(f, sum *expr.Node, right bool) bool {
	if !f.Shape().IsSquare() {
		return false
	}
	bf, kf := base(f)
	for _, t := range sum.Args() {
		ch := t.Product().Chain
		if len(ch) == 0 {
			return false
		}
		g := ch[0]
		if right {
			g = ch[len(ch)-1]
		}
		bg, kg := base(g)
		if bf == bg && (kf*kg < 0 || bf.Is(expr.Projector)) || f.Is(expr.Orthogonal) && expr.Transposes(f, g) {
			return true
		}
	}
	return false
}

// spread replaces chain[from..to], in which the sum stands at k, by the sum of
// products.
func (s *Simplifier) spread(q expr.Product, from, to, k int) *expr.Node {
	var terms []*expr.Node
	for _, t := range q.Chain[k].Args() {
		factors := append(append([]*expr.Node(nil), q.Chain[from:k]...), t)
		terms = append(terms, expr.Mul(append(factors, q.Chain[k+1:to+1]...)...))
	}
	out := q
	out.Chain = append(append(append([]*expr.Node(nil), q.Chain[:from]...), expr.Add(terms...)), q.Chain[to+1:]...)
	return s.Simplify(out.Node(q.Chain[0].Context()))
}
