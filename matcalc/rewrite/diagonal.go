package rewrite

import "github.com/nabla-go/nabla/matcalc/expr"

func diagonal(_ *Simplifier, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	switch a.Op() {
	case expr.OpT:
		return expr.Diag(a.Arg(0))
	case expr.OpOnes:
		return n.Context().Eye(a.Shape().Len())
	case expr.OpZeros:
		return n.Context().Zeros(n.Shape().Rows, n.Shape().Cols)
	case expr.OpDiagOf:
		if a.Arg(0).Is(expr.Diagonal) {
			return a.Arg(0)
		}
	}
	return pulled(n)
}

// scaledDiagonal is diag(diag(u)*A) = u.*diag(A), and the same from the right;
// nil for other chains.
func scaledDiagonal(ch []*expr.Node) *expr.Node {
	last := len(ch) - 1
	switch {
	case last < 1:
	case ch[0].Op() == expr.OpDiag:
		return expr.Had(column(ch[0].Arg(0)), expr.Diag(expr.Mul(ch[1:]...)))
	case ch[last].Op() == expr.OpDiag:
		return expr.Had(expr.Diag(expr.Mul(ch[:last]...)), column(ch[last].Arg(0)))
	}
	return nil
}

// overTerms is diag(A+B) as diag(A)+diag(B) where that is shorter.
func (s *Simplifier) overTerms(n *expr.Node) *expr.Node {
	terms := make([]*expr.Node, len(n.Arg(0).Args()))
	for i, t := range n.Arg(0).Args() {
		terms[i] = s.Simplify(expr.Diag(t))
	}
	if r := s.Simplify(expr.Add(terms...)); r.Size() < n.Size() {
		return r
	}
	return nil
}

func diagonalOf(s *Simplifier, n *expr.Node) *expr.Node {
	a, c := n.Arg(0), n.Context()
	if a.Is(expr.Skew) {
		return c.Zeros(n.Shape().Rows, n.Shape().Cols)
	}
	switch a.Op() {
	case expr.OpAdd:
		return s.attempt(n, func() *expr.Node { return s.overTerms(n) })
	case expr.OpT:
		return expr.Diag(a.Arg(0))
	case expr.OpEye, expr.OpOnes:
		return c.Ones(a.Shape().Rows, c.Int(1).Shape().Cols)
	case expr.OpZeros:
		return c.Zeros(n.Shape().Rows, n.Shape().Cols)
	case expr.OpDiag:
		if v := a.Arg(0); v.Shape().IsColumn() {
			return v
		}
	case expr.OpMul:
		if r := pulled(n); r != nil {
			return r
		}
		ch := a.Product().Chain
		if r := scaledDiagonal(ch); r != nil {
			return r
		}
		for i, f := range ch {
			if f.Op() == expr.OpOnes && f.Shape().IsMatrix() {
				one := c.Int(1).Shape().Rows
				left := append(append([]*expr.Node(nil), ch[:i]...), c.Ones(f.Shape().Rows, one))
				right := append([]*expr.Node{c.Ones(one, f.Shape().Cols)}, ch[i+1:]...)
				return expr.Had(expr.Mul(left...), expr.T(expr.Mul(right...)))
			}
		}
		for i := 1; i < len(ch); i++ {
			if ch[i].Shape().Rows.IsOne() {
				return expr.Had(expr.Mul(ch[:i]...), expr.T(expr.Mul(ch[i:]...)))
			}
		}
	}
	return nil
}
