package display

import (
	"fmt"
	"strings"
)

// text draws the numbers between brackets made of box characters, each column
// aligned at the point.
func (l layout) text() string {
	if l.rows == 0 || l.cols == 0 {
		return "[] (" + l.size("×") + ")"
	}
	columns := make([][]string, len(l.col))
	for c := range columns {
		columns[c] = l.column(c)
	}
	lines := make([]string, len(l.row))
	for r := range lines {
		cells := make([]string, len(columns))
		for c := range columns {
			cells[c] = columns[c][r]
		}
		lines[r] = strings.Join(cells, "  ")
	}
	bracket(lines, "[⎡⎢⎣", "]⎤⎥⎦")
	if l.factor != 0 {
		prefix(lines, "10"+superscripts.Replace(fmt.Sprint(l.factor))+" · ")
	}
	if l.partial() {
		lines[len(lines)-1] += " " + l.size("×")
	}
	return strings.Join(lines, "\n")
}

// column gives the entries of a column, all of one width.
func (l layout) column(c int) []string {
	out := make([]string, len(l.row))
	before, after := 1, 0
	for _, n := range l.columns[c] {
		before = max(before, width(n.whole))
		after = max(after, width(n.tail()))
	}
	for r, i := range l.row {
		switch {
		case l.col[c] == gap && i == gap:
			out[r] = "⋱"
		case l.col[c] == gap:
			out[r] = "⋯"
		case i == gap:
			out[r] = strings.Repeat(" ", before-1) + "⋮" + strings.Repeat(" ", after)
		default:
			n := l.columns[c][r]
			out[r] = strings.Repeat(" ", before-width(n.whole)) + n.String() +
				strings.Repeat(" ", after-width(n.tail()))
		}
	}
	return out
}

// bracket puts a delimiter round lines. Left and right hold its four pieces:
// for a single line, the top, the middle and the bottom.
func bracket(lines []string, left, right string) {
	l, r := []rune(left), []rune(right)
	for i := range lines {
		piece := 2
		switch {
		case len(lines) == 1:
			piece = 0
		case i == 0:
			piece = 1
		case i == len(lines)-1:
			piece = 3
		}
		lines[i] = string(l[piece]) + lines[i] + string(r[piece])
	}
}

// prefix puts s before the middle line and as much space before the others.
func prefix(lines []string, s string) {
	for i := range lines {
		if i == (len(lines)-1)/2 {
			lines[i] = s + lines[i]
			continue
		}
		lines[i] = strings.Repeat(" ", width(s)) + lines[i]
	}
}

// beside joins blocks of lines from left to right, each centred vertically.
func beside(blocks [][]string) []string {
	height := 0
	for _, b := range blocks {
		height = max(height, len(b))
	}
	out := make([]string, height)
	for _, b := range blocks {
		across := 0
		for _, s := range b {
			across = max(across, width(s))
		}
		above := (height - len(b)) / 2
		for i := range out {
			s := ""
			if i >= above && i < above+len(b) {
				s = b[i-above]
			}
			out[i] += s + strings.Repeat(" ", across-width(s))
		}
	}
	return out
}
