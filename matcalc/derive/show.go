package derive

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/format"
)

var language atomic.Value

// SetLanguage chooses the language of the rules' names: "zh" or "en".
func SetLanguage(lang string) { language.Store(lang) }

// Language is the one chosen, or that of LANG.
func Language() string {
	if l, ok := language.Load().(string); ok {
		return l
	}
	if strings.HasPrefix(os.Getenv("LANG"), "zh") {
		return "zh"
	}
	return "en"
}

// names joins the names of a line's rules.
func (l Line) names(lang string) string {
	out := make([]string, len(l.Rules))
	for i, r := range l.Rules {
		out[i] = r.Name(lang)
	}
	return strings.Join(out, "; ")
}

var dCall = regexp.MustCompile(`(^|[^a-zA-Z])d(\\left)?\(`)

// latex writes an expression with upright d.
func (d *Derivation) latex(l Line) string {
	text := format.LaTeX(l.Right)
	symbol := format.LaTeX(d.D)
	text = strings.ReplaceAll(text, symbol, `\mathrm{d}`+format.LaTeX(d.Wrt))
	return dCall.ReplaceAllString(text, `${1}\mathrm{d}$2(`)
}

func (d *Derivation) left(l Line, latex bool) string {
	x := d.Wrt.Name()
	if latex {
		x = format.LaTeX(d.Wrt)
	}
	switch {
	case l.Left == Function:
		return "f"
	case l.Left == Differential && latex:
		return `\mathrm{d}f`
	case l.Left == Differential:
		return "df"
	case l.Left == Derivative && latex:
		return `\frac{\partial f}{\partial ` + x + `}`
	case l.Left == Derivative:
		return "∂f/∂" + x
	}
	return ""
}

// LaTeX is the derivation as aligned lines, the rules' names at the right.
func (d *Derivation) LaTeX() string {
	var b strings.Builder
	b.WriteString("\\begin{aligned}\n")
	for i, l := range d.Lines {
		if i > 0 {
			b.WriteString(` \\` + "\n")
		}
		fmt.Fprintf(&b, `%s &= %s &\quad& \text{%s}`, d.left(l, true), d.latex(l), texText(l.names(Language())))
	}
	b.WriteString("\n\\end{aligned}")
	return b.String()
}

// texText escapes what is special in text mode; the signs of the rules' names
// that fonts of text lack become words.
func texText(s string) string {
	return strings.NewReplacer(`⊤`, `'`, `_`, `\_`, `&`, `\&`, `%`, `\%`, `#`, `\#`).Replace(s)
}

// String is the derivation as text, one line each with the rules' names.
func (d *Derivation) String() string {
	var rows [][2]string
	width := 0
	for _, l := range d.Lines {
		text := fmt.Sprintf("%7s = %s", d.left(l, false), format.ASCII(l.Right))
		width = max(width, min(utf8.RuneCountInString(text), 72))
		rows = append(rows, [2]string{text, l.names(Language())})
	}
	var b strings.Builder
	for i, r := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%-*s   %s", width, r[0], r[1])
	}
	return b.String()
}
