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
