package matcalc

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// minima are problems with a known answer.
var minima = []struct {
	name, vars, f, wrt string
	values             Values
	how                Minimizing
	want               []float64 // nil: only the value
	value              float64
}{
	{"least squares by Newton", "X: m×n; w: n; y: m", "norm2(X*w-y)^2", "w",
		Values{"X": [][]float64{{1, 0}, {1, 1}, {1, 2}}, "y": []float64{1, 3, 5}, "w": []float64{0, 0}}, Minimizing{}, []float64{1, 2}, 0},
	{"least squares by lbfgs", "X: m×n; w: n; y: m", "norm2(X*w-y)^2", "w",
		Values{"X": [][]float64{{1, 0}, {1, 1}, {1, 2}}, "y": []float64{1, 3, 5}, "w": []float64{0, 0}}, Minimizing{Method: "lbfgs"}, []float64{1, 2}, 0},
	{"nonnegative", "x: n; c: n", "norm2(x-c)^2", "x", Values{"c": []float64{1, -2, 3}, "x": []float64{1, 1, 1}}, Minimizing{Within: "nonnegative"}, []float64{1, 0, 3}, 4},
	{"simplex", "x: n; c: n", "norm2(x-c)^2", "x", Values{"c": []float64{1, 1, -5}, "x": []float64{1, 0, 0}}, Minimizing{Within: "simplex"}, []float64{0.5, 0.5, 0}, 25.5},
	{"unit ball", "x: n; c: n", "norm2(x-c)^2", "x", Values{"c": []float64{3, 4}, "x": []float64{0, 0}}, Minimizing{Within: "unit ball"}, []float64{0.6, 0.8}, 16},
	{"indefinite at the start", "x: n", "sum(x.^4)/4 - sum(x.^2)/2", "x", Values{"x": []float64{0.1, -0.2}}, Minimizing{}, []float64{1, -1}, -0.5},
}

func TestMinimize(t *testing.T) {
	for _, c := range minima {
		m := Vars(c.vars).Expr(c.f).Minimize(c.wrt, c.values, c.how)
		if !m.Converged || math.Abs(m.Value-c.value) > 1e-7 {
			t.Errorf("%s: %v", c.name, m)
		}
		for i, w := range c.want {
			if got := m.At.At(i, 0); math.Abs(got-w) > 1e-5 {
				t.Errorf("%s: entry %d is %v, want %v", c.name, i, got, w)
			}
		}
		if !strings.HasPrefix(m.SVG(), "<svg") {
			t.Errorf("%s: no picture", c.name)
		}
	}
}

// TestMinimizeMatrix factors a matrix by L-BFGS.
func TestMinimizeMatrix(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	u, v := random(rng, 12, 2), random(rng, 9, 2)
	var target mat.Dense
	target.Mul(u, v.T())
	m := Vars("T: m×n; U: m×k; V: n×k").Expr("norm2(T-U*V')^2").Minimize("U", Values{"T": &target, "V": v, "U": random(rng, 12, 2)})
	if !m.Converged || m.Value > 1e-12 || !mat.EqualApprox(m.At, u, 1e-5) {
		t.Errorf("%v", m)
	}
}

// TestMinimizeUnbounded wants no minimum called where there is none.
func TestMinimizeUnbounded(t *testing.T) {
	for _, f := range []string{"sum(x)", "-x'*x", "sum(log(x))", "x'*c*x*x'*x", "-norm2(x)"} {
		for _, how := range []Minimizing{{Method: "newton"}, {Method: "lbfgs"}, {Within: "nonnegative"}} {
			m := Vars("x: n; c: n×n").Expr(f).Minimize("x", Values{"x": []float64{1, 2}, "c": [][]float64{{-1, 0}, {0, -1}}}, how)
			if bounded := f == "sum(x)" && how.Within != ""; m.Converged != bounded {
				t.Errorf("%s, %s%s: %v", f, how.Method, how.Within, m)
			}
		}
	}
}

// TestMinimizeHard starts at a saddle, far away, and where numbers overflow.
func TestMinimizeHard(t *testing.T) {
	for _, c := range []struct {
		f, method string
		x         []float64
		want      float64
	}{
		{"sum((x.^2 - ones(n)).^2)", "newton", []float64{0, 0, 0}, 0},
		{"sum(exp(x.^2))", "newton", []float64{20, -3}, 2},
		{"sum(exp(x.^2))", "lbfgs", []float64{20, -3}, 2},
		{"sum(x - log(x))", "newton", []float64{1e-3, 200}, 2},
		{"sum(x - log(x))", "lbfgs", []float64{1e-3, 200}, 2},
	} {
		m := Vars("x: n").Expr(c.f).Minimize("x", Values{"x": c.x}, Minimizing{Method: c.method})
		if !m.Converged || math.Abs(m.Value-c.want) > 1e-7 {
			t.Errorf("%s by %s from %v: %v", c.f, c.method, c.x, m)
		}
	}
}

func TestMinimizeRefuses(t *testing.T) {
	f := Vars("x: n; c: n").Expr("norm2(x-c)^2")
	at := Values{"x": []float64{1}, "c": []float64{2}}
	for want, call := range map[string]func(){
		"only a scalar":          func() { Vars("x: n").Expr("2*x").Minimize("x", at) },
		"no value":               func() { f.Minimize("x", Values{"c": []float64{2}}) },
		"c has no value":         func() { f.Minimize("x", Values{"x": []float64{2}}) },
		`set "cube"`:             func() { f.Minimize("x", at, Minimizing{Within: "cube"}) },
		"no entries":             func() { f.Minimize("x", Values{"x": []float64{}, "c": []float64{}}) },
		"NaN at the start":       func() { f.Minimize("x", Values{"x": []float64{math.NaN()}, "c": []float64{2}}) },
		"does not keep to a set": func() { f.Minimize("x", at, Minimizing{Method: "newton", Within: "simplex"}) },
		`method "magic"`:         func() { f.Minimize("x", at, Minimizing{Method: "magic"}) },
		"context canceled": func() {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			f.Minimize("x", at, Minimizing{Context: ctx})
		},
	} {
		func() {
			defer func() {
				e, _ := recover().(*Error)
				var facade *Error
				if e == nil || !errors.As(e, &facade) || !strings.Contains(e.Error(), want) {
					t.Errorf("want %q, got %v", want, e)
				}
			}()
			call()
		}()
	}
	stopped := f.Minimize("x", at, Minimizing{Progress: func(Iterate) bool { return false }})
	if stopped.Converged || stopped.Reason != "stopped" {
		t.Errorf("%v", stopped)
	}
}

func TestPrintProgress(t *testing.T) {
	var text strings.Builder
	m := Vars("x: n; c: n").Expr("norm2(x-c)^2").Minimize("x", Values{"c": []float64{1, 2}, "x": []float64{0, 0}}, Minimizing{Progress: PrintProgress(&text)})
	if lines := strings.Count(text.String(), "\n"); !m.Converged || lines < m.Iterations || !strings.Contains(text.String(), "f = 5 ") {
		t.Errorf("%v told:\n%s", m, text.String())
	}
}

// FuzzMinimize minimises quadratics, convex or not, with a quartic term and a
// constraint or none, from anywhere: the value never rises, a constraint holds,
// and what is called a minimum has a small gradient or projected step.
func FuzzMinimize(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(0), 1.0, 0.5)
	f.Add(uint64(2), uint8(5), uint8(7), -1e3, 0.0)
	loss := Vars("A: n×n; x, b: n; c: scalar").Expr("x'*A'*A*x/2 - b'*x + c*sum(x.^4) - x'*x/4")
	f.Fuzz(func(t *testing.T, seed uint64, n, way uint8, scale, quartic float64) {
		rng := rand.New(rand.NewPCG(seed, 0))
		size := 1 + int(n%7)
		values := Values{"A": random(rng, size, size), "b": random(rng, size, 1), "c": math.Abs(quartic)}
		x := make([]float64, size)
		for i := range x {
			x[i] = scale * rng.NormFloat64()
		}
		values["x"] = x
		how := []Minimizing{{}, {Method: "lbfgs"}, {Within: "nonnegative"}, {Within: "simplex"}, {Within: "unit ball"}}[way%5]
		m, err := loss.minimize("x", values, []Minimizing{how})
		if err != nil {
			if !strings.Contains(err.Error(), "at the start") {
				t.Fatalf("%+v: %v", how, err)
			}
			return
		}
		sum, least, squares := 0.0, math.Inf(1), 0.0
		for _, v := range m.At.RawMatrix().Data {
			sum, least, squares = sum+v, math.Min(least, v), squares+v*v
		}
		ok := map[string]bool{"": true, "nonnegative": least >= 0, "simplex": least >= 0 && math.Abs(sum-1) < 1e-9, "unit ball": squares < 1+1e-9}[how.Within]
		if first := m.History[0].Value; !ok || how.Within == "" && m.Value > first || m.Converged && math.IsInf(m.Value, 0) {
			t.Fatalf("%+v from %v, value %v: %v at %v", how, x, first, m, m.At.RawMatrix().Data)
		}
	})
}
