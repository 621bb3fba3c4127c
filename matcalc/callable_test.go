package matcalc

import (
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// TestPlainFunctions holds the plain functions of vectors, rows, matrices and
// scalars against differences.
func TestPlainFunctions(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct {
		vars, f, wrt string
		size         int
		values       Values
	}{
		{"A: n×n; x: n", "x'*A*x + sum(exp(x))", "x", 4, Values{"A": random(rng, 4, 4)}},
		{"A: n×n; x: 1×n", "x*A*x' + sum(exp(x))", "x", 4, Values{"A": random(rng, 4, 4)}},
		{"A: m×n; X: n×m", "tr(A*X*A*X) + norm2(X)^2", "X", 6, Values{"A": random(rng, 2, 3)}},
		{"X: n×m", "norm2(X)^4 + sum(exp(X))", "X", 6, Values{"X": random(rng, 3, 2)}},
		{"X: n×m", "norm2(X)^4", "X", 6, Values{"n": 3, "m": 2}},
		{"c: scalar; x: n", "c^3*sum(x) + c^2", "c", 1, Values{"x": random(rng, 5, 1)}},
	} {
		compiled := Vars(c.vars).Expr(c.f).Compile(c.wrt)
		value, slope, curve := compiled.Func(c.values), compiled.Grad(c.values), compiled.Hess(c.values)
		for range 3 {
			x, g := make([]float64, c.size), make([]float64, c.size)
			for i := range x {
				x[i] = rng.NormFloat64()
			}
			slope(g, x)
			if want := fd.Gradient(nil, value, x, &fd.Settings{Formula: fd.Central}); !mat.EqualApprox(mat.NewVecDense(c.size, g), mat.NewVecDense(c.size, want), 1e-5*(1+math.Abs(value(x)))) {
				t.Errorf("%s: the gradient is %v, want %v", c.f, g, want)
			}
			var h mat.SymDense
			curve(&h, x)
			want := mat.NewDense(c.size, c.size, nil)
			fd.Jacobian(want, slope, x, &fd.JacobianSettings{Formula: fd.Central})
			if !mat.EqualApprox(&h, want, 1e-5*(1+mat.Max(&h))) {
				t.Errorf("%s: the Hessian is\n%v, want\n%v", c.f, mat.Formatted(&h), mat.Formatted(want))
			}
		}
	}
}

// TestPlainFunctionsInGonum gives them to gonum's minimiser.
func TestPlainFunctionsInGonum(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	data := Values{"X": random(rng, 30, 3), "y": random(rng, 30, 1)}
	f := Vars("X: m×n; w: n; y: m").Expr("sum(softplus(-y .* (X*w))) + w'*w")
	c := f.Compile("w")
	r, err := optimize.Minimize(optimize.Problem{Func: c.Func(data), Grad: c.Grad(data), Hess: c.Hess(data)}, make([]float64, 3), nil, &optimize.Newton{})
	if err != nil {
		t.Fatal(err)
	}
	data["w"] = make([]float64, 3)
	if own := f.Minimize("w", data); math.Abs(own.Value-r.F) > 1e-9 {
		t.Errorf("gonum's minimum is %v, ours %v", r.F, own.Value)
	}
}

// TestPlainFunctionsTogether calls one from many goroutines at different points.
func TestPlainFunctionsTogether(t *testing.T) {
	c := Vars("x: n").Expr("x'*x").Compile("x")
	value, slope := c.Func(nil), c.Grad(nil)
	var all sync.WaitGroup
	for k := range 8 {
		all.Go(func() {
			x, g := make([]float64, 3+k), make([]float64, 3+k)
			for round := range 200 {
				for i := range x {
					x[i] = float64(k + round)
				}
				if got, want := value(x), float64(len(x))*x[0]*x[0]; got != want {
					t.Errorf("x'x is %v, want %v", got, want)
				}
				if slope(g, x); g[len(g)-1] != 2*x[0] {
					t.Errorf("the gradient is %v at %v", g, x)
				}
			}
		})
	}
	all.Wait()
}

func TestPlainFunctionsRefuse(t *testing.T) {
	refused := func(want string, f func()) {
		t.Helper()
		defer func() {
			if e, ok := recover().(*Error); !ok || !strings.Contains(e.Error(), want) {
				t.Errorf("%v, want %q", e, want)
			}
		}()
		f()
	}
	v := Vars("A: n×n; x: n; X: n×m")
	refused("only a scalar", func() { v.Expr("A*x").Compile("x").Func(nil) })
	refused("size of X is not known", func() { v.Expr("norm2(X)").Compile("X").Func(nil)([]float64{1, 2}) })
	refused("X is 2×3, and 5 entries", func() { v.Expr("norm2(X)").Compile("X").Func(Values{"n": 2, "m": 3})(make([]float64, 5)) })
	refused("A has no value", func() { v.Expr("x'*A*x").Compile("x").Func(nil)([]float64{1}) })
	refused("n is", func() { v.Expr("x'*A*x").Compile("x").Func(Values{"A": mat.NewDense(2, 2, nil)})([]float64{1, 2, 3}) })
	refused("room for 1", func() { v.Expr("x'*x").Compile("x").Grad(nil)(make([]float64, 1), []float64{1, 2}) })
	refused("room for 3", func() { v.Expr("x'*x").Compile("x").Hess(nil)(mat.NewSymDense(3, nil), []float64{1, 2}) })
}
