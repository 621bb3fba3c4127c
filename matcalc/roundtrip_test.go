package matcalc

import (
	"path/filepath"
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/parse"
)

// TestRoundTrips writes every answer in the three input syntaxes and reads it
// back: the same expression, or one whose ASCII form is equal up to how
// numbers and quotients are grouped, decided by evaluation.
func TestRoundTrips(t *testing.T) {
	files, _ := filepath.Glob("testdata/cases/*.json")
	for _, file := range append(files, "testdata/derivatives.json") {
		for i, c := range loadCases(t, file) {
			if i%5 != 0 && testing.Short() {
				continue
			}
			v := c.variables(t)
			f, err := v.Parse(c.Expr)
			if err != nil {
				t.Fatal(err)
			}
			d, err := f.Ask(c.Wrt, c.request())
			if err != nil {
				continue
			}
			for _, e := range []*Expr{f, d} {
				for _, w := range []struct {
					name, text string
					read       func(string, *parse.Scope) (parse.Reading, error)
				}{{"ASCII", e.ASCII(), parse.Text}, {"Unicode", e.Unicode(), parse.Unicode}, {"Unicode", e.Unicode(), parse.Text}, {"LaTeX", e.LaTeX(), parse.LaTeX}} {
					name, text := w.name, w.text
					r, err := w.read(text, v.scope)
					if err != nil {
						t.Errorf("%s: %s %s: %v", e, name, text, err)
						continue
					}
					back := &Expr{vars: v, node: r.Node}
					if back.node != e.node && !sameValue(t, e, back) {
						t.Errorf("%s: %s %s is read as %s", e, name, text, back)
					}
				}
			}
		}
	}
}

func sameValue(t *testing.T, a, b *Expr) bool {
	values := Values{}
	for _, s := range a.node.Variables() {
		values[s.Name()] = goValue(t, s.Name(), s.Shape())
	}
	for name := range a.vars.scope.Dims {
		values[name] = goSizes[name]
	}
	x, err := a.Evaluate(values)
	if err != nil {
		return false
	}
	y, err := b.Evaluate(values)
	if err != nil {
		return false
	}
	r, c := x.Dims()
	if p, q := y.Dims(); p != r || q != c {
		return false
	}
	for i := 0; i < r; i++ {
		for j := 0; j < c; j++ {
			p, q := x.At(i, j), y.At(i, j)
			if d := p - q; d == d && (d > 1e-8*(1+p*p) || d < -1e-8*(1+p*p)) {
				return false
			}
		}
	}
	return true
}

// FuzzRoundTrip reads any text; what is an expression must come back from each
// of the three input syntaxes with the same value.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range []string{"x'*A*x", "2 ./x", "-x.^-2", "[A, x; x', t]", "kron(A,B)*vec(X)", "f''(x).*y", "softmax(X, rows)", "1/t/2", "(A*B)'^2", "sum(i, x[i]*sum(j, A[i,j]*y[j]))", "t^-1*x./y", "-(x.*y)./t", "K(m,n)*vec(X)", "A^-2", "2*n*x", "x.^t", "inv(A)'*x", "‖x‖²", `\frac{1}{t} x`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 {
			return
		}
		v := Vars("A, B: n×n; S: n×n symmetric; X: m×n; x, y: n; b: m; t: scalar positive; f: function")
		e, err := v.Parse(text)
		if err != nil {
			return
		}
		for _, w := range []struct {
			name, text string
			read       func(string, *parse.Scope) (parse.Reading, error)
		}{{"ASCII", e.ASCII(), parse.Text}, {"Unicode", e.Unicode(), parse.Unicode}, {"LaTeX", e.LaTeX(), parse.LaTeX}} {
			r, err := w.read(w.text, v.scope)
			if err != nil {
				t.Fatalf("%q: %s %q: %v", text, w.name, w.text, err)
			}
			if r.Node == e.node {
				continue
			}
			if r.Node.Shape() != e.node.Shape() {
				t.Fatalf("%q: %s %q is read with shape %s", text, w.name, w.text, r.Node.Shape())
			}
			if same, worst, err := check.Equal(r.Node, e.node); err == nil && !same {
				t.Fatalf("%q: %s %q is off by %g", text, w.name, w.text, worst)
			}
		}
	})
}
