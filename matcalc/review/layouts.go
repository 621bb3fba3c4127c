package review

import (
	"fmt"
	"html"
	"sort"
	"strings"

	"github.com/nabla-go/nabla/matcalc/claim"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A LayoutRow is one kind of derivative with the shapes that it has in the two
// layouts, found by differentiating an example.
type LayoutRow struct {
	Of, By      string // "scalar", "vector" or "matrix"
	Example     string // what was differentiated
	Indices     int    // of the result: those of the function and of the variable
	Numerator   shape.Shape
	Denominator shape.Shape
}

// Planar tells that the entries fill a table of two indices, so that no
// stacking of columns is needed.
func (r LayoutRow) Planar() bool { return r.Indices <= 2 }

// Ambiguous tells that the two layouts differ.
func (r LayoutRow) Ambiguous() bool { return r.Planar() && r.Numerator != r.Denominator }

// LayoutTable lists the nine kinds of derivative.
type LayoutTable []LayoutRow

// examples are functions of each kind over the names below.
var layoutExamples = []struct{ of, by, f, x string }{
	{"scalar", "scalar", "sin(t)", "t"}, {"vector", "scalar", "t*b", "t"}, {"matrix", "scalar", "t*A", "t"},
	{"scalar", "vector", "a'*x", "x"}, {"vector", "vector", "A*x", "x"}, {"matrix", "vector", "x*b'", "x"},
	{"scalar", "matrix", "b'*X*c", "X"}, {"vector", "matrix", "X*c", "X"}, {"matrix", "matrix", "B*X", "X"},
}

const layoutVars = "t: scalar; x, a: n; b: m; c: q; A: m×n; X: m×q; B: p×m"

var orders = map[string]int{"scalar": 0, "vector": 1, "matrix": 2}

// Layouts differentiates an example of each kind in both layouts.
func Layouts() (LayoutTable, error) {
	scope, err := parse.Declarations(layoutVars)
	if err != nil {
		return nil, err
	}
	var out LayoutTable
	for _, e := range layoutExamples {
		f, err := parse.Text(e.f, scope)
		if err != nil {
			return nil, err
		}
		row := LayoutRow{Of: e.of, By: e.by, Example: fmt.Sprintf("∂(%s)/∂%s", e.f, e.x), Indices: orders[e.of] + orders[e.by]}
		for l, to := range map[diff.Layout]*shape.Shape{diff.Numerator: &row.Numerator, diff.Denominator: &row.Denominator} {
			d, err := diff.Derive(f.Node, scope.Vars[e.x], diff.Request{Layout: l}, rewrite.New())
			if err != nil {
				return nil, err
			}
			*to = d.Shape()
			if e.by == "scalar" && l == diff.Denominator {
				*to = d.Shape().T() // the entries of the function run along the columns
			}
		}
		out = append(out, row)
	}
	return out, nil
}

var orderNames = map[string]string{"scalar": "标量", "vector": "向量", "matrix": "矩阵"}

func (r LayoutRow) name(lang string) string {
	if lang == "zh" {
		return orderNames[r.Of] + "/" + orderNames[r.By]
	}
	return r.Of + "/" + r.By
}

// size is a shape in words of the language.
func size(s shape.Shape, lang string) string {
	if s.IsScalar() && lang == "zh" {
		return "标量"
	}
	return strings.ReplaceAll(s.String(), "*", "·")
}

// In is the table as text in a language ("zh" or "en").
func (t LayoutTable) In(lang string) string {
	var b strings.Builder
	for _, r := range t {
		fmt.Fprintf(&b, "%-14s %-14s %-12s %-12s %d\n", r.name(lang), pretty(r.Example), size(r.Numerator, lang), size(r.Denominator, lang), r.Indices)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Table is the table as HTML in a language.
func (t LayoutTable) Table(lang string) string {
	heads := []string{"kind", "example", "numerator layout", "denominator layout", "two indices"}
	if lang == "zh" {
		heads = []string{"类型（分子/分母）", "例", "分子布局", "分母布局", "可排成二维"}
	}
	var b strings.Builder
	b.WriteString(`<table style="text-align:left"><thead><tr>`)
	for _, h := range heads {
		b.WriteString(`<th style="text-align:left">` + html.EscapeString(h) + "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	for _, r := range t {
		mark := "✓"
		if !r.Planar() {
			mark = "✗"
		}
		row := strings.Repeat(`<td style="text-align:left">%s</td>`, 5)
		fmt.Fprintf(&b, "<tr>"+row+"</tr>", r.name(lang), formula(r.Example, Checked), size(r.Numerator, lang), size(r.Denominator, lang), mark)
	}
	b.WriteString("</tbody></table>")
	return b.String()
}

// kinds judges "planar: scalar/scalar, ..." and "ambiguous: vector/vector":
// the kinds of derivative that fill a table, and those whose layouts differ.
func (j *judge) kinds(l *Line, text string) (bool, error) {
	var holds func(LayoutRow) bool
	rest, planar := cutAny(text, "planar:", "可排成二维：", "可排成二维:")
	ambiguous := false
	if !planar {
		rest, ambiguous = cutAny(text, "ambiguous:", "布局有歧义：", "布局有歧义:")
	}
	switch {
	case planar:
		holds = LayoutRow.Planar
	case ambiguous:
		holds = LayoutRow.Ambiguous
	default:
		return false, nil
	}
	table, err := Layouts()
	if err != nil {
		return true, err
	}
	said := map[string]bool{}
	for _, k := range strings.FieldsFunc(rest, func(c rune) bool { return c == ',' || c == '，' || c == '、' }) {
		said[strings.TrimSpace(k)] = true
	}
	var en, zh, all []string
	for _, r := range table {
		told := said[r.name("en")] || said[r.name("zh")]
		if holds(r) {
			all = append(all, r.name("zh"))
		}
		if told == holds(r) {
			continue
		}
		l.Verdict = claim.False
		en = append(en, fmt.Sprintf("%s (%s, %s)", r.name("en"), r.Numerator, r.Denominator))
		zh = append(zh, fmt.Sprintf("%s（分子布局 %s，分母布局 %s）", r.name("zh"), r.Numerator, r.Denominator))
	}
	sort.Strings(en)
	if l.Verdict != claim.True {
		l.Reason = Words{"also or not: " + strings.Join(en, ", "), "与此不符的有：" + strings.Join(zh, "、")}
		l.Right = strings.Join(all, "、")
	}
	return true, nil
}

// sized judges dim(A) = m×n.
func (j *judge) sized(l *Line, sides []string) (bool, error) {
	if len(sides) != 2 || !strings.HasPrefix(sides[0], "dim(") {
		return false, nil
	}
	inside, end := operand(sides[0], 3)
	if end != len(sides[0]) {
		return false, nil
	}
	s, err := j.read(inside, infinitesimal)
	if err != nil {
		return true, err
	}
	rows, cols, ok := strings.Cut(strings.ReplaceAll(sides[1], "×", ","), ",")
	if !ok {
		cols = "1"
	}
	r, err := shape.Parse(rows)
	if err != nil {
		return true, shape.NewError(shape.Syntax, err.Error(), "")
	}
	c, err := shape.Parse(cols)
	if err != nil {
		return true, shape.NewError(shape.Syntax, err.Error(), "")
	}
	if s.derivative && l.Class == Checked {
		l.Class = Derived
	}
	if want := shape.Matrix(r, c); s.node.Shape() != want {
		l.Verdict = claim.ShapeError
		l.Reason = Words{fmt.Sprintf("%s is %s", inside, s.node.Shape()), fmt.Sprintf("%s 是 %s", inside, s.node.Shape())}
		l.Right = fmt.Sprintf("dim(%s) = %s", inside, s.node.Shape())
	}
	return true, nil
}
