package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc"
)

func TestDeriveCommand(t *testing.T) {
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"--vars", "A: n×n symmetric; x: n", "--wrt", "x", "x'*A*x"}, 0, "∂f/∂x = 2Ax"},
		{[]string{"--vars", "A: n×n; x: n", "--wrt", "x", "--by", "定义", "--lang", "zh", "x'*A*x"}, 0, "略去二阶小量"},
		{[]string{"--vars", "A: n×n; x: n", "--wrt", "x", "--by", "components", "--lang", "en", "x'*A*x"}, 0, "Σ_i Σ_j x_i·A_ij·x_j"},
		{[]string{"--vars", "A: n×n; x: n", "--wrt", "x", "--by", "chain", "--latex", "norm2(A*x)^2"}, 0, `\frac{\partial f}{\partial u_{1}}`},
		{[]string{"--vars", "A: n×n; x: n", "--wrt", "x", "--by", "all", "--short", "x'*A*x"}, 0, "definition"},
		{[]string{"--vars", "A: n×n; x: n", "--wrt", "x", "--fragment", "x'*A*x"}, 0, `\begin{align*}`},
		{[]string{"--vars", "A: n×n; x: n", "--wrt", "x", "--markdown", "x'*A*x"}, 0, "$$"},
		{[]string{"--vars", "A: n×n; x: n", "--wrt", "x", "--html", "x'*A*x"}, 0, "<details>"},
		{[]string{"--vars", "X: n×n invertible", "--wrt", "X", "--by", "components", "--lang", "en", "tr(inv(X))"}, 1, "no sums and products"},
		{[]string{"--vars", "A: n×n; x: n", "--wrt", "x", "--by", "magic", "x'*A*x"}, 1, "definition (定义)"},
		{[]string{"--vars", "A: n×n; x: n", "--wrt", "x", "--lang", "fr", "x'*A*x"}, 1, "en and zh"},
		{[]string{"--vars", "A: n×n; x: n", "--wrt", "x", "x*A*x"}, 1, "hint"},
		{[]string{"--bold", "--latex", "--wrt", "x,x", "--vars", "A: n×n; x: n", "x'*A*x"}, 0, `\boldsymbol{A}`},
		{[]string{"x'*A*x", "--wrt", "x", "--vars", "A: n×n; x: n"}, 0, "(A + Aᵀ)x"},
		{[]string{"--vars", "x: n", "--wrt", "x", "--", "-x'*x"}, 0, "∂f/∂x"},
		{[]string{"--vars", "x: n", "--wrt", "x", "-x'*x"}, 2, "goes after --"},
		{[]string{"--vars", "A: n×n; x: n"}, 2, "which expression"},
		{[]string{"--vars", "A: n×n; x: n", "x'", "*A*x"}, 2, "in quotes"},
		{[]string{"--wrt", "x", "x'*x"}, 2, "--vars"},
		{[]string{"--help"}, 0, "Example"},
		{[]string{"--nonsense"}, 2, "--help"},
	} {
		var out, errs bytes.Buffer
		if got := derive(c.args, strings.NewReader(""), &out, &errs); got != c.status || !strings.Contains(out.String()+errs.String(), c.want) {
			t.Errorf("%v: status %d, output %s%s", c.args, got, &out, &errs)
		}
	}
}

// TestBatchLines sends good and bad lines: one answer each, in order.
func TestBatchLines(t *testing.T) {
	lines := []struct{ in, class string }{
		{`{"id":1,"vars":{"x":{"shape":["n"]}},"expr":"x'*x","wrt":"x"}`, ""},
		{`{"id":"two","vars":{"x":{"shape":["n"]}},"expr":"x'*z","wrt":"x"}`, "name"},
		{`{"id":3,"vars":{"x":{"shape":["n"]}},"expr":"x+1"}`, "shape"},
		{`{"id":4,"vars":{"x":{"shape":["n"]}},"expr":"(x"}`, "syntax"},
		{`{"id":5,"vars":{"x":{"shape":["n"]}},"expr":"x'*x"}`, ""},
		{`no json`, "syntax"},
		{`{"id":7,"vars":7}`, "syntax"},
		{`{"id":8,"vars":{"x":{"shape":["n"]}},"expr":"x'*x","wrt":"x","kind":"nonsense"}`, "syntax"},
		{`{"id":9,"task":"nonsense"}`, "syntax"},
		{`[]`, "syntax"},
	}
	var in, out bytes.Buffer
	for _, l := range lines {
		in.WriteString(l.in + "\n\n")
	}
	if err := batch(&in, &out); err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(got) != len(lines) {
		t.Fatalf("%d answers for %d lines:\n%s", len(got), len(lines), out.String())
	}
	for i, l := range lines {
		var a derived
		if err := json.Unmarshal([]byte(got[i]), &a); err != nil {
			t.Fatal(err)
		}
		class := ""
		if a.Error != nil {
			class = a.Error.Class
		}
		if class != l.class || class == "" && a.ASCII == "" {
			t.Errorf("%s\n gives %s", l.in, got[i])
		}
	}
}

// TestBatchIsEnglish: programs that read answers see the same words in any
// language that people read.
func TestBatchIsEnglish(t *testing.T) {
	in := `{"id":1,"vars":{"A":{"shape":["m","n"]}},"expr":"A*A","wrt":"A"}` + "\n"
	want := `{"id":1,"error":{"class":"shape","message":"cannot multiply A (m×n) by A (m×n): n columns meet m rows","hint":"did you mean A'*A, A*A', A.*A?"}}` + "\n"
	defer matcalc.SetLanguage("")
	for _, lang := range []string{"en", "zh"} {
		matcalc.SetLanguage(lang)
		var out bytes.Buffer
		if err := batch(strings.NewReader(in), &out); err != nil || out.String() != want {
			t.Errorf("%s: %s%v", lang, &out, err)
		}
	}
}
