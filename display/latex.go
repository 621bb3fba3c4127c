package display

import (
	"fmt"
	"strings"
)

// latex draws the numbers as a matrix of TeX. Integers are centred, as in
// print; numbers with a point stand in right-aligned columns, each filled up
// behind the point with invisible digits.
func (l layout) latex() string {
	if l.rows == 0 || l.cols == 0 {
		return `\left[\;\right]_{` + l.size(` \times `) + `}`
	}
	var b strings.Builder
	if l.factor != 0 {
		fmt.Fprintf(&b, `10^{%d} \cdot `, l.factor)
	}
	begin, end := `\begin{bmatrix}`, `\end{bmatrix}`
	if l.pointed() {
		begin = `\left[\begin{array}{` + strings.Repeat("r", len(l.col)) + `}`
		end = `\end{array}\right]`
	}
	b.WriteString(begin + " ")
	for r := range l.row {
		if r > 0 {
			b.WriteString(` \\ `)
		}
		for c := range l.col {
			if c > 0 {
				b.WriteString(" & ")
			}
			b.WriteString(l.entry(r, c))
		}
	}
	b.WriteString(" " + end)
	if l.partial() {
		fmt.Fprintf(&b, `_{%s}`, l.size(` \times `))
	}
	return b.String()
}

// pointed reports whether any number that is shown has a fraction.
func (l layout) pointed() bool {
	for _, ns := range l.columns {
		for _, n := range ns {
			if n.frac != "" || n.exp != "" {
				return true
			}
		}
	}
	return false
}

// entry is one number, or the dots for those left out.
func (l layout) entry(r, c int) string {
	switch downward, across := l.row[r] == gap, l.col[c] == gap; {
	case downward && across:
		return `\ddots`
	case downward:
		return `\vdots`
	case across:
		return `\cdots`
	}
	n := l.columns[c][r]
	if n.exp != "" || n.tex != "" {
		return n.latex()
	}
	after := 0
	for _, other := range l.columns[c] {
		if other.exp == "" && other.tex == "" {
			after = max(after, len(other.tail()))
		}
	}
	short := after - len(n.tail())
	switch {
	case short == 0:
		return n.latex()
	case n.frac == "":
		return n.latex() + `\phantom{.` + strings.Repeat("0", short-1) + `}`
	}
	return n.latex() + `\phantom{` + strings.Repeat("0", short) + `}`
}
