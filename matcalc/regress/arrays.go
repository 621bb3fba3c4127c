package regress

import (
	"math"
	"reflect"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// A Design is a matrix (n×p) whose columns have names.
type Design struct {
	*mat.Dense
	Names []string
}

// Named gives the columns of a matrix names. It panics with an *Error if their
// number differs.
func Named(x mat.Matrix, names ...string) *Design {
	if _, c := x.Dims(); c != len(names) {
		panic(fail(BadInput, "there are %d names for %d columns", len(names), c))
	}
	return &Design{mat.DenseCopyOf(x), names}
}

// ModelMatrix returns the design matrix (n×p) of a formula over the rows that
// have all values, with its columns named as the terms of a fit, and the
// response (n×1). It panics with an *Error.
func ModelMatrix(model string, t *Table) (x *Design, y *mat.VecDense) {
	fr, err := buildFrame(model, t, frameSpec{})
	must(err)
	rows, response := fr.frameRows()
	return &Design{mat.NewDense(rows.N, rows.P, rows.Data), fr.terms}, mat.NewVecDense(rows.N, response)
}

// An array is a matrix, vector or number of the data by name.
type array struct {
	name    string
	r, c    int
	entries []float64 // by rows
	names   []string  // of the columns; may be nil
	column  bool      // of a table, which an expression need not be able to name
}

// arraysOf reads data by name, in the order of the names.
func arraysOf(values map[string]any) ([]array, error) {
	var out []array
	for _, name := range sortedKeys(values) {
		a, ok := arrayOf(values[name])
		if !ok {
			return nil, fail(BadInput, "%s is a %T; data are matrices, slices of numbers, and numbers", name, values[name])
		}
		if a.r == 0 || a.c == 0 {
			return nil, fail(Empty, "%s is %d by %d", name, a.r, a.c)
		}
		for i, v := range a.entries {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fail(NonFinite, "%s is %v in row %d, column %d; remove the row or the column", name, v, i/a.c+1, i%a.c+1)
			}
		}
		a.name = name
		out = append(out, a)
	}
	return out, nil
}

func arrayOf(v any) (array, bool) {
	switch x := v.(type) {
	case *Design:
		a, ok := arrayOf(x.Dense)
		a.names = x.Names
		return a, ok
	case *Column:
		return array{r: x.Len(), c: 1, entries: x.Numbers}, !x.IsFactor()
	case mat.Matrix:
		if r := reflect.ValueOf(x); r.Kind() == reflect.Pointer && r.IsNil() {
			return array{}, false
		}
		r, c := x.Dims()
		a := array{r: r, c: c}
		if r*c > 0 {
			a.entries = mat.DenseCopyOf(x).RawMatrix().Data
		}
		return a, true
	case []float64:
		return array{r: len(x), c: 1, entries: slices.Clone(x)}, true
	case [][]float64:
		a := array{r: len(x)}
		for _, row := range x {
			if a.c = len(row); a.c != len(x[0]) {
				return a, false
			}
			a.entries = append(a.entries, row...)
		}
		return a, true
	}
	r := reflect.ValueOf(v)
	if r.IsValid() && r.Kind() == reflect.Slice && r.Type().Elem().ConvertibleTo(reflect.TypeFor[float64]()) {
		a := array{r: r.Len(), c: 1}
		for i := range r.Len() {
			a.entries = append(a.entries, r.Index(i).Convert(reflect.TypeFor[float64]()).Float())
		}
		return a, true
	}
	if !r.IsValid() || !r.CanConvert(reflect.TypeFor[float64]()) {
		return array{}, false
	}
	return array{r: 1, c: 1, entries: []float64{r.Convert(reflect.TypeFor[float64]()).Float()}}, true
}

// columnArrays are the numeric columns of a table as vectors, over some rows; nil
// means all.
func columnArrays(t *Table, rows []int) []array {
	var out []array
	for _, c := range t.columns {
		if c.IsFactor() {
			continue
		}
		a := array{name: c.Name, r: c.Len(), c: 1, entries: c.Numbers, column: true}
		if rows != nil {
			a.r, a.entries = len(rows), make([]float64, len(rows))
			for k, i := range rows {
				a.entries[k] = c.Numbers[i]
			}
		}
		out = append(out, a)
	}
	return out
}
