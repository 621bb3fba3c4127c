package matcalc

import (
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
)

// TestProducts holds directional derivatives and their kin against what they
// are by definition, symbolically.
func TestProducts(t *testing.T) {
	for _, c := range []struct {
		vars, f string
		ask     func(f *Expr) *Expr
		want    string
	}{
		{"A: n×n; x: n; v: n", "x'*A*x", func(f *Expr) *Expr { return f.Directional("x", "v") }, "v'*(A+A')*x"},
		{"X: n×n invertible; V: n×n", "inv(X)", func(f *Expr) *Expr { return f.Directional("X", "V") }, "-inv(X)*V*inv(X)"},
		{"X: n×n pd; V: n×n", "logdet(X)", func(f *Expr) *Expr { return f.Directional("X", "V") }, "tr(inv(X)*V)"},
		{"A: n×n symmetric; x: n; V: n×n", "x'*A*x", func(f *Expr) *Expr { return f.Directional("A", "V") }, "x'*V*x"},
		{"W: m×n; x: n; v: n", "tanh(W*x)", func(f *Expr) *Expr { return f.JVP("x", "v") }, "(ones(m)-tanh(W*x).^2).*(W*v)"},
		{"W: m×n; x: n; u: m", "tanh(W*x)", func(f *Expr) *Expr { return f.VJP("W", "u") }, "(u.*(ones(m)-tanh(W*x).^2))*x'"},
		{"A: m×k; X: k×n; U: m×n", "A*X", func(f *Expr) *Expr { return f.VJP("X", "U") }, "A'*U"},
		{"X: m×n; w: n; y: m; v: n", "norm2(X*w-y)^2", func(f *Expr) *Expr { return f.HVP("w", "v") }, "2*X'*X*v"},
		{"T: m×n; U: m×k; V: n×k; D: m×k", "norm2(T-U*V')^2", func(f *Expr) *Expr { return f.HVP("U", "D") }, "2*D*V'*V"},
		{"X: m×n; w: n; y: m", "norm2(X*w-y)^2", func(f *Expr) *Expr { return f.Mixed("w", "y") }, "-2*X'"},
	} {
		v := Vars(c.vars)
		got, want := c.ask(v.Expr(c.f)), v.Expr(c.want)
		if same, worst, err := check.Equal(got.node, want.node); err != nil || !same {
			t.Errorf("%s: got %s, want %s (%g, %v)", c.f, got, c.want, worst, err)
		}
	}
}

// TestDirectionDeclares gives a new direction the shape of the variable, and
// refuses one of another shape.
func TestDirectionDeclares(t *testing.T) {
	v := Vars("A: n×n; x: n; z: m")
	f := v.Expr("x'*A*x")
	got := f.Directional("x", "h")
	if same, _, err := check.Equal(got.node, v.Expr("h'*(A+A')*x").node); err != nil || !same {
		t.Errorf("got %s, %v", got, err)
	}
	defer func() {
		if e, ok := recover().(*Error); !ok || e.Class != "shape" {
			t.Errorf("a direction of another shape: %v", e)
		}
	}()
	f.Directional("x", "z")
}
