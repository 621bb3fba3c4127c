package rowwise

import (
	"math"
	"testing"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
)

var point = map[string]float64{"x": 1.3, "y": 0.7, "b0": 2, "zero": 0}

// values evaluates the roots at point, with x changed by h.
func values(t *testing.T, s *Scope, h float64, roots ...*expr.Node) []float64 {
	t.Helper()
	tape, err := s.Compile(roots...)
	if err != nil {
		t.Fatal(err)
	}
	var env []dd.Float
	for _, name := range s.names {
		v := dd.Of(point[name])
		if name == "x" {
			v = v.Add(dd.Of(h))
		}
		env = append(env, v)
	}
	out := make([]dd.Float, len(roots))
	tape.Eval(env, out)
	plain := make([]float64, len(out))
	for i, v := range out {
		plain[i] = v.Float64()
	}
	return plain
}

// Values agree with those of the formula package, derivatives with differences.
func TestDerivatives(t *testing.T) {
	for _, src := range []string{
		"x^3", "x^y", "y^x", "exp(-y*x)", "log(x*y)", "log(x, 2)", "sin(x)*cos(x*y)", "tan(x/3)", "atan(y/x)", "sqrt(x + y)", "1/(1 + exp(y - x))",
		"(x + y*x^2)/(1 + y*x + x^3)", "-x^2", "(x - y)^2", "tanh(x)*sinh(x/2)/cosh(x)", "asin(x/5) + acos(x/7)", "log1p(x) + expm1(x) + log2(x) + log10(x)",
		"b0", "abs(x - 3*y)", "2^x", "x*sin(2*pi*x/y)", "I(x^2)*0.1e-3", "(x > y)*x^2 + (x <= y)*x", "zero^x", "x/(3 + 1e-30*x)", "12345678901234567890*x/7",
	} {
		n, err := formula.ParseExpr(src)
		if err != nil {
			t.Fatal(err)
		}
		names := []string{"x", "y", "b0", "zero"}
		s := NewScope(names...)
		f, err := s.Read(n)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		program, err := formula.Compile(n, names)
		if err != nil {
			t.Fatal(err)
		}
		want := program.Float64([]float64{point["x"], point["y"], point["b0"], point["zero"]})
		if got := values(t, s, 0, f)[0]; math.Abs(got-want) > 1e-14*math.Abs(want) {
			t.Errorf("%s is %v, want %v", src, got, want)
		}
		d, err := s.Derivative(f, "x")
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		const h = 1e-6
		want = (values(t, s, h, f)[0] - values(t, s, -h, f)[0]) / (2 * h)
		if got := values(t, s, 0, d)[0]; math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
			t.Errorf("%s: the derivative is %v, want %v", src, got, want)
		}
	}
}

// What floating point would lose: the complement of a saturated sigmoid, and
// x^b log(x) at zero.
func TestRecognisedForms(t *testing.T) {
	s := NewScope("x", "zero")
	x := s.Var("x")
	sigmoid := expr.Call(expr.OpSigmoid, expr.Scale(expr.Int(100), x))
	if got, want := values(t, s, 0, expr.Sub(s.number(1), sigmoid))[0], math.Exp(-130); math.Abs(got/want-1) > 1e-14 {
		t.Errorf("1 - sigmoid(130) is %v, want %v", got, want)
	}
	f, _ := s.Read(formula.Binary{Op: "^", X: formula.Name{Ident: "zero"}, Y: formula.Name{Ident: "x"}})
	d, err := s.Derivative(f, "x")
	if err != nil {
		t.Fatal(err)
	}
	if got := values(t, s, 0, d)[0]; got != 0 {
		t.Errorf("the derivative of 0^x is %v", got)
	}
}

func TestRefused(t *testing.T) {
	for _, src := range []string{"q", "gamma(x)", "floor(x)", "x %% 2", "exp(x, y)", "exp(x) == 2", "\"a\""} {
		n, err := formula.ParseExpr(src)
		if err != nil {
			t.Fatal(err)
		}
		if f, err := NewScope("x", "y").Read(n); err == nil {
			t.Errorf("%s is %v", src, f)
		}
	}
}
