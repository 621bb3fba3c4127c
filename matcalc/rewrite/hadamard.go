package rewrite

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// hpowered simplifies an elementwise power.
func hpowered(_ *Simplifier, n *expr.Node) *expr.Node {
	a, e, c := n.Arg(0), n.Arg(1), n.Context()
	s := n.Shape()
	if !e.IsNum() {
		return nil
	}
	switch {
	case e.IsZero():
		return c.Ones(s.Rows, s.Cols)
	case a.Op() == expr.OpOnes:
		return a
	case a.Op() == expr.OpT:
		return expr.T(expr.HPow(a.Arg(0), e))
	case e.Rat().Equal(expr.RatHalf):
		return expr.Call(expr.OpSqrt, a)
	case a.Op() == expr.OpHPow && a.Arg(1).IsNum() && e.Rat().IsInt():
		return expr.HPow(a.Arg(0), c.Num(a.Arg(1).Rat().Mul(e.Rat())))
	case a.Op() == expr.OpHad && e.Rat().IsInt():
		out := make([]*expr.Node, len(a.Args()))
		for i, f := range a.Args() {
			out[i] = expr.HPow(f, e)
		}
		if e.Rat().Sign() < 0 {
			return expr.Had(out...)
		}
	case a.Op() == expr.OpMul:
		p := a.Product()
		k, ok := e.Rat().Int64()
		if ok && len(p.Chain) > 0 && (len(p.Scalars) > 0 || !p.Coef.Equal(expr.RatOne)) {
			if _, ok := p.Coef.Pow(k); ok {
				inner := expr.HPow(expr.Mul(p.Chain...), e)
				p.Chain = nil
				return expr.Mul(expr.Pow(p.Node(c), e), inner)
			}
		}
	case a.Op() == expr.OpSqrt && e.IsInt(2):
		return a.Arg(0)
	case a.Op() == expr.OpEye && e.Rat().Sign() > 0:
		return a
	case a.Op() == expr.OpDiag && e.Rat().Sign() > 0:
		return expr.Diag(expr.HPow(column(a.Arg(0)), e))
	case a.Op() == expr.OpAbs && isEven(e):
		return expr.HPow(a.Arg(0), e)
	case (a.Op() == expr.OpStep || a.Is(expr.Mask)) && e.Rat().IsInt() && e.Rat().Sign() > 0:
		return a
	case a.Is(expr.PM1) && e.Rat().IsInt():
		if k, ok := e.Rat().Int64(); ok && k%2 == 0 {
			return c.Ones(s.Rows, s.Cols)
		}
		return a
	}
	return nil
}

// isEven reports an even whole number.
func isEven(e *expr.Node) bool {
	k, ok := e.Rat().Int64()
	return ok && e.IsNum() && k%2 == 0
}

// entryPower is a factor of an elementwise product as base and exponent.
func entryPower(f *expr.Node) power {
	switch {
	case f.Op() == expr.OpHPow && f.Arg(1).IsNum():
		return nested(entryPower(f.Arg(0)), f, f.Arg(1).Rat())
	case f.Op() == expr.OpSqrt:
		return nested(entryPower(f.Arg(0)), f, expr.RatHalf)
	}
	return power{f, expr.RatOne}
}

func (p power) entries(c *expr.Context) []*expr.Node {
	switch {
	case p.exp.Sign() == 0:
		return nil
	case p.exp.IsInt():
		return []*expr.Node{expr.HPow(p.base, c.Num(p.exp))}
	case p.exp.Mul(expr.Int(2)).IsInt():
		return []*expr.Node{expr.HPow(expr.Call(expr.OpSqrt, p.base), c.Num(p.exp.Mul(expr.Int(2))))}
	}
	return []*expr.Node{expr.HPow(p.base, c.Num(p.exp))}
}

// hadamard drops ones, merges powers of equal factors and turns products with
// an identity or a diagonal matrix into diagonals.
func (s *Simplifier) hadamard(n *expr.Node) *expr.Node {
	c, sh := n.Context(), n.Shape()
	var ps []power
	for _, f := range n.Args() {
		if f.Op() == expr.OpOnes || isOnesRow(f) {
			continue
		}
		p := entryPower(f)
		merged := false
		for i := range ps {
			if ps[i].base.Key() == p.base.Key() {
				ps[i].exp = ps[i].exp.Add(p.exp)
				merged = true
				break
			}
		}
		if !merged {
			ps = append(ps, p)
		}
	}
	var out []*expr.Node
	for _, p := range namedRatios(ps) {
		out = append(out, p.entries(c)...)
	}
	if len(out) == 0 {
		return c.Ones(sh.Rows, sh.Cols)
	}
	if r := ofVecs(out); r != nil {
		return r
	}
	if r := scaled(out); r != nil {
		return r
	}
	flips := 0
	for _, f := range out {
		if f.Op() == expr.OpT {
			flips++
		} else if !f.Is(expr.Symmetric) {
			flips = -len(out)
		}
	}
	if flips > 0 {
		for i, f := range out {
			out[i] = expr.T(f)
		}
		return expr.T(expr.Had(out...))
	}
	for i, f := range out {
		if f.Op() == expr.OpEye && len(out) > 1 {
			rest := append(append([]*expr.Node(nil), out[:i]...), out[i+1:]...)
			return expr.Diag(expr.Diag(expr.Had(rest...)))
		}
	}
	r := expr.Had(out...)
	if r == n {
		if d := s.attempt(n, func() *expr.Node { return s.overEntries(n) }); d != nil {
			return d
		}
	}
	return r
}

// ofVecs is vec(A).*vec(B) = vec(A.*B); nil where a factor is no vec.
func ofVecs(fs []*expr.Node) *expr.Node {
	if len(fs) < 2 {
		return nil
	}
	out := make([]*expr.Node, len(fs))
	for i, f := range fs {
		p := entryPower(f)
		if p.base.Op() != expr.OpVec || p.base.Arg(0).Shape() != entryPower(fs[0]).base.Arg(0).Shape() {
			return nil
		}
		out[i] = expr.HPow(p.base.Arg(0), f.Context().Num(p.exp))
	}
	return expr.Call(expr.OpVec, expr.Had(out...))
}

// scaled is (u*ones(n)').*A = diag(u)*A and (ones(m)*v').*A = A*diag(v), also
// for a sum of such factors where that is shorter; nil where no factor repeats a
// column or a row.
func scaled(fs []*expr.Node) *expr.Node {
	if len(fs) < 2 {
		return nil
	}
	for i, f := range fs {
		rest := expr.Had(append(append([]*expr.Node(nil), fs[:i]...), fs[i+1:]...)...)
		if f.Op() != expr.OpAdd {
			if r := repeated(f, rest); r != nil {
				return r
			}
			continue
		}
		terms := make([]*expr.Node, len(f.Args()))
		for k, t := range f.Args() {
			if terms[k] = repeated(t, rest); terms[k] == nil {
				break
			}
		}
		if terms[len(terms)-1] == nil {
			continue
		}
		if r := expr.Add(terms...); r.Size() < expr.Had(fs...).Size() {
			return r
		}
	}
	return nil
}

// repeated is f.*a for f = c*u*ones(n)' or c*ones(m)*v', whose columns or rows
// are all the same; nil for other f.
func repeated(f, a *expr.Node) *expr.Node {
	p := f.Product()
	c := p.Chain
	last := len(c) - 1
	if last < 1 {
		return nil
	}
	p.Chain = nil
	k := p.Node(f.Context())
	one := shape.One
	switch {
	case isOnesRow(c[last]):
		return expr.Mul(k, scaling(expr.Mul(c[:last]...)), a)
	case c[last].Op() == expr.OpOnes && c[last].Shape().IsMatrix():
		rows := f.Context().Ones(c[last].Shape().Rows, one)
		return expr.Mul(k, scaling(expr.Mul(append(append([]*expr.Node(nil), c[:last]...), rows)...)), a)
	case c[0].Op() == expr.OpOnes && c[0].Shape().IsColumn() && c[1].Shape().IsRow():
		return expr.Mul(k, a, scaling(expr.Mul(c[1:]...)))
	case c[0].Op() == expr.OpOnes && c[0].Shape().IsMatrix():
		cols := expr.T(f.Context().Ones(c[0].Shape().Cols, one))
		return expr.Mul(k, a, scaling(expr.Mul(append([]*expr.Node{cols}, c[1:]...)...)))
	}
	return nil
}

// scaling is the diagonal matrix of a row or column; of a scalar the scalar.
func scaling(v *expr.Node) *expr.Node {
	if v.Shape().IsScalar() {
		return v
	}
	return expr.Diag(column(v))
}
