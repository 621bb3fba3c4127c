package stationary

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

var (
	ruleCollinear  = Rule{En: "all terms have one direction", Zh: "各项方向相同"}
	ruleEigenvalue = Rule{En: "an eigenvalue problem", Zh: "特征值问题"}
	ruleLength     = Rule{En: "solve for the length", Zh: "解出长度"}
	ruleAnyLength  = Rule{En: "the function does not depend on the length: any multiple will do", Zh: "函数与长度无关：任取其倍数"}

	whyLargest  = Rule{En: "no random point had a larger value (numbers, no proof)", Zh: "没有随机点取到更大的值（数值结论，未证明）"}
	whySmallest = Rule{En: "no random point had a smaller value (numbers, no proof)", Zh: "没有随机点取到更小的值（数值结论，未证明）"}
)

// A pencil is a pair of symmetric matrices, B positive definite: A x = λ B x.
type pencil struct {
	A, B, Scale *expr.Node // x'Bx = Scale^2
}

// rays solves equations whose terms are scalar functions of a vector x times
// either one constant direction v or matrices times x: with one matrix,
// a(x) v = b(x) M x, x is a multiple of inv(M) v; with two and no direction,
// a(x) A x = b(x) B x, x is an eigenvector.
func (s *solver) rays(p *Point) {
	x := p.Wrt
	if !x.Shape().IsColumn() || len(p.Constraints) > 1 {
		return
	}
	v, ms, ok := s.directions(s.s.Simplify(p.Gradient), x)
	if !ok {
		return
	}
	switch {
	case v == nil && len(ms) == 2:
		s.eigen(p, ms)
	case v != nil && len(ms) == 1:
		s.along(p, s.simple(expr.Mul(s.inverse(ms[0]), v)), v, ms[0])
	}
}

// directions gathers the constant direction and the matrices in front of x.
func (s *solver) directions(g, x *expr.Node) (v *expr.Node, ms []*expr.Node, ok bool) {
	for _, t := range spread(g) {
		t = s.s.Simplify(t)
		p := t.Product()
		if len(p.Chain) == 0 {
			return nil, nil, false
		}
		last := len(p.Chain) - 1
		core := expr.Mul(p.Chain...)
		switch {
		case !core.DependsOn(x):
			if v != nil && v != core {
				return nil, nil, false
			}
			v = core
		case p.Chain[last] == x:
			m := x.Context().Eye(x.Shape().Rows)
			if last > 0 {
				m = expr.Mul(p.Chain[:last]...)
			}
			if m.DependsOn(x) {
				return nil, nil, false
			}
			if !slices.Contains(ms, m) {
				ms = append(ms, m)
			}
		default:
			return nil, nil, false
		}
	}
	return v, merged(ms), true
}

// merged joins A and A', which come with the same factor: three matrices A, A'
// and B are two, A+A' and B.
func merged(ms []*expr.Node) []*expr.Node {
	for i := range ms {
		for j := i + 1; j < len(ms); j++ {
			if sum := transposes(ms[i], ms[j]); sum != nil {
				out := []*expr.Node{sum}
				for k, m := range ms {
					if k != i && k != j {
						out = append(out, m)
					}
				}
				return out
			}
		}
	}
	return ms
}

// transposes is A+A' for A and A'; else nil.
func transposes(a, b *expr.Node) *expr.Node {
	if expr.Transposes(a, b) && !a.Is(expr.Symmetric) {
		return expr.Add(a, b)
	}
	return nil
}

// along solves for the length of x along a direction, forward and backward.
func (s *solver) along(p *Point, x0, v, m *expr.Node) {
	ctx := p.Wrt.Context()
	length := ctx.Sym(p.unused("τ"), shape.Scalar, expr.Positive)
	var all []*Root
	for _, side := range []*expr.Node{x0, s.simple(expr.Neg(x0))} {
		x := expr.Mul(length, side)
		head := Step{p.Wrt, x, ruleCollinear}
		var h *expr.Node
		if len(p.Constraints) == 1 {
			left, right, ok := p.sides()
			if !ok {
				return
			}
			left, right = squared(left, right)
			h = s.parted(s.at(expr.Sub(left, right), p.Wrt, x))
		} else {
			h = s.parted(inner(v, s.at(p.Gradient, p.Wrt, x)))
			if same, _, err := check.Equal(h, expr.Mul(ctx.Int(0), h)); err == nil && same {
				p.extreme(&Root{Value: x0, Needs: []*expr.Node{m}, Steps: []Step{head, {p.Wrt, x0, ruleAnyLength}}})
				return
			}
		}
		short, back := s.squares(h)
		for _, r := range s.roots(short, length) {
			value := s.simple(expr.Mul(expr.Substitute(r.Value, back), side))
			steps := []Step{head, {h, ctx.Int(0), ruleLength}}
			for _, t := range r.Steps {
				steps = append(steps, Step{expr.Substitute(t.Left, back), s.simple(expr.Substitute(t.Right, back)), t.Rule})
			}
			all = append(all, &Root{Value: value, Needs: []*expr.Node{m}, Steps: append(steps, Step{p.Wrt, value, ruleLength})})
		}
	}
	p.choose(s, all)
}

// squares writes one positive number for norm2(u)^2 and u'u, so that they are
// seen to be the same; back are the norms.
func (s *solver) squares(h *expr.Node) (short *expr.Node, back map[*expr.Node]*expr.Node) {
	ctx := h.Context()
	back = map[*expr.Node]*expr.Node{}
	of := map[*expr.Node]*expr.Node{}
	number := func(u *expr.Node) *expr.Node {
		if of[u] == nil {
			of[u] = ctx.Sym(fmt.Sprintf("·q%d", len(of)), shape.Scalar, expr.Positive)
			back[of[u]] = expr.Pow(expr.Call(expr.OpNorm2, u), ctx.Int(2))
		}
		return of[u]
	}
	for pass := range 6 { // one within another
		with := map[*expr.Node]*expr.Node{}
		for _, n := range expr.PostOrder(h) {
			p := n.Product()
			switch {
			case pass == 0 && n.Op() == expr.OpNorm2:
				with[n] = expr.Pow(number(n.Arg(0)), ctx.Num(expr.RatHalf))
			case pass > 0 && n.Op() == expr.OpMul && n.Shape().IsScalar() && len(p.Chain) == 2 && expr.Transposes(p.Chain[0], p.Chain[1]):
				p.Scalars = append(slices.Clone(p.Scalars), number(p.Chain[1]))
				p.Chain = nil
				with[n] = p.Node(ctx)
			}
		}
		h = expr.Substitute(h, with)
	}
	return s.s.Simplify(h), back
}

// eigen solves a(x) A x = b(x) B x.
func (s *solver) eigen(p *Point, ms []*expr.Node) {
	ctx, x := p.Wrt.Context(), p.Wrt
	a, b := ms[0], ms[1]
	if a.Op() == expr.OpEye || !b.Is(expr.PD) && a.Is(expr.PD) {
		a, b = b, a
	}
	if !a.Is(expr.Symmetric) || !b.Is(expr.PD) {
		return
	}
	scale := ctx.Int(1)
	if len(p.Constraints) == 1 {
		left, right, ok := p.sides()
		if !ok {
			return
		}
		left, right = squared(left, right)
		if !s.s.Simplify(expr.Sub(left, inner(x, expr.Mul(b, x)))).IsZero() {
			return
		}
		scale = s.squareRoot(s.simple(right))
	}
	bx := x
	if b.Op() != expr.OpEye {
		bx = expr.Mul(b, x)
	}
	head := Step{expr.Mul(a, x), expr.Mul(ctx.Sym(p.unused("λ"), shape.Scalar, 0), bx), ruleEigenvalue}
	root := &Root{Pencil: &pencil{a, b, scale}, Steps: []Step{head}}
	if b.Op() == expr.OpEye {
		value := s.simple(expr.Mul(scale, expr.Call(expr.OpEigVecMax, a)))
		root = &Root{Value: value, Steps: []Step{head, {x, value, ruleEigen}}}
	}
	p.extreme(root)
}

// extreme takes a root where the function has its largest or smallest value,
// compared with many random points.
func (p *Point) extreme(root *Root) {
	p.Root = root
	if !p.verified() {
		p.Root = nil
		return
	}
	above, below := false, false
	rng := rand.New(rand.NewPCG(1, 2))
	for _, q := range p.sampled(manySamples) {
		here, err := q.env.Eval(p.F)
		if err != nil {
			return
		}
		for range 4 {
			there, err := p.elsewhere(rng, q.env).Eval(p.F)
			if err != nil || !there.Finite() {
				continue
			}
			gap := here.V[0] - there.V[0]
			above, below = above || gap > flat, below || gap < -flat
		}
	}
	switch {
	case above && !below:
		p.Kind, p.Why = Max, whyLargest
	case below && !above:
		p.Kind, p.Why = Min, whySmallest
	}
	eigen := root.Pencil != nil || root.Value != nil && root.Value.Op() == expr.OpEigVecMax
	if p.Kind == Max && eigen {
		p.Why = whyEigen
	}
}

// elsewhere is the environment with another x, scaled to meet a constraint of
// the second degree.
func (p *Point) elsewhere(rng *rand.Rand, env *check.Env) *check.Env {
	x := env.Vars[p.Wrt]
	v := check.Zero(x.R, x.C)
	for i := range v.V {
		v.V[i] = rng.NormFloat64()
	}
	out := env.With(p.Wrt, v)
	if len(p.Constraints) == 0 {
		return out
	}
	left, right, _ := p.sides()
	left, right = squared(left, right)
	l, err := out.Eval(left)
	if err != nil {
		return out
	}
	r, err := out.Eval(right)
	if err != nil {
		return out
	}
	for i := range v.V {
		v.V[i] *= math.Sqrt(r.V[0] / l.V[0])
	}
	return out
}

// unused is the name, marked where the question has it already.
func (p *Point) unused(name string) string {
	for _, v := range p.Lagrangian.Variables() {
		if v.Name() == name {
			return name + "₀"
		}
	}
	return name
}

// at is the generalised eigenvector of the largest eigenvalue, x'Bx = Scale^2.
func (c *pencil) at(env *check.Env) (*check.Value, error) {
	a, err := env.Eval(c.A)
	if err != nil {
		return nil, err
	}
	b, err := env.Eval(c.B)
	if err != nil {
		return nil, err
	}
	k, err := env.Eval(c.Scale)
	if err != nil {
		return nil, err
	}
	n := a.R
	out := check.Zero(n, 1)
	for i := range out.V {
		out.V[i] = math.NaN()
	}
	var chol mat.Cholesky
	if !chol.Factorize(symmetric(b)) {
		return out, nil
	}
	// With B = U'U and x = inv(U) y it is inv(U)' A inv(U) y = λ y.
	var u mat.TriDense
	chol.UTo(&u)
	var inv mat.TriDense
	if inv.InverseTri(&u) != nil {
		return out, nil
	}
	var m mat.Dense
	m.Mul(inv.T(), symmetric(a))
	m.Mul(&m, &inv)
	var e mat.EigenSym
	if !e.Factorize(symmetric(&check.Value{R: n, C: n, V: m.RawMatrix().Data}), true) {
		return out, nil
	}
	var q mat.Dense
	e.VectorsTo(&q)
	var x mat.VecDense
	x.MulVec(&inv, q.ColView(n-1))
	for i := range out.V {
		out.V[i] = k.V[0] * x.AtVec(i)
	}
	return out, nil
}

func symmetric(v *check.Value) *mat.SymDense {
	s := mat.NewSymDense(v.R, nil)
	for i := range v.R {
		for j := i; j < v.C; j++ {
			s.SetSym(i, j, (v.At(i, j)+v.At(j, i))/2)
		}
	}
	return s
}
