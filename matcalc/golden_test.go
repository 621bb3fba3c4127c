package matcalc

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGoldenDerivations compares typical derivations, by every strategy and in
// both languages, with what a person has looked at.
func TestGoldenDerivations(t *testing.T) {
	defer SetLanguage("")
	var b strings.Builder
	for _, c := range []struct{ vars, f, x string }{
		{"A: n×n; x: n", "x'*A*x", "x"},
		{"A: n×n symmetric; x: n", "x'*A*x", "x"},
		{"X: m×n; w: n; y: m", "norm2(X*w-y)^2", "w"},
		{"A: m×n; X: n×p; B: p×m", "tr(A*X*B)", "X"},
		{"X: n×n posdet", "logdet(X)", "X"},
		{"X: m×n; w: n; y: m", "sum(softplus(X*w))-y'*X*w", "w"},
		{"x: n", "softmax(x)", "x"},
		{"A: k×m; W: m×n; x: n; sigma: function", "A*sigma(W*x)", "x"},
		{"W: m×n; x: n; y: m", "norm2(tanh(W*x)-y)^2", "W"},
		{"A: n×n; B: n×n; t: scalar", "inv(A+t*B)", "t"},
	} {
		f := Vars(c.vars).Expr(c.f)
		for _, by := range Strategies() {
			for _, lang := range []string{"en", "zh"} {
				SetLanguage(lang)
				fmt.Fprintf(&b, "%s by %s, %s, %s\n", c.f, c.x, by, lang)
				d, err := f.DeriveBy(c.x, Request{}, by)
				if err != nil {
					fmt.Fprintf(&b, "  %v\n\n", err)
					continue
				}
				fmt.Fprintf(&b, "%s\n\n", d.Text())
			}
		}
	}
	const path = "testdata/derivations.golden"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		got, old := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
		for i := range min(len(got), len(old)) {
			if got[i] != old[i] {
				t.Fatalf("line %d is\n%s\nnot\n%s\n(go test ./matcalc -update writes the file)", i+1, got[i], old[i])
			}
		}
		t.Fatalf("%d lines, want %d", len(got), len(old))
	}
}
