package regress

import (
	"html"
	"math"
	"reflect"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// shownRows is how many rows of a table are shown.
const shownRows = 8

func (c *Column) cell(i int) string {
	switch {
	case c.missing(i):
		return "NA"
	case c.IsFactor():
		return c.Text[i]
	}
	return strconv.FormatFloat(c.Numbers[i], 'g', 7, 64)
}

// kind describes the type: number, or text with its number of levels.
func (c *Column) kind() string {
	text := word("number")
	if c.IsFactor() {
		text = word("text", len(c.Levels)) + c.strayNote()
	}
	missing := 0
	for _, m := range c.Missing {
		if m {
			missing++
		}
	}
	if missing > 0 {
		text += word("missing", missing)
	}
	return text
}

// String shows the first rows with names and types.
func (t *Table) String() string {
	g := t.preview()
	if len(g[0]) == 0 {
		return "empty table\n"
	}
	return word("size", t.Rows(), len(t.columns)) + "\n" + g.text(false)
}

func (t *Table) preview() grid {
	g := grid{nil, nil}
	for _, c := range t.columns {
		g[0], g[1] = append(g[0], c.Name), append(g[1], "<"+c.kind()+">")
	}
	for i := range min(t.Rows(), shownRows) {
		var row []string
		for _, c := range t.columns {
			row = append(row, c.cell(i))
		}
		g = append(g, row)
	}
	return g
}

// HTML shows the first rows as an HTML table with names, types and counts.
func (t *Table) HTML() string {
	var b strings.Builder
	b.WriteString("<table><thead>")
	for i, row := range t.preview() {
		b.WriteString("<tr>")
		for j, c := range row {
			tag, align := "td", "right"
			if i < 2 {
				tag = "th"
			}
			if t.columns[j].IsFactor() {
				align = "left"
			}
			text := html.EscapeString(c)
			if i == 1 {
				text = "<small>" + html.EscapeString(strings.Trim(c, "<>")) + "</small>"
			}
			b.WriteString("<" + tag + ` style="text-align:` + align + `">` + text + "</" + tag + ">")
		}
		b.WriteString("</tr>")
		if i == 1 {
			b.WriteString("</thead><tbody>")
		}
	}
	b.WriteString("</tbody></table>")
	b.WriteString("<p><small>" + word("size", t.Rows(), len(t.columns)) + "</small></p>")
	return b.String()
}

// FromMatrix makes a table of the columns of x with the given names.
func FromMatrix(x mat.Matrix, names ...string) *Table {
	n, p := x.Dims()
	if len(names) != p {
		panic(fail(BadInput, "there are %d names for %d columns", len(names), p))
	}
	t := NewTable()
	for j, name := range names {
		column := make([]float64, n)
		for i := range column {
			column[i] = x.At(i, j)
		}
		t.Add(name, column)
	}
	return t
}

// FromStructs makes a table of a slice of structs: a column for each exported
// field that is a number, a truth value or a string, named by the field or its
// tag `regress:"name"`. NaN counts as missing.
func FromStructs(slice any) *Table {
	v := reflect.ValueOf(slice)
	if v.Kind() != reflect.Slice || v.Type().Elem().Kind() != reflect.Struct {
		panic(fail(BadInput, "FromStructs takes a slice of structs, not %T", slice))
	}
	t := NewTable()
	kind := v.Type().Elem()
	for j := range kind.NumField() {
		field := kind.Field(j)
		if !field.IsExported() {
			continue
		}
		name := field.Name
		if tag := field.Tag.Get("regress"); tag != "" {
			name = tag
		}
		cells := make([]Cell, v.Len())
		ok, text := true, false
		for i := range cells {
			cells[i], text, ok = structCell(v.Index(i).Field(j))
			if !ok {
				break
			}
		}
		if !ok {
			continue
		}
		c, err := parseColumn(name, cells, nil, text)
		must(err)
		must(t.put(c))
	}
	return t
}

func structCell(v reflect.Value) (c Cell, text, ok bool) {
	switch {
	case v.CanInt():
		return Cell{Text: strconv.FormatInt(v.Int(), 10)}, false, true
	case v.CanUint():
		return Cell{Text: strconv.FormatUint(v.Uint(), 10)}, false, true
	case v.CanFloat():
		return Cell{Text: formatShort(v.Float()), Missing: math.IsNaN(v.Float())}, false, true
	case v.Kind() == reflect.String:
		return Cell{Text: v.String()}, true, true
	case v.Kind() == reflect.Bool:
		return Cell{Text: strings.ToUpper(strconv.FormatBool(v.Bool()))}, true, true
	}
	return Cell{}, false, false
}
