package matcalc

import "testing"

// TestPlainAnswers holds the form of everyday gradients: no transpose of a sum
// of rows is left standing.
func TestPlainAnswers(t *testing.T) {
	v := Vars("A: n×n; B: n×n; S: n×n symmetric; X: m×n; x: n; b: n; y: m; r: 1×n; c: scalar")
	for f, want := range map[string]string{
		"x'*A*x+b'*x":              "(A+A')*x+b",
		"x'*A*x+r*x":               "(A+A')*x+r'",
		"(b'*x)*(x'*A*x)":          "(x'*b)*(A+A')*x+(x'*A*x)*b",
		"x'*S*x+2*b'*x":            "2*(S*x+b)",
		"norm2(X*x-y)^2+x'*A*x":    "(A+A')*x+2*X'*(X*x-y)",
		"x'*A*x+c*b'*x+norm2(x)^2": "(A+A')*x+2*x+c*b",
		"b'*A*x+x'*A'*A*x+x'*b":    "A'*(2*A*x+b)+b",
		"exp(b'*x)+x'*A*x":         "(A+A')*x+exp(x'*b)*b",
		"log(x'*A*x)+b'*x":         "(A+A')*x/(x'*A*x)+b",
	} {
		if got := v.Expr(f).Gradient("x").ASCII(); got != want {
			t.Errorf("gradient of %s: %s, want %s", f, got, want)
		}
	}
}
