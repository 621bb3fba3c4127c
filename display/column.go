package display

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// add appends a column of values. Numbers of one column are written alike.
func (s *sheet) add(values []reflect.Value) {
	cells, numeric := numberColumn(values)
	if !numeric {
		cells = make([]tableCell, len(values))
		for i, v := range values {
			cells[i] = cellOf(v)
		}
	}
	if s.rows == nil {
		s.rows = make([][]tableCell, len(values))
	}
	for i, cell := range cells {
		s.rows[i] = append(s.rows[i], cell)
	}
	s.numeric = append(s.numeric, numeric)
}

// numberColumn writes values that all are numbers (or nothing), filled up with
// spaces behind the point.
func numberColumn(values []reflect.Value) ([]tableCell, bool) {
	var xs []number
	g := grid{exact: true}
	for _, v := range values {
		v = inner(v)
		if !v.IsValid() {
			continue
		}
		read, ok := numberOf[v.Kind()]
		if !ok || implementsText(v.Type()) || v.CanInterface() && hasText(dressed(v.Interface())) {
			return nil, false
		}
		x := read(v)
		g.exact = g.exact && x.exact != ""
		g.complex = g.complex || v.Kind() == reflect.Complex64 || v.Kind() == reflect.Complex128
		xs = append(xs, x)
	}
	if len(xs) == 0 {
		return nil, false
	}
	if !g.exact {
		for i := range xs {
			if xs[i].exact != "" { // integers among floating point numbers
				xs[i].re, _ = strconv.ParseFloat(xs[i].exact, 64)
			}
		}
	}
	written, after := g.write(xs, 0), 0
	for _, n := range written {
		after = max(after, width(n.tail()))
	}
	cells := make([]tableCell, len(values))
	for i, v := range values {
		if inner(v).IsValid() {
			n := written[0]
			written = written[1:]
			cells[i].text = n.String() + strings.Repeat(" ", after-width(n.tail()))
		}
	}
	return cells, true
}

// inner is v without interfaces around it.
func inner(v reflect.Value) reflect.Value {
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

// cellOf is any value in a table: a formula, or its text on one line.
func cellOf(v reflect.Value) tableCell {
	if !v.IsValid() {
		return tableCell{}
	}
	if latex, _, ok := formula(v); ok {
		if _, isMatrix := matrixGrid(inner(v).Interface()); isMatrix {
			m, _ := matrixGrid(inner(v).Interface())
			return tableCell{text: fmt.Sprintf("%d×%d matrix", m.rows, m.cols), latex: latex}
		}
		return tableCell{text: line(v, cellWidth), latex: latex}
	}
	return tableCell{text: line(v, cellWidth)}
}

// implementsText reports whether values of type t are printed by a method.
func implementsText(t reflect.Type) bool {
	for _, i := range []reflect.Type{reflect.TypeFor[fmt.Stringer](), reflect.TypeFor[error](), reflect.TypeFor[fmt.Formatter]()} {
		if t.Implements(i) {
			return true
		}
	}
	return false
}

// isFormula reports whether values of type t, or pointers to them, are formulas.
func isFormula(t reflect.Type) bool {
	i := reflect.TypeFor[LaTeXer]()
	return t.Implements(i) || reflect.PointerTo(t).Implements(i)
}
