package matcalc

import (
	"strings"
	"testing"
)

// TestConvention wants the convention said where the variable has structure,
// the others offered, and nothing where there is no choice.
func TestConvention(t *testing.T) {
	SetLanguage("en")
	defer SetLanguage("")
	for _, c := range []struct {
		vars, f, wrt string
		within       Structure
		want         string // "" for no choice
		html         []string
	}{
		{"A: n×n symmetric; x: n", "x'*A*x", "A", Free, "A: every entry free; other conventions: within the symmetric matrices (Projected), x_ij and x_ji one variable (Independent)", []string{"matcalc.Projected", "<details"}},
		{"A: n×n symmetric; x: n", "x'*A*x", "A", Projected, "A: within the symmetric matrices; other conventions: every entry free (Free), x_ij and x_ji one variable (Independent)", []string{"matcalc.Free"}},
		{"D: n×n diagonal; x: n", "x'*D*x", "D", DiagonalOf, "D: only the diagonal varies; other conventions: every entry free (Free), within the symmetric matrices (Projected), x_ij and x_ji one variable (Independent)", []string{"matcalc.Free"}},
		{"N: n×n skew; x, y: n", "x'*N*y", "N", SkewOf, "N: within the skew matrices; other conventions: every entry free (Free)", []string{"matcalc.Free"}},
		{"L: n×n lower; x: n", "norm2(L*x)^2", "L", Free, "L: every entry free", []string{"every entry free"}},
		{"A: n×n; x: n", "x'*A*x", "A", Free, "", []string{"<details"}},
		{"A: n×n symmetric; x: n", "x'*A*x", "x", Free, "", []string{"<details"}},
	} {
		g := Vars(c.vars).Expr(c.f).GradientWithin(c.wrt, c.within)
		got := g.Convention()
		if got != c.want {
			t.Errorf("%s by %s: %q, want %q", c.f, c.wrt, got, c.want)
		}
		for _, want := range c.html {
			if !strings.Contains(g.HTML(), want) {
				t.Errorf("%s by %s: no %q in %s", c.f, c.wrt, want, g.HTML())
			}
		}
	}
	if h := Vars("x: n").Expr("x'*x").HTML(); h != "" {
		t.Errorf("a plain expression has HTML %s", h)
	}
}

// TestWhere names what a long answer repeats.
func TestWhere(t *testing.T) {
	v := Vars("Q, L, V, R: m×d; x: n; A: n×n")
	g := v.Expr("tr(R'*softmax(Q*L'/sqrt(d), rows)*V)").Gradient("Q")
	if got, want := g.Where(), "(G-diag(G*ones(m))*P)*L/sqrt(d), where P = softmax(Q*L'/sqrt(d), rows); G = P.*(R*V')"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if !strings.Contains(g.HTML(), "where") {
		t.Error("the names are not shown")
	}
	if got := v.Expr("x'*A*x").Gradient("x").Where(); got != "(A+A')*x" {
		t.Errorf("a short answer is %s", got)
	}
}
