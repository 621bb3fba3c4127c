package stationary

import (
	"math"
	"math/big"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

var (
	ruleFactors    = Rule{En: "a product is zero where a factor is", Zh: "乘积为零当且仅当某个因子为零"}
	ruleNonzero    = Rule{En: "leave out the factor that is never zero", Zh: "略去恒不为零的因子"}
	ruleClear      = Rule{En: "multiply both sides by the denominator", Zh: "两边乘以分母"}
	rulePolynomial = Rule{En: "the roots of the polynomial", Zh: "求多项式的根"}
	ruleSquare     = Rule{En: "put the root on one side and square", Zh: "将根式移到一边并平方"}
	rulePeriod     = Rule{En: "one of the points; they repeat with period 2*pi", Zh: "其中之一；以 2*pi 为周期重复"}
)

// roots are the solutions of g = 0 in a scalar x that closed forms give. Some
// of them may lie outside the domain or come from squaring: whoever takes one
// puts it into the equation first.
func (s *solver) roots(g, x *expr.Node) []*Root {
	if s.depth++; s.depth > 2*deepest {
		return nil
	}
	defer func() { s.depth-- }()
	g = s.s.Simplify(g)
	if !g.DependsOn(x) || !g.Shape().IsScalar() {
		return nil
	}
	for _, f := range []func(*solver, *expr.Node, *expr.Node) []*Root{
		(*solver).ofFactors, (*solver).ofPolynomial, (*solver).cleared, (*solver).ofInner, (*solver).ofExponentials, (*solver).squared, (*solver).divided,
	} {
		if out := f(s, g, x); len(out) > 0 {
			return out
		}
	}
	return nil
}

// after puts a step before those of the roots.
func after(step Step, rs []*Root) []*Root {
	for _, r := range rs {
		r.Steps = append([]Step{step}, r.Steps...)
	}
	return rs
}

// ofFactors takes the roots of the factors that may vanish.
func (s *solver) ofFactors(g, x *expr.Node) []*Root {
	p := g.Product()
	if g.Op() != expr.OpMul || len(p.Chain) > 0 {
		return nil
	}
	var open []*expr.Node
	for _, f := range p.Scalars {
		for f.Op() == expr.OpPow && f.Arg(1).IsNum() && f.Arg(1).Rat().Sign() > 0 {
			f = f.Arg(0)
		}
		if f.DependsOn(x) && !vanishesNowhere(f) {
			open = append(open, f)
		}
	}
	var out []*Root
	for _, f := range open {
		rule := ruleNonzero
		if len(open) > 1 {
			rule = ruleFactors
		}
		rs := s.roots(f, x)
		if f == x {
			rs = []*Root{{Value: x.Context().Int(0)}}
		}
		out = append(out, after(Step{f, x.Context().Int(0), rule}, rs)...)
	}
	return out
}

// vanishesNowhere reports exponentials, reciprocals and what is known to be
// nonzero.
func vanishesNowhere(f *expr.Node) bool {
	return f.Is(expr.Nonzero) || f.Op() == expr.OpExp ||
		(f.Op() == expr.OpPow || f.Op() == expr.OpHPow) && f.Arg(1).IsNum() && f.Arg(1).Rat().Sign() < 0
}

// highest is the largest degree of polynomials that are looked at.
const highest = 8

// ofPolynomial solves polynomials of the second degree, those that become so
// in a power of x, and those with rational numbers whose roots are rational.
func (s *solver) ofPolynomial(g, x *expr.Node) []*Root {
	c := s.coefficients(g, x)
	if len(c) < 2 {
		return nil
	}
	ctx := x.Context()
	var out []*Root
	for len(c) > 0 && c[0].IsZero() {
		if out == nil {
			out = append(out, &Root{Value: ctx.Int(0)})
		}
		c = c[1:]
	}
	for _, v := range s.polynomial(c, x.Is(expr.Positive)) {
		out = append(out, &Root{Value: v})
	}
	for _, r := range out {
		r.Steps = []Step{{x, r.Value, rulePolynomial}}
	}
	return out
}

// coefficients are those of g as a polynomial in x, from the constant up; nil
// where g is none.
func (s *solver) coefficients(g, x *expr.Node) []*expr.Node {
	var out []*expr.Node
	zero, factorial := x.Context().Int(0), expr.RatOne
	for k := int64(0); k <= highest; k++ {
		if hasInverse(g, x) {
			return nil
		}
		if k > 0 {
			factorial = factorial.Mul(expr.Int(k))
		}
		v := fits(func() *expr.Node { return s.at(g, x, zero) })
		if v == nil {
			return nil
		}
		out = append(out, s.simple(expr.Scale(factorial.Inv(), v)))
		if !g.DependsOn(x) {
			return out
		}
		d, err := diff.Derive(g, x, diff.Request{Kind: diff.MatrixByScalar}, s.s)
		if err != nil {
			return nil
		}
		g = d
	}
	return nil
}

// polynomial gives the roots of c[0] + c[1] x + ... with c[0] and the last not
// zero.
func (s *solver) polynomial(c []*expr.Node, positive bool) []*expr.Node {
	n := len(c) - 1
	if n < 1 {
		return nil
	}
	step := n
	for k := 1; k < n; k++ {
		if !c[k].IsZero() {
			step = gcd(step, k)
		}
	}
	var out []*expr.Node
	if step > 1 { // a polynomial in x^step
		var inner []*expr.Node
		for k := 0; k <= n; k += step {
			inner = append(inner, c[k])
		}
		for _, z := range s.polynomial(inner, positive || step%2 == 0) {
			out = append(out, s.powerRoots(z, step, positive)...)
		}
		return out
	}
	if r, rest := rationalRoot(c); r != nil {
		return append([]*expr.Node{r}, s.polynomial(rest, positive)...)
	}
	ctx := c[0].Context()
	switch n {
	case 1:
		return []*expr.Node{s.simple(expr.Neg(expr.Div(c[0], c[1])))}
	case 2:
		disc := s.simple(expr.Sub(expr.Pow(c[1], ctx.Int(2)), expr.Mul(ctx.Int(4), c[0], c[2])))
		root := s.squareRoot(disc)
		for _, sign := range []int64{1, -1} {
			out = append(out, s.simple(expr.Div(expr.Sub(expr.Mul(ctx.Int(sign), root), c[1]), expr.Mul(ctx.Int(2), c[2]))))
		}
	}
	return out
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// powerRoots are the real x with x^k = z.
func (s *solver) powerRoots(z *expr.Node, k int, positive bool) []*expr.Node {
	root := func(z *expr.Node) *expr.Node { return s.root(z, int64(k)) }
	switch {
	case z.IsZero():
		return []*expr.Node{z}
	case k%2 == 0 && positive:
		return []*expr.Node{root(z)}
	case k%2 == 0:
		return []*expr.Node{root(z), s.simple(expr.Neg(root(z)))}
	case z.Is(expr.Positive) || positive:
		return []*expr.Node{root(z)}
	case s.s.Simplify(expr.Neg(z)).Is(expr.Positive):
		return []*expr.Node{s.simple(expr.Neg(root(s.s.Simplify(expr.Neg(z)))))}
	}
	return []*expr.Node{s.simple(expr.Mul(expr.Call(expr.OpSign, z), root(expr.Call(expr.OpAbs, z))))}
}

func (s *solver) squareRoot(z *expr.Node) *expr.Node { return s.root(z, 2) }

// root is the k-th root, exact where the number is a k-th power.
func (s *solver) root(z *expr.Node, k int64) *expr.Node {
	ctx := z.Context()
	if z.IsNum() && z.Rat().Sign() > 0 {
		n, d := wholeRoot(z.Rat().Big().Num(), k), wholeRoot(z.Rat().Big().Denom(), k)
		if n > 0 && d > 0 {
			return ctx.Num(expr.Frac(n, d))
		}
	}
	if k == 2 {
		return s.simple(expr.Call(expr.OpSqrt, z))
	}
	return s.simple(expr.Pow(z, ctx.Num(expr.Frac(1, k))))
}

// wholeRoot is the whole number whose k-th power is a; 0 where there is none.
func wholeRoot(a *big.Int, k int64) int64 {
	f, _ := new(big.Float).SetInt(a).Float64()
	r := big.NewInt(int64(math.Round(math.Pow(f, 1/float64(k)))))
	if r.IsInt64() && new(big.Int).Exp(r, big.NewInt(k), nil).Cmp(a) == 0 {
		return r.Int64()
	}
	return 0
}

// rationalRoot finds a rational root of a polynomial of degree 2 and more with
// whole or fractional numbers, and divides by it.
func rationalRoot(c []*expr.Node) (root *expr.Node, rest []*expr.Node) {
	if len(c) < 3 {
		return nil, nil
	}
	for _, k := range c {
		if !k.IsNum() {
			return nil, nil
		}
	}
	for q := int64(1); q <= 12; q++ {
		for p := int64(1); p <= 24; p++ {
			for _, sign := range []int64{1, -1} {
				r := expr.Frac(sign*p, q)
				if quotient := divide(c, r); quotient != nil {
					return c[0].Context().Num(r), quotient
				}
			}
		}
	}
	return nil, nil
}

// divide is the polynomial without its root r by Horner's scheme; nil where r
// is no root.
func divide(c []*expr.Node, r expr.Rat) []*expr.Node {
	values := make([]expr.Rat, len(c))
	at := expr.RatZero
	for k := len(c) - 1; k >= 0; k-- {
		at = at.Mul(r).Add(c[k].Rat())
		values[k] = at
	}
	if at.Sign() != 0 {
		return nil
	}
	out := make([]*expr.Node, len(c)-1)
	for k := range out {
		out[k] = c[0].Context().Num(values[k+1])
	}
	return out
}

// cleared multiplies by the denominators that hold x.
func (s *solver) cleared(g, x *expr.Node) []*Root {
	for _, n := range expr.PostOrder(g) {
		if n.Op() != expr.OpPow || !n.DependsOn(x) || !n.Arg(1).IsNum() || n.Arg(1).Rat().Sign() >= 0 {
			continue
		}
		by := expr.Pow(n.Arg(0), n.Context().Num(n.Arg(1).Rat().Neg()))
		h := s.each(g, func(t *expr.Node) *expr.Node { return expr.Mul(by, t) })
		if denominators(h, x) >= denominators(g, x) {
			continue
		}
		if rs := s.roots(h, x); len(rs) > 0 {
			return after(Step{h, x.Context().Int(0), ruleClear}, rs)
		}
	}
	return nil
}

// denominators counts negative powers that hold x.
func denominators(g, x *expr.Node) int {
	k := 0
	for _, n := range expr.PostOrder(g) {
		if n.Op() == expr.OpPow && n.DependsOn(x) && n.Arg(1).IsNum() && n.Arg(1).Rat().Sign() < 0 {
			k++
		}
	}
	return k
}

// ofInner solves for the one part that holds x, then undoes its function.
func (s *solver) ofInner(g, x *expr.Node) []*Root {
	order := expr.PostOrder(g)
	for i := len(order) - 1; i >= 0; i-- {
		u := order[i]
		if !u.DependsOn(x) || !u.Shape().IsScalar() || u.Op() == expr.OpSym || u.Op() == expr.OpAdd || u.Op() == expr.OpMul {
			continue
		}
		z := x.Context().Sym("·", shape.Scalar, 0)
		h := expr.Substitute(g, map[*expr.Node]*expr.Node{u: z})
		if h.DependsOn(x) {
			continue
		}
		outer := s.roots(h, z)
		if h == z {
			outer = []*Root{{Value: x.Context().Int(0)}}
		}
		var out []*Root
		for _, r := range outer {
			out = append(out, s.inward(u, r, renamed(r.Steps, z, u), x)...)
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// inward solves u = r for x.
func (s *solver) inward(u *expr.Node, r *Root, steps []Step, x *expr.Node) []*Root {
	arg, values, rule := s.undone(u, r.Value)
	var out []*Root
	for _, v := range values {
		head := append(append([]Step(nil), steps...), Step{arg, v, rule})
		if arg == x {
			out = append(out, &Root{Value: v, Steps: head})
			continue
		}
		for _, q := range s.roots(expr.Sub(arg, v), x) {
			q.Steps = append(append([]Step(nil), head...), q.Steps...)
			out = append(out, q)
		}
	}
	return out
}

// undone inverts a function of a scalar, with all of its branches.
func (s *solver) undone(u, r *expr.Node) (arg *expr.Node, values []*expr.Node, rule Rule) {
	ctx := r.Context()
	arg, rule = u.Arg(0), ruleUndo
	call := func(op expr.Op) *expr.Node { return s.simple(expr.Call(op, r)) }
	switch u.Op() {
	case expr.OpPow, expr.OpHPow:
		if !u.Arg(1).IsNum() {
			if u.Arg(1).DependsOn(arg) {
				return arg, nil, rule
			}
			return arg, []*expr.Node{s.simple(expr.Pow(r, expr.Pow(u.Arg(1), ctx.Int(-1))))}, rule
		}
		e := u.Arg(1).Rat()
		if k, whole := e.Int64(); whole && k > 1 {
			return arg, s.powerRoots(r, int(k), arg.Is(expr.NonNeg)), rule
		} else if whole && k < -1 {
			return arg, s.powerRoots(s.simple(expr.Pow(r, ctx.Int(-1))), int(-k), arg.Is(expr.NonNeg)), rule
		}
		return arg, []*expr.Node{s.simple(expr.Pow(r, ctx.Num(e.Inv())))}, rule
	case expr.OpCosh:
		v := s.simple(expr.Call(expr.OpLog, expr.Add(r, s.squareRoot(s.simple(expr.Sub(expr.Pow(r, ctx.Int(2)), ctx.Int(1)))))))
		return arg, []*expr.Node{v, s.simple(expr.Neg(v))}, rule
	case expr.OpCos:
		v := call(expr.OpArccos)
		return arg, []*expr.Node{v, s.simple(expr.Neg(v))}, rulePeriod
	case expr.OpSin:
		if r.IsZero() {
			return arg, []*expr.Node{r, expr.Scale(expr.Int(2), expr.Call(expr.OpArccos, ctx.Int(0)))}, rulePeriod
		}
		v := call(expr.OpArcsin)
		return arg, []*expr.Node{v, s.simple(expr.Sub(expr.Scale(expr.Int(2), expr.Call(expr.OpArccos, ctx.Int(0))), v))}, rulePeriod
	case expr.OpAbs:
		return arg, []*expr.Node{r, s.simple(expr.Neg(r))}, rule
	}
	undo := undoing[u.Op()]
	if undo == nil {
		return arg, nil, rule
	}
	arg, v := undo(u, r)
	if v == nil {
		return arg, nil, rule
	}
	return arg, []*expr.Node{s.simple(v)}, rule
}

// ofExponentials solves equations in exp(k x) with several rational k as a
// polynomial in exp(x).
func (s *solver) ofExponentials(g, x *expr.Node) []*Root {
	z := x.Context().Sym("·e", shape.Scalar, expr.Positive)
	with := map[*expr.Node]*expr.Node{}
	parts := int64(1)
	var rates []expr.Rat
	var exps, consts []*expr.Node
	for _, n := range expr.PostOrder(g) {
		if n.Op() != expr.OpExp || !n.DependsOn(x) || !n.Shape().IsScalar() {
			continue
		}
		k := s.slope(n.Arg(0), x)
		if k == nil || !k.IsNum() {
			return nil
		}
		if d := k.Rat().Big().Denom(); d.IsInt64() && d.Int64() < highest {
			parts = max(parts, d.Int64())
		}
		rates, exps = append(rates, k.Rat()), append(exps, n)
		consts = append(consts, s.at(n.Arg(0), x, x.Context().Int(0)))
	}
	if len(exps) < 2 {
		return nil
	}
	for i, n := range exps {
		power := expr.Pow(z, x.Context().Num(rates[i].Mul(expr.Int(parts))))
		if !consts[i].IsZero() {
			power = expr.Mul(expr.Call(expr.OpExp, consts[i]), power)
		}
		with[n] = power
	}
	h := expr.Substitute(g, with)
	if h.DependsOn(x) {
		return nil
	}
	var out []*Root
	for _, r := range s.roots(h, z) {
		value := s.simple(expr.Scale(expr.Int(parts), expr.Call(expr.OpLog, r.Value)))
		u := expr.Call(expr.OpExp, expr.Scale(expr.Frac(1, parts), x))
		out = append(out, &Root{Value: value, Steps: append(renamed(r.Steps, z, u), Step{x, value, ruleUndo})})
	}
	return out
}

// squared solves a + b*sqrt(u) = 0 by a^2 = b^2*u.
func (s *solver) squared(g, x *expr.Node) []*Root {
	for _, n := range expr.PostOrder(g) {
		root := n.Op() == expr.OpSqrt || n.Op() == expr.OpNorm2 || n.Op() == expr.OpPow && n.Arg(1).IsNum() && n.Arg(1).Rat().Equal(expr.RatHalf)
		if !root || !n.DependsOn(x) {
			continue
		}
		u := n.Arg(0)
		if n.Op() == expr.OpNorm2 {
			u = inner(u, u)
		}
		z := x.Context().Sym("·", shape.Scalar, 0)
		h := expr.Substitute(g, map[*expr.Node]*expr.Node{n: z})
		b := s.slope(h, z)
		if b == nil {
			continue
		}
		a := s.at(h, z, x.Context().Int(0))
		if a.IsZero() {
			continue
		}
		two := x.Context().Int(2)
		left, right := s.simple(expr.Pow(a, two)), s.simple(expr.Mul(expr.Pow(b, two), u))
		flat := s.each(expr.Sub(left, right), func(t *expr.Node) *expr.Node { return t })
		if rs := s.roots(flat, x); len(rs) > 0 {
			return after(Step{left, right, ruleSquare}, rs)
		}
	}
	return nil
}

// divided divides by the lowest of the powers x^e with exponents that are no
// numbers.
func (s *solver) divided(g, x *expr.Node) []*Root {
	if !x.Is(expr.Positive) {
		return nil
	}
	for _, n := range expr.PostOrder(g) {
		if n.Op() != expr.OpPow || n.Arg(0) != x || n.Arg(1).IsNum() {
			continue
		}
		by := expr.Pow(x, s.s.Simplify(expr.Neg(n.Arg(1))))
		h := s.each(g, func(t *expr.Node) *expr.Node { return expr.Mul(t, by) })
		if h.Size() >= g.Size() {
			continue
		}
		if rs := s.roots(h, x); len(rs) > 0 {
			return after(Step{h, x.Context().Int(0), ruleNonzero}, rs)
		}
	}
	return nil
}
