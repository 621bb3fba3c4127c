package matcalc

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// A problem is one on which the evaluation of derivatives is measured
// elsewhere, too (Laue, Mitterreiter, Giesen 2018 and 2020).
type problem struct {
	name, vars, loss, wrt string
	sizes                 []int
	values                func(rng *rand.Rand, n int) Values
}

func random(rng *rand.Rand, r, c int) *mat.Dense {
	d := mat.NewDense(r, c, nil)
	for i := range r {
		for j := range c {
			d.Set(i, j, rng.NormFloat64())
		}
	}
	return d
}

var problems = []problem{
	{"quadratic", "A: n×n; x: n", "x'*A*x", "x", []int{100, 1000},
		func(rng *rand.Rand, n int) Values {
			return Values{"A": random(rng, n, n), "x": random(rng, n, 1)}
		}},
	{"logistic", "X: m×n; w: n; y: m", "sum(log(ones(m) + exp(-y .* (X*w))))", "w", []int{50, 500, 1000},
		func(rng *rand.Rand, n int) Values {
			y := random(rng, 2*n, 1)
			y.Apply(func(_, _ int, v float64) float64 {
				if v < 0 {
					return -1
				}
				return 1
			}, y)
			x := random(rng, 2*n, n)
			x.Scale(1/float64(n), x)
			return Values{"X": x, "w": random(rng, n, 1), "y": y}
		}},
	{"factorization", "T: n×n; U: n×k; V: n×k", "norm2(T - U*V')^2", "U", []int{50, 200, 500},
		func(rng *rand.Rand, n int) Values {
			return Values{"T": random(rng, n, n), "U": random(rng, n, 5), "V": random(rng, n, 5)}
		}},
}

func BenchmarkLaue(b *testing.B) {
	for _, p := range problems {
		for _, n := range p.sizes {
			c := Vars(p.vars).Expr(p.loss).Compile(p.wrt)
			values := p.values(rand.New(rand.NewPCG(1, 2)), n)
			for name, f := range map[string]func(){
				"value": func() { c.Value(values) }, "gradient": func() { c.Gradient(values) }, "hessian": func() { c.Hessian(values) },
			} {
				if name == "hessian" && p.name == "factorization" && n > 200 {
					continue
				}
				b.Run(fmt.Sprintf("%s/n=%d/%s", p.name, n, name), func(b *testing.B) {
					f()
					b.ReportAllocs()
					for b.Loop() {
						f()
					}
				})
			}
		}
	}
}

// TestLaueAgrees holds the programs against the plain evaluator.
func TestLaueAgrees(t *testing.T) {
	for _, p := range problems {
		f := Vars(p.vars).Expr(p.loss)
		c := f.Compile(p.wrt)
		values := p.values(rand.New(rand.NewPCG(3, 4)), 7)
		value, gradient, hessian := c.All(values)
		if want := f.Eval(values).At(0, 0); !near(value, want) {
			t.Errorf("%s: value %v, want %v", p.name, value, want)
		}
		for name, pair := range map[string][2]*mat.Dense{
			"gradient": {gradient, f.Gradient(p.wrt).Eval(values)}, "Hessian": {hessian, f.Hessian(p.wrt).Eval(values)},
		} {
			if !mat.EqualApprox(pair[0], pair[1], 1e-9) {
				t.Errorf("%s: %s differs\n%s", p.name, name, c.Plan(values))
			}
		}
	}
}

func near(a, b float64) bool { d := a - b; return d*d <= 1e-18*(1+b*b) }
