package stationary

import (
	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// A Root is the solution of an equation in closed form: the unknown itself, or
// the columns of the unknown stacked.
type Root struct {
	Value *expr.Node // the unknown; nil where only Vec or Sylvester is known
	// System and Side are the linear system System*vec(X) = Side, where the
	// unknown matrix has no shorter form.
	System, Side *expr.Node
	// A, B and C are those of the Sylvester equation A X + X B = C.
	A, B, C *expr.Node
	// Pencil is the pair of matrices of which the unknown is a generalised
	// eigenvector.
	Pencil *pencil
	// Needs are matrices that must have an inverse, also where it has dropped
	// out of the solution.
	Needs []*expr.Node
	Steps []Step
}

// A Step is one equation on the way, left = right, with what was done.
type Step struct {
	Left, Right *expr.Node
	Rule        Rule
}

// A Rule says what was done, or what is needed, in English and Chinese; the
// verbs (%s) of both sentences stand for the formulas, in order.
type Rule struct {
	En, Zh string
	About  []*expr.Node
}

var (
	ruleZero       = Rule{En: "set the gradient to zero", Zh: "令梯度为零"}
	ruleConstraint = Rule{En: "the constraint", Zh: "约束条件"}
	ruleAffine     = Rule{En: "gather the unknown on the left", Zh: "将未知量移到左边"}
	ruleInverse    = Rule{En: "multiply by the inverse", Zh: "两边乘以逆矩阵"}
	ruleDivide     = Rule{En: "divide", Zh: "两边相除"}
	ruleSylvester  = Rule{En: "a Sylvester equation", Zh: "Sylvester 方程"}
	ruleStack      = Rule{En: "stack the columns: vec(A*X*B) = kron(B',A)*vec(X)", Zh: "按列拉直：vec(A*X*B) = kron(B',A)*vec(X)"}
	ruleUndo       = Rule{En: "apply the inverse function to both sides", Zh: "两边取反函数"}
	ruleMultiply   = Rule{En: "multiply both sides so that no inverse of the unknown is left", Zh: "两边相乘以消去未知量的逆"}
	ruleQuadratic  = Rule{En: "the quadratic formula", Zh: "求根公式"}
	ruleMultiplier = Rule{En: "put the solution into the constraint and solve for the multiplier", Zh: "代入约束，解出乘子"}
	rulePutBack    = Rule{En: "put the multiplier back", Zh: "代回乘子"}
	ruleEigen      = Rule{En: "the leading eigenvector; the other eigenvectors are stationary, too", Zh: "取最大特征值的特征向量；其余特征向量也是驻点"}
	ruleSymmetric  = Rule{En: "the gradient within the symmetric matrices, (G+G')/2", Zh: "对称矩阵空间内的梯度 (G+G')/2"}
	ruleDiagonal   = Rule{En: "the diagonal matrix", Zh: "对角矩阵"}
	rulePolar      = Rule{En: "the orthogonal factor of the polar decomposition, U*V' of the singular value decomposition", Zh: "极分解的正交因子，即奇异值分解的 U*V'"}
	ruleNormalise  = Rule{En: "the constraint fixes the factor", Zh: "由约束确定归一化因子"}
)

// solver solves equations in one unknown.
type solver struct {
	s     *rewrite.Simplifier
	depth int
}

const deepest = 6

func (s *solver) simple(n *expr.Node) *expr.Node { return s.s.Polish(s.s.Simplify(n)) }

// solve finds x with g = 0; nil when no closed form is known.
func (s *solver) solve(g, x *expr.Node) *Root {
	if s.depth++; s.depth > deepest {
		return nil
	}
	defer func() { s.depth-- }()
	g = s.softmax(s.s.Simplify(g))
	if !g.DependsOn(x) {
		return nil
	}
	if rest := withoutFactor(g, x); rest != nil {
		r := s.solve(rest, x)
		if r != nil {
			r.Steps = append([]Step{{rest, zero(rest), ruleNonzero}}, r.Steps...)
		}
		return r
	}
	for _, f := range []func(*solver, *expr.Node, *expr.Node) *Root{(*solver).affine, (*solver).entrywise, (*solver).peel, (*solver).multiply, (*solver).quadratic} {
		if r := f(s, g, x); r != nil {
			return r
		}
	}
	return nil
}

// withoutFactor drops the scalar factors of a vector or matrix that hold x and
// are never zero; nil where there are none.
func withoutFactor(g, x *expr.Node) *expr.Node {
	if g.Op() == expr.OpHad {
		return withoutEntries(g, x)
	}
	p := g.Product()
	if g.Shape().IsScalar() || g.Op() != expr.OpMul {
		return nil
	}
	if len(p.Chain) == 1 && p.Chain[0].Op() == expr.OpHad {
		rest := withoutEntries(p.Chain[0], x)
		if rest == nil {
			return nil
		}
		p.Chain = []*expr.Node{rest}
		return p.Node(g.Context())
	}
	var keep []*expr.Node
	for _, f := range p.Scalars {
		if !f.DependsOn(x) || !vanishesNowhere(f) {
			keep = append(keep, f)
		}
	}
	if len(keep) == len(p.Scalars) {
		return nil
	}
	p.Scalars = keep
	return p.Node(g.Context())
}

// withoutEntries drops the factors of an elementwise product that hold x and
// have no zero entry; nil where there are none, or nothing is left that holds
// x.
func withoutEntries(g, x *expr.Node) *expr.Node {
	var keep []*expr.Node
	for _, f := range g.Args() {
		if !f.DependsOn(x) || !vanishesNowhere(f) {
			keep = append(keep, f)
		}
	}
	if len(keep) == len(g.Args()) || len(keep) == 0 {
		return nil
	}
	return expr.Had(keep...)
}

// softmax writes exp(a)/sum(exp(a)) as softmax(a), which has an inverse.
func (s *solver) softmax(g *expr.Node) *expr.Node {
	with := map[*expr.Node]*expr.Node{}
	for _, n := range expr.PostOrder(g) {
		if n.Op() != expr.OpExp || !n.Shape().IsColumn() {
			continue
		}
		with[expr.Div(n, expr.Call(expr.OpSum, n))] = expr.Call(expr.OpSoftmax, n.Arg(0))
	}
	if len(with) == 0 {
		return g
	}
	return expr.Substitute(g, with)
}

// slope is the Jacobian of g by x; nil when it depends on x or is unknown.
func (s *solver) slope(g, x *expr.Node) *expr.Node {
	kind := diff.Jacobian
	if x.Shape().IsScalar() {
		kind = diff.MatrixByScalar
	}
	j, err := diff.Derive(g, x, diff.Request{Kind: kind}, s.s)
	if err != nil || j.DependsOn(x) || j.IsZero() {
		return nil
	}
	return j
}

// at is g with the unknown replaced.
func (s *solver) at(g, x, value *expr.Node) *expr.Node {
	return s.simple(expr.Substitute(g, map[*expr.Node]*expr.Node{x: value}))
}

func zero(x *expr.Node) *expr.Node { return x.Context().Zeros(x.Shape().Rows, x.Shape().Cols) }

// affine solves equations of the first degree.
func (s *solver) affine(g, x *expr.Node) *Root {
	sh := x.Shape()
	if sh.IsMatrix() {
		return s.matrix(g, x)
	}
	if g.Shape() != sh && !sh.IsScalar() {
		return nil
	}
	m := s.slope(g, x)
	if m == nil {
		return nil
	}
	b := s.simple(expr.Neg(s.at(g, x, zero(x))))
	if sh.IsScalar() {
		if !g.Shape().IsScalar() {
			return nil
		}
		value := s.simple(expr.Div(b, m))
		return &Root{Value: value, Steps: []Step{{expr.Mul(m, x), b, ruleAffine}, {x, value, ruleDivide}}}
	}
	if (m.Is(expr.Diagonal) || hasKron(m)) && identityMultiple(m) == nil {
		if r := s.entrywise(g, x); r != nil {
			return r
		}
	}
	m, b = s.reduced(m, b)
	value := s.simple(expr.Mul(s.inverse(m), b))
	if k := identityMultiple(m); k != nil {
		steps := []Step{{expr.Mul(k, x), b, ruleAffine}, {x, value, ruleDivide}}
		if k.IsInt(1) {
			steps = steps[:1]
		}
		return &Root{Value: value, Needs: []*expr.Node{m}, Steps: steps}
	}
	return &Root{Value: value, Needs: []*expr.Node{m}, Steps: []Step{{expr.Mul(m, x), b, ruleAffine}, {x, value, ruleInverse}}}
}

// hasKron reports Kronecker products, behind which a diagonal matrix may hide.
func hasKron(m *expr.Node) bool {
	for _, n := range expr.PostOrder(m) {
		if n.Op() == expr.OpKron {
			return true
		}
	}
	return false
}

// reduced divides both sides by the number that they share.
func (s *solver) reduced(m, b *expr.Node) (*expr.Node, *expr.Node) {
	c := content(m)
	if c.Sign() == 0 || c.Equal(expr.RatOne) {
		return m, b
	}
	r := c.Inv()
	return s.s.Simplify(expr.Scale(r, m)), s.s.Simplify(expr.Scale(r, b))
}

// content is the number in front of a product or of all terms of a sum.
func content(n *expr.Node) expr.Rat {
	if n.Op() != expr.OpAdd {
		return n.Product().Coef
	}
	c := n.Arg(0).Product().Coef
	for _, a := range n.Args() {
		if !a.Product().Coef.Equal(c) {
			return expr.RatOne
		}
	}
	return c
}

// inverse is the inverse, taken apart where the factors have inverses of their
// own, or where the matrix is a number times the identity.
func (s *solver) inverse(m *expr.Node) *expr.Node {
	if k := identityMultiple(m); k != nil {
		return s.s.Simplify(expr.Mul(expr.Pow(s.s.Simplify(k), k.Context().Int(-1)), m.Context().Eye(m.Shape().Rows)))
	}
	p := m.Product()
	if m.Op() == expr.OpMul && len(p.Chain) > 1 {
		var out []*expr.Node
		for i := len(p.Chain) - 1; i >= 0; i-- {
			if !p.Chain[i].Is(expr.Invertible) {
				return s.s.Simplify(expr.Inv(m))
			}
			out = append(out, expr.Inv(p.Chain[i]))
		}
		scale := expr.Product{Coef: p.Coef, Scalars: p.Scalars}.Node(m.Context())
		return s.s.Simplify(expr.Mul(append(out, expr.Pow(scale, m.Context().Int(-1)))...))
	}
	return s.s.Simplify(expr.Inv(m))
}

// identityMultiple is k where the matrix is k times the identity, else nil.
func identityMultiple(m *expr.Node) *expr.Node {
	terms := []*expr.Node{m}
	if m.Op() == expr.OpAdd {
		terms = m.Args()
	}
	var ks []*expr.Node
	for _, t := range terms {
		p := t.Product()
		if len(p.Chain) != 1 || p.Chain[0].Op() != expr.OpEye {
			return nil
		}
		p.Chain = nil
		ks = append(ks, p.Node(m.Context()))
	}
	return expr.Add(ks...)
}

// entrywise solves D.*X + C = 0 with a matrix or vector D.
func (s *solver) entrywise(g, x *expr.Node) *Root {
	if x.Shape().IsScalar() || g.Shape() != x.Shape() {
		return nil
	}
	ones := x.Context().Ones(x.Shape().Rows, x.Shape().Cols)
	d, err := diff.Directional(g, x, ones, s.s)
	if err != nil || d.DependsOn(x) || d.IsZero() {
		return nil
	}
	c := s.at(g, x, zero(x))
	if same, _, err := check.Equal(g, expr.Add(expr.Had(d, x), c)); err != nil || !same {
		return nil
	}
	right := s.simple(expr.Neg(c))
	if k := content(d); !k.Equal(expr.RatOne) && k.Sign() != 0 {
		d, right = s.s.Simplify(expr.Scale(k.Inv(), d)), s.simple(expr.Scale(k.Inv(), right))
	}
	value := s.simple(expr.Had(right, expr.HPow(d, d.Context().Int(-1))))
	return &Root{Value: value, Steps: []Step{{expr.Had(d, x), right, ruleAffine}, {x, value, ruleDivide}}}
}

// peel solves for the one part that holds the unknown, then undoes its
// function.
func (s *solver) peel(g, x *expr.Node) *Root {
	ctx := x.Context()
	order := expr.PostOrder(g)
	for i := len(order) - 1; i >= 0; i-- {
		u := order[i]
		undo := undoing[u.Op()]
		if undo == nil || !u.DependsOn(x) || u == g && u.Op() == expr.OpT {
			continue
		}
		z := ctx.Sym("·", u.Shape(), 0)
		h := expr.Substitute(g, map[*expr.Node]*expr.Node{u: z})
		if h.DependsOn(x) {
			continue
		}
		outer := s.solve(h, z)
		if outer == nil || outer.Value == nil {
			continue
		}
		arg, back := undo(u, outer.Value)
		if back == nil || !arg.DependsOn(x) {
			continue
		}
		back = s.simple(back)
		r := &Root{Value: back, Steps: append(renamed(outer.Steps, z, u), Step{arg, back, ruleUndo})}
		if arg == x {
			return r
		}
		inner := s.solve(expr.Sub(arg, back), x)
		if inner == nil {
			continue
		}
		inner.Steps = append(r.Steps, inner.Steps...)
		return inner
	}
	return nil
}

// renamed puts the part back for the symbol that stood for it.
func renamed(steps []Step, z, u *expr.Node) []Step {
	out := make([]Step, len(steps))
	for i, t := range steps {
		out[i] = Step{expr.Substitute(t.Left, map[*expr.Node]*expr.Node{z: u}), expr.Substitute(t.Right, map[*expr.Node]*expr.Node{z: u}), t.Rule}
	}
	return out
}

// multiply clears inverses of the unknown: X g X, X g, g X, and powers.
func (s *solver) multiply(g, x *expr.Node) *Root {
	if !hasInverse(g, x) || s.depth > 3 {
		return nil
	}
	var by []func(t *expr.Node) *expr.Node
	switch {
	case x.Shape().IsScalar():
		for k := int64(1); k <= 3; k++ {
			by = append(by, func(t *expr.Node) *expr.Node { return expr.Mul(expr.Pow(x, x.Context().Int(k)), t) })
		}
	case x.Shape().IsMatrix() && x.Shape().IsSquare() && g.Shape() == x.Shape():
		y := x
		if !x.Is(expr.Symmetric) {
			y = expr.T(x)
		}
		for _, v := range []*expr.Node{x, y} {
			by = append(by,
				func(t *expr.Node) *expr.Node { return expr.Mul(v, t, v) },
				func(t *expr.Node) *expr.Node { return expr.Mul(v, t) },
				func(t *expr.Node) *expr.Node { return expr.Mul(t, v) })
		}
	}
	if g.Shape() == x.Shape() && !x.Shape().IsScalar() {
		by = append(by, func(t *expr.Node) *expr.Node { return expr.Had(t, x) }, func(t *expr.Node) *expr.Node { return expr.Had(t, x, x) })
	}
	for _, f := range by {
		h := s.each(g, f)
		if hasInverse(h, x) {
			continue
		}
		if r := s.solve(h, x); r != nil {
			r.Steps = append([]Step{{h, zero(g), ruleMultiply}}, r.Steps...)
			return r
		}
	}
	return nil
}

// each applies a map to every term and simplifies.
func (s *solver) each(g *expr.Node, f func(*expr.Node) *expr.Node) *expr.Node {
	var out []*expr.Node
	for _, t := range spread(g) {
		out = append(out, s.s.Simplify(f(t)))
	}
	return s.s.Simplify(expr.Add(out...))
}

// spread multiplies a sum out one level: c*(a+b), A*(B+C)*D.
func spread(n *expr.Node) []*expr.Node {
	if n.Op() == expr.OpAdd {
		var out []*expr.Node
		for _, a := range n.Args() {
			out = append(out, spread(a)...)
		}
		return out
	}
	if n.Op() == expr.OpT && n.Arg(0).Op() != expr.OpSym {
		var out []*expr.Node
		for _, a := range spread(n.Arg(0)) {
			out = append(out, expr.T(a))
		}
		return out
	}
	p := n.Product()
	for i, c := range p.Chain {
		parts := summands(c)
		if parts == nil || n.Op() != expr.OpMul {
			continue
		}
		var out []*expr.Node
		for _, a := range parts {
			q := p
			q.Chain = append(append(append([]*expr.Node(nil), p.Chain[:i]...), a), p.Chain[i+1:]...)
			out = append(out, spread(q.Node(n.Context()))...)
		}
		return out
	}
	for i, c := range p.Scalars {
		if c.Op() != expr.OpAdd {
			continue
		}
		var out []*expr.Node
		for _, a := range c.Args() {
			q := p
			q.Scalars = append(append(append([]*expr.Node(nil), p.Scalars[:i]...), a), p.Scalars[i+1:]...)
			out = append(out, spread(q.Node(n.Context()))...)
		}
		return out
	}
	return []*expr.Node{n}
}

// summands are the terms of a sum or of a transposed sum; nil for others.
func summands(c *expr.Node) []*expr.Node {
	switch {
	case c.Op() == expr.OpAdd:
		return c.Args()
	case c.Op() == expr.OpT && c.Arg(0).Op() == expr.OpAdd:
		var out []*expr.Node
		for _, a := range c.Arg(0).Args() {
			out = append(out, expr.T(a))
		}
		return out
	}
	return nil
}

// hasInverse reports an inverse or negative power that holds the unknown.
func hasInverse(g, x *expr.Node) bool {
	for _, n := range expr.PostOrder(g) {
		if !n.DependsOn(x) {
			continue
		}
		switch n.Op() {
		case expr.OpInv, expr.OpAdj, expr.OpPinv:
			return true
		case expr.OpPow, expr.OpHPow:
			if n.Arg(1).IsNum() && n.Arg(1).Rat().Sign() < 0 {
				return true
			}
		}
	}
	return false
}

// quadratic solves a t^2 + b t + c = 0 for a positive scalar where exactly one
// root is positive.
func (s *solver) quadratic(g, x *expr.Node) *Root {
	if !x.Shape().IsScalar() || !x.Is(expr.Positive) || !g.Shape().IsScalar() {
		return nil
	}
	d, err := diff.Derive(g, x, diff.Request{Kind: diff.MatrixByScalar}, s.s)
	if err != nil {
		return nil
	}
	a2 := s.slope(d, x)
	if a2 == nil {
		return nil
	}
	ctx := x.Context()
	a := s.simple(expr.Scale(expr.RatHalf, a2))
	b, c := s.at(d, x, ctx.Int(0)), s.at(g, x, ctx.Int(0))
	if !a.Is(expr.Positive) {
		a, b, c = s.simple(expr.Neg(a)), s.simple(expr.Neg(b)), s.simple(expr.Neg(c))
	}
	if !a.Is(expr.Positive) || !s.s.Simplify(expr.Neg(c)).Is(expr.Positive) {
		return nil
	}
	root := expr.Call(expr.OpSqrt, s.simple(expr.Sub(expr.Pow(b, ctx.Int(2)), expr.Mul(ctx.Int(4), a, c))))
	value := s.simple(expr.Div(expr.Sub(root, b), expr.Mul(ctx.Int(2), a)))
	return &Root{Value: value, Steps: []Step{{g, ctx.Int(0), ruleAffine}, {x, value, ruleQuadratic}}}
}
