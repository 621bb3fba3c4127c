package regress

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// A Column is one variable of a table: numbers, or text that acts as a factor.
type Column struct {
	Name string
	// Numbers are the values of a numeric column; NaN where Missing. Decimal
	// text that float64 cannot hold keeps its remaining digits in low.
	Numbers []float64
	// Text are the values of a text column; nil for a numeric one.
	Text []string
	// Missing marks the rows without a value; nil if there are none.
	Missing []bool
	// Levels are the values of a factor in order; the first is the base. Nil
	// for a numeric column.
	Levels []string

	low       []float64
	stray     int // 1 + the row of the first value that keeps a column from being numbers; 0 if few are
	strayLine int // of that row in its file; 0 if it has none
}

// Len returns the number of rows.
func (c *Column) Len() int {
	if c.Text != nil {
		return len(c.Text)
	}
	return len(c.Numbers)
}

// IsFactor reports whether the column holds text rather than numbers.
func (c *Column) IsFactor() bool { return c.Text != nil }

func (c *Column) missing(i int) bool { return c.Missing != nil && c.Missing[i] }

// at returns the number in row i to the digits that were written.
func (c *Column) at(i int) dd.Float {
	if c.low != nil {
		return dd.Float{Hi: c.Numbers[i], Lo: c.low[i]}
	}
	return dd.Of(c.Numbers[i])
}

// A Table is a set of columns of equal length.
type Table struct {
	columns []*Column
	index   map[string]int
}

// NewTable returns a table without columns.
func NewTable() *Table { return &Table{index: map[string]int{}} }

// Rows returns the number of rows.
func (t *Table) Rows() int {
	if len(t.columns) == 0 {
		return 0
	}
	return t.columns[0].Len()
}

// Names returns the names of the columns in order.
func (t *Table) Names() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.Name
	}
	return names
}

// Column returns the column of that name, or nil.
func (t *Table) Column(name string) *Column {
	if i, ok := t.index[name]; ok {
		return t.columns[i]
	}
	return nil
}

// Add appends a column of numbers, or replaces the one of that name, and
// returns t. It panics if the length differs from that of the other columns.
func (t *Table) Add(name string, values []float64) *Table {
	must(t.put(&Column{Name: name, Numbers: slices.Clone(values)}))
	return t
}

// AddFactor appends a column of text. Without levels they are the distinct
// values in alphabetical order.
func (t *Table) AddFactor(name string, values []string, levels ...string) *Table {
	c := &Column{Name: name, Text: slices.Clone(values)}
	must(c.setLevels(levels, nil))
	must(t.put(c))
	return t
}

func (t *Table) put(c *Column) error {
	if i, ok := t.index[c.Name]; ok {
		if len(t.columns) > 1 && c.Len() != t.columns[(i+1)%len(t.columns)].Len() {
			return fail(Ragged, "column %s has %d rows, the others %d", c.Name, c.Len(), t.Rows())
		}
		t.columns[i] = c
		return nil
	}
	if len(t.columns) > 0 && c.Len() != t.Rows() {
		return fail(Ragged, "column %s has %d rows, column %s has %d; all columns need the same number", c.Name, c.Len(), t.columns[0].Name, t.Rows())
	}
	t.index[c.Name] = len(t.columns)
	t.columns = append(t.columns, c)
	return nil
}

// with returns a table of the columns of t and c.
func (t *Table) with(c *Column) *Table {
	out := NewTable()
	for _, have := range append(slices.Clone(t.columns), c) {
		must(out.put(have))
	}
	return out
}

// setLevels gives a text column its levels, by default the distinct values in
// alphabetical order. lines are those of the rows in their file, or nil.
func (c *Column) setLevels(levels []string, lines []int) error {
	if len(levels) == 0 {
		for i, v := range c.Text {
			if !c.missing(i) {
				levels = append(levels, v)
			}
		}
		slices.Sort(levels)
		c.Levels = slices.Compact(levels)
		return nil
	}
	known := map[string]bool{}
	for _, l := range levels {
		known[l] = true
	}
	for i, v := range c.Text {
		switch {
		case c.missing(i) || known[v]:
		case lines != nil:
			return fail(UnknownName, "column %s, line %d: %q is not among the levels %s", c.Name, lines[i], v, listNames(levels))
		default:
			return fail(UnknownName, "column %s, row %d: %q is not among the levels %s", c.Name, i+1, v, listNames(levels))
		}
	}
	c.Levels = slices.Clone(levels)
	return nil
}

// A Cell is one value as it was read: missing, a decimal number, or text.
type Cell struct {
	Text    string
	Missing bool
}

// parseColumn finds the type of a column: numbers if every value that is not
// missing reads as one, else a factor.
func parseColumn(name string, cells []Cell, levels []string, factor bool) (*Column, error) {
	if factor {
		c, err := textColumn(name, cells, levels)
		if c != nil {
			c.stray = 0 // declared as what it is
		}
		return c, err
	}
	c := &Column{Name: name}
	if c.parseNumbers(cells) {
		c.Missing = missingCells(cells)
		return c, nil
	}
	return textColumn(name, cells, levels)
}

// textColumn is a factor, which remembers text among numbers.
func textColumn(name string, cells []Cell, levels []string) (*Column, error) {
	c := &Column{Name: name, Missing: missingCells(cells), Text: make([]string, len(cells))}
	for i, cell := range cells {
		c.Text[i] = cell.Text
	}
	if levels == nil {
		c.stray = strayText(cells)
	}
	return c, c.setLevels(levels, nil)
}

// missingCells marks the cells without a value; nil if there are none.
func missingCells(cells []Cell) (missing []bool) {
	for i, cell := range cells {
		if cell.Missing {
			if missing == nil {
				missing = make([]bool, len(cells))
			}
			missing[i] = true
		}
	}
	return missing
}

// strayText returns 1 + the row of the first text in a column where most values
// are numbers, else 0.
func strayText(cells []Cell) int {
	first, numbers, texts := 0, 0, 0
	for i, cell := range cells {
		if cell.Missing {
			continue
		}
		if _, ok := dd.Parse(cell.Text); ok {
			numbers++
		} else if texts++; first == 0 {
			first = i + 1
		}
	}
	if numbers <= texts {
		return 0
	}
	return first
}

// strayNote says where a column that is mostly numbers holds text.
func (c *Column) strayNote() string {
	switch {
	case c == nil || c.stray == 0:
		return ""
	case c.strayLine > 0:
		return phrase(" (line %d is %q)", c.strayLine, c.Text[c.stray-1])
	}
	return phrase(" (row %d is %q)", c.stray, c.Text[c.stray-1])
}

func (c *Column) parseNumbers(cells []Cell) bool {
	c.Numbers = make([]float64, len(cells))
	for i, cell := range cells {
		if cell.Missing {
			c.Numbers[i] = math.NaN()
			continue
		}
		v, ok := dd.Parse(cell.Text)
		if !ok {
			return false
		}
		c.Numbers[i] = v.Hi
		if v.Lo != 0 {
			if c.low == nil {
				c.low = make([]float64, len(cells))
			}
			c.low[i] = v.Lo
		}
	}
	return true
}

// factorOf returns a numeric column as a factor, its levels in numeric order.
func (c *Column) factorOf() *Column {
	if c.IsFactor() {
		return c
	}
	f := &Column{Name: c.Name, Text: make([]string, c.Len()), Missing: c.Missing}
	var values []float64
	for i, v := range c.Numbers {
		if !c.missing(i) {
			values = append(values, v)
			f.Text[i] = formatShort(v)
		}
	}
	slices.Sort(values)
	for _, v := range slices.Compact(values) {
		f.Levels = append(f.Levels, formatShort(v))
	}
	return f
}

func formatShort(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func (c *Column) String() string { return fmt.Sprintf("%s (%d rows)", c.Name, c.Len()) }
