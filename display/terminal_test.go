package display

import "testing"

func TestPlainMath(t *testing.T) {
	for tex, want := range map[string]string{
		`$$\nabla f = 2 A^{\top} x$$`:                  "∇f = 2 Aᵀ x",
		`$x_{ij}^2 \le \frac{a+b}{2}$`:                 "xᵢⱼ² ≤ (a+b)/2",
		`\lVert Xw-y\rVert^2`:                          "‖Xw-y‖²",
		`\sqrt{x} + \sqrt{x+1}`:                        "√x + √(x+1)",
		`\mathbb{R}^{n \times n}`:                      "R^(n × n)",
		`\sin x + \lambda I`:                           "sin x + λ I",
		`\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}`: "[1 2; 3 4]",
		`\begin{aligned} a &= b \\ &= c \end{aligned}`: "a = b\n= c",
		`\left(\begin{array}{cc}1&2\end{array}\right)`: "(1 2)",
		`\hat{x} = \operatorname{tr}(A)`:               "x̂ = tr(A)",
		`\unknown{x}`:                                  "unknownx",
		`{\color`:                                      "color",
		`x^{-1}`:                                       "x⁻¹",
		`A^{-\top}`:                                    "A⁻ᵀ",
		`\text{if } x > 0`:                             "if x > 0",
		"中文 \\alpha":                                   "中文 α",
	} {
		if got := plainMath(tex); got != want {
			t.Errorf("plainMath(%q) = %q, want %q", tex, got, want)
		}
	}
}

func TestTerminal(t *testing.T) {
	md := func(s string) Bundle { return Bundle{Data: map[string]any{MIMEMarkdown: s, MIMEText: s}} }
	for _, row := range []struct {
		name    string
		b       Bundle
		columns int
		color   bool
		want    string
	}{
		{"heading", md("# One\n## Two"), 0, false, "One\nTwo"},
		{"coloured heading", md("# One"), 0, true, "\x1b[1;4mOne\x1b[0m"},
		{"spans", md("a **b** `c*d*` [e](f) *g*"), 0, false, "a b c*d* e (f) g"},
		{"math", md("so $x^2$ is not `$x$`\n\n$$\ny = \\alpha\n$$"), 0, false, "so x² is not $x$\n\n    y = α"},
		{"prices", md("from $5 to $6"), 0, false, "from $5 to $6"},
		{"code", md("```go\nx := *p\n```"), 0, false, "    x := *p"},
		{"list", md("* a\n- b"), 0, false, "• a\n• b"},
		{"wrapped", md("* one two three four"), 11, false, "• one two\n  three\n  four"},
		{"matrix", Render([][]int{{1, 2}, {3, 4}}), 80, true, "⎡1  2⎤\n⎣3  4⎦"},
		{"too wide", Render([][]int{{111111, 222222}, {3, 4}}), 8, true, "⎡111111…\n⎣     3…"},
		{"picture", Render(SVG(`<svg width="30" height="20"/>`)), 80, false, "[SVG image, 30×20]"},
		{"only PNG", Bundle{Data: map[string]any{MIMEPNG: "AAAA"}}, 80, false, "[PNG image]"},
		{"nothing", Bundle{}, 80, false, ""},
	} {
		if got := Terminal(row.b, row.columns, row.color); got != row.want {
			t.Errorf("%s:\n got %q\nwant %q", row.name, got, row.want)
		}
	}
}

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{"abc": 3, "中文": 4, "é": 1, "e\u0301": 1, "\x1b[1mab\x1b[0m": 2, "⎡1⎤": 3, "": 0, "🙂": 2} {
		if got := width(s); got != want {
			t.Errorf("width(%q) = %d, want %d", s, got, want)
		}
	}
	if got := clip("中文字", 4); got != "中…" {
		t.Error(got)
	}
}
