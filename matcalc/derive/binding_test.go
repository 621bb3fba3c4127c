package derive_test

import (
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/derive"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// by derives a text by a strategy.
func by(t *testing.T, strategy derive.Strategy, vars, f, wrt string) (*derive.Derivation, error) {
	t.Helper()
	s, err := parse.Declarations(vars)
	if err != nil {
		t.Fatal(err)
	}
	n, err := parse.ASCII(f, s)
	if err != nil {
		t.Fatal(err)
	}
	q := diff.Request{}.Normal(n, s.Vars[wrt])
	g, err := diff.Derive(n, s.Vars[wrt], q, rewrite.New())
	if err != nil {
		t.Fatal(err)
	}
	return derive.By(strategy, n, s.Vars[wrt], g, q)
}

// TestOpenedSteps looks into the steps that open: the rule, what its letters
// stand for, why it holds, and numbers.
func TestOpenedSteps(t *testing.T) {
	derive.SetLanguage("en")
	for _, c := range []struct {
		strategy     derive.Strategy
		vars, f, wrt string
		want         []string
	}{
		{derive.Differentials, "A: n×n; x: n", "x'*A*x", "x", []string{
			`X\mapsto x^{\top}`, `Y\mapsto A x`, "in numbers", "without the term of second order", `\mathrm{d}x`}},
		{derive.Differentials, "X: n×n invertible; a: n", "a'*inv(X)*a", "X", []string{`A\mapsto a^{\top}`, `X\mapsto X^{-1}`, `B\mapsto a`, "differentiate X X⁻¹ = I", `X\mapsto X`}},
		{derive.Differentials, "x: n", "sum(sin(x).^2)", "x", []string{`\sigma\mapsto `, `X\mapsto \sin(x)`}},
		{derive.Definition, "X: m×n; w: n; y: m", "norm2(X*w-y)^2", "w", []string{`u\mapsto X w - y`, `X\mapsto w`, "in numbers"}},
		{derive.Components, "A: n×n; x: n", "x'*A*x", "x", []string{"ordinary calculus", `\delta_{ik}a_i=a_k`}},
		{derive.Chain, "A: n×n; x: n", "sum(exp(A*x))", "x", []string{"name a part", "chain rule", "in numbers", `x\mapsto u_{1},\quad u_i\mapsto u_{2}`}},
	} {
		d, err := by(t, c.strategy, c.vars, c.f, c.wrt)
		if err != nil {
			t.Errorf("%s by %s: %v", c.f, c.strategy, err)
			continue
		}
		page := d.HTML()
		for _, w := range c.want {
			if !strings.Contains(page, w) {
				t.Errorf("%s by %s: %q is missing in\n%s", c.f, c.strategy, w, page)
			}
		}
	}
}

// TestNoRepeatedSides tells that no line repeats the left side of the one
// before.
func TestNoRepeatedSides(t *testing.T) {
	for _, s := range derive.Strategies() {
		d, err := by(t, s, "A: m×n; x: n; y: m", "norm2(A*x-y)^2", "x")
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(d.Lines); i++ {
			if a, b := d.Lines[i-1], d.Lines[i]; a.Left == b.Left && a.Left != derive.Same && a.Name == b.Name {
				t.Errorf("%s: lines %d and %d have the same left side", s, i, i+1)
			}
		}
	}
}
