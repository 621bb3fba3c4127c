package derive

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
)

// layoutNames are the layouts in English and Chinese.
var layoutNames = map[diff.Layout][2]string{
	diff.Denominator: {"denominator layout", "分母布局"},
	diff.Numerator:   {"numerator layout", "分子布局"},
}

// note is what stands beside a line: the names of its rules, and the layout
// where the derivative stands on the left.
func (d *Derivation) note(l Line, lang string) string {
	text := l.names(lang)
	if name, ok := layoutNames[d.Layout]; ok && (l.Left == Derivative || l.Left == Slope) && !d.Wrt.Shape().IsScalar() {
		text += map[string]string{"zh": "（" + name[1] + "）"}[lang]
		if lang != "zh" {
			text += " (" + name[0] + ")"
		}
	}
	return text
}

// Short is the derivation without the lines between the first of each left side
// and the last: what a text would print.
func (d *Derivation) Short() *Derivation {
	short := *d
	short.Lines = nil
	for i, l := range d.Lines {
		if l.Left != Same || i+1 == len(d.Lines) || d.Lines[i+1].Left != Same {
			short.Lines = append(short.Lines, l)
		}
	}
	return &short
}

// Text is the derivation for a terminal, in Unicode.
func (d *Derivation) Text() string {
	return d.table(func(l Line) string {
		if l.Text != "" {
			return l.Text
		}
		return format.Shown(l.Right)
	})
}

// table aligns the lines, the right sides as a function writes them.
func (d *Derivation) table(right func(Line) string) string {
	left, width := 7, 0
	for _, l := range d.Lines {
		left = max(left, utf8.RuneCountInString(d.left(l, false)))
	}
	var rows [][2]string
	for _, l := range d.Lines {
		side := d.left(l, false)
		text := strings.Repeat(" ", left-utf8.RuneCountInString(side)) + side + " " + l.relation(false) + " " + right(l)
		width = max(width, min(utf8.RuneCountInString(text), 72))
		rows = append(rows, [2]string{text, d.note(l, Language())})
	}
	var b strings.Builder
	for i, r := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(r[0] + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(r[0]))) + "   " + r[1])
	}
	return b.String()
}

// AsMarkdown is the derivation as a displayed formula with a list of its rules.
func (d *Derivation) AsMarkdown() string {
	var b strings.Builder
	b.WriteString("$$\n" + d.LaTeX() + "\n$$\n")
	seen := map[string]bool{}
	for _, l := range d.Lines {
		for _, r := range l.Rules {
			if !seen[r.ID] && r.Statement != "" {
				seen[r.ID] = true
				fmt.Fprintf(&b, "\n* **%s**: $%s$ (%s)", r.Name(Language()), r.Statement, r.Why(Language()))
			}
		}
	}
	return b.String() + "\n"
}

// Fragment is the derivation to paste into a paper: an align* environment,
// which needs amsmath.
func (d *Derivation) Fragment() string {
	body := strings.TrimSuffix(strings.TrimPrefix(d.LaTeX(), "\\begin{aligned}\n"), "\n\\end{aligned}")
	return "\\begin{align*}\n" + strings.ReplaceAll(body, `&\quad&`, "&&") + "\n\\end{align*}\n"
}

const (
	cell  = `<td style="text-align:%s;border:none;background:none;padding:2px 4px;vertical-align:middle">%s</td>`
	inner = `<div style="font-size:90%%;opacity:0.85;padding:2px 8px">%s</div>`
)

// HTML is the derivation as a table of formulas, in which each step can be
// opened: its rules, why they hold, and the line in numbers.
func (d *Derivation) HTML() string {
	lang := Language()
	var b strings.Builder
	b.WriteString(`<table style="border:none;border-collapse:collapse;margin:0">`)
	sample := d.sample()
	for i, l := range d.Lines {
		b.WriteString(`<tr style="background:none">`)
		left := d.left(l, true)
		if left != "" {
			left = `$\displaystyle ` + left + `$`
		}
		fmt.Fprintf(&b, cell, "right", html.EscapeString(left))
		fmt.Fprintf(&b, cell, "left", html.EscapeString(`$\displaystyle `+l.relation(true)+` `+d.latex(l)+`$`))
		note := html.EscapeString(d.note(l, lang))
		if more := d.more(i, lang, sample); more != "" {
			note = "<details><summary>" + note + "</summary>" + more + "</details>"
		}
		fmt.Fprintf(&b, cell, "left", note)
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	return b.String()
}

// more is what an opened step shows.
func (d *Derivation) more(i int, lang string, sample *check.Env) string {
	l := d.Lines[i]
	here, numeric := "here: ", "in numbers: "
	if lang == "zh" {
		here, numeric = "此处：", "数值例子："
	}
	var b strings.Builder
	for _, r := range l.Rules {
		var parts []string
		if r.Statement != "" {
			parts = append(parts, "$"+r.Statement+"$")
		}
		if why := r.Why(lang); why != "" {
			parts = append(parts, why)
		}
		if len(parts) > 0 {
			fmt.Fprintf(&b, inner, html.EscapeString(strings.Join(parts, " — ")))
		}
		for _, text := range d.bindings(i, r) {
			fmt.Fprintf(&b, inner, here+html.EscapeString("$"+text+"$"))
		}
	}
	value := l.Right
	if l.worth != nil {
		value = l.worth()
	}
	if value != nil && sample != nil {
		if v := numbers(sample, value); v != "" {
			fmt.Fprintf(&b, inner, numeric+html.EscapeString("$"+v+"$"))
		}
	}
	return b.String()
}

// sample draws numbers for the example, the increment among them.
func (d *Derivation) sample() *check.Env {
	vars := d.F.Variables()
	for _, l := range d.Lines {
		if l.Right == nil {
			continue
		}
		for _, v := range l.Right.Variables() {
			if v == d.D {
				vars = append(vars, v)
				for try := range 4 {
					if env, err := check.Draw(vars, 0, try, d.F); err == nil && sound(env, d.F) {
						return env
					}
				}
				return nil
			}
		}
	}
	for try := range 4 {
		if env, err := check.Draw(vars, 0, try, d.F); err == nil && sound(env, d.F) {
			return env
		}
	}
	return nil
}

func sound(env *check.Env, f *expr.Node) bool {
	v, err := env.Eval(f)
	return err == nil && v.Finite()
}

// numbers is the value of a line as LaTeX; "" where it holds names that have no
// value, or is large.
func numbers(env *check.Env, n *expr.Node) string {
	for _, m := range expr.PostOrder(n) {
		if m.Op() == expr.OpApply || m.Op() == expr.OpSym && env.Vars[m] == nil {
			return ""
		}
	}
	v, err := env.Eval(n)
	if err != nil || !v.Finite() || v.R*v.C > 16 {
		return ""
	}
	digits := func(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }
	if v.R*v.C == 1 {
		return digits(v.V[0])
	}
	var rows []string
	for i := range v.R {
		var row []string
		for j := range v.C {
			row = append(row, digits(v.At(i, j)))
		}
		rows = append(rows, strings.Join(row, " & "))
	}
	return `\begin{bmatrix} ` + strings.Join(rows, ` \\ `) + ` \end{bmatrix}`
}
