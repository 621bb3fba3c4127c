package display

import (
	"strconv"
	"strings"
)

// A number is one entry of a grid: the digits of an integer type, or floating
// point in re and im.
type number struct {
	re, im float64
	exact  string
}

// A grid is a matrix of numbers of any origin, before what is shown is chosen.
type grid struct {
	rows, cols int
	at         func(i, j int) number
	exact      bool // integers of Go types, never scaled
	complex    bool // some entry may have an imaginary part
}

// A view is how much of a large grid is shown: all of at most so many rows or
// columns, the first and the last ones of more.
type view struct{ most, head, tail int }

var (
	viewRows = view{most: 16, head: 7, tail: 4}
	viewCols = view{most: 12, head: 6, tail: 4}
)

// textWidth is how many columns of a terminal a matrix may take.
const textWidth = 100

// gap stands among shown indices for those left out.
const gap = -1

// of lists the indices of n that are shown, with a gap where some are not.
func (w view) of(n int) []int {
	shown := make([]int, 0, min(n, w.most)+1)
	for i := 0; i < n; i++ {
		if n > w.most && i == w.head {
			shown = append(shown, gap)
			i = n - w.tail
		}
		shown = append(shown, i)
	}
	return shown
}

// A layout is a grid ready to be drawn: the numbers that are shown, written.
type layout struct {
	rows, cols int         // of the whole grid
	row, col   []int       // indices shown, gap for dots
	columns    [][]numeral // by position in col and in row; empty for gaps
	factor     int         // the numbers shown are to be multiplied by 10^factor
}

// lay chooses what is shown of g and how its numbers are written.
func (g grid) lay(cols view) layout {
	l := layout{rows: g.rows, cols: g.cols, row: viewRows.of(g.rows), col: cols.of(g.cols)}
	entries := make([][]number, len(l.col))
	var all []float64
	for c, j := range l.col {
		for _, i := range l.row {
			if i != gap && j != gap {
				x := g.at(i, j)
				entries[c] = append(entries[c], x)
				all = append(all, x.re, x.im)
			}
		}
	}
	if !g.exact {
		l.factor = commonFactor(all)
	}
	l.columns = make([][]numeral, len(l.col))
	for c, xs := range entries {
		if l.col[c] != gap {
			l.columns[c] = l.spread(g.write(xs, l.factor))
		}
	}
	return l
}

// write writes the numbers of one column divided by 10^factor.
func (g grid) write(xs []number, factor int) []numeral {
	out := make([]numeral, len(xs))
	if g.exact {
		for i, x := range xs {
			out[i].whole = x.exact
		}
		return out
	}
	re, im := make([]float64, len(xs)), make([]float64, len(xs))
	for i, x := range xs {
		re[i], im[i] = shift(x.re, factor), shift(x.im, factor)
	}
	if g.complex {
		return complexNumerals(re, im)
	}
	return numerals(re)
}

// spread puts an empty numeral where the rows have their gap.
func (l layout) spread(ns []numeral) []numeral {
	out := make([]numeral, len(l.row))
	for r, i := range l.row {
		if i != gap {
			out[r], ns = ns[0], ns[1:]
		}
	}
	return out
}

// partial reports whether the size must be said: something is left out, or
// there is nothing.
func (l layout) partial() bool {
	return l.rows > viewRows.most || len(l.col) < l.cols || l.rows == 0 || l.cols == 0
}

func (l layout) size(times string) string {
	return strconv.Itoa(l.rows) + times + strconv.Itoa(l.cols)
}

// bundle draws the grid as formula and as text.
func (g grid) bundle() Bundle {
	return mathBundle(g.lay(viewCols).latex(), g.text())
}

// text draws the grid with as many columns as fit.
func (g grid) text() string {
	for cols := viewCols; ; {
		s := g.lay(cols).text()
		if first, _, _ := strings.Cut(s, "\n"); width(first) <= textWidth || cols.head+cols.tail <= 2 {
			return s
		}
		if cols.head > cols.tail {
			cols.head--
		} else {
			cols.tail--
		}
		cols.most = cols.head + cols.tail
	}
}
