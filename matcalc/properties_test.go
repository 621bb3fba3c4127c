package matcalc

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// equalNodes fails the test when two expressions differ in value.
func equalNodes(t *testing.T, what string, a, b *expr.Node) {
	t.Helper()
	if same, worst, err := check.Equal(a, b); err != nil || !same {
		t.Errorf("%s: off by %g (%v)", what, worst, err)
	}
}

// TestProperties holds laws on random expressions; the seed is in the name of
// what failed.
func TestProperties(t *testing.T) {
	again := 0
	for seed := uint64(0); seed < 150; seed++ {
		g := grower{rand.New(rand.NewPCG(77, seed))}
		a, b := g.scalar(1+int(seed%4)), g.scalar(1+int(seed%3))
		v := Vars(randomVars)
		name := func(law string) string { return law + " of " + a + " and " + b }
		grad := func(text string) *expr.Node { return v.Expr(text).Gradient("x").node }
		equalNodes(t, name("linearity"), grad("2*("+a+")-("+b+")"), expr.Sub(expr.Scale(expr.Int(2), grad(a)), grad(b)))
		equalNodes(t, name("product rule"), grad("("+a+")*("+b+")"), expr.Add(expr.Mul(v.Expr(a).node, grad(b)), expr.Mul(v.Expr(b).node, grad(a))))
		equalNodes(t, name("chain rule"), grad("sin("+a+")"), expr.Mul(v.Expr("cos("+a+")").node, grad(a)))
		equalNodes(t, name("layouts"), v.Expr(a).Gradient("x", Numerator).node, expr.T(grad(a)))
		h := v.Expr(a).Hessian("x").node
		equalNodes(t, name("symmetry of the Hessian"), h, expr.T(h))
		s := rewrite.Simplify(v.Expr(a).node)
		equalNodes(t, name("simplification"), s, v.Expr(a).node)
		if r := rewrite.Simplify(s); r != s {
			again++
			t.Logf("%s, simplified again: %s", format.ASCII(s), format.ASCII(r))
			equalNodes(t, name("idempotence"), r, s)
		}
		w := Vars(strings.Replace(randomVars, "x, y: n", "r, q: n", 1))
		if d := w.Expr(renamedExpr(a)).Gradient("r"); d.Size() != v.Expr(a).Gradient("x").Size() {
			t.Logf("renaming changes the size of %s: %s and %s", a, d, v.Expr(a).Gradient("x"))
		}
	}
	if again > 1 {
		t.Errorf("%d of 150 changed when simplified again", again)
	}
}

// renamedExpr renames x to r and y to q where they stand alone.
func renamedExpr(text string) string {
	out := []byte(text)
	letter := func(i int) bool {
		return i >= 0 && i < len(out) && (out[i] >= 'a' && out[i] <= 'z' || out[i] >= 'A' && out[i] <= 'Z' || out[i] >= '0' && out[i] <= '9')
	}
	for i := range out {
		if !letter(i-1) && !letter(i+1) {
			switch out[i] {
			case 'x':
				out[i] = 'r'
			case 'y':
				out[i] = 'q'
			}
		}
	}
	return string(out)
}
