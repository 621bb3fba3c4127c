package display

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/gonum/mat"
)

// A matrix with more rows or columns than this is shortened with dots.
const (
	maxRows, headRows, tailRows = 14, 6, 3
	maxCols, headCols, tailCols = 12, 6, 3
)

// A grid is a matrix of numerals on its way to text and LaTeX.
type grid struct {
	rows, cols int
	cells      [][]numeral // the rows and columns that are shown
	rowIndex   []int       // -1 stands for dots
	colIndex   []int
	factor     int // every entry is to be multiplied by 10^factor
}

// matrices renders gonum's matrices, real and complex.
func matrices(v any) (Bundle, bool) {
	switch m := v.(type) {
	case mat.Matrix:
		if r, c := m.Dims(); r == 0 || c == 0 {
			return plainBundle(fmt.Sprintf("[] (%d×%d)", r, c)), true
		}
		return realGrid(m).bundle(), true
	case mat.CMatrix:
		if r, c := m.Dims(); r == 0 || c == 0 {
			return plainBundle(fmt.Sprintf("[] (%d×%d)", r, c)), true
		}
		return complexGrid(m).bundle(), true
	}
	return Bundle{}, false
}

// numberGrid renders [][]float64 and slices of slices of any real numbers,
// rows of equal length, as a matrix.
func numberGrid(v any) (Bundle, bool) {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice || rv.Len() == 0 {
		return Bundle{}, false
	}
	row := rv.Type().Elem()
	if row.Kind() != reflect.Slice || row.Elem().Kind() != reflect.Float64 || rv.Index(0).Len() == 0 {
		return Bundle{}, false
	}
	rows, cols := rv.Len(), rv.Index(0).Len()
	data := make([]float64, 0, rows*cols)
	for i := range rows {
		if rv.Index(i).Len() != cols {
			return Bundle{}, false
		}
		for j := range cols {
			data = append(data, rv.Index(i).Index(j).Float())
		}
	}
	b := realGrid(mat.NewDense(rows, cols, data)).bundle()
	b.Data[MIMEText] = sprint(v)
	return b, true
}

func shown(n, most, head, tail int) []int {
	var out []int
	if n <= most {
		for i := range n {
			out = append(out, i)
		}
		return out
	}
	for i := range head {
		out = append(out, i)
	}
	out = append(out, -1)
	for i := n - tail; i < n; i++ {
		out = append(out, i)
	}
	return out
}

func newGrid(rows, cols int) *grid {
	return &grid{rows: rows, cols: cols, rowIndex: shown(rows, maxRows, headRows, tailRows), colIndex: shown(cols, maxCols, headCols, tailCols)}
}

// visible calls f for every entry that is shown.
func (g *grid) visible(f func(i, j int)) {
	for _, i := range g.rowIndex {
		for _, j := range g.colIndex {
			if i >= 0 && j >= 0 {
				f(i, j)
			}
		}
	}
}

func realGrid(m mat.Matrix) *grid {
	g := newGrid(m.Dims())
	var all []float64
	g.visible(func(i, j int) { all = append(all, m.At(i, j)) })
	g.factor = commonFactor(all)
	g.fill(func(j int) []numeral {
		var xs []float64
		for _, i := range g.rowIndex {
			if i >= 0 {
				xs = append(xs, shift(m.At(i, j), g.factor))
			}
		}
		return numerals(xs)
	})
	return g
}

func complexGrid(m mat.CMatrix) *grid {
	g := newGrid(m.Dims())
	g.fill(func(j int) []numeral {
		var re, im []float64
		for _, i := range g.rowIndex {
			if i >= 0 {
				re, im = append(re, real(m.At(i, j))), append(im, imag(m.At(i, j)))
			}
		}
		return complexNumerals(re, im)
	})
	return g
}

// fill writes the columns, each with its own digits.
func (g *grid) fill(column func(j int) []numeral) {
	g.cells = make([][]numeral, len(g.rowIndex))
	for r := range g.cells {
		g.cells[r] = make([]numeral, len(g.colIndex))
	}
	for c, j := range g.colIndex {
		if j < 0 {
			continue
		}
		next := column(j)
		for r, i := range g.rowIndex {
			if i >= 0 {
				g.cells[r][c], next = next[0], next[1:]
			}
		}
	}
}

func (g *grid) bundle() Bundle { return mathBundle(g.latex(), g.text()) }

// shortened says the size of a matrix that is not shown whole.
func (g *grid) shortened() bool { return len(g.rowIndex) < g.rows || len(g.colIndex) < g.cols }

func (g *grid) latex() string {
	var b strings.Builder
	if g.factor != 0 {
		fmt.Fprintf(&b, `10^{%d}\times`, g.factor)
	}
	b.WriteString(`\begin{bmatrix}`)
	for r, i := range g.rowIndex {
		if r > 0 {
			b.WriteString(` \\ `)
		}
		for c, j := range g.colIndex {
			if c > 0 {
				b.WriteString(" & ")
			}
			switch {
			case i < 0 && j < 0:
				b.WriteString(`\ddots`)
			case i < 0:
				b.WriteString(`\vdots`)
			case j < 0:
				b.WriteString(`\cdots`)
			default:
				b.WriteString(g.cells[r][c].latex())
			}
		}
	}
	b.WriteString(`\end{bmatrix}`)
	if g.shortened() {
		fmt.Fprintf(&b, `_{%d\times %d}`, g.rows, g.cols)
	}
	return b.String()
}

// text aligns the columns at the point between brackets of box characters.
func (g *grid) text() string {
	columns := make([][]string, len(g.colIndex))
	for c, j := range g.colIndex {
		columns[c] = g.column(c, j)
	}
	var b strings.Builder
	if g.factor != 0 {
		fmt.Fprintf(&b, "10%s ×\n", superscripts.Replace(fmt.Sprint(g.factor)))
	}
	last := len(g.rowIndex) - 1
	for r := range g.rowIndex {
		left, right := "⎢", "⎥"
		switch {
		case last == 0:
			left, right = "[", "]"
		case r == 0:
			left, right = "⎡", "⎤"
		case r == last:
			left, right = "⎣", "⎦"
		}
		b.WriteString(left)
		for c := range columns {
			if c > 0 {
				b.WriteString("  ")
			}
			b.WriteString(columns[c][r])
		}
		b.WriteString(right)
		if r < last {
			b.WriteByte('\n')
		}
	}
	if g.shortened() {
		fmt.Fprintf(&b, " %d×%d", g.rows, g.cols)
	}
	return b.String()
}

// column gives the entries of one column, padded to one width.
func (g *grid) column(c, j int) []string {
	out := make([]string, len(g.rowIndex))
	before, after := 0, 0
	for r, i := range g.rowIndex {
		if i >= 0 && j >= 0 {
			n := g.cells[r][c]
			before = max(before, utf8.RuneCountInString(n.whole))
			after = max(after, utf8.RuneCountInString(n.tail()))
		}
	}
	for r, i := range g.rowIndex {
		switch n := g.cells[r][c]; {
		case j < 0 && i < 0:
			out[r] = "⋱"
		case j < 0:
			out[r] = "⋯"
		case i < 0:
			out[r] = pad("⋮", before, after)
		default:
			out[r] = strings.Repeat(" ", before-utf8.RuneCountInString(n.whole)) + n.String() +
				strings.Repeat(" ", after-utf8.RuneCountInString(n.tail()))
		}
	}
	return out
}

func pad(s string, before, after int) string {
	return strings.Repeat(" ", max(before-1, 0)) + s + strings.Repeat(" ", after+min(before, 1)-1)
}
