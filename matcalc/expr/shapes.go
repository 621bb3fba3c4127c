package expr

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/shape"
)

type shapeRule = func([]Arg) (shape.Shape, *shape.Error)

func misfit(hint, format string, args ...any) (shape.Shape, *shape.Error) {
	return shape.Shape{}, shape.NewError(shape.Mismatch, fmt.Sprintf(format, args...), hint)
}

// or is the operand's text, or a stand-in when it is long or not known.
func (a Arg) or(name string) string {
	if a.Text == "" || len(a.Text) > 24 {
		return name
	}
	for _, r := range a.Text {
		if !shape.IsNameRune(r, false) && r != '(' && r != ')' && r != '\'' {
			return "(" + a.Text + ")"
		}
	}
	return a.Text
}

func shapeAdd(args []Arg) (shape.Shape, *shape.Error) {
	a := args[0]
	for _, b := range args[1:] {
		if b.Shape == a.Shape {
			continue
		}
		switch {
		case a.Shape.IsScalar() || b.Shape.IsScalar():
			s, m := a, b
			if b.Shape.IsScalar() {
				s, m = b, a
			}
			return misfit(fmt.Sprintf("there is no implicit broadcasting: write %s*%s%s", s.or("c"), OnesText(m.Shape), eyeText(s, m.Shape)),
				"%s cannot be added to %s", says(s, "the scalar"), says(m, ""))
		case b.Shape == a.Shape.T():
			return misfit(fmt.Sprintf("transpose one of them: %s + %s", flip(a.or("a")), b.or("b")), "cannot add %s and %s", says(a, ""), says(b, ""))
		}
		return misfit("both sides of + and - need the same shape", "cannot add %s and %s", says(a, ""), says(b, ""))
	}
	return a.Shape, nil
}

// says is "A (m×n)", or the bare description when the text is not known.
func says(a Arg, what string) string {
	if a.Text == "" || len(a.Text) > 60 {
		return "a " + a.Shape.Describe()
	}
	if what != "" {
		return what + " " + a.Text
	}
	return a.Text + " (" + a.Shape.String() + ")"
}

// OnesText writes what has every entry 1 in a shape: ones(n), ones(n)', ones(m,n).
func OnesText(s shape.Shape) string {
	switch {
	case s.IsColumn():
		return "ones(" + s.Rows.String() + ")"
	case s.IsRow():
		return "ones(" + s.Cols.String() + ")'"
	}
	return "ones(" + s.Rows.String() + "," + s.Cols.String() + ")"
}

func eyeText(c Arg, s shape.Shape) string {
	if s.IsMatrix() && s.IsSquare() {
		return " or " + c.or("c") + "*eye(" + s.Rows.String() + ")"
	}
	return ""
}

// shapeMul folds a product from the left; a scalar scales.
func shapeMul(args []Arg) (shape.Shape, *shape.Error) {
	s := args[0]
	for _, b := range args[1:] {
		r, err := shapeMul2(s, b)
		if err != nil {
			return shape.Shape{}, err
		}
		s = Arg{Shape: r}
	}
	return s.Shape, nil
}

func shapeMul2(a, b Arg) (shape.Shape, *shape.Error) {
	s, t := a.Shape, b.Shape
	switch {
	case s.IsScalar():
		return t, nil
	case t.IsScalar():
		return s, nil
	case s.Cols == t.Rows:
		return shape.Shape{Rows: s.Rows, Cols: t.Cols}, nil
	}
	return misfit(mulHint(a, b), "cannot multiply %s by %s: %s columns meet %s rows", says(a, ""), says(b, ""), s.Cols, t.Rows)
}

// flip writes the transpose of an operand's text.
func flip(text string) string {
	if k := len(text) - 1; k > 0 && text[k] == '\'' {
		return text[:k]
	}
	return text + "'"
}

func mulHint(a, b Arg) string {
	s, t := a.Shape, b.Shape
	x, y := a.or("A"), b.or("B")
	hint := ""
	add := func(text string) {
		if hint != "" {
			hint += ", "
		}
		hint += text
	}
	if s.Rows == t.Rows && !s.Rows.IsOne() {
		add(flip(x) + "*" + y)
	}
	if s.Cols == t.Cols && !s.Cols.IsOne() {
		add(x + "*" + flip(y))
	}
	if s == t {
		add(x + ".*" + y)
	}
	if s.IsRow() && t.IsColumn() {
		hint = ""
	} else if hint == "" && s.Rows == t.Cols {
		hint = y + "*" + x
	}
	if hint == "" {
		if s.IsColumn() && t.IsColumn() || s.IsRow() && t.IsColumn() {
			return fmt.Sprintf("an inner product needs vectors of one length; here they have %s and %s", s.Len(), t.Len())
		}
		return "the inner sizes of a product must be equal"
	}
	return "did you mean " + hint + "?"
}

func shapeHad(args []Arg) (shape.Shape, *shape.Error) {
	a := args[0]
	for _, b := range args[1:] {
		switch {
		case a.Shape.IsScalar():
			a = b
		case b.Shape.IsScalar() || b.Shape == a.Shape:
		case b.Shape == a.Shape.T():
			return misfit(fmt.Sprintf("did you mean %s.*%s?", a.or("A"), flip(b.or("B"))), "an elementwise operation needs equal shapes: %s and %s", says(a, ""), says(b, ""))
		case a.Shape.Cols == b.Shape.Rows:
			return misfit(fmt.Sprintf("did you mean the matrix product %s*%s?", a.or("A"), b.or("B")), "an elementwise operation needs equal shapes: %s and %s", says(a, ""), says(b, ""))
		default:
			return misfit("to scale rows use diag(v)*A, to scale columns A*diag(v)", "an elementwise operation needs equal shapes: %s and %s", says(a, ""), says(b, ""))
		}
	}
	return a.Shape, nil
}

func shapeT(args []Arg) (shape.Shape, *shape.Error) { return args[0].Shape.T(), nil }

func shapePow(args []Arg) (shape.Shape, *shape.Error) {
	a, e := args[0], args[1]
	if !e.Shape.IsScalar() {
		return misfit("an exponent is a scalar; for the matrix exponential write expm(A), elementwise c.^A", "the exponent %s is not a scalar", says(e, ""))
	}
	if a.Shape.IsScalar() || a.Shape.IsSquare() {
		return a.Shape, nil
	}
	x := a.or("x")
	hint := fmt.Sprintf("write %s.^%s for every entry, %s'*%s for the product", x, e.or("2"), x, x)
	if a.Shape.IsColumn() {
		hint = fmt.Sprintf("a vector has no power: write %s.^%s for every entry or %s'*%s for the inner product", x, e.or("2"), x, x)
	}
	return misfit(hint, "a power needs a scalar or a square matrix, not %s", says(a, ""))
}

func shapeHPow(args []Arg) (shape.Shape, *shape.Error) { return shapeHad(args) }

func shapeSame(args []Arg) (shape.Shape, *shape.Error) { return args[0].Shape, nil }

func shapeScalar([]Arg) (shape.Shape, *shape.Error) { return shape.Scalar, nil }

func shapeSameMatrix(args []Arg) (shape.Shape, *shape.Error) { return args[0].Shape, nil }

func needSquare(a Arg) *shape.Error {
	if a.Shape.IsSquare() {
		return nil
	}
	x := a.or("A")
	_, err := misfit(fmt.Sprintf("did you mean %s*%s, which is %s×%s?", flip(x), x, a.Shape.Cols, a.Shape.Cols),
		"a square matrix is needed, not %s", says(a, ""))
	return err
}

func shapeSquare(args []Arg) (shape.Shape, *shape.Error) {
	return args[0].Shape, needSquare(args[0])
}

func shapeSquareScalar(args []Arg) (shape.Shape, *shape.Error) {
	return shape.Scalar, needSquare(args[0])
}

func shapeTrace(args []Arg) (shape.Shape, *shape.Error) {
	return shape.Scalar, needSquare(args[0])
}

func shapePinv(args []Arg) (shape.Shape, *shape.Error) { return args[0].Shape.T(), nil }

func shapeDiag(args []Arg) (shape.Shape, *shape.Error) {
	s := args[0].Shape
	if s.IsScalar() {
		return misfit("diag takes a vector or a square matrix", "the scalar %s has no diagonal", args[0].or("c"))
	}
	if !s.IsColumn() && !s.IsRow() {
		return misfit("diag takes a vector or a square matrix", "diag makes a diagonal matrix of a vector, not of %s", says(args[0], ""))
	}
	return shape.Matrix(s.Len(), s.Len()), nil
}

func shapeDiagOf(args []Arg) (shape.Shape, *shape.Error) {
	return shape.Vector(args[0].Shape.Rows), needSquare(args[0])
}

func shapeVec(args []Arg) (shape.Shape, *shape.Error) {
	return shape.Vector(args[0].Shape.Len()), nil
}

func shapeKron(args []Arg) (shape.Shape, *shape.Error) {
	for _, a := range args {
		if a.Shape.IsScalar() {
			return misfit("multiply by a scalar with *", "kron takes matrices and vectors, %s is a scalar", a.or("an operand"))
		}
	}
	a, b := args[0].Shape, args[1].Shape
	return shape.Matrix(a.Rows.Mul(b.Rows), a.Cols.Mul(b.Cols)), nil
}

func shapeHCat(args []Arg) (shape.Shape, *shape.Error) {
	s := args[0].Shape
	for _, b := range args[1:] {
		if b.Shape.Rows != s.Rows {
			return misfit("blocks side by side need the same number of rows", "cannot put %s beside %s", says(b, ""), says(args[0], ""))
		}
		s.Cols = s.Cols.Add(b.Shape.Cols)
	}
	return s, nil
}

func shapeVCat(args []Arg) (shape.Shape, *shape.Error) {
	s := args[0].Shape
	for _, b := range args[1:] {
		if b.Shape.Cols != s.Cols {
			return misfit("stacked blocks need the same number of columns", "cannot put %s below %s", says(b, ""), says(args[0], ""))
		}
		s.Rows = s.Rows.Add(b.Shape.Rows)
	}
	return s, nil
}

func shapePerRow(args []Arg) (shape.Shape, *shape.Error) {
	return shape.Vector(args[0].Shape.Rows), nil
}

func shapePerCol(args []Arg) (shape.Shape, *shape.Error) {
	return shape.Matrix(shape.One, args[0].Shape.Cols), nil
}

func shapeEigVec(args []Arg) (shape.Shape, *shape.Error) {
	return shape.Vector(args[0].Shape.Rows), needSquare(args[0])
}

func shapeVSV(args []Arg) (shape.Shape, *shape.Error) {
	return shape.Vector(args[0].Shape.Cols), nil
}
