package display

import (
	"fmt"
	"html"
	"reflect"
	"strings"
	"unicode/utf8"
)

// cellWidth is how many characters of an entry of a table are shown.
const cellWidth = 60

// tables renders a slice of structs as a table, one row each.
func tables(v any) (Bundle, bool) {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice || rv.Len() == 0 {
		return Bundle{}, false
	}
	row := rv.Type().Elem()
	if row.Kind() != reflect.Struct || reflect.PointerTo(row).Implements(reflect.TypeFor[fmt.Stringer]()) || row.NumField() == 0 {
		return Bundle{}, false
	}
	head := make([]string, row.NumField())
	for i := range head {
		if !row.Field(i).IsExported() {
			return Bundle{}, false
		}
		head[i] = row.Field(i).Name
	}
	lines := [][]string{head}
	for _, i := range shown(rv.Len(), maxValues, headValues, tailValues) {
		cells := make([]string, len(head))
		for j := range cells {
			if cells[j] = "…"; i >= 0 {
				cells[j] = line(rv.Index(i).Field(j), cellWidth)
			}
		}
		lines = append(lines, cells)
	}
	return Bundle{Data: map[string]any{MIMEHTML: tableHTML(lines), MIMEText: tableText(lines)}}, true
}

func tableHTML(lines [][]string) string {
	var b strings.Builder
	b.WriteString("<table><thead>")
	for i, cells := range lines {
		tag := "td"
		if i == 0 {
			tag = "th"
		}
		b.WriteString("<tr>")
		for _, c := range cells {
			fmt.Fprintf(&b, "<%s>%s</%s>", tag, html.EscapeString(c), tag)
		}
		b.WriteString("</tr>")
		if i == 0 {
			b.WriteString("</thead><tbody>")
		}
	}
	b.WriteString("</tbody></table>")
	return b.String()
}

func tableText(lines [][]string) string {
	widths := make([]int, len(lines[0]))
	for _, cells := range lines {
		for j, c := range cells {
			widths[j] = max(widths[j], utf8.RuneCountInString(c))
		}
	}
	var out []string
	for _, cells := range lines {
		var b strings.Builder
		for j, c := range cells {
			b.WriteString(c + strings.Repeat(" ", widths[j]-utf8.RuneCountInString(c)+2))
		}
		out = append(out, strings.TrimRight(b.String(), " "))
	}
	return strings.Join(out, "\n")
}
