package format

import (
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/parse"
)

// TestLines breaks long formulas before signs, keeps groups whole, and leaves
// short ones alone.
func TestLines(t *testing.T) {
	scope, err := parse.Declarations("A, B, C, D: n×n; x, y: n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		width int
		lines int
	}{
		{"A*x + B*y", 76, 1},
		{"A*B*C*D*x + B*C*D*A*y + C*D*A*B*x + D*A*B*C*y", 20, 2},
		{"2*A*(A*B*C*D*x + B*C*D*A*y + C*D*A*B*x + D*A*B*C*y)", 16, 2},
		{"inv(A + B + C + D + A*B + C*D)*x", 8, 2},
		{"A*B*C*D*A*B*C*D*A*B*C*D*x", 8, 1},
	} {
		n, err := parse.ASCII(c.text, scope)
		if err != nil {
			t.Fatal(err)
		}
		got := LaTeXLines(n, c.width)
		if lines := 1 + strings.Count(got, `\\`); lines < c.lines || c.lines == 1 && lines > 1 {
			t.Errorf("%s in %d signs: %d lines, want %d: %s", c.text, c.width, lines, c.lines, got)
		}
		plain := strings.NewReplacer(`\begin{aligned} & `, "", ` \\ & \quad `, "", ` \end{aligned}`, "").Replace(got)
		if plain != LaTeX(n) {
			t.Errorf("%s: the lines joined are %s, the formula is %s", c.text, plain, LaTeX(n))
		}
	}
}
