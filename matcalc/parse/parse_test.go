package parse

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

type caseVar struct {
	Shape []string
	Props []string
}

type derivCase struct {
	ID, Expr, Wrt, Expected, Kind, Layout, Error, Hint string
	Vars                                               map[string]caseVar
	Size                                               int
	ExpectedShape                                      []string `json:"expected_shape"`
}

func load(t testing.TB, file string) []derivCase {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []derivCase
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func scopeOf(t testing.TB, vars map[string]caseVar) *Scope {
	t.Helper()
	s := NewScope()
	for name, v := range vars {
		sh := shape.Scalar
		for i, text := range v.Shape {
			size, err := shape.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				sh.Rows = size
			} else {
				sh.Cols = size
			}
		}
		var props expr.Props
		for _, p := range v.Props {
			row, ok := expr.LookupProp(p)
			if !ok {
				t.Fatalf("unknown fact %s", p)
			}
			props |= row.Prop
		}
		if err := s.Declare(name, sh, props); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestCasesParse(t *testing.T) {
	for _, c := range load(t, "derivatives.json") {
		s := scopeOf(t, c.Vars)
		if _, err := ASCII(c.Expr, s); err != nil {
			t.Errorf("%s: %s: %v", c.ID, c.Expr, err)
		}
		n, err := ASCII(c.Expected, s)
		if err != nil {
			t.Errorf("%s: %s: %v", c.ID, c.Expected, err)
			continue
		}
		if d := n.Size() - c.Size; d > 2 || d < -2 {
			t.Errorf("%s: %s has size %d, want about %d", c.ID, c.Expected, n.Size(), c.Size)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range load(t, "rejected.json") {
		_, err := ASCII(c.Expr, scopeOf(t, c.Vars))
		e, ok := err.(*shape.Error)
		if !ok || string(e.Class) != c.Error {
			t.Errorf("%s: %s: got %v, want class %s", c.ID, c.Expr, err, c.Error)
			continue
		}
		t.Logf("%s -> %v   (wanted hint: %s)", c.Expr, e, c.Hint)
	}
}

func TestHuge(t *testing.T) {
	s, err := Declarations("x: n; A: n×n; c: scalar")
	if err != nil {
		t.Fatal(err)
	}
	ok := []string{
		strings.Repeat("(", 10000) + "x" + strings.Repeat(")", 10000),
		"x" + strings.Repeat("+x", 1<<17),
		"x" + strings.Repeat("'", 1<<18),
		strings.Repeat("-", 1<<18) + "x",
		strings.Repeat("A*", 1<<17) + "x",
	}
	for _, text := range ok {
		if _, err := ASCII(text, s); err != nil {
			t.Errorf("%.20s...: %.300v", text, err)
		}
	}
	bad := []string{
		strings.Repeat("(", 1<<18),
		strings.Repeat(")", 1<<18),
		strings.Repeat("exp(", 1<<18) + "x",
		strings.Repeat("[", 1<<18),
		"c" + strings.Repeat("^c", 1<<17),
		strings.Repeat("x(", 10000) + strings.Repeat(")", 10000),
		"\xff\xfe",
		strings.Repeat("名", 1<<18),
	}
	for _, text := range bad {
		if _, err := ASCII(text, s); err == nil {
			t.Errorf("%.20s...: no error", text)
		}
	}
}

func TestDeclarations(t *testing.T) {
	for _, text := range []string{
		"A: n×n symmetric; x: n", "A: n x n spd\nb: n // note\nc: scalar positive", "A: nxn; sigma: function",
		"A：n×n 对称；x：n", "a, b: n; C: m,n", "A: 3×4; x: 4", "X: m*n; y: m", "β: n; 名: m×n", "A: n×n symmetric, invertible",
		"x: vector n; A: matrix m×n; c: 标量", "x ∈ ℝ^n; A ∈ ℝ^{m×n}",
	} {
		if _, err := Declarations(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"A n×n", "A: ", "A: m×n symmetric", "A: n×n wobbly", "n: n×n", "A: n; A: n", "exp: n", "A: -1", ": n"} {
		if _, err := Declarations(text); err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}

func FuzzASCII(f *testing.F) {
	for _, s := range []string{"x'*A*x", "sum(log(ones(m)+exp(X*w)))", "2x", "[A, x; x', c]", "A^-1", "eye(n", "K(m,n)", "sum(i, x[i])", "((", "x.^", "1e9", "A.^x'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Declarations("x: n; A: n×n symmetric; X: m×n; w: n; c: scalar; sigma: function")
		if err != nil {
			t.Fatal(err)
		}
		n, err := ASCII(text, s)
		if err == nil && n == nil {
			t.Fatal("neither result nor error")
		}
		if err != nil {
			if _, ok := err.(*shape.Error); !ok {
				t.Fatalf("%T", err)
			}
			_ = err.Error()
		}
	})
}
