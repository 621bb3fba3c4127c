package stationary

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
)

// NumPy is the solution as Python over np and sla; "" without closed form.
func (p *Point) NumPy() string {
	r := p.Root
	switch {
	case r == nil:
		return ""
	case r.Value != nil:
		return format.NumPy(r.Value)
	case r.Pencil != nil:
		return fmt.Sprintf("(%s)*sla.eigh(%s, %s)[1][:, -1:]", format.NumPy(r.Pencil.Scale), format.NumPy(r.Pencil.A), format.NumPy(r.Pencil.B))
	case r.A != nil:
		return fmt.Sprintf("sla.solve_sylvester(%s, %s, %s)", format.NumPy(r.A), format.NumPy(r.B), format.NumPy(r.C))
	}
	s := p.Wrt.Shape()
	return fmt.Sprintf("np.linalg.solve(%s, %s).reshape((%s, %s), order='F')", format.NumPy(r.System), format.NumPy(r.Side), s.Rows, s.Cols)
}

// Closed reports that the solution is known in closed form.
func (p *Point) Closed() bool { return p.Root != nil }

// Solution is the solution as an equation in ASCII: of the unknown, of its
// stacked columns, or the Sylvester equation that it solves; without closed
// form the gradient's equation.
func (p *Point) Solution() string { return p.solution(format.ASCII) }

func (p *Point) solution(f func(*expr.Node) string) string {
	left, right := p.last()
	return f(left) + " = " + f(right)
}

// last is the equation that the point is known by.
func (p *Point) last() (left, right *expr.Node) {
	r := p.Root
	switch {
	case r == nil:
		return p.Gradient, zero(p.Gradient)
	case r.Value != nil:
		return p.Wrt, r.Value
	case r.Pencil != nil:
		return r.Steps[0].Left, r.Steps[0].Right
	case r.A != nil:
		return expr.Add(expr.Mul(r.A, p.Wrt), expr.Mul(p.Wrt, r.B)), r.C
	}
	return expr.Call(expr.OpVec, p.Wrt), expr.Mul(expr.Inv(r.System), r.Side)
}

// Condition lists what the solution needs, in a language ("zh" or "en").
func (p *Point) Condition(lang string) string { return p.condition(lang, format.ASCII) }

func (p *Point) condition(lang string, f func(*expr.Node) string) string {
	out := make([]string, len(p.Conditions))
	for i, c := range p.Conditions {
		out[i] = c.with(lang, f)
	}
	return strings.Join(out, map[bool]string{true: "，", false: ", "}[lang == "zh"])
}

// In is the rule in a language, "zh" or "en", with its formulas in ASCII.
func (r Rule) In(lang string) string { return r.with(lang, format.ASCII) }

// with is the rule with its formulas as a function writes them.
func (r Rule) with(lang string, f func(*expr.Node) string) string {
	text := r.En
	if lang == "zh" {
		text = r.Zh
	}
	for _, n := range r.About {
		text = strings.Replace(text, "%s", f(n), 1)
	}
	return text
}

var kindNames = map[Kind]Rule{
	Min: {En: "minimum", Zh: "极小点"}, Max: {En: "maximum", Zh: "极大点"}, Saddle: {En: "saddle point", Zh: "鞍点"}, Undecided: {En: "stationary point", Zh: "驻点"},
}

// Text is the derivation as lines of text in a language, the rules one below
// the other.
func (p *Point) Text(lang string) string {
	const widest = 48 // longer lines put their rule right behind
	lines := make([]string, len(p.Steps))
	width := 0
	for i, s := range p.Steps {
		lines[i] = format.Shown(s.Left) + " = " + format.Shown(s.Right)
		if n := utf8.RuneCountInString(lines[i]); n <= widest {
			width = max(width, n)
		}
	}
	var b strings.Builder
	for i, s := range p.Steps {
		pad := max(0, width-utf8.RuneCountInString(lines[i]))
		fmt.Fprintf(&b, "%s%s    %s\n", lines[i], strings.Repeat(" ", pad), s.Rule.In(lang))
	}
	for _, c := range p.Branches {
		fmt.Fprintf(&b, "%s = %s    %s\n", format.Shown(p.Wrt), format.Shown(c.Value), c.note(lang, format.Shown))
	}
	for _, l := range p.notes(lang, format.Shown) {
		b.WriteString(l + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// notes are the lines below the derivation, their formulas as a function writes
// them.
func (p *Point) notes(lang string, f func(*expr.Node) string) []string {
	zh := lang == "zh"
	pick := func(en, zhText string) string {
		if zh {
			return zhText
		}
		return en
	}
	var out []string
	if p.Root == nil {
		out = append(out, pick("no closed form is known; the stationary points, if there are any, satisfy the equation", "没有已知的闭式解；驻点（若存在）满足上面的方程"))
	}
	if c := p.condition(lang, f); c != "" {
		out = append(out, pick("condition: ", "条件：")+c)
	}
	if n := len(p.Branches); n > 1 {
		out = append(out, fmt.Sprintf(pick("%d stationary points were found; the first is a %s", "共找到 %d 个驻点；第一个为%s"), n, kindNames[p.Kind].In(lang)))
	}
	out = append(out, fmt.Sprintf(pick("kind: %s, since %s", "类型：%s，因为%s"), kindNames[p.Kind].In(lang), p.Why.In(lang)))
	if p.Points > 0 {
		out = append(out, fmt.Sprintf(pick("checked: the gradient vanishes at %d random points", "验证：在 %d 个随机点上梯度为零"), p.Points))
	}
	return out
}

// note is the kind of a branch and what it needs.
func (b Branch) note(lang string, f func(*expr.Node) string) string {
	out := kindNames[b.Kind].In(lang)
	for _, c := range b.Conditions {
		out += map[bool]string{true: "，", false: ", "}[lang == "zh"] + c.with(lang, f)
	}
	return out
}

// Markup is the derivation as LaTeX in a language.
func (p *Point) Markup(lang string) string {
	var b strings.Builder
	b.WriteString("\\begin{aligned}\n")
	for i, s := range p.Steps {
		if i > 0 {
			b.WriteString(" \\\\\n")
		}
		fmt.Fprintf(&b, `%s &= %s &\quad& \text{%s}`, format.LaTeX(s.Left), format.LaTeX(s.Right), plainTeX(s.Rule.In(lang)))
	}
	// A formula within the text is parted from it by signs that no text has.
	within := func(n *expr.Node) string { return "\x00" + format.LaTeX(n) + "\x00" }
	for _, c := range p.Branches {
		fmt.Fprintf(&b, " \\\\\n%s &= %s &\\quad& \\text{%s}", format.LaTeX(p.Wrt), format.LaTeX(c.Value), mixedTeX(c.note(lang, within)))
	}
	for _, l := range p.notes(lang, within) {
		fmt.Fprintf(&b, " \\\\\n&&& \\text{%s}", mixedTeX(l))
	}
	b.WriteString("\n\\end{aligned}")
	return b.String()
}

// mixedTeX escapes text in which every other part between zero bytes is a
// formula.
func mixedTeX(s string) string {
	parts := strings.Split(s, "\x00")
	for i := range parts {
		if i%2 == 0 {
			parts[i] = plainTeX(parts[i])
		} else {
			parts[i] = "$" + parts[i] + "$"
		}
	}
	return strings.Join(parts, "")
}

// plainTeX escapes what is special in text mode.
func plainTeX(s string) string {
	return strings.NewReplacer(`\`, `\textbackslash{}`, "_", `\_`, "&", `\&`, "%", `\%`, "#", `\#`, "^", `\^{}`, "λ", `$\lambda$`, ">", `$>$`).Replace(s)
}

// KindName is a kind in words.
func KindName(k Kind) Rule { return kindNames[k] }
