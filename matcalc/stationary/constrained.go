package stationary

import (
	"github.com/nabla-go/nabla/matcalc/expr"
)

// constrained solves the gradient of the Lagrangian together with the
// constraints: for the unknown in terms of the multipliers, then, with that
// put into the constraints, for the multipliers.
func (s *solver) constrained(p *Point) *Root {
	if len(p.Constraints) == 1 {
		for _, f := range []func(*solver, *Point) *Root{(*solver).symmetrised, (*solver).eigenvector, (*solver).normalised, (*solver).sphere} {
			if r := f(s, p); r != nil {
				return r
			}
		}
	}
	x := p.Wrt
	r := s.solve(p.Gradient, x)
	if r == nil || r.Value == nil {
		return nil
	}
	value, steps := r.Value, r.Steps
	for i, m := range p.Multipliers {
		c := p.Constraints[i]
		h := s.at(expr.Sub(c.Left, c.Right), x, value)
		q := s.solve(h, m)
		if q == nil || q.Value == nil {
			return nil
		}
		steps = append(steps, Step{h, zero(h), ruleMultiplier}, Step{m, q.Value, ruleMultiplier})
		value = s.at(value, m, q.Value)
		for k := range i {
			if value.DependsOn(p.Multipliers[k]) {
				return nil
			}
		}
	}
	for _, m := range p.Multipliers {
		if value.DependsOn(m) {
			return nil
		}
	}
	return &Root{Value: value, Steps: append(steps, Step{x, value, rulePutBack})}
}

// bordered solves an affine gradient with one affine constraint on a vector as
// one linear system in the unknown and the multiplier.
func (s *solver) bordered(p *Point) *Root {
	x := p.Wrt
	if len(p.Constraints) != 1 || !x.Shape().IsColumn() {
		return nil
	}
	c := p.Constraints[0]
	h := expr.Sub(c.Left, c.Right)
	m, a := s.slope(p.Gradient, x), s.slope(h, x)
	if m == nil || a == nil || h.Shape().IsMatrix() {
		return nil
	}
	free := s.at(s.at(p.Gradient, p.Multipliers[0], zero(p.Multipliers[0])), x, zero(x))
	b, d := expr.Neg(free), s.at(expr.Neg(h), x, zero(x))
	ctx := x.Context()
	k := h.Shape().Rows
	blocks := fits(func() *expr.Node {
		top := expr.Call(expr.OpHCat, m, expr.T(a))
		low := expr.Call(expr.OpHCat, a, ctx.Zeros(k, k))
		pick := expr.Call(expr.OpHCat, ctx.Eye(x.Shape().Rows), ctx.Zeros(x.Shape().Rows, k))
		return expr.Mul(pick, expr.Inv(expr.Call(expr.OpVCat, top, low)), expr.Call(expr.OpVCat, b, d))
	})
	if blocks == nil {
		return nil
	}
	return &Root{Value: blocks, Steps: []Step{{h, zero(h), ruleConstraint}, {x, blocks, ruleInverse}}}
}

// scaled solves under sum(x) = c and its kin, where the solution is a multiple
// of one vector whatever the multiplier: the constraint fixes the factor.
func (s *solver) scaled(p *Point) *Root {
	if len(p.Constraints) != 1 {
		return nil
	}
	left, right, ok := p.sides()
	x, m := p.Wrt, p.Multipliers[0]
	if !ok || !s.at(left, x, zero(x)).IsZero() || s.slope(left, x) == nil {
		return nil
	}
	for _, k := range []int64{1, -1, 0} {
		g := s.at(p.Gradient, m, m.Context().Int(k))
		r := s.solve(g, x)
		if r == nil || r.Value == nil || r.Value.IsZero() {
			continue
		}
		value := s.simple(expr.Mul(expr.Div(right, s.at(left, x, r.Value)), r.Value))
		out := &Root{Value: value, Steps: append(r.Steps, Step{left, right, ruleConstraint}, Step{x, value, ruleNormalise})}
		p.Root = out
		if p.verified() {
			return out
		}
	}
	return nil
}

// signed solves for a multiplier whose sign is known, which lets roots and
// logarithms of it be taken.
func (s *solver) signed(p *Point) *Root {
	m := p.Multipliers[0]
	if len(p.Constraints) != 1 || !m.Shape().IsScalar() {
		return nil
	}
	c, x := p.Constraints[0], p.Wrt
	size := x.Context().Sym("|"+m.Name()+"|", m.Shape(), expr.Positive)
	for _, by := range []*expr.Node{size, expr.Neg(size)} {
		r := s.solve(s.at(p.Gradient, m, by), x)
		if r == nil || r.Value == nil {
			continue
		}
		h := s.parted(s.at(expr.Sub(c.Left, c.Right), x, r.Value))
		for _, q := range s.roots(h, size) {
			value := s.at(r.Value, size, q.Value)
			out := &Root{Value: value, Steps: append(append(r.Steps, Step{h, zero(h), ruleMultiplier}), Step{size, q.Value, ruleMultiplier}, Step{x, value, rulePutBack})}
			p.Root = out
			if p.verified() {
				return out
			}
		}
	}
	return nil
}

// parted takes positive numbers out of norms and log-determinants: norm2(k*a)
// is k*norm2(a), logdet(k*M) is n*log(k) + logdet(M).
func (s *solver) parted(n *expr.Node) *expr.Node {
	with := map[*expr.Node]*expr.Node{}
	for _, d := range expr.PostOrder(n) {
		if d.Op() != expr.OpLogDet && d.Op() != expr.OpNorm2 {
			continue
		}
		p := d.Arg(0).Product()
		k := expr.Product{Coef: p.Coef, Scalars: p.Scalars}.Node(n.Context())
		if len(p.Chain) == 0 || k.IsInt(1) || !k.Is(expr.Positive) {
			continue
		}
		rest := expr.Call(d.Op(), expr.Mul(p.Chain...))
		if d.Op() == expr.OpNorm2 {
			with[d] = expr.Mul(k, rest)
		} else {
			with[d] = expr.Add(expr.Mul(n.Context().Dim(d.Arg(0).Shape().Rows), expr.Call(expr.OpLog, k)), rest)
		}
	}
	return s.each(expr.Substitute(n, with), func(t *expr.Node) *expr.Node { return t })
}

// stiefel solves X'X = I for a function that is linear there, tr(E'X) and
// ‖X-E‖²: the orthogonal polar factor of E.
func (s *solver) stiefel(p *Point) *Root {
	if len(p.Constraints) != 1 {
		return nil
	}
	c, x := p.Constraints[0], p.Wrt
	if c.Left.Op() == expr.OpEye {
		c.Left, c.Right = c.Right, c.Left
	}
	gram := expr.Mul(expr.T(x), x)
	if c.Right.Op() != expr.OpEye || c.Left != gram && !(x.Shape().IsSquare() && c.Left == expr.Mul(x, expr.T(x))) {
		return nil
	}
	g := s.at(p.Gradient, p.Multipliers[0], zero(p.Multipliers[0]))
	e := s.at(g, x, zero(x))
	if e.IsZero() {
		return nil
	}
	if rest := s.s.Simplify(expr.Sub(s.each(g, func(t *expr.Node) *expr.Node { return t }), e)); !rest.IsZero() {
		if q := rest.Product(); len(q.Chain) != 1 || q.Chain[0] != x {
			return nil
		}
	}
	k := content(e)
	core := s.simple(expr.Scale(k.Inv(), e))
	p.Kind, p.Why = Max, whyPolar
	if k.Sign() < 0 {
		p.Kind = Min
	}
	value := expr.Call(expr.OpPolar, core)
	return &Root{Value: value, Needs: []*expr.Node{core}, Steps: []Step{{x, value, rulePolar}}}
}

func fits(f func() *expr.Node) (n *expr.Node) {
	defer func() {
		if recover() != nil {
			n = nil
		}
	}()
	return f()
}

// sides are those of a constraint q(x) = c with a constant right side.
func (p *Point) sides() (left, right *expr.Node, ok bool) {
	c := p.Constraints[0]
	if c.Right.DependsOn(p.Wrt) {
		c.Left, c.Right = c.Right, c.Left
	}
	return c.Left, c.Right, !c.Right.DependsOn(p.Wrt) && c.Left.Shape().IsScalar()
}

// normalised solves x = exp(R + λ-part) under sum(x) = c: x = c*softmax(R).
func (s *solver) normalised(p *Point) *Root {
	left, right, ok := p.sides()
	x, m := p.Wrt, p.Multipliers[0]
	if !ok || !s.s.Simplify(expr.Sub(left, expr.Call(expr.OpSum, x))).IsZero() {
		return nil
	}
	r := s.solve(p.Gradient, x)
	if r == nil || r.Value == nil || r.Value.Op() != expr.OpExp {
		return nil
	}
	// The part that depends on the multiplier is the same in every entry.
	e := r.Value.Arg(0)
	slope := s.slopeScalar(e, m)
	if slope == nil || slope.Product().Chain == nil || slope.Product().Chain[0].Op() != expr.OpOnes {
		return nil
	}
	free := s.at(e, m, m.Context().Int(0))
	free = s.withoutShift(free)
	soft := expr.Call(expr.OpSoftmax, free)
	if free.IsZero() {
		soft = expr.Div(filled(free), expr.Call(expr.OpSum, filled(free)))
	}
	value := s.simple(expr.Mul(right, soft))
	return &Root{Value: value, Steps: append(r.Steps, Step{expr.Call(expr.OpSum, x), right, ruleConstraint}, Step{x, value, ruleNormalise})}
}

// slopeScalar is the derivative by a scalar; nil when it is not constant.
func (s *solver) slopeScalar(n, by *expr.Node) *expr.Node { return s.slope(n, by) }

// withoutShift drops terms that are the same in every entry: softmax does not
// see them.
func (s *solver) withoutShift(n *expr.Node) *expr.Node {
	var keep []*expr.Node
	for _, t := range spread(n) {
		c := t.Product().Chain
		if len(c) == 1 && c[0].Op() == expr.OpOnes {
			continue
		}
		keep = append(keep, t)
	}
	if len(keep) == 0 {
		return expr.Mul(n.Context().Int(0), n)
	}
	return s.simple(expr.Add(keep...))
}

// sphere maximises a linear function on x'Bx = c: the gradient b is constant
// and the constraint is homogeneous of degree 2.
func (s *solver) sphere(p *Point) *Root {
	left, right, ok := p.sides()
	if !ok {
		return nil
	}
	x, m := p.Wrt, p.Multipliers[0]
	b := s.at(p.Gradient, m, m.Context().Int(0))
	if b.DependsOn(x) || b.IsZero() || x.Shape().IsScalar() {
		return nil
	}
	left, right = squared(left, right)
	r := s.solve(s.simple(expr.Sub(s.at(p.gradientOf(s, left), m, zero(m)), b)), x)
	if r == nil || r.Value == nil || !s.at(left, x, zero(x)).IsZero() {
		return nil
	}
	core := r.Value.Product()
	if core.Coef.Sign() < 0 {
		core.Coef = expr.RatNeg
	} else {
		core.Coef = expr.RatOne
	}
	x0 := core.Node(x.Context())
	// With x0 along the solution of grad(left) = b, x = t*x0 where t^2 left(x0) = c.
	t := expr.Call(expr.OpSqrt, s.simple(expr.Div(right, s.at(left, x, x0))))
	value := s.simple(expr.Mul(t, x0))
	p.Kind, p.Why = Max, whySphere
	return &Root{Value: value, Steps: append(r.Steps, Step{x, value, ruleNormalise})}
}

// squared writes norm2(x) = c and norm2(x)^2 = c by the inner product of x with
// itself.
func squared(left, right *expr.Node) (*expr.Node, *expr.Node) {
	switch {
	case left.Op() == expr.OpNorm2:
		return inner(left.Arg(0), left.Arg(0)), expr.Pow(right, right.Context().Int(2))
	case left.Op() == expr.OpPow && left.Arg(1).IsInt(2) && left.Arg(0).Op() == expr.OpNorm2:
		return inner(left.Arg(0).Arg(0), left.Arg(0).Arg(0)), right
	}
	return left, right
}

// symmetrised solves under X = X': the gradient within the symmetric matrices
// is (G+G')/2.
func (s *solver) symmetrised(p *Point) *Root {
	c, x := p.Constraints[0], p.Wrt
	if !x.Shape().IsMatrix() || !(c.Left == x && c.Right == expr.T(x) || c.Right == x && c.Left == expr.T(x)) {
		return nil
	}
	y := x.Context().Sym(x.Name(), x.Shape(), x.Declared()|expr.Symmetric)
	g := expr.Substitute(s.at(p.Gradient, p.Multipliers[0], zero(p.Multipliers[0])), map[*expr.Node]*expr.Node{x: y})
	both := s.each(expr.Scale(expr.RatHalf, expr.Add(g, expr.T(g))), func(t *expr.Node) *expr.Node { return t })
	r := s.solve(both, y)
	if r == nil || r.Value == nil {
		return nil
	}
	r.Steps = append([]Step{{both, zero(g), ruleSymmetric}}, r.Steps...)
	return r
}

// gradientOf is the gradient of a part; nil-safe callers pass scalars only.
func (p *Point) gradientOf(s *solver, f *expr.Node) *expr.Node {
	g, err := gradient(f, p.Wrt, s)
	if err != nil {
		return zero(p.Wrt)
	}
	return g
}

// eigenvector maximises x'Ax on x'x = 1: the leading eigenvector.
func (s *solver) eigenvector(p *Point) *Root {
	left, right, ok := p.sides()
	x, m := p.Wrt, p.Multipliers[0]
	if !ok || !x.Shape().IsColumn() {
		return nil
	}
	left, right = squared(left, right)
	a := s.slope(s.at(p.Gradient, m, m.Context().Int(0)), x)
	b := s.slope(p.gradientOf(s, left), x)
	if a == nil || b == nil || !a.Is(expr.Symmetric) || !s.at(p.Gradient, x, zero(x)).IsZero() || !s.at(left, x, zero(x)).IsZero() {
		return nil
	}
	if c := b.Product(); len(c.Chain) != 1 || c.Chain[0].Op() != expr.OpEye || len(c.Scalars) > 0 {
		return nil
	}
	half, _ := s.reduced(a, a)
	value := expr.Call(expr.OpEigVecMax, half)
	if scale := s.simple(expr.Scale(b.Product().Coef.Mul(expr.RatHalf).Inv(), right)); !scale.IsInt(1) {
		value = expr.Mul(expr.Call(expr.OpSqrt, scale), value)
	}
	p.Kind, p.Why = Max, whyEigen
	return &Root{Value: value, Steps: []Step{{expr.Mul(half, x), expr.Neg(expr.Mul(m, x)), ruleAffine}, {x, value, ruleEigen}}}
}
