package rewrite

import "github.com/nabla-go/nabla/matcalc/expr"

// power is a scalar factor as base and rational exponent.
type power struct {
	base *expr.Node
	exp  expr.Rat
}

// nested is (b^p)^e as one power where that holds for every sign of b: for a
// whole e, for p = 1, or for b that is not negative.
func nested(p power, f *expr.Node, e expr.Rat) power {
	if e.IsInt() || p.exp.Equal(expr.RatOne) || p.base.Is(expr.NonNeg) {
		p.exp = p.exp.Mul(e)
		return p
	}
	return power{f.Arg(0), e}
}

func scalarPower(f *expr.Node) power {
	switch {
	case f.Op() == expr.OpPow && f.Arg(1).IsNum():
		return nested(scalarPower(f.Arg(0)), f, f.Arg(1).Rat())
	case f.Op() == expr.OpSqrt:
		return nested(scalarPower(f.Arg(0)), f, expr.RatHalf)
	}
	return power{f, expr.RatOne}
}

func (p power) nodes(c *expr.Context) []*expr.Node {
	two := expr.Int(2)
	switch {
	case p.exp.Sign() == 0:
		return nil
	case p.exp.IsInt():
		return []*expr.Node{expr.Pow(p.base, c.Num(p.exp))}
	case p.exp.Mul(two).IsInt():
		return []*expr.Node{expr.Pow(expr.Call(expr.OpSqrt, p.base), c.Num(p.exp.Mul(two)))}
	}
	return []*expr.Node{expr.Pow(p.base, c.Num(p.exp))}
}

// mergeScalars adds the exponents of equal bases, and spreads powers of
// products.
func mergeScalars(c *expr.Context, scalars []*expr.Node, coef expr.Rat) ([]*expr.Node, expr.Rat) {
	if len(scalars) == 0 {
		return nil, coef
	}
	var ps []power
	at := make(map[expr.Key]int, len(scalars))
	put := func(p power) {
		if i, ok := at[p.base.Key()]; ok {
			ps[i].exp = ps[i].exp.Add(p.exp)
			return
		}
		at[p.base.Key()] = len(ps)
		ps = append(ps, p)
	}
	for _, f := range scalars {
		p := scalarPower(f)
		if k, ok := p.exp.Int64(); ok && p.base.Op() == expr.OpMul {
			q := p.base.Product()
			if cp, ok := q.Coef.Pow(k); ok && (len(q.Scalars) > 0 || !q.Coef.Equal(expr.RatOne)) {
				coef = coef.Mul(cp)
				for _, g := range q.Scalars {
					gp := scalarPower(g)
					gp.exp = gp.exp.Mul(p.exp)
					put(gp)
				}
				if len(q.Chain) > 0 {
					put(power{expr.Mul(q.Chain...), p.exp})
				}
				continue
			}
		}
		put(p)
	}
	var out []*expr.Node
	for _, p := range namedRatios(openPowers(ps)) {
		out = append(out, p.nodes(c)...)
	}
	return out, coef
}

// openPowers adds the exponents of equal bases where they are no numbers, as in
// t*t^(t-1) = t^t.
func openPowers(ps []power) []power {
	for i, p := range ps {
		if p.base.Op() != expr.OpPow || !p.exp.Equal(expr.RatOne) {
			continue
		}
		base, exponent := p.base.Arg(0), p.base.Arg(1)
		for j, q := range ps {
			var more *expr.Node
			switch {
			case i == j:
				continue
			case q.base.Key() == base.Key():
				more = base.Context().Num(q.exp)
			case q.base.Op() == expr.OpPow && q.base.Arg(0).Key() == base.Key() && q.exp.Equal(expr.RatOne):
				more = q.base.Arg(1)
			default:
				continue
			}
			ps[i].base = expr.Pow(base, Simplify(expr.Add(exponent, more)))
			return openPowers(append(append([]power(nil), ps[:j]...), ps[j+1:]...))
		}
	}
	return ps
}

// powered simplifies a power node.
func powered(_ *Simplifier, n *expr.Node) *expr.Node {
	a, e, c := n.Arg(0), n.Arg(1), n.Context()
	k, whole := e.Rat().Int64()
	whole = whole && e.IsNum()
	switch {
	case whole && k == 0:
		return c.Eye(n.Shape().Rows)
	case a.Op() == expr.OpAbs && isEven(e) && n.Shape().IsScalar():
		return expr.Pow(a.Arg(0), e)
	case n.Shape().IsScalar() && e.IsNum() && a.Op() != expr.OpMul:
		p := scalarPower(n)
		ns := p.nodes(c)
		if len(ns) == 0 {
			return c.Int(1)
		}
		return expr.Mul(ns...)
	case n.Shape().IsScalar() && whole && a.Op() == expr.OpMul:
		q := a.Product()
		if q.Coef.Equal(expr.RatOne) && len(q.Scalars) == 0 {
			return nil
		}
		if _, ok := q.Coef.Pow(k); !ok {
			return nil
		}
		fs, coef := mergeScalars(c, []*expr.Node{n}, expr.RatOne)
		return expr.Mul(append([]*expr.Node{c.Num(coef)}, fs...)...)
	case n.Shape().IsScalar():
		return nil
	case a.Op() == expr.OpEye || whole && a.Is(expr.Projector) && k > 0:
		return a
	case a.Op() == expr.OpT:
		return expr.T(expr.Pow(a.Arg(0), e))
	case whole && a.Op() == expr.OpDiag:
		return expr.Diag(expr.HPow(column(a.Arg(0)), e))
	case whole && k < 0 && k > -1000:
		return expr.Pow(expr.Inv(a), c.Int(-k))
	case whole && a.Op() == expr.OpMul:
		q := a.Product()
		if cp, ok := q.Coef.Pow(k); ok && (len(q.Scalars) > 0 || !q.Coef.Equal(expr.RatOne)) {
			args := []*expr.Node{c.Num(cp)}
			for _, f := range q.Scalars {
				args = append(args, expr.Pow(f, e))
			}
			return expr.Mul(append(args, expr.Pow(expr.Mul(q.Chain...), e))...)
		}
	case whole && a.Op() == expr.OpPow && a.Arg(1).IsNum():
		return expr.Pow(a.Arg(0), c.Num(a.Arg(1).Rat().Mul(e.Rat())))
	}
	return nil
}
