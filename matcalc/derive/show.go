package derive

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/words"
)

// SetLanguage chooses the language of the rules' names: "zh" or "en"; "" is
// that of LANG.
func SetLanguage(lang string) { words.SetLanguage(lang) }

// Language is the one chosen, or that of LANG.
func Language() string { return words.Language() }

// names joins the names of a line's rules.
func (l Line) names(lang string) string {
	out := make([]string, len(l.Rules))
	for i, r := range l.Rules {
		out[i] = r.Name(lang)
	}
	return strings.Join(out, "; ")
}

var dCall = regexp.MustCompile(`(^|[^a-zA-Z])d(\\left)?\(`)

// latex is the right side of a line.
func (d *Derivation) latex(l Line) string {
	if l.TeX != "" {
		return l.TeX
	}
	return d.tex(l.Right)
}

// tex writes a node with upright d, and the slopes of intermediates as
// fractions.
func (d *Derivation) tex(n *expr.Node) string {
	text := format.LaTeX(n)
	for _, v := range n.Variables() {
		if name, ok := strings.CutPrefix(v.Name(), "∂f/∂"); ok {
			text = strings.ReplaceAll(text, format.LaTeX(v), `\frac{\partial f}{\partial `+d.nameTeX(name)+`}`)
		}
		if name, ok := strings.CutPrefix(v.Name(), "d"); ok && d.isName(name) {
			text = strings.ReplaceAll(text, format.LaTeX(v), `\mathrm{d}`+d.nameTeX(name))
		}
	}
	symbol := format.LaTeX(d.D)
	text = strings.ReplaceAll(text, symbol, `\mathrm{d}`+format.LaTeX(d.Wrt))
	text = dCall.ReplaceAllString(text, `${1}\mathrm{d}$2(`)
	return beforeD.ReplaceAllString(text, `$1\,\mathrm{d}`)
}

// beforeD is a factor right before a differential, from which a thin space
// parts it.
var beforeD = regexp.MustCompile(`([0-9A-Za-z})'])\s*\\mathrm\{d\}`)

// nameTeX is an intermediate's name as LaTeX.
func (d *Derivation) nameTeX(name string) string {
	for _, l := range d.Lines {
		if l.Name != nil && l.Name.Name() == name {
			return format.LaTeX(l.Name)
		}
	}
	return name
}

func (d *Derivation) isName(name string) bool {
	for _, l := range d.Lines {
		if l.Left == Named && l.Name.Name() == name {
			return true
		}
	}
	return false
}

// A leftForm writes a left side, of name n (LaTeX or text).
type leftForm struct{ text, latex string }

var leftForms = map[Side]leftForm{
	Same:         {"", ""},
	Function:     {"f", "f"},
	Differential: {"df", `\mathrm{d}f`},
	Derivative:   {"∂f/∂X", `\frac{\partial f}{\partial X}`},
	Named:        {"X", "X"},
	Slope:        {"∂f/∂X", `\frac{\partial f}{\partial X}`},
	NamedD:       {"dX", `\mathrm{d}X`},
	Moved:        {"f(X+dX)", `f(X+\mathrm{d}X)`},
}

func (d *Derivation) left(l Line, latex bool) string {
	name := d.Wrt
	if l.Name != nil {
		name = l.Name
	}
	f := leftForms[l.Left]
	if l.Left == Entry || l.Left == Partial {
		f = d.entryForms[l.Left]
	}
	if latex {
		return strings.ReplaceAll(f.latex, "X", format.LaTeX(name))
	}
	return strings.ReplaceAll(f.text, "X", name.Name())
}

// relation is "=", or its first-order kin.
func (l Line) relation(latex bool) string {
	switch {
	case !l.Order:
		return "="
	case latex:
		return `\doteq`
	}
	return "≐"
}

// LaTeX is the derivation as aligned lines, the rules' names at the right.
func (d *Derivation) LaTeX() string {
	var b strings.Builder
	b.WriteString("\\begin{aligned}\n")
	for i, l := range d.Lines {
		if i > 0 {
			b.WriteString(` \\` + "\n")
		}
		fmt.Fprintf(&b, `%s &%s %s &\quad& \text{%s}`, d.left(l, true), l.relation(true), d.latex(l), texText(d.note(l, Language())))
	}
	b.WriteString("\n\\end{aligned}")
	return b.String()
}

// texText escapes what is special in text mode; the signs of the rules' names
// that fonts of text lack become words.
func texText(s string) string {
	return strings.NewReplacer(`⊤`, `'`, `_`, `\_`, `&`, `\&`, `%`, `\%`, `#`, `\#`).Replace(s)
}

// String is the derivation as text, in ASCII, one line each with the rules'
// names.
func (d *Derivation) String() string {
	return d.table(func(l Line) string {
		if l.Text != "" {
			return l.Text
		}
		return format.ASCII(l.Right)
	})
}
