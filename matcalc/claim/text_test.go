package claim

import (
	"slices"
	"testing"

	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/parse"
)

// TestTextChanges lists changes of texts that cannot be read: among them must
// be the one that mends the text.
func TestTextChanges(t *testing.T) {
	for _, c := range []struct {
		text, want string
		row        *row
		about      string
	}{
		{"2*X*(X*w-y)", "2*X'*(X*w-y)", rowTranspose, "X"},
		{"2*(X*w-y)*X'", "2*X'*(X*w-y)", rowOrder, "(X*w-y)"},
		{"softmax(x)'*softmax(x)", "softmax(x)*softmax(x)'", rowOrder, "softmax(x)'"},
		{"(u*exp(X*b))*b'", "(u.*exp(X*b))*b'", rowHadamard, "u"},
		{"exp(X*w).*w'", "exp(X*w)*w'", rowProduct, "exp(X*w)"},
		{"cos(A*x).*A", "diag(cos(A*x))*A", rowDiagMissing, "cos(A*x)"},
		{"x.*A", "diag(x)*A", rowDiagMissing, "x"},
	} {
		all := textChanges(c.text, []string{"X", "w"})
		i := slices.IndexFunc(all, func(ch textChange) bool { return ch.row == c.row && ch.text == c.want && ch.about == c.about })
		if i < 0 {
			t.Errorf("%s: no change %s of %q into %s in %+v", c.text, c.row.ID, c.about, c.want, all)
		}
	}
}

// TestTerms multiplies out and compares terms by value.
func TestTerms(t *testing.T) {
	s, err := parse.Declarations("A: n×n; B: n×n; x: n; y: n; c: scalar")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"(x+y)'*A*(x+y)": 4, "norm2(x-y)^2": 4, "tr(A*(B+A))": 2, "(A+B)^2": 4, "A*B": 1, "c*(x+y)": 2, "(A+B)'": 2, "exp(x+y)": 1, "(x+y).*(x-y)": 4,
	} {
		n, err := parse.ASCII(text, s)
		if err != nil {
			t.Fatal(err)
		}
		if got := terms(n); len(got) != want {
			t.Errorf("%s has %d terms, want %d: %v", text, len(got), want, texts(got...))
		}
	}
	truth, _ := parse.ASCII("x'*A*y+2*x'*y", s)
	claimed, _ := parse.ASCII("y'*A'*x+x'*y", s)
	ps, err := at(truth, claimed)
	if err != nil {
		t.Fatal(err)
	}
	missing, extra := ps.difference(claimed, truth)
	if len(missing) != 1 || len(extra) != 1 || format.ASCII(missing[0]) != "2*x'*y" || format.ASCII(extra[0]) != "x'*y" {
		t.Errorf("missing %v, extra %v", texts(missing...), texts(extra...))
	}
}

// TestRational reads numbers back as fractions.
func TestRational(t *testing.T) {
	for x, want := range map[float64]string{2: "2", -0.5: "-0.5", 1.0 / 3: "1/3", 24: "24"} {
		if r, ok := rational(x); !ok || r.String() != want {
			t.Errorf("%g is read as %s, %v; want %s", x, r, ok, want)
		}
	}
	for _, x := range []float64{0, 3.14159, 1e-9, 1000} {
		if r, ok := rational(x); ok {
			t.Errorf("%g is read as %s", x, r)
		}
	}
}

// TestRows tells that no repair stands twice in the table.
func TestRows(t *testing.T) {
	if len(Repairs()) < 35 {
		t.Errorf("only %d repairs", len(Repairs()))
	}
	seen := map[string]bool{}
	for _, id := range Repairs() {
		if seen[id] {
			t.Errorf("%s stands twice", id)
		}
		seen[id] = true
	}
}
