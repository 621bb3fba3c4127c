package matcalc

import (
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
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

// TestAllSizes runs one program after the other through sizes down to none, and
// holds all its results against the plain evaluator; a NaN among the inputs must
// reach the value.
func TestAllSizes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for _, c := range []struct{ vars, f, wrt string }{
		{"X: m×n; w: n; y: m", "sum(log(ones(m) + exp(-y .* (X*w))))", "w"},
		{"X: m×n; w: n; y: m", "norm2(X*w-y)^2", "X"},
		{"X: m×n; w: n; y: m", "sum(softplus(X*w)) + y'*X*w", "w"},
		{"A: n×n; x: n", "x'*A*x + sum(A)*sum(x)", "x"},
		{"T: m×n; U: m×2; V: n×2; M: m×n", "norm2(M.*(T-U*V'))^2", "V"},
		{"X: m×n; Y: m×n", "tr(X'*Y*X'*Y) + sum(exp(X).*Y)", "X"},
	} {
		f := Vars(c.vars).Expr(c.f)
		compiled, gradient, hessian := f.Compile(c.wrt), f.Gradient(c.wrt), f.Hessian(c.wrt)
		for _, m := range []int{3, 0, 1, 70, 2} {
			for _, n := range []int{2, 70, 0, 1, 3} {
				values, dims := Values{}, map[string]int{"m": m, "n": n}
				var last *mat.Dense
				for name, sym := range f.vars.scope.Vars {
					r, err1 := sym.Shape().Rows.Eval(dims)
					k, err2 := sym.Shape().Cols.Eval(dims)
					if err1 != nil || err2 != nil {
						t.Fatal(err1, err2)
					}
					values[name] = nothing{r, k}
					if r*k > 0 {
						last = random(rng, r, k)
						values[name] = last
					}
				}
				value, slope := f.Eval(values).At(0, 0), gradient.Eval(values)
				got, gotSlope := compiled.ValueGradient(values)
				if math.Abs(got-value) > 1e-9*(1+math.Abs(value)) || !alike(gotSlope, slope) {
					t.Errorf("%s at m=%d, n=%d: value %v, want %v; gradient %v, want %v", c.f, m, n, got, value, gotSlope, slope)
				}
				if r, k := slope.Dims(); r*k < 150 {
					curve := hessian.Eval(values)
					_, _, all := compiled.All(values)
					if kept := compiled.CompressedHessian(values).Dense(); !alike(all, curve) || r*k > 0 && !alike(kept, curve) {
						t.Errorf("%s at m=%d, n=%d: the Hessian is %v, kept %v, want %v", c.f, m, n, all, kept, curve)
					}
				}
				if m*n > 0 {
					last.Set(0, 0, math.NaN())
					if got := compiled.Value(values).At(0, 0); !math.IsNaN(got) {
						t.Errorf("%s at m=%d, n=%d with a NaN is %v", c.f, m, n, got)
					}
				}
			}
		}
	}
}

// alike compares entries, where there are any.
func alike(a, b *mat.Dense) bool {
	r, c := b.Dims()
	if ar, ac := a.Dims(); ar != r || ac != c {
		return false
	}
	return r*c == 0 || mat.EqualApprox(a, b, 1e-9)
}

// nothing is a matrix without entries, which mat.NewDense does not make.
type nothing struct{ r, c int }

func (n nothing) Dims() (r, c int)    { return n.r, n.c }
func (n nothing) At(int, int) float64 { panic("there is none") }
func (n nothing) T() mat.Matrix       { return nothing{n.c, n.r} }

// TestResultAsInput iterates: a result is the input of the next call, which
// overwrites it.
func TestResultAsInput(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	for _, n := range []int{3, 40, 400} {
		a, x := random(rng, n, n), random(rng, n, 1)
		a.Scale(1/float64(n), a)
		v := Vars("A: n×n; x: n")
		f, g := v.Expr("tanh(A*x) + A'*x - x").Compile("x"), v.Expr("x'*A*x + sum(exp(A*x))").Compile("x")
		at, slope := x, x
		want, wantSlope := mat.DenseCopyOf(x), mat.DenseCopyOf(x)
		for range 4 {
			at = f.Value(Values{"A": a, "x": at})
			want = f.f.Eval(Values{"A": a, "x": want})
			slope = g.Gradient(Values{"A": a, "x": slope})
			wantSlope = g.first.Eval(Values{"A": a, "x": wantSlope})
			slope.Scale(0.1, slope)
			wantSlope.Scale(0.1, wantSlope)
			if !alike(at, want) || !alike(slope, wantSlope) {
				t.Fatalf("n=%d: %v and %v, want %v and %v", n, at, slope, want, wantSlope)
			}
		}
	}
}

// TestRepeatable wants the same bits from every call, however many cores share
// the work.
func TestRepeatable(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	values := Values{"X": random(rng, 900, 301), "w": random(rng, 301, 1), "y": random(rng, 900, 1)}
	f := Vars("X: m×n; w: n; y: m").Expr("sum(softplus(-y .* (X*w))) + norm2(X*w - y)^2").Compile("w")
	if !strings.Contains(string(f.Plan(values)), "one sweep over 900 rows") {
		t.Errorf("nothing is joined:\n%s", f.Plan(values))
	}
	value, slope := f.ValueGradient(values)
	first := mat.DenseCopyOf(slope)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for procs := 1; procs <= 4; procs++ {
		runtime.GOMAXPROCS(procs)
		for range 20 {
			if again, slope := f.ValueGradient(values); again != value || !mat.Equal(slope, first) {
				t.Fatalf("on %d processors the value is %v, was %v", procs, again, value)
			}
		}
	}
}
