package matcalc

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestLargeSizes holds steps that run on several cores against the plain
// evaluator, value and derivative, twice, as buffers are used again.
func TestLargeSizes(t *testing.T) {
	for _, c := range []struct {
		vars, f, wrt string
		m, n         int
	}{
		{"x, y: n", "sum(exp(-x.^2) .* tanh(y) + 3*x)", "x", 0, 300_001},
		{"x, y: n", "x'*y + norm2(x) + norm1(y)", "x", 0, 400_003},
		{"x, y: n", "logsumexp(x) + sum(softplus(x))", "x", 0, 270_000},
		{"X: m×n; x: n", "sum(logsumexp(X*diag(x), rows))", "x", 700, 211},
		{"X: m×n; x: m", "norm2(diag(x)*X)^2 + sum(X')", "X", 501, 333},
		{"X: n×n; x: n", "tr(X*X') + x'*(X + X')*x", "X", 0, 410},
	} {
		v := Vars(c.vars)
		f := v.Expr(c.f)
		rng := rand.New(rand.NewPCG(uint64(c.n), 1))
		dims, values := map[string]int{"m": c.m, "n": c.n}, Values{}
		for name, sym := range v.scope.Vars {
			r, err1 := sym.Shape().Rows.Eval(dims)
			k, err2 := sym.Shape().Cols.Eval(dims)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			values[name] = random(rng, r, k)
		}
		compiled := f.Compile(c.wrt)
		value, gradient := f.Eval(values).At(0, 0), f.Gradient(c.wrt).Eval(values)
		for range 2 {
			got, slope := compiled.ValueGradient(values)
			if math.Abs(got-value) > 1e-10*(1+math.Abs(value)) {
				t.Errorf("%s is %v, want %v", c.f, got, value)
			}
			if !mat.EqualApprox(slope, gradient, 1e-10) {
				t.Errorf("the gradient of %s by %s differs", c.f, c.wrt)
			}
		}
	}
}
