package matcalc

import (
	"strings"
	"testing"
)

// TestDerivations derives every gradient and Jacobian of the case table: each
// line is checked while it is made, and the last must be the engine's answer.
func TestDerivations(t *testing.T) {
	derived, all := 0, 0
	for _, c := range loadCases(t, "testdata/derivatives.json") {
		if c.Kind != "gradient" && c.Kind != "jacobian" || c.Structure != "" {
			continue
		}
		all++
		v := c.variables(t)
		f, err := v.Parse(c.Expr)
		if err != nil {
			t.Fatal(c.ID, err)
		}
		d, err := f.DeriveBy(c.Wrt, c.request())
		if err != nil {
			t.Errorf("%s %s: %v", c.ID, c.Expr, err)
			continue
		}
		derived++
		if n := len(d.Lines); n < 3 || d.Lines[n-1].Right != d.Result {
			t.Errorf("%s: the derivation does not end in the result:\n%s", c.ID, d)
		}
		if strings.Contains(d.String(), "z_") {
			t.Errorf("%s: a symbol of the engine is left:\n%s", c.ID, d)
		}
	}
	t.Logf("%d of %d cases derived", derived, all)
}

func TestDerivationText(t *testing.T) {
	f := Vars("A: n×n symmetric; x: n").Expr("x'*A*x")
	text := f.Derive("x").String()
	for _, want := range []string{"d(x'*A*x)", "product rule", "2*A*x"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	t.Log("\n" + text + "\n" + f.Derive("x").LaTeX())
}
