package calculus

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/matcalc/derive"
)

// answer runs one magic and gives what a terminal would show.
func answer(n *Notebook, line string) string {
	head, body, isCell := strings.Cut(line, "\n")
	name, args, _ := strings.Cut(strings.TrimLeft(head, "%"), " ")
	for _, c := range n.Commands() {
		if !c.Named(name) {
			continue
		}
		var b strings.Builder
		err := c.Answer(cell.Magic{Name: name, Args: strings.TrimSpace(args), Body: body, Cell: isCell}, func(v any) {
			fmt.Fprintln(&b, strings.TrimRight(fmt.Sprint(v), "\n"))
		})
		if err != nil {
			b.WriteString("error: " + err.Error())
		}
		return b.String()
	}
	return "no magic " + name
}

func english(t testing.TB) {
	before := derive.Language()
	derive.SetLanguage("en")
	t.Cleanup(func() { derive.SetLanguage(before) })
}

// TestForms asks one question in every way it may be written.
func TestForms(t *testing.T) {
	english(t)
	n := NewNotebook()
	if got := answer(n, "%vars A: n×n symmetric; x: n; beta: n; X: m×n; w: n; y: m"); got != "" {
		t.Fatal(got)
	}
	for _, c := range []struct{ line, want string }{
		{"%grad x'*A*x wrt x", "∇_x f = 2Ax"},
		{"%grad x'*A*x 对 x", "∇_x f = 2Ax"},
		{"%grad x'*A*x 关于 x 其中 A: n×n", "∇_x f = (A + Aᵀ)x"},
		{"%grad d/dx x'*A*x", "∇_x f = 2Ax"},
		{"%grad d(x'*A*x)/dx", "∇_x f = 2Ax"},
		{"%grad ∂(x'*A*x)/∂x", "∇_x f = 2Ax"},
		{"%grad ∂/∂x (x'*A*x)", "∇_x f = 2Ax"},
		{"%grad ∂xᵀAx/∂x", "∇_x f = 2Ax"},
		{"%grad ∇_x xᵀAx", "∇_x f = 2Ax"},
		{`%grad \frac{\partial}{\partial x} x^\top A x`, "∇_x f = 2Ax"},
		{`%grad \frac{\partial x^\top A x}{\partial x}`, "∇_x f = 2Ax"},
		{`%grad \nabla_x x^\top A x`, "∇_x f = 2Ax"},
		{"%hessian x'*A*x wrt x", "∇²_x f = 2A"},
		{"%derive d²/dx² x'*A*x --latex", `2 A`},
		{"%jacobian A*x wrt x", "∂f/∂x = A"},
		{"%grad norm2(X*w-y)^2 wrt w", "∇_w f = 2Xᵀ(Xw − y)"},
		{`%grad \beta^\top A \beta wrt \beta`, "2Aβ"},
		{"%grad x'*A*x -- --wrt x --layout 分子", "∇_x f = 2xᵀA"},
		{"%grad x'*x", "∇_x f = 2x"},
		{"%grad x'*A*x", "by which variable? add: wrt A or wrt x"},
		{"%derive x'*A*x wrt x", "∂f/∂x = 2*A*x"},
		{"%derive x'*A*x wrt x --lang zh", "读出导数"},
		{"%%derive\nwhere B: n×n\nx'*B*x wrt x\ntr(B) wrt B", "eye(n)"},
		{"%%derive wrt x\nx'*A*x\n  + x'*x", "2*(x+A*x)"},
		{"%code numpy", "A@x"},
		{"%code go x'*A*x wrt x", "func derivative"},
		{"%code numpy A*x", "A@x"},
		{"%check d/dx x'*A*x = 2*A*x", "✓ right"},
		{"%check d/dx x'*A*x = 2*A*x where A: n×n", "✗ wrong"},
		{"%check tr(P*Q) = tr(Q*P)", "✓ right"},
		{"%check P*Q = Q*P --lang zh", "✗ 错误"},
		{"%%check\nf = x'*A*x\ndf = dx'*A*x + x'*A*dx\n= 2*x'*A*dx\n∂f/∂x = A*x", "off by factor 2"},
		{"%%check where B: n×n\nf = x'*B*x\n∂f/∂x = (B+B')*x", "✓ holds"},
		{"%solve norm2(X*w-y)^2 wrt w where X: m×n tall", "w = (XᵀX)⁻¹ Xᵀy"},
		{"%stationary x'*x wrt x subject to C*x = d where C: p×n wide; d: p", "Cᵀ(CCᵀ)⁻¹ d"},
		{"%solve x'*A*x - 2*b'*x 对 x 其中 A: n×n pd; b: n --lang zh", "极小"},
		{"%rules trace", "tr("},
		{"%rules trase", "nearest: trace"},
		{"%layout 分子", ""},
		{"%grad x'*A*x wrt x", "∇_x f = 2xᵀA"},
		{"%layout", "numerator"},
		{"%layout sideways", `the layout "sideways" is not known: numerator, denominator`},
		{"%vars", "A: n×n symmetric"},
		{"%vars A: n x n orthogonal", ""},
		{"%vars", "A: n x n orthogonal"},
	} {
		if got := answer(n, c.line); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s\n gives %s\n want %s", c.line, got, c.want)
		}
	}
}

// TestProposals asks about names that nobody has declared.
func TestProposals(t *testing.T) {
	english(t)
	for _, c := range []struct{ text, want string }{
		{"x'*A*x", "x: n; A: n×n"},
		{"norm2(X*w-y)^2", "X: m×n; w: n; y: m"},
		{"tr(A*X*B)", "A: m×n; X: n×p; B: p×m"},
		{"logdet(S)", "S: n×n"},
		{"lambda*x'*x", "lambda: scalar; x: n"},
		{"norm2(X*β-y)^2", "X: m×n; β: n; y: m"},
		{"xᵀAx", "x: n; A: n×n"},
		{`x^\top A x`, "x: n; A: n×n"},
		{`\left\|X\beta - y\right\|^2`, "X: m×n; β: n; y: m"},
		{"n'*A*n", "n: m; A: m×m"},
		{"A*x+b", "A: m×n; x: n; b: m"},
		{"sum(exp(x))", "x: n"},
		{"x'*(A+c*eye(n))*x", "x: n; A: n×n; c: scalar"},
		{"A.*B", "A: m×n; B: m×n"},
		{"diag(x)*A", "x: m; A: m×n"},
		{"a*x", "ambiguous a: scalar; x: n | a: n; x: scalar"},
		{"x'*A*x +", ""},
		{"foo(x)", ""},
		{"x*A*x*", ""},
	} {
		got, err := propose(c.text, nil)
		text := joined(got)
		if a, ok := err.(ambiguity); ok {
			text = "ambiguous " + strings.Join(a.choices, " | ")
		}
		if text != c.want {
			t.Errorf("%s: proposed %q, want %q", c.text, text, c.want)
		}
	}
}

// TestFaults: an error names the thing with a caret and how to mend it.
func TestFaults(t *testing.T) {
	english(t)
	n := NewNotebook()
	answer(n, "%vars A: m×n; x: n")
	for _, c := range []struct{ line, want string }{
		{"%grad x'*A*x wrt x", "    x'*A*x\n"},
		{"%grad A*x wrt x", "a gradient"},
		{"%grad x'*x wrt z", "z is not declared"},
		{"%grad", "the expression is missing"},
		{"%grad x'*x --by nonsense", "definition, components, differential, chain"},
		{"%grad x'*x --bye chain", "there is no option --bye"},
		{"%grad x'*x --by", "--by needs a value"},
		{"%grad a*z wrt z", "where a: scalar; z: k"},
		{"%vars A n×n", "colon"},
		{"%check x'*x", "two sides"},
		{"%code cobol", "numpy or go"},
		{"%%derive\n", "holds no expression"},
		{"%grad x'*x +", "^"},
	} {
		if got := answer(n, c.line); !strings.Contains(got, c.want) {
			t.Errorf("%s\n gives %s\n want %s", c.line, got, c.want)
		}
	}
}

// TestTexts: no row lacks a text in either language, and no name is used twice.
func TestTexts(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rows {
		if r.Help.En == "" || r.Help.Zh == "" || (r.More.En == "") != (r.More.Zh == "") || r.Usage == "" {
			t.Errorf("%s lacks a text", r.Name)
		}
		for _, name := range append(r.Alias, r.Name) {
			if seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
	}
}

// FuzzMagics: no text makes a magic panic or hang.
func FuzzMagics(f *testing.F) {
	for _, s := range []string{"x'*A*x wrt x where A: n×n; x: n", "d/dx x'*x --by chain", `\frac{\partial x^\top x}{\partial x}`, "∂(x'*A*x)/∂x", "a = b", "--", "wrt", "where :", "x -- --lang zh", "A: n×n; x: n", "numpy x'*x"} {
		for k := range rows {
			f.Add(k, s)
		}
	}
	f.Fuzz(func(t *testing.T, k int, text string) {
		if len(text) > 200 {
			return
		}
		english(t)
		r := rows[uint(k)%uint(len(rows))]
		answer(NewNotebook(), "%"+r.Name+" "+text)
	})
}

// TestSuggest: what reads as mathematics is answered with a line that works,
// and Go is not.
func TestSuggest(t *testing.T) {
	english(t)
	n := NewNotebook()
	none := func(string) string { return "" }
	for _, c := range []struct{ code, want string }{
		{"x'*A*x", "%derive x'*A*x wrt x where x: n; A: n×n"},
		{`\[ x^\top A x \]`, `%derive x^\top A x wrt x where x: n; A: n×n`},
		{"xᵀAx", "%derive xᵀAx wrt x where x: n; A: n×n"},
		{"norm2(X*w - y)^2", "%derive norm2(X*w - y)^2 wrt w where X: m×n; w: n; y: m"},
		{"d/dx x'*A*x", "%derive d/dx x'*A*x where x: n; A: n×n"},
		{`\frac{\partial x^\top A x}{\partial x}`, `%derive \frac{\partial x^\top A x}{\partial x} where x: n; A: n×n`},
		{"f = x'*x", "%derive x'*x wrt x where x: n"},
		{"tr(A*B) = tr(B*A)", "%check tr(A*B) = tr(B*A) where A: m×n; B: n×m"},
		{"logdet(S)", "%derive logdet(S) wrt S where S: n×n"},
		{"fmt.Println('hello')", ""},
		{"s := 'hello'", ""},
		{"x + y", ""},
		{"for i := range 10 { x }", ""},
		{"x ^ 2", ""},
		{"it's broken", ""},
		{"x**2", ""},
	} {
		got := n.Suggest(c.code, none)
		if got != c.want {
			t.Errorf("%s: suggests %q, want %q", c.code, got, c.want)
		}
		if got == "" {
			continue
		}
		if shown := answer(n, got); strings.Contains(shown, "error:") {
			t.Errorf("%s: the suggestion %s fails: %s", c.code, got, shown)
		}
	}
	kinds := map[string]string{"A": "matrix", "x": "vector"}
	if got := n.Suggest("x'*A*x", func(name string) string { return kinds[name] }); got != `matcalc.Vars("x: n; A: n×n").Expr("x'*A*x").Eval(matcalc.Values{"x": x, "A": A})` {
		t.Error(got)
	}
}
