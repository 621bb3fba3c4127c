package index_test

import (
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/index"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

const vars = "A, B, W: n×n; X, Z: m×n; Y: n×n invertible; S: n×n symmetric; x, y, a: n; z: m; t: scalar positive; sigma: function"

// TestRaise writes expressions in index form and raises them back: the value
// must be the same.
func TestRaise(t *testing.T) {
	for _, text := range []string{
		"x'*A*y", "A*x", "A*B", "A*B*x", "X'*X", "tr(A*B)", "tr(A*B*W)", "sum(X)", "X.*Z", "diag(x)*A*diag(y)", "A.*B'", "x*y'", "(x'*y)*A*x", "norm2(X*x-z)^2", "sum(exp(X*x))",
		"diag(A)", "tr(A)*x", "A^3", "x.^2", "t*x+y", "sin(A*x).*y", "eye(n)+A", "ones(n)*x'", "2*A-B'", "sum((x*ones(n)'-ones(n)*x').^2)", "sigma(X*x)'*z", "norm1(x)", "A*diag(x)*A'*y", "inv(Y)*x",
	} {
		s, err := parse.Declarations(vars)
		if err != nil {
			t.Fatal(err)
		}
		n, err := parse.ASCII(text, s)
		if err != nil {
			t.Fatal(text, err)
		}
		f, err := index.Of(n, n.Variables()...)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		m := f.Matrix()
		if m == nil {
			t.Errorf("%s: %s is not raised", text, format.Indexed(f))
			continue
		}
		if same, worst, err := check.Equal(m, n); err != nil || !same {
			t.Errorf("%s: %s is raised to %s (%g, %v)", text, format.Indexed(f), format.ASCII(m), worst, err)
		}
	}
}

// TestDerivatives compares first derivatives in index form, raised, with those
// of the engine, and checks higher ones by evaluation.
func TestDerivatives(t *testing.T) {
	for _, c := range []struct {
		text string
		by   []string
	}{
		{"x'*A*x", []string{"x"}}, {"norm2(X*x-z)^2", []string{"x"}}, {"norm2(X*x-z)^2", []string{"X"}}, {"A*x", []string{"x"}}, {"sin(A*x)", []string{"x"}}, {"logsumexp(A*x)", []string{"x"}},
		{"a'*inv(Y)*x", []string{"Y"}}, {"logdet(Y)", []string{"Y"}}, {"tr(A*W*B)", []string{"W"}}, {"det(Y)", []string{"Y"}}, {"norm2(x)", []string{"x"}}, {"sum(sigma(A*x))", []string{"x"}}, {"tr(W^3)", []string{"W"}},
		{"(a'*x)^3", []string{"x", "x", "x"}}, {"sum(tanh(A*x))", []string{"x", "x", "x"}}, {"norm2(x)^3", []string{"x", "x", "x"}}, {"logsumexp(x)", []string{"x", "x", "x"}}, {"sum(softmax(X, rows).*Z)", []string{"X", "X"}},
		{"sum(logsumexp(X, rows))", []string{"X", "X"}}, {"inv(Y)", []string{"Y", "Y"}}, {"x*x'*A*x", []string{"x", "x"}}, {"t^3*(x'*S*x)", []string{"t", "x", "x"}}, {"log(1+x'*x)", []string{"x", "x", "x"}},
		{"a'*exp(W*x)", []string{"W", "x"}}, {"det(Y)", []string{"Y", "Y"}}, {"diag(x)*A*x", []string{"x", "x"}}, {"tr(W*W'*W)", []string{"W", "W", "W"}}, {"sum(sigma(x))", []string{"x", "x", "x"}}, {"softmax(A*x)", []string{"x", "A"}},
	} {
		s, err := parse.Declarations(vars)
		if err != nil {
			t.Fatal(err)
		}
		n, err := parse.ASCII(c.text, s)
		if err != nil {
			t.Fatal(c.text, err)
		}
		var by []*expr.Node
		for _, b := range c.by {
			by = append(by, expr.Loosened(s.Vars[b]))
		}
		n, _ = expr.Loose(n, n.Variables())
		form, err := index.Of(n, by...)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		forms := []*index.Form{form}
		for _, v := range by {
			if form, err = form.Derivative(v, diff.Slope); err != nil {
				t.Fatalf("%s: %v", c.text, err)
			}
			forms = append(forms, form)
		}
		simp := rewrite.New()
		forms[len(forms)-1] = form.Folded().Settled(simp.Simplify)
		if _, err := check.Forms(n, forms, by); err != nil {
			t.Errorf("%s by %v: %s: %v", c.text, c.by, format.Indexed(form), err)
		}
		if len(by) == 1 && n.Shape().IsScalar() {
			g, err := diff.FreeGradient(n, by[0], simp)
			if err != nil {
				t.Fatal(err)
			}
			m := forms[1].Matrix()
			if m == nil {
				t.Errorf("%s: the gradient %s is not raised", c.text, format.Indexed(forms[1]))
			} else if same, worst, err := check.Equal(m, g); err != nil || !same {
				t.Errorf("%s: the gradient is raised to %s, not %s (%g, %v)", c.text, format.ASCII(m), format.ASCII(g), worst, err)
			}
		}
	}
}

// TestCollect adds terms that differ in the names of summed indices and in the
// order of factors only.
func TestCollect(t *testing.T) {
	s, err := parse.Declarations(vars)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"x'*A*y+y'*A'*x": 1, "tr(A*B*W)-tr(B*W*A)": 0, "sum(x.*y)+y'*x": 1, "x'*S*y-y'*S*x": 0, "x'*A*x+x'*A'*x": 1, "x'*A*y+x'*A'*y": 2, "sum(exp(A*x))+ones(n)'*exp(A*x)": 1,
	} {
		n, err := parse.ASCII(text, s)
		if err != nil {
			t.Fatal(err)
		}
		f, err := index.Of(n, n.Variables()...)
		if err != nil || len(f.Terms) != want {
			t.Errorf("%s has %d terms, want %d: %s (%v)", text, len(f.Terms), want, format.Indexed(f), err)
		}
	}
}
