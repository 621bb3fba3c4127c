package stationary

import (
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// conditions lists what the inverses and divisions in the solution need, each
// once; what is declared is said to be so.
func (p *Point) conditions() []Rule {
	var out []Rule
	seen := map[string]bool{}
	add := func(r Rule) {
		if text := r.In("en"); text != "" && !seen[text] {
			seen[text] = true
			out = append(out, r)
		}
	}
	r := p.Root
	if r.Pencil != nil {
		return out
	}
	if r.A != nil {
		add(Rule{"no eigenvalue of %s is minus one of %s", "%s 的特征值都不是 %s 的特征值的相反数", []*expr.Node{r.A, r.B}})
		return out
	}
	if p.Many {
		add(Rule{En: "not the only solution: the system is singular", Zh: "解不唯一：方程组奇异"})
		return out
	}
	for _, t := range r.Steps {
		if t.Left.Op() == expr.OpSoftmax && len(p.Constraints) == 0 {
			add(Rule{En: "not the only solution: a constant may be added to all entries", Zh: "解不唯一：各元素可加同一常数"})
		}
	}
	for _, m := range r.Needs {
		if m.Shape().IsSquare() && !m.Shape().IsScalar() && identityMultiple(m) == nil && m.Op() != expr.OpDiag {
			add(invertibility(m))
		}
	}
	nodes := []*expr.Node{r.Value}
	if r.Value == nil {
		nodes = []*expr.Node{expr.Inv(r.System), r.Side}
	}
	for _, n := range expr.PostOrder(nodes...) {
		switch n.Op() {
		case expr.OpInv:
			add(invertibility(n.Arg(0)))
		case expr.OpPow, expr.OpHPow:
			if n.Arg(1).IsNum() && n.Arg(1).Rat().Sign() < 0 && !n.Arg(0).Is(expr.Nonzero) && !n.Arg(0).IsConst() && n.Arg(0).Op() != expr.OpSqrt {
				add(nonzero(n.Arg(0)))
			}
		case expr.OpLog, expr.OpSqrt:
			switch {
			case n.Arg(0).Is(expr.Positive) || n.Arg(0).IsConst():
			case n.Arg(0).Is(expr.NonNeg):
				add(nonzero(n.Arg(0)))
			default:
				add(on(n.Arg(0), "%s positive", "%s 为正"))
			}
		}
	}
	return out
}

// on is a condition on a node.
func on(n *expr.Node, en, zh string) Rule { return Rule{en, zh, []*expr.Node{n}} }

// nonzero is the condition that a scalar may divide.
func nonzero(n *expr.Node) Rule {
	if p := n.Product(); n.Shape().IsScalar() && len(p.Chain) == 2 && expr.Transposes(p.Chain[0], p.Chain[1]) {
		n = p.Chain[1]
	}
	return on(n, "%s is not zero", "%s 不为零")
}

// invertibility is why a matrix has an inverse, or the condition that it has
// one: of X'WX that X has full column rank, of what is declared that it is so.
func invertibility(m *expr.Node) Rule {
	p := m.Product()
	if c := p.Chain; len(c) >= 2 {
		// X'*X, X'*W*X and products of such with more around them.
		half := len(c) / 2
		symmetric := true
		for i := range half {
			symmetric = symmetric && expr.Transposes(c[i], c[len(c)-1-i])
		}
		if symmetric && (len(c)%2 == 0 || c[half].Is(expr.PD)) {
			x := expr.Mul(c[len(c)-half:]...)
			return fullRank(x)
		}
	}
	switch {
	case m.Op() == expr.OpSym && m.Is(expr.PD):
		return on(m, "%s positive definite", "%s 正定")
	case m.Op() == expr.OpSym && m.Is(expr.Invertible):
		return on(m, "%s invertible", "%s 可逆")
	case m.Is(expr.PD), m.Op() == expr.OpAdd && semidefinite(m):
		return on(m, "%s positive definite"+because(m, " (", ")"), "%s 正定"+because(m, "（", "）"))
	}
	return on(m, "%s invertible", "%s 可逆")
}

// fullRank says which rank X must have for X'X to be invertible.
func fullRank(x *expr.Node) Rule {
	switch {
	case x.Op() == expr.OpT:
		return on(x.Arg(0), "%s full row rank", "%s 行满秩")
	case x.Is(expr.Invertible):
		return on(x, "%s invertible", "%s 可逆")
	}
	return on(x, "%s full column rank", "%s 列满秩")
}

// because names the positive scalars of a regularised matrix.
func because(m *expr.Node, open, close string) string {
	var names []string
	for _, v := range m.Variables() {
		if v.Shape().IsScalar() && v.Is(expr.Positive) {
			names = append(names, v.Name()+" > 0")
		}
	}
	if len(names) == 0 {
		return ""
	}
	return open + strings.Join(names, ", ") + close
}
