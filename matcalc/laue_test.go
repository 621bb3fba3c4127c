package matcalc

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
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
	{"masked factorization", "T: n×n; U: n×k; V: n×k; M: n×n mask", "norm2(M .* (T - U*V'))^2", "U", []int{50, 200, 500},
		func(rng *rand.Rand, n int) Values {
			m := random(rng, n, n)
			m.Apply(func(_, _ int, v float64) float64 { return max(0, math.Copysign(1, v)) }, m)
			return Values{"T": random(rng, n, n), "U": random(rng, n, 5), "V": random(rng, n, 5), "M": m}
		}},
	{"net", netVars(), netLoss(), "W1", []int{10, 20},
		func(rng *rand.Rand, n int) Values {
			values := Values{"x": random(rng, n, 1), "y": random(rng, n, 1)}
			for i := range 10 {
				w := random(rng, n, n)
				w.Scale(math.Sqrt(2/float64(n)), w)
				values[fmt.Sprintf("W%d", i+1)] = w
			}
			return values
		}},
	{"factorization", "T: n×n; U: n×k; V: n×k", "norm2(T - U*V')^2", "U", []int{50, 200, 500},
		func(rng *rand.Rand, n int) Values {
			return Values{"T": random(rng, n, n), "U": random(rng, n, 5), "V": random(rng, n, 5)}
		}},
}

// netVars and netLoss are ten fully connected layers with softmax cross-entropy.
func netVars() string {
	vars := "x: n; y: n"
	for i := range 10 {
		vars += fmt.Sprintf("; W%d: n×n", i+1)
	}
	return vars
}

func netLoss() string {
	layer := "x"
	for i := range 9 {
		layer = fmt.Sprintf("relu(W%d*%s)", i+1, layer)
	}
	return fmt.Sprintf("logsumexp(W10*%s) - y'*W10*%s", layer, layer)
}

func BenchmarkLaue(b *testing.B) {
	for _, p := range problems {
		for _, n := range p.sizes {
			c := Vars(p.vars).Expr(p.loss).Compile(p.wrt)
			values := p.values(rand.New(rand.NewPCG(1, 2)), n)
			for name, f := range map[string]func(){
				"value": func() { c.Value(values) }, "gradient": func() { c.Gradient(values) }, "hessian": func() { c.Hessian(values) },
				"compressed": func() { c.CompressedHessian(values) },
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

// TestCompressedHessians holds the structures of the Hessians against the dense
// ones: their size, products and solutions.
func TestCompressedHessians(t *testing.T) {
	const n = 20
	words := map[string]int{"factorization": 25, "masked factorization": 25 * n, "net": n*n + 2*n}
	for _, p := range problems {
		c := Vars(p.vars).Expr(p.loss).Compile(p.wrt)
		values := p.values(rand.New(rand.NewPCG(5, 6)), n)
		value, gradient, kept := c.AllCompressed(values)
		wantValue, wantGradient, dense := c.All(values)
		if !near(value, wantValue) || !mat.EqualApprox(gradient, wantGradient, 1e-9) || !mat.EqualApprox(kept.Dense(), dense, 1e-9) {
			t.Errorf("%s: with the Hessian as %s the results differ", p.name, kept.Form())
		}
		if w := words[p.name]; w > 0 && kept.Words() > w+2 {
			t.Errorf("%s: %v, want %d numbers", p.name, kept, w)
		}
		size, _ := dense.Dims()
		b := random(rand.New(rand.NewPCG(7, 8)), size, 1)
		var product mat.Dense
		product.Mul(dense, b)
		if !mat.EqualApprox(kept.MulVec(b.ColView(0)), &product, 1e-9) {
			t.Errorf("%s: products differ", p.name)
		}
		x, err := kept.Solve(b)
		if (err == nil) == (p.name == "net") { // a Kronecker product with a matrix of rank one
			t.Errorf("%s: Solve says %v", p.name, err)
		}
		if err == nil {
			product.Mul(dense, x)
			if !mat.EqualApprox(&product, b, 1e-6) {
				t.Errorf("%s: the solution is none", p.name)
			}
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	p := problems[1]
	c := Vars(p.vars).Expr(p.loss).Compile(p.wrt).WithContext(ctx)
	values := p.values(rand.New(rand.NewPCG(5, 6)), 5)
	c.Value(values)
	cancel()
	defer func() {
		if err, ok := recover().(*Error); !ok || !strings.Contains(err.Message, "interrupted") {
			t.Errorf("a call after the end gives %v", err)
		}
	}()
	c.Value(values)
}

func TestSource(t *testing.T) {
	p := problems[1]
	c := Vars(p.vars).Expr(p.loss).Compile(p.wrt)
	text := c.Source(p.values(rand.New(rand.NewPCG(5, 6)), 5), "logistic").Text()
	for _, want := range []string{"package logistic", "func New() func(X, w, y []float64) (value, gradient, hessian []float64, err error)", "blas64.Gemv"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func near(a, b float64) bool { d := a - b; return d*d <= 1e-18*(1+b*b) }

// BenchmarkCompile goes from the text to the plan of value, gradient and Hessian.
func BenchmarkCompile(b *testing.B) {
	for _, p := range problems {
		values := p.values(rand.New(rand.NewPCG(1, 2)), 20)
		b.Run(p.name, func(b *testing.B) {
			for b.Loop() {
				Vars(p.vars).Expr(p.loss).Compile(p.wrt).Plan(values)
			}
		})
	}
}
