package review

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/matcalc/claim"
)

// words of the rendering, in English and Chinese.
var (
	wordWrong   = Words{"wrong", "有误"}
	wordShape   = Words{"does not fit", "形状不符"}
	wordBecause = Words{"why", "原因"}
	wordRight   = Words{"correct", "应为"}
	wordFollows = Words{"it follows from the line before, which is wrong", "由上一行推得，错在上一行"}
)

// Judgement is the verdict in words.
func (l Line) Judgement(lang string) string {
	switch l.Verdict {
	case claim.True:
		return "✓ " + senseWords[l.Sense].In(lang)
	case claim.ShapeError:
		return "✗ " + wordShape.In(lang)
	}
	return "✗ " + wordWrong.In(lang)
}

// remarks are what is said below a line.
func (l Line) remarks(lang string) []string {
	var out []string
	if !l.Reason.empty() {
		out = append(out, l.because(lang))
	}
	if l.Follows {
		out = append(out, wordFollows.In(lang))
	}
	if l.Right != "" {
		out = append(out, wordRight.In(lang)+": "+pretty(l.Right))
	}
	return out
}

// because is the reason, or the remark on a line that holds.
func (l Line) because(lang string) string {
	head := ""
	if l.Verdict != claim.True {
		head = wordBecause.In(lang) + ": "
	}
	return head + pretty(l.Reason.In(lang))
}

// formula is a line's text for HTML: typeset where it is a formula.
func formula(text string, c Class) string {
	if c != Wording {
		if tex, ok := typeset(text); ok {
			return "$" + html.EscapeString(tex) + "$"
		}
	}
	return html.EscapeString(pretty(text))
}

// In is the review as text in a language ("zh" or "en"): a line begins with
// its label, class and verdict.
func (r *Review) In(lang string) string {
	var b strings.Builder
	for _, l := range r.Lines {
		if l.Label != "" {
			fmt.Fprintf(&b, "[%s] ", l.Label)
		}
		fmt.Fprintf(&b, "%s %s  %s\n", l.Class, l.Judgement(lang), pretty(l.Text))
		for _, m := range l.remarks(lang) {
			b.WriteString("    " + m + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Table is the review as an HTML table in a language.
func (r *Review) Table(lang string) string {
	var b strings.Builder
	b.WriteString(`<table style="text-align:left"><tbody>`)
	for _, l := range r.Lines {
		label := ""
		if l.Label != "" {
			label = "[" + l.Label + "]"
		}
		color := "#1a7f37"
		if l.Verdict != claim.True {
			color = "#b42318"
		}
		fmt.Fprintf(&b, `<tr><td style="text-align:left;white-space:nowrap">%s</td><td style="text-align:left">%s`, html.EscapeString(label), formula(l.Text, l.Class))
		if !l.Reason.empty() {
			fmt.Fprintf(&b, `<br><small>%s</small>`, html.EscapeString(l.because(lang)))
		}
		if l.Follows {
			fmt.Fprintf(&b, `<br><small>%s</small>`, wordFollows.In(lang))
		}
		if l.Right != "" {
			fmt.Fprintf(&b, `<br><small>%s:</small> %s`, wordRight.In(lang), formula(l.Right, l.Class))
		}
		fmt.Fprintf(&b, `</td><td style="text-align:left;white-space:nowrap"><em>%s</em></td><td style="text-align:left;white-space:nowrap;color:%s">%s</td></tr>`, l.Class, color, html.EscapeString(l.Judgement(lang)))
	}
	b.WriteString("</tbody></table>")
	return b.String()
}

// Count gives the number of lines with a label by class, and how many of them
// are wrong.
func (r *Review) Count() (byClass map[Class]int, wrong int) {
	byClass = map[Class]int{}
	for _, l := range r.Lines {
		if l.Label == "" {
			continue
		}
		byClass[l.Class]++
		if l.Verdict != claim.True {
			wrong++
		}
	}
	return byClass, wrong
}

var (
	sumPattern   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`sum\((\w),\s*`) })
	normPattern  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`norm2\(([^()]*(?:\([^()]*\)[^()]*)*)\)`) })
	secondPrime  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(\pL)''\(`) })
	primePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(\pL)'\(`) })
	invPattern   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`inv\((\w+)\)`) })
	signs        = strings.NewReplacer(".^", "^∘", "./", "⊘", ".*", "⊙", "*", "·", "'", "ᵀ", "^2", "²", "^3", "³", "!=", "≠", "=>", "⇒", ":=", "≔")
)

// pretty writes the signs of the ASCII syntax as in mathematics, for reading.
func pretty(text string) string {
	if strings.Contains(text, `\`) {
		return strings.NewReplacer("$", "", "&=", "=").Replace(text)
	}
	text = secondPrime().ReplaceAllString(text, "$1″(")
	text = primePattern().ReplaceAllString(text, "$1′(")
	text = sumPattern().ReplaceAllString(text, "Σ_$1 (")
	text = normPattern().ReplaceAllString(text, "‖$1‖")
	text = invPattern().ReplaceAllString(text, "$1⁻¹")
	return signs.Replace(text)
}
