package display

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// cellWidth is how many columns of text one entry of a table takes at most.
const cellWidth = 60

// A tableCell is one entry: text, or a formula where it has latex.
type tableCell struct {
	text, latex string
}

// A sheet is a table on its way to HTML and text. Columns of numbers are
// aligned at the point, others at the left.
type sheet struct {
	head    []string // names of the columns
	unnamed bool     // the names are not shown
	rows    [][]tableCell
	numeric []bool // by column
	header  int    // how many columns at the left name their rows
	note    string // below the table: what is left out
}

// cut puts a row of dots where shown has a gap and says how many there are.
func (s *sheet) cut(shown []int, total int, what string) {
	at := slices.Index(shown, gap)
	if at < 0 {
		return
	}
	row := make([]tableCell, len(s.head))
	for i := range row {
		row[i].text = "⋮"
	}
	s.rows = slices.Insert(s.rows, at, row)
	s.note = fmt.Sprintf("%d %s", total, what)
}

func (s *sheet) bundle() Bundle {
	return Bundle{Data: map[string]any{MIMEHTML: s.html(), MIMEText: s.plain()}}
}

// hasFormula reports whether some entry is a formula.
func (s *sheet) hasFormula() bool {
	for _, row := range s.rows {
		for _, cell := range row {
			if cell.latex != "" {
				return true
			}
		}
	}
	return false
}

// html keeps MathJax away from dollar signs that are not mathematics.
func (s *sheet) html() string {
	var b strings.Builder
	b.WriteString(`<table class="tex2jax_ignore" style="font-variant-numeric: tabular-nums">`)
	if !s.unnamed {
		b.WriteString("\n<thead><tr>")
		for c, h := range s.head {
			b.WriteString(s.tag("th", c, "") + html.EscapeString(h) + "</th>")
		}
		b.WriteString("</tr></thead>")
	}
	b.WriteString("\n<tbody>\n")
	for _, row := range s.rows {
		b.WriteString("<tr>")
		for c, cell := range row {
			tag := "td"
			if c < s.header {
				tag = "th"
			}
			if cell.latex != "" {
				fmt.Fprintf(&b, `%s$%s$</%s>`, s.tag(tag, c, "tex2jax_process"), html.EscapeString(cell.latex), tag)
				continue
			}
			// A figure space is as wide as a digit and keeps the point in line.
			text := cell.text
			if s.numeric[c] {
				text = strings.ReplaceAll(text, " ", "\u2007")
			}
			fmt.Fprintf(&b, `%s%s</%s>`, s.tag(tag, c, ""), html.EscapeString(text), tag)
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table>")
	if s.note != "" {
		b.WriteString("\n<p>" + html.EscapeString(s.note) + "</p>")
	}
	return b.String()
}

func (s *sheet) tag(name string, column int, class string) string {
	align := "left"
	if s.numeric[column] {
		align = "right"
	}
	if class != "" {
		class = ` class="` + class + `"`
	}
	return fmt.Sprintf(`<%s%s style="text-align: %s">`, name, class, align)
}

// plain aligns the columns under their names and a rule.
func (s *sheet) plain() string {
	widths := make([]int, len(s.head))
	for c, h := range s.head {
		widths[c] = width(h) * truth(!s.unnamed)
		for _, row := range s.rows {
			widths[c] = max(widths[c], width(row[c].text))
		}
	}
	rule := make([]string, len(s.head))
	for c, w := range widths {
		rule[c] = strings.Repeat("─", max(w, 1))
	}
	var lines []string
	if !s.unnamed {
		lines = append(lines, s.line(s.head, widths), s.line(rule, widths))
	}
	for _, row := range s.rows {
		cells := make([]string, len(row))
		for c := range row {
			cells[c] = row[c].text
		}
		lines = append(lines, s.line(cells, widths))
	}
	if s.note != "" {
		lines = append(lines, s.note)
	}
	return strings.Join(lines, "\n")
}

func (s *sheet) line(cells []string, widths []int) string {
	var b strings.Builder
	for c, text := range cells {
		fill := strings.Repeat(" ", widths[c]-width(text))
		if c > 0 {
			b.WriteString("  ")
		}
		if s.numeric[c] {
			b.WriteString(fill + text)
		} else {
			b.WriteString(text + fill)
		}
	}
	return strings.TrimRight(b.String(), " ")
}
