package regress

import (
	"html"
	"strings"
	"unicode"
)

// String is the summary as aligned plain text.
func (s *Summary) String() string {
	var b strings.Builder
	b.WriteString(s.title + "\n" + word("formula") + ": " + s.formula + "\n")
	if s.quantiles != nil {
		b.WriteString("\n" + word("residuals") + ":\n" + s.quantiles.text(false))
	}
	b.WriteString("\n" + word("coefficients") + ":\n" + s.coefficients.text(true))
	if s.stars {
		b.WriteString(word("codes") + "\n")
	}
	b.WriteString("\n")
	for _, l := range append(s.lines, s.warnings...) {
		b.WriteString(l + "\n")
	}
	return b.String()
}

// HTML is the summary as HTML tables.
func (s *Summary) HTML() string {
	var b strings.Builder
	b.WriteString(`<div class="nabla-fit"><p><b>` + html.EscapeString(s.title) + `</b><br><code>` + html.EscapeString(s.formula) + `</code></p>`)
	if s.quantiles != nil {
		b.WriteString(`<p style="margin-bottom:0">` + html.EscapeString(word("residuals")) + `</p>` + s.quantiles.html(false))
	}
	b.WriteString(s.coefficients.html(true) + `<p>`)
	if s.stars {
		b.WriteString(`<small>` + html.EscapeString(word("codes")) + `</small><br>`)
	}
	for i, l := range s.lines {
		if i > 0 {
			b.WriteString("<br>")
		}
		b.WriteString(html.EscapeString(l))
	}
	for _, w := range s.warnings {
		b.WriteString(`<br><b>` + html.EscapeString(w) + `</b>`)
	}
	b.WriteString("</p></div>")
	return b.String()
}

// LaTeX is the coefficient table with booktabs and the lines below it, to be
// pasted into a document.
func (s *Summary) LaTeX() string {
	var b strings.Builder
	columns := len(s.coefficients[0])
	b.WriteString("\\begin{tabular}{l" + strings.Repeat("r", columns-1) + "}\n\\toprule\n")
	for i, row := range s.coefficients {
		cells := make([]string, len(row))
		for j, c := range row {
			cells[j] = latexCell(c, j)
		}
		b.WriteString(strings.Join(cells, " & ") + " \\\\\n")
		if i == 0 {
			b.WriteString("\\midrule\n")
		}
	}
	b.WriteString("\\bottomrule\n")
	for _, l := range append(s.lines, s.warnings...) {
		b.WriteString("\\multicolumn{" + itoa(columns) + "}{l}{\\footnotesize " + latexText(l) + "} \\\\\n")
	}
	b.WriteString("\\end{tabular}\n")
	return b.String()
}

func itoa(n int) string { return formatShort(float64(n)) }

// latexCell writes a number in math mode, so that its minus is one.
func latexCell(c string, column int) string {
	if column > 0 && c != "" && strings.Trim(c, "0123456789.-+e") == "" && strings.Trim(c, ".*") != "" {
		if mantissa, exponent, ok := strings.Cut(c, "e"); ok {
			sign := strings.TrimPrefix(exponent, "+")
			negative := strings.HasPrefix(sign, "-")
			sign = strings.TrimLeft(sign, "-0")
			if negative {
				sign = "-" + sign
			}
			return "$" + mantissa + " \\times 10^{" + sign + "}$"
		}
		return "$" + c + "$"
	}
	if column > 0 && strings.HasPrefix(c, "<") {
		return "$" + strings.Replace(c, "e-16", " \\times 10^{-16}", 1) + "$"
	}
	return latexText(c)
}

var latexEscapes = strings.NewReplacer(`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `_`, `\_`, `%`, `\%`, `&`, `\&`, `#`, `\#`, `$`, `\$`,
	`^`, `\textasciicircum{}`, `~`, `\textasciitilde{}`, `<`, `\textless{}`, `>`, `\textgreater{}`, `|`, `\textbar{}`, `²`, `\textsuperscript{2}`)

func latexText(s string) string { return latexEscapes.Replace(s) }

// cells is the width of s on a terminal, where Chinese characters take two.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n++
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0x3000 && r < 0x3040 || r >= 0xff00 && r < 0xff61 {
			n++
		}
	}
	return n
}

// text aligns the grid: labels to the left, numbers to the right.
func (g grid) text(labels bool) string {
	widths := make([]int, len(g[0]))
	for _, row := range g {
		for j, c := range row {
			widths[j] = max(widths[j], cells(c))
		}
	}
	var b strings.Builder
	for _, row := range g {
		var line strings.Builder
		for j, c := range row {
			pad := strings.Repeat(" ", widths[j]-cells(c))
			if j > 0 {
				line.WriteString(" ")
				if widths[j] > 0 && !isStars(g, j) {
					line.WriteString(" ")
				}
			}
			if labels && j == 0 || isStars(g, j) {
				line.WriteString(c + pad)
			} else {
				line.WriteString(pad + c)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// isStars recognises the column without a header.
func isStars(g grid, j int) bool { return g[0][j] == "" }

func (g grid) html(labels bool) string {
	var b strings.Builder
	b.WriteString(`<table>`)
	for i, row := range g {
		if i == 0 {
			b.WriteString("<thead>")
		}
		b.WriteString("<tr>")
		for j, c := range row {
			tag, align := "td", "right"
			if i == 0 || labels && j == 0 {
				tag = "th"
			}
			if labels && j == 0 || isStars(g, j) {
				align = "left"
			}
			b.WriteString("<" + tag + ` style="text-align:` + align + `">` + html.EscapeString(c) + "</" + tag + ">")
		}
		b.WriteString("</tr>")
		switch i {
		case 0:
			b.WriteString("</thead><tbody>")
		case len(g) - 1:
			b.WriteString("</tbody>")
		}
	}
	b.WriteString("</table>")
	return b.String()
}
