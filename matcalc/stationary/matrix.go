package stationary

import (
	"github.com/nabla-go/nabla/matcalc/expr"
)

// A sandwich is one term k*L*X*R of an equation, or k*L*X'*R with a scalar k.
type sandwich struct {
	k           *expr.Node
	left, right *expr.Node
	turned      bool
}

// matrix solves an affine equation in a matrix.
func (s *solver) matrix(g, x *expr.Node) *Root {
	if g.Shape().Len() != x.Shape().Len() {
		return nil
	}
	c := s.simple(expr.Neg(s.at(g, x, zero(x))))
	var ts []sandwich
	plain := true
	for _, t := range spread(g) {
		if t = s.s.Simplify(t); !t.DependsOn(x) {
			continue
		}
		w, ok := s.term(t, x)
		if !ok {
			plain = false
			break
		}
		ts = append(ts, w)
	}
	if plain && g.Shape() == x.Shape() {
		if r := s.sandwiched(ts, x, c); r != nil {
			return r
		}
	}
	if r := s.entrywise(g, x); r != nil {
		return r
	}
	return s.stacked(g, x)
}

// term parts a product into what is left and right of the unknown.
func (s *solver) term(t, x *expr.Node) (w sandwich, ok bool) {
	if t.Op() == expr.OpT && t != x {
		w, ok = s.term(t.Arg(0), x)
		if !ok {
			return w, false
		}
		return sandwich{w.k, expr.T(w.right), expr.T(w.left), !w.turned}, true
	}
	p := t.Product()
	ctx := t.Context()
	for _, f := range p.Scalars {
		if f.DependsOn(x) {
			return w, false
		}
	}
	at := -1
	for i, f := range p.Chain {
		if f.DependsOn(x) {
			if at >= 0 {
				return w, false
			}
			at = i
		}
	}
	if at < 0 {
		return w, false
	}
	f := p.Chain[at]
	switch {
	case f == x:
	case f == expr.T(x):
		w.turned = true
	default:
		return w, false
	}
	w.left, w.right = ctx.Eye(f.Shape().Rows), ctx.Eye(f.Shape().Cols)
	if at > 0 {
		w.left = expr.Mul(p.Chain[:at]...)
	}
	if at+1 < len(p.Chain) {
		w.right = expr.Mul(p.Chain[at+1:]...)
	}
	w.k = expr.Product{Coef: p.Coef, Scalars: p.Scalars}.Node(ctx)
	return w, true
}

// sandwiched solves sums of L*X*R with one R or one L in common, and Sylvester
// equations.
func (s *solver) sandwiched(ts []sandwich, x, c *expr.Node) *Root {
	if len(ts) == 0 {
		return nil
	}
	turned := ts[0].turned
	for _, t := range ts {
		if t.turned != turned && !x.Is(expr.Symmetric) {
			return nil
		}
	}
	y := x
	if turned && !x.Is(expr.Symmetric) {
		y = expr.T(x)
	}
	left, right := common(ts)
	if left == nil {
		return s.sylvester(ts, x, c)
	}
	left, right = s.s.Simplify(left), s.s.Simplify(right)
	if left.Op() == expr.OpEye {
		right, c = s.reduced(right, c)
	} else {
		left, c = s.reduced(left, c)
	}
	steps := []Step{{s.s.Simplify(expr.Mul(left, y, right)), c, ruleAffine}}
	value := s.simple(expr.Mul(s.inverse(left), c, s.inverse(right)))
	if y != x {
		value = s.simple(expr.T(value))
	}
	return &Root{Value: value, Needs: []*expr.Node{left, right}, Steps: append(steps, Step{x, value, ruleInverse})}
}

// common writes the sum of the terms as one: with the same R the sum of the
// k*L, with the same L that of the k*R; nil where neither is the same.
func common(ts []sandwich) (left, right *expr.Node) {
	sameLeft, sameRight := true, true
	for _, t := range ts {
		sameLeft = sameLeft && t.left == ts[0].left
		sameRight = sameRight && t.right == ts[0].right
	}
	var sum []*expr.Node
	switch {
	case sameRight:
		for _, t := range ts {
			sum = append(sum, expr.Mul(t.k, t.left))
		}
		return expr.Add(sum...), ts[0].right
	case sameLeft:
		for _, t := range ts {
			sum = append(sum, expr.Mul(t.k, t.right))
		}
		return ts[0].left, expr.Add(sum...)
	}
	return nil, nil
}

// sylvester is A X + X B = C.
func (s *solver) sylvester(ts []sandwich, x, c *expr.Node) *Root {
	ctx := x.Context()
	rows, cols := ctx.Eye(x.Shape().Rows), ctx.Eye(x.Shape().Cols)
	var as, bs []*expr.Node
	for _, t := range ts {
		switch {
		case t.turned:
			return nil
		case t.right == cols:
			as = append(as, expr.Mul(t.k, t.left))
		case t.left == rows:
			bs = append(bs, expr.Mul(t.k, t.right))
		default:
			return nil
		}
	}
	if len(as) == 0 || len(bs) == 0 {
		return nil
	}
	a, b := s.s.Simplify(expr.Add(as...)), s.s.Simplify(expr.Add(bs...))
	if k := content(a); k.Equal(content(b)) && !k.Equal(expr.RatOne) {
		r := k.Inv()
		a, b, c = s.s.Simplify(expr.Scale(r, a)), s.s.Simplify(expr.Scale(r, b)), s.simple(expr.Scale(r, c))
	}
	left := expr.Add(expr.Mul(a, x), expr.Mul(x, b))
	return &Root{A: a, B: b, C: c, Steps: []Step{{left, c, ruleAffine}, {left, c, ruleSylvester}}}
}

// stacked solves for the columns of the unknown.
func (s *solver) stacked(g, x *expr.Node) *Root {
	m := s.slope(g, x)
	if m == nil {
		return nil
	}
	b := s.simple(expr.Neg(expr.Call(expr.OpVec, s.at(g, x, zero(x)))))
	m, b = s.reduced(m, b)
	if b.IsZero() {
		return &Root{Value: zero(x), Needs: []*expr.Node{m}, Steps: []Step{{expr.Mul(m, expr.Call(expr.OpVec, x)), b, ruleStack}, {x, zero(x), ruleInverse}}}
	}
	return &Root{System: m, Side: b, Steps: []Step{{expr.Mul(m, expr.Call(expr.OpVec, x)), b, ruleStack}}}
}
