package format

import (
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// LineWidth is the number of signs that fit on a line of a notebook.
const LineWidth = 76

// LaTeXLines is LaTeX in lines of at most about width signs, broken before plus
// and minus and aligned there; what fits on one line is LaTeX itself.
func LaTeXLines(n *expr.Node, width int) string {
	text := LaTeX(n)
	if signs(text) <= width {
		return text
	}
	for depth := range 3 { // outside of brackets if that will do, else within
		if lines := broken(text, width, depth); lines != nil {
			return `\begin{aligned} & ` + strings.Join(lines, ` \\ & \quad `) + ` \end{aligned}`
		}
	}
	return text
}

// broken parts the text at signs within at most so many brackets; nil if a line
// stays much too long.
func broken(text string, width, depth int) []string {
	var lines []string
	for _, piece := range pieces(text, depth) {
		last := len(lines) - 1
		if last >= 0 && signs(lines[last])+signs(piece) <= width {
			lines[last] += piece
		} else {
			lines = append(lines, piece)
		}
	}
	for _, l := range lines {
		if signs(l) > width*3/2 && depth < 2 {
			return nil
		}
	}
	if len(lines) < 2 {
		return nil
	}
	return lines
}

// pieces cuts before each " + " and " - " that stands in at most depth plain
// brackets and in no group that LaTeX must see whole.
func pieces(text string, depth int) []string {
	var out []string
	start, brackets, groups := 0, 0, 0
	for i := 0; i < len(text); i++ {
		rest := text[i:]
		switch {
		case strings.HasPrefix(rest, `\left`) && !strings.HasPrefix(rest, `\leftarrow`), strings.HasPrefix(rest, `\begin{`):
			groups++
		case strings.HasPrefix(rest, `\right`) && !strings.HasPrefix(rest, `\rightarrow`), strings.HasPrefix(rest, `\end{`):
			groups--
		case text[i] == '{':
			groups++
		case text[i] == '}':
			groups--
		case text[i] == '(':
			brackets++
		case text[i] == ')':
			brackets--
		case groups == 0 && brackets <= depth && i > start && (strings.HasPrefix(rest, " + ") || strings.HasPrefix(rest, " - ")):
			out = append(out, text[start:i])
			start = i
		}
	}
	return append(out, text[start:])
}

// signs estimates the width of a formula: letters and signs count one, what is
// raised or in a fraction a little less, commands that only arrange nothing.
func signs(text string) int {
	count := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			j := i + 1
			for j < len(text) && (text[j] >= 'a' && text[j] <= 'z' || text[j] >= 'A' && text[j] <= 'Z') {
				j++
			}
			switch text[i+1 : j] {
			case "left", "right", "operatorname", "mathrm", "mathbf", "boldsymbol", "text", "frac", "tfrac", "begin", "end", "quad", "":
			default:
				count++
			}
			i = j - 1
		case c == '{' || c == '}' || c == '^' || c == '_' || c == ' ' || c == '&' || c >= 0x80 && c < 0xC0:
		default:
			count++
		}
	}
	return count
}
