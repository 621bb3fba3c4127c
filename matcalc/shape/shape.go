// Package shape holds symbolic sizes and shapes, and the error that a wrong
// expression gives: its class, the operands with their shapes, the place and
// how to mend it.
package shape

import "unicode"

// Shape is rows by columns. A scalar is 1×1, a vector is a column n×1.
type Shape struct{ Rows, Cols Size }

// Scalar is the shape 1×1.
var Scalar = Shape{}

// Vector is the shape of a column of n entries.
func Vector(n Size) Shape { return Shape{Rows: n} }

// Matrix is the shape m×n.
func Matrix(m, n Size) Shape { return Shape{m, n} }

// T is the shape of the transpose.
func (s Shape) T() Shape { return Shape{s.Cols, s.Rows} }

// IsScalar reports 1×1.
func (s Shape) IsScalar() bool { return s == Scalar }

// IsColumn reports n×1 with n other than 1.
func (s Shape) IsColumn() bool { return s.Cols.IsOne() && !s.Rows.IsOne() }

// IsRow reports 1×n with n other than 1.
func (s Shape) IsRow() bool { return s.Rows.IsOne() && !s.Cols.IsOne() }

// IsMatrix reports that neither length is 1.
func (s Shape) IsMatrix() bool { return !s.Rows.IsOne() && !s.Cols.IsOne() }

// IsSquare reports equal lengths; a scalar is square.
func (s Shape) IsSquare() bool { return s.Rows == s.Cols }

// Len is the number of entries.
func (s Shape) Len() Size { return s.Rows.Mul(s.Cols) }

// String writes m×n, and "scalar" for 1×1.
func (s Shape) String() string {
	if s.IsScalar() {
		return "scalar"
	}
	return wrap(s.Rows) + "×" + wrap(s.Cols)
}

func wrap(s Size) string {
	if len(s.terms()) > 1 {
		return "(" + s.String() + ")"
	}
	return s.String()
}

// Describe says in words what a shape is: "scalar", "vector (n×1)",
// "row (1×n)", "matrix (m×n)".
func (s Shape) Describe() string {
	switch {
	case s.IsScalar():
		return "scalar"
	case s.IsColumn():
		return "vector (" + s.String() + ")"
	case s.IsRow():
		return "row (" + s.String() + ")"
	}
	return "matrix (" + s.String() + ")"
}

// IsName reports whether text can be the name of a variable or dimension: a
// letter of any script (or _), then letters, digits, marks and _.
func IsName(text string) bool {
	for i, r := range text {
		if !IsNameRune(r, i == 0) {
			return false
		}
	}
	return text != ""
}

// IsNameRune reports whether r may stand in a name, at its start or later.
// Raised and lowered digits are letters of no name: they mean powers and
// indices.
func IsNameRune(r rune, first bool) bool {
	if r == '_' || unicode.IsLetter(r) && !unicode.Is(unicode.Lm, r) {
		return true
	}
	return !first && (r >= '0' && r <= '9' || unicode.Is(unicode.Mn, r) || r >= '₀' && r <= '₉')
}
