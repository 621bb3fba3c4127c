package matcalc

import (
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestFacade(t *testing.T) {
	v := Vars("A: n×n symmetric; x: n; c: scalar")
	f := v.Expr("x'*A*x")
	g := f.Gradient("x")
	if g.String() != "2*A*x" || f.Hessian("x").String() != "2*A" {
		t.Errorf("gradient %s, hessian %s", g, f.Hessian("x"))
	}
	if s := g.Verify().String(); !strings.Contains(s, "seed") || !strings.Contains(s, "rules: product rule, transpose rule") {
		t.Error(s)
	}
	A := mat.NewSymDense(2, []float64{1, 2, 2, 3})
	got := g.Eval(Values{"A": A, "x": []float64{1, 1}})
	if got.At(0, 0) != 6 || got.At(1, 0) != 10 {
		t.Errorf("value %v", mat.Formatted(got))
	}
	for _, bad := range []Values{
		{"A": A}, {"A": A, "x": []float64{1, 2, 3}}, {"A": A, "x": "text"}, {"A": A, "x": []float64{1, 2}, "q": 1.0},
	} {
		if _, err := g.Evaluate(bad); err == nil {
			t.Errorf("%v: no error", bad)
		}
	}
	defer func() {
		if e, ok := recover().(*Error); !ok || e.Class != "name" || e.Hint == "" {
			t.Errorf("panic with %v", e)
		}
	}()
	f.Gradient("z")
}

func TestCheckGradient(t *testing.T) {
	f := func(x []float64) float64 { return x[0]*x[0]*x[1] + x[1] }
	good := func(x []float64) []float64 { return []float64{2 * x[0] * x[1], x[0]*x[0] + 1} }
	bad := func(x []float64) []float64 { return []float64{2 * x[0] * x[1], x[0] * x[0]} }
	at := []float64{1.5, -0.5}
	if r := CheckGradient(f, good, at); !r.OK {
		t.Error(r)
	}
	if r := CheckGradient(f, bad, at); r.OK || r.Entry != 1 {
		t.Error(r)
	}
}
