package display

import (
	"reflect"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// matrices renders gonum's matrices and vectors of every kind, real and
// complex, and what else has Dims and At.
func matrices(v any) (Bundle, bool) {
	g, ok := matrixGrid(v)
	if !ok {
		return Bundle{}, false
	}
	return g.bundle(), true
}

func matrixGrid(v any) (grid, bool) {
	switch m := v.(type) {
	case mat.Matrix:
		r, c := m.Dims()
		return grid{rows: r, cols: c, at: func(i, j int) number { return number{re: m.At(i, j)} }}, true
	case mat.CMatrix:
		r, c := m.Dims()
		at := func(i, j int) number { z := m.At(i, j); return number{re: real(z), im: imag(z)} }
		return grid{rows: r, cols: c, at: at, complex: true}, true
	}
	return grid{}, false
}

// numberGrid renders slices (or arrays) of slices of numbers, all of one
// length, as a matrix.
func numberGrid(v any) (Bundle, bool) {
	if hasText(v) {
		return Bundle{}, false
	}
	g, ok := sliceGrid(reflect.ValueOf(v))
	if !ok {
		return Bundle{}, false
	}
	return g.bundle(), true
}

func sliceGrid(rows reflect.Value) (grid, bool) {
	if !isList(rows.Type()) || !isList(rows.Type().Elem()) || rows.Len() == 0 {
		return grid{}, false
	}
	read, ok := numberOf[rows.Type().Elem().Elem().Kind()]
	if !ok || implementsText(rows.Type().Elem().Elem()) || implementsText(rows.Type().Elem()) {
		return grid{}, false
	}
	g := grid{rows: rows.Len(), cols: rows.Index(0).Len()}
	for i := range g.rows {
		if rows.Index(i).Len() != g.cols {
			return grid{}, false
		}
	}
	g.at = func(i, j int) number { return read(rows.Index(i).Index(j)) }
	kind := rows.Type().Elem().Elem().Kind()
	g.complex = kind == reflect.Complex64 || kind == reflect.Complex128
	g.exact = kind < reflect.Float32
	return g, g.cols > 0
}

func isList(t reflect.Type) bool {
	return t.Kind() == reflect.Slice || t.Kind() == reflect.Array
}

// numberOf reads a number of each kind.
var numberOf = func() map[reflect.Kind]func(reflect.Value) number {
	m := map[reflect.Kind]func(reflect.Value) number{}
	for k := reflect.Int; k <= reflect.Int64; k++ {
		m[k] = func(v reflect.Value) number { return number{exact: strconv.FormatInt(v.Int(), 10)} }
	}
	// Bytes are text or data more often than entries of a matrix.
	for _, k := range []reflect.Kind{reflect.Uint, reflect.Uint16, reflect.Uint32, reflect.Uint64} {
		m[k] = func(v reflect.Value) number { return number{exact: strconv.FormatUint(v.Uint(), 10)} }
	}
	m[reflect.Float64] = func(v reflect.Value) number { return number{re: v.Float()} }
	m[reflect.Float32] = func(v reflect.Value) number {
		// The shortest decimal of a float32, not its digits as a float64.
		x, err := strconv.ParseFloat(strconv.FormatFloat(v.Float(), 'g', -1, 32), 64)
		if err != nil {
			x = v.Float()
		}
		return number{re: x}
	}
	for _, k := range []reflect.Kind{reflect.Complex64, reflect.Complex128} {
		m[k] = func(v reflect.Value) number { z := v.Complex(); return number{re: real(z), im: imag(z)} }
	}
	return m
}()

// maxFormulas is how many matrices of a slice are drawn.
const maxFormulas = 12

// listOfFormulas renders a short slice of matrices or formulas in a row.
func listOfFormulas(v any) (Bundle, bool) {
	rv := reflect.ValueOf(v)
	if !isList(rv.Type()) || rv.Len() == 0 || rv.Len() > maxFormulas || hasText(v) {
		return Bundle{}, false
	}
	latex, blocks := "", [][]string{{""}}
	for i := range rv.Len() {
		one, text, ok := formula(rv.Index(i))
		if !ok {
			return Bundle{}, false
		}
		if i > 0 {
			latex += `,\; `
			blocks = append(blocks, []string{", "})
		}
		latex += one
		blocks = append(blocks, text)
	}
	lines := beside(blocks)
	bracket(lines, "[⎡⎢⎣", "]⎤⎥⎦")
	return mathBundle(`\left[ `+latex+` \right]`, joinLines(lines)), true
}
