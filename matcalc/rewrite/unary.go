package rewrite

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/function"
)

// transposed moves a transpose inward where that does not lengthen the text,
// and through functions outward: exp(A') is exp(A)'.
func transposed(s *Simplifier, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	if a.Is(expr.Symmetric) {
		return a
	}
	if a.Is(expr.Skew) {
		return expr.Neg(a)
	}
	switch a.Op() {
	case expr.OpMul:
		p := a.Product()
		out := p
		out.Chain = make([]*expr.Node, len(p.Chain))
		for i, f := range p.Chain {
			out.Chain[len(p.Chain)-1-i] = expr.T(f)
		}
		return out.Node(n.Context())
	case expr.OpKron:
		return expr.Call(expr.OpKron, expr.T(a.Arg(0)), expr.T(a.Arg(1)))
	case expr.OpComm:
		return n.Context().Comm(a.Sizes()[1], a.Sizes()[0])
	case expr.OpAdd:
		flips, lone := 0, 0
		for _, t := range a.Args() {
			if isTransposed(t) {
				flips++
			} else if !t.Is(expr.Symmetric) {
				lone++
			}
		}
		if flips > 0 && lone == 0 || flips == len(a.Args()) {
			out := make([]*expr.Node, len(a.Args()))
			for i, t := range a.Args() {
				out[i] = expr.T(t)
			}
			return expr.Add(out...)
		}
		return s.columns(a)
	case expr.OpHad:
		for _, t := range a.Args() {
			if t.Op() != expr.OpT && !t.Is(expr.Symmetric) {
				return nil
			}
		}
		out := make([]*expr.Node, len(a.Args()))
		for i, t := range a.Args() {
			out[i] = expr.T(t)
		}
		return expr.Had(out...)
	}
	return nil
}

// columns writes the transpose of a sum of rows as a sum of columns; nil where
// two terms would keep their marks.
func (s *Simplifier) columns(a *expr.Node) *expr.Node {
	if !a.Shape().IsRow() {
		return nil
	}
	out := make([]*expr.Node, len(a.Args()))
	marked := 0
	for i, t := range a.Args() {
		out[i] = s.Simplify(expr.T(t))
		if isTransposed(out[i]) {
			marked++
		}
	}
	if marked > 1 {
		return nil
	}
	return expr.Add(out...)
}

// isTransposed reports a term whose transpose is shorter: one with more
// transposed factors than plain ones.
func isTransposed(t *expr.Node) bool {
	more := 0
	for _, f := range t.Product().Chain {
		switch {
		case f.Op() == expr.OpT:
			more++
		case !f.Is(expr.Symmetric):
			more--
		}
	}
	return more > 0
}

// pulled takes a coefficient and scalar factors out of a linear function.
func pulled(n *expr.Node) *expr.Node {
	a := n.Arg(0)
	if a.Op() != expr.OpMul {
		return nil
	}
	p := a.Product()
	if len(p.Chain) == 0 || p.Coef.Equal(expr.RatOne) && len(p.Scalars) == 0 {
		return nil
	}
	inner := expr.Call(n.Op(), expr.Mul(p.Chain...))
	p.Chain = nil
	return expr.Mul(p.Node(n.Context()), inner)
}

func inverted(_ *Simplifier, n *expr.Node) *expr.Node {
	a, c := n.Arg(0), n.Context()
	switch {
	case a.Op() == expr.OpInv:
		return a.Arg(0)
	case a.Op() == expr.OpEye:
		return a
	case a.Op() == expr.OpDiag:
		return expr.Diag(expr.HPow(column(a.Arg(0)), c.Int(-1)))
	case a.Is(expr.Orthogonal):
		return expr.T(a)
	case a.Op() == expr.OpT:
		return expr.T(expr.Inv(a.Arg(0)))
	case a.Op() == expr.OpPow && a.Arg(1).IsNum():
		return expr.Pow(a.Arg(0), expr.Neg(a.Arg(1)))
	case a.Op() == expr.OpMul:
		p := a.Product()
		if !p.Coef.Equal(expr.RatOne) || len(p.Scalars) > 0 {
			outer := expr.Pow(expr.Mul(expr.Product{Coef: p.Coef, Scalars: p.Scalars}.Node(c)), c.Int(-1))
			return expr.Mul(outer, expr.Inv(expr.Mul(p.Chain...)))
		}
	case a.Op() == expr.OpKron && a.Arg(0).Shape().IsSquare():
		return expr.Call(expr.OpKron, expr.Inv(a.Arg(0)), expr.Inv(a.Arg(1)))
	}
	return nil
}

// exponential is the matrix function of a diagonal matrix, of zeros, of a
// transpose.
func exponential(_ *Simplifier, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	switch a.Op() {
	case expr.OpDiag:
		return expr.Diag(expr.Call(expr.OpExp, column(a.Arg(0))))
	case expr.OpZeros:
		return n.Context().Eye(n.Shape().Rows)
	case expr.OpT:
		return expr.T(expr.Call(expr.OpExpm, a.Arg(0)))
	}
	return nil
}

func pseudo(_ *Simplifier, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	switch {
	case a.Op() == expr.OpT:
		return expr.T(expr.Call(expr.OpPinv, a.Arg(0)))
	case a.Op() == expr.OpPinv:
		return a.Arg(0)
	case a.Shape().IsScalar() || a.Is(expr.Invertible):
		return expr.Inv(a)
	}
	return nil
}

func adjugate(_ *Simplifier, n *expr.Node) *expr.Node {
	if a := n.Arg(0); a.Op() == expr.OpT {
		return expr.T(expr.Call(expr.OpAdj, a.Arg(0)))
	}
	return nil
}

func determinant(_ *Simplifier, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	switch a.Op() {
	case expr.OpT:
		return expr.Call(expr.OpDet, a.Arg(0))
	case expr.OpInv:
		return expr.Pow(expr.Call(expr.OpDet, a.Arg(0)), n.Context().Int(-1))
	case expr.OpEye:
		return n.Context().Int(1)
	}
	if a.Shape().IsScalar() {
		return a
	}
	return nil
}

func logdet(_ *Simplifier, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	switch a.Op() {
	case expr.OpT:
		return expr.Call(expr.OpLogDet, a.Arg(0))
	case expr.OpInv:
		return expr.Neg(expr.Call(expr.OpLogDet, a.Arg(0)))
	case expr.OpEye:
		return n.Context().Int(0)
	}
	if a.Shape().IsScalar() {
		return expr.Call(expr.OpLog, a)
	}
	return nil
}

func (s *Simplifier) trace(n *expr.Node) *expr.Node {
	a, c := n.Arg(0), n.Context()
	if a.Shape().IsScalar() {
		return a
	}
	if a.Is(expr.Skew) {
		return c.Int(0)
	}
	switch a.Op() {
	case expr.OpT:
		return expr.Call(expr.OpTr, a.Arg(0))
	case expr.OpEye:
		return c.Dim(a.Shape().Rows)
	case expr.OpZeros:
		return c.Int(0)
	case expr.OpDiag:
		return expr.Call(expr.OpSum, a.Arg(0))
	case expr.OpKron:
		if a.Arg(0).Shape().IsSquare() {
			return expr.Mul(expr.Call(expr.OpTr, a.Arg(0)), expr.Call(expr.OpTr, a.Arg(1)))
		}
	case expr.OpMul:
		if r := pulled(n); r != nil {
			return r
		}
		chain := a.Product().Chain
		for i := 1; i < len(chain); i++ {
			if chain[i].Shape().Rows.IsOne() {
				return expr.Mul(append(append([]*expr.Node(nil), chain[i:]...), chain[:i]...)...)
			}
		}
		if r := rotateCancel(chain); r != nil {
			return expr.Call(expr.OpTr, r)
		}
	}
	return nil
}

// rotateCancel brings a factor to its inverse at the other end of a trace.
func rotateCancel(chain []*expr.Node) *expr.Node {
	last := len(chain) - 1
	if last < 1 || !chain[last].Shape().IsSquare() {
		return nil
	}
	b1, k1 := base(chain[last])
	b2, k2 := base(chain[0])
	if b1 == b2 && k1*k2 < 0 || b1.Is(expr.Orthogonal) && expr.Transposes(b1, b2) {
		return expr.Mul(append([]*expr.Node{chain[last]}, chain[:last]...)...)
	}
	return nil
}

func (s *Simplifier) total(n *expr.Node) *expr.Node {
	a, c := n.Arg(0), n.Context()
	if a.Shape().IsScalar() {
		return a
	}
	switch a.Op() {
	case expr.OpT, expr.OpVec, expr.OpDiag:
		return expr.Call(expr.OpSum, a.Arg(0))
	case expr.OpOnes:
		return c.Dim(a.Shape().Len())
	case expr.OpEye:
		return c.Dim(a.Shape().Rows)
	case expr.OpZeros:
		return c.Int(0)
	case expr.OpKron:
		return expr.Mul(expr.Call(expr.OpSum, a.Arg(0)), expr.Call(expr.OpSum, a.Arg(1)))
	case expr.OpDiagOf:
		return expr.Call(expr.OpTr, a.Arg(0))
	case expr.OpSym:
		if a.Declared().Has(expr.Simplex) {
			return c.Int(1)
		}
	case expr.OpSoftmax:
		return c.Int(1)
	case expr.OpAdd:
		return withOnes(a)
	case expr.OpMul:
		if r := pulled(n); r != nil {
			return r
		}
		if ch := a.Product().Chain; len(ch) > 1 && ch[len(ch)-1].Op() == expr.OpOnes && ch[len(ch)-1].Shape().IsColumn() {
			return expr.Call(expr.OpSum, expr.Mul(ch[:len(ch)-1]...))
		}
		if ch := a.Product().Chain; len(ch) == 2 && ch[0].Shape().Cols.IsOne() {
			return expr.Mul(expr.Call(expr.OpSum, ch[0]), expr.Call(expr.OpSum, ch[1]))
		}
	}
	return nil
}

// withOnes sums the terms of a sum one by one where one of them is a multiple of
// ones, as in sum(x - c*ones(n)) = sum(x) - n*c; nil for other sums.
func withOnes(a *expr.Node) *expr.Node {
	found := false
	for _, t := range a.Args() {
		ch := t.Product().Chain
		found = found || len(ch) == 1 && ch[0].Op() == expr.OpOnes
	}
	if !found {
		return nil
	}
	terms := make([]*expr.Node, len(a.Args()))
	for i, t := range a.Args() {
		terms[i] = expr.Call(expr.OpSum, t)
	}
	return Simplify(expr.Add(terms...))
}

func stacked(_ *Simplifier, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	switch {
	case a.Shape().Cols.IsOne():
		return a
	case a.Shape().IsRow():
		return expr.T(a)
	case a.IsZero():
		return n.Context().Zeros(n.Shape().Rows, n.Shape().Cols)
	case a.Op() == expr.OpOnes:
		return n.Context().Ones(n.Shape().Rows, n.Shape().Cols)
	}
	return pulled(n)
}

func kronecker(_ *Simplifier, n *expr.Node) *expr.Node {
	a, b := n.Arg(0), n.Arg(1)
	if a.IsZero() || b.IsZero() {
		return n.Context().Zeros(n.Shape().Rows, n.Shape().Cols)
	}
	if a.Op() == expr.OpEye && b.Op() == expr.OpEye {
		return n.Context().Eye(n.Shape().Rows)
	}
	p, q := a.Product(), b.Product()
	bare := func(p expr.Product) bool { return p.Coef.Equal(expr.RatOne) && len(p.Scalars) == 0 }
	if !bare(p) || !bare(q) {
		x, y := expr.Mul(p.Chain...), expr.Mul(q.Chain...)
		p.Chain, q.Chain = nil, nil
		return expr.Mul(p.Node(n.Context()), q.Node(n.Context()), expr.Call(expr.OpKron, x, y))
	}
	if a.Shape().IsRow() && b.Shape().IsColumn() {
		return expr.Mul(b, a)
	}
	if a.Shape().IsColumn() && b.Shape().IsRow() {
		return expr.Mul(a, b)
	}
	return nil
}

func norm2(_ *Simplifier, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	if a.Op() == expr.OpT || a.Op() == expr.OpVec {
		return expr.Call(expr.OpNorm2, a.Arg(0))
	}
	if a.Shape().IsScalar() {
		return expr.Call(expr.OpAbs, a)
	}
	if a.Op() == expr.OpOnes {
		return expr.Call(expr.OpSqrt, n.Context().Dim(a.Shape().Len()))
	}
	if c, r := split(a); c.Sign() < 0 {
		return expr.Scale(c.Neg(), expr.Call(expr.OpNorm2, r))
	}
	if p := a.Product(); len(p.Scalars) == 0 && len(p.Chain) > 1 && p.Chain[0].Is(expr.Orthogonal) {
		p.Chain = p.Chain[1:]
		return expr.Call(expr.OpNorm2, p.Node(n.Context()))
	}
	return nil
}

func norm1(_ *Simplifier, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	if a.Op() == expr.OpT || a.Op() == expr.OpVec {
		return expr.Call(expr.OpNorm1, a.Arg(0))
	}
	return nil
}

func logarithm(_ *Simplifier, n *expr.Node) *expr.Node {
	a := n.Arg(0)
	if a.Op() == expr.OpExp {
		return a.Arg(0)
	}
	if a.Op() == expr.OpDet {
		return expr.Call(expr.OpLogDet, a.Arg(0))
	}
	return logOfProduct(n)
}

func elementwise(n *expr.Node) *expr.Node {
	a, c, s := n.Arg(0), n.Context(), n.Shape()
	row := function.Of(n.Op())
	if a.IsZero() && row != nil {
		switch row.Zero {
		case function.IsZero:
			return c.Zeros(s.Rows, s.Cols)
		case function.IsOne:
			return c.Ones(s.Rows, s.Cols)
		}
	}
	if n.Op() == expr.OpLog && (a.Op() == expr.OpOnes || a.IsInt(1)) {
		return c.Zeros(s.Rows, s.Cols)
	}
	if n.Op() == expr.OpSqrt && a.Op() == expr.OpSum && a.Arg(0).Op() == expr.OpHPow && a.Arg(0).Arg(1).IsInt(2) {
		return expr.Call(expr.OpNorm2, a.Arg(0).Arg(0))
	}
	if n.Op() == expr.OpSqrt && (a.Op() == expr.OpOnes || a.IsInt(1)) {
		return a
	}
	if a.Op() == expr.OpT && !a.Arg(0).Shape().IsScalar() {
		return expr.T(expr.Rebuild(n, a.Args()))
	}
	if row != nil && row.Parity != function.None && a.Negative() {
		r := expr.Rebuild(n, []*expr.Node{expr.Neg(a)})
		if row.Parity == function.Odd {
			return expr.Neg(r)
		}
		return r
	}
	if n.Op() == expr.OpExp {
		if a.Op() == expr.OpLog {
			return a.Arg(0)
		}
		if k, r := split(a); r.Op() == expr.OpLog {
			return expr.HPow(r.Arg(0), c.Num(k))
		}
	}
	if n.Op() == expr.OpAbs && a.Is(expr.NonNeg) {
		return a
	}
	return nil
}
