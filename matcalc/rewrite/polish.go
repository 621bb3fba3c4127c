package rewrite

import "github.com/nabla-go/nabla/matcalc/expr"

// Polish is the last pass before an expression is shown: where the transpose
// of a part is shorter, it writes the part as a transpose.
func (s *Simplifier) Polish(n *expr.Node) *expr.Node {
	memo := map[*expr.Node]*expr.Node{}
	for _, m := range expr.PostOrder(n) {
		args := make([]*expr.Node, len(m.Args()))
		for i, a := range m.Args() {
			args[i] = memo[a]
		}
		r := expr.Rebuild(m, plainFirst(m, args))
		if r.Size() < 2000 {
			r = s.flip(r)
		}
		memo[m] = r
	}
	return memo[n]
}

// flip writes r as the transpose of something shorter, if it is.
func (s *Simplifier) flip(r *expr.Node) *expr.Node {
	if r.Shape().IsScalar() || r.Op() != expr.OpMul && r.Op() != expr.OpAdd {
		return r
	}
	marks := 0
	for _, m := range r.Args() {
		if m.Op() == expr.OpT || m.Op() == expr.OpMul || m.Op() == expr.OpAdd {
			marks++
		}
	}
	if marks == 0 {
		return r
	}
	t := s.Simplify(expr.T(r))
	if t.Op() != expr.OpT && t.Size()+1 < r.Size() {
		return expr.T(t)
	}
	return r
}

// plainFirst writes A+A' and not A'+A.
func plainFirst(m *expr.Node, args []*expr.Node) []*expr.Node {
	if m.Op() == expr.OpAdd && len(args) == 2 && isTransposed(args[0]) && !isTransposed(args[1]) && !args[1].Negative() &&
		expr.Transposes(args[0], args[1]) {
		return []*expr.Node{args[1], args[0]}
	}
	return args
}
