package check_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/parse"
)

const vars = `A, B: n×n; S: n×n symmetric; N: n×n skew; P: n×n pd; Q: n×n orthogonal; D: n×n diagonal; J: n×n projector; I: n×n invertible;
	L: n×n lower; U: n×n upper; H: m×n tall; X: m×n; x, y: n; u: n positive; p: n simplex; c: scalar; t: scalar positive; k: scalar integer`

func parsed(t *testing.T, s *parse.Scope, text string) *expr.Node {
	t.Helper()
	n, err := parse.ASCII(text, s)
	if err != nil {
		t.Fatal(text, err)
	}
	return n
}

// TestFacts holds every inferred fact against numbers.
func TestFacts(t *testing.T) {
	s, err := parse.Declarations(vars)
	if err != nil {
		t.Fatal(err)
	}
	holds := map[expr.Props]func(v *check.Value) bool{
		expr.Symmetric: pairwise(func(a, b float64) bool { return near(a, b) }),
		expr.Skew:      pairwise(func(a, b float64) bool { return near(a, -b) }),
		expr.Positive:  entries(func(x float64) bool { return x > 0 }),
		expr.NonNeg:    entries(func(x float64) bool { return x >= -1e-12 }),
		expr.Nonzero:   entries(func(x float64) bool { return x != 0 }),
		expr.Negative:  entries(func(x float64) bool { return x < 0 }),
		expr.Diagonal:  offDiagonal(func(i, j int) bool { return i == j }),
		expr.Lower:     offDiagonal(func(i, j int) bool { return i >= j }),
		expr.Upper:     offDiagonal(func(i, j int) bool { return i <= j }),
		expr.Integer:   entries(func(x float64) bool { return x == math.Round(x) }),
	}
	found := map[expr.Props]int{}
	for _, text := range []string{
		"A+A'", "A'*A", "X'*X", "A-A'", "A'*S*A", "A*N*A'", "S+P", "S*S", "S.*P", "inv(P)", "inv(S+P)", "S^3", "exp(S)", "D*D", "D+eye(n)", "inv(D)", "L*L", "L'", "L+D", "U*L",
		"diag(x)", "diag(u)", "diag(u)*A", "x*x'", "x*y'+y*x'", "x'*P*x", "x'*x", "x'*A*x", "norm2(x)", "norm2(x)^2", "u.*u", "u.*x", "x.*x", "x.^2", "sqrt(u)", "exp(x)", "-u", "-exp(x)", "u+exp(x)",
		"softmax(x)", "sigmoid(A)", "tr(P)", "det(P)", "det(A)", "t*P", "c*P", "c^2*P", "t+c^2", "k*t", "k+2", "2*k*n", "n", "kron(S,P)", "kron(L,D)", "S*P*S", "H'*X*P*X'*H", "H'*H", "J", "J*J", "Q'*S*Q", "Q*Q", "p",
		"sum(u)", "sum(x)", "abs(x)", "relu(x)", "1/t", "1/c", "x'*y", "ones(n,n)", "zeros(n)", "eye(n)", "K(n,n)", "diag(P)", "N+N", "2*N", "N*N", "inv(N+S)", "expm(S)", "S'", "A.*eye(n)", "log(u)", "cosh(x)", "-t", "tanh(u)",
	} {
		n := parsed(t, s, text)
		for round := 0; round < 2; round++ {
			rng := rand.New(rand.NewPCG(uint64(round), 5))
			env := &check.Env{Dims: check.Sizes(s.Ctx.Symbols(), round), Vars: map[*expr.Node]*check.Value{}}
			for _, v := range s.Ctx.Symbols() {
				x, err := check.Sample(rng, v, env.Dims)
				if err != nil {
					t.Fatal(err)
				}
				env.Vars[v] = x
			}
			v, err := env.Eval(n)
			if err != nil {
				t.Fatal(text, err)
			}
			for p, ok := range holds {
				if n.Is(p) {
					found[p]++
					if !ok(v) {
						t.Errorf("%s is said to be %v and is not: %v", text, p.Names(), v.V)
					}
				}
			}
		}
	}
	for p := range holds {
		if found[p] == 0 {
			t.Errorf("no expression was found %v", p.Names())
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9*(1+math.Abs(a)) }

func pairwise(f func(a, b float64) bool) func(*check.Value) bool {
	return func(v *check.Value) bool {
		for i := 0; i < v.R; i++ {
			for j := 0; j < v.C; j++ {
				if v.R != v.C || !f(v.At(i, j), v.At(j, i)) {
					return false
				}
			}
		}
		return true
	}
}

func entries(f func(float64) bool) func(*check.Value) bool {
	return func(v *check.Value) bool {
		for _, x := range v.V {
			if !f(x) {
				return false
			}
		}
		return true
	}
}

func offDiagonal(keep func(i, j int) bool) func(*check.Value) bool {
	return func(v *check.Value) bool {
		for i := 0; i < v.R; i++ {
			for j := 0; j < v.C; j++ {
				if !keep(i, j) && math.Abs(v.At(i, j)) > 1e-9 {
					return false
				}
			}
		}
		return true
	}
}

// TestDuals compares the derivative that every operator's row carries with
// central differences.
func TestDuals(t *testing.T) {
	s, err := parse.Declarations(vars + "; sigma: function; w: n unit")
	if err != nil {
		t.Fatal(err)
	}
	for op := expr.OpInvalid + 1; op < expr.NumOps; op++ {
		if op.Info().Kind == expr.Leaf {
			continue
		}
		args := []*expr.Node{parsed(t, s, "P+x*w'*0.1")}
		switch op {
		case expr.OpArcsin, expr.OpArccos, expr.OpDiag:
			args[0] = parsed(t, s, "w")
		case expr.OpAdd, expr.OpMul, expr.OpHad, expr.OpKron, expr.OpHCat, expr.OpVCat:
			args = append(args, parsed(t, s, "P*diag(w)"))
		case expr.OpPow:
			args = append(args, s.Ctx.Int(3))
		case expr.OpHPow:
			args = []*expr.Node{parsed(t, s, "u.*w"), parsed(t, s, "w")}
		case expr.OpLog, expr.OpSqrt:
			args[0] = parsed(t, s, "u+w")
		case expr.OpPolar, expr.OpEigVecMax, expr.OpUSVMax, expr.OpVSVMax, expr.OpEigMax, expr.OpSigmaMax, expr.OpNucNorm:
			continue
		}
		n := expr.Call(op, args...)
		if op == expr.OpApply {
			n = expr.Apply("sigma", 0, args[0])
		}
		if err := check.DualError(n, s.Vars["w"]); err != nil {
			t.Errorf("%v: %v", op, err)
		}
	}
}

func TestEqual(t *testing.T) {
	s, err := parse.Declarations(vars)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"(A+B)^2", "A^2+2*A*B+B^2", false}, {"(A+B)^2", "A^2+A*B+B*A+B^2", true}, {"det(A*B)", "det(A)*det(B)", true},
		{"inv(I*P)", "inv(P)*inv(I)", true}, {"inv(I*P)", "inv(I)*inv(P)", false}, {"tr(A*B)", "sum(A.*B')", true}, {"x'*y", "y'*x", true},
		{"J*J", "J", true}, {"A*A", "A", false}, {"sum(p)", "1", true}, {"x", "x'", false},
	} {
		if got, worst, err := check.Equal(parsed(t, s, c.a), parsed(t, s, c.b)); err != nil || got != c.want {
			t.Errorf("%s = %s: %v (%g, %v), want %v", c.a, c.b, got, worst, err, c.want)
		}
	}
}
