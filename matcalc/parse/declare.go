package parse

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Declarations reads text such as
//
//	A: n×n symmetric; x: n   // a note
//	lambda: scalar positive; sigma: function
//
// Entries are separated by ; or new lines, sizes by ×, x, * or a comma, names
// of one shape by commas (a, b: n). Errors are *shape.Error.
func Declarations(text string) (*Scope, error) {
	s := NewScope()
	return s, s.Read(text)
}

// Read adds the declarations in the text to the scope.
func (s *Scope) Read(text string) error {
	pos := 0
	for _, line := range strings.SplitAfter(text, "\n") {
		body := strings.TrimSuffix(line, "\n")
		if k := strings.Index(body, "//"); k >= 0 {
			body = body[:k]
		}
		at := pos
		for _, entry := range strings.FieldsFunc(widthFold.Replace(body), func(r rune) bool { return r == ';' }) {
			if strings.TrimSpace(entry) != "" {
				if err := s.entry(entry); err != nil {
					return declError(err, text, at+strings.Index(text[at:], strings.TrimSpace(entry)), len(strings.TrimSpace(entry)))
				}
			}
		}
		pos += len(line)
	}
	return nil
}

// widthFold turns full-width punctuation into ASCII.
var widthFold = strings.NewReplacer("：", ":", "；", ";", "，", ",", "＊", "*", "（", "(", "）", ")", "、", ",", "　", " ", "∈", ":")

func declError(err error, text string, pos, n int) error {
	e, ok := err.(*shape.Error)
	if !ok {
		e = shape.NewError(shape.Syntax, err.Error(), "")
	}
	e.Expr, e.Pos, e.End = text, pos, pos+n
	if pos < 0 || pos+n > len(text) {
		e.Pos, e.End = -1, -1
	}
	return e
}

const declHint = "a declaration is NAME: SHAPE FACTS, as in A: n×n symmetric; x: n; c: scalar positive"

// entry reads "names: shape facts".
func (s *Scope) entry(text string) error {
	left, right, ok := strings.Cut(text, ":")
	if !ok {
		return shape.NewError(shape.Syntax, fmt.Sprintf("%q declares nothing: the colon is missing", strings.TrimSpace(text)), declHint)
	}
	names := strings.FieldsFunc(left, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if len(names) == 0 {
		return shape.NewError(shape.Syntax, "a name is missing before the colon", declHint)
	}
	fields := declFields(right)
	if len(fields) == 1 && (fields[0] == "function" || fields[0] == "函数") {
		for _, n := range names {
			if err := s.DeclareFunc(n); err != nil {
				return err
			}
		}
		return nil
	}
	sh, rest, err := readShape(fields)
	if err != nil {
		return err
	}
	var props expr.Props
	for _, f := range rest {
		row, ok := expr.LookupProp(f)
		if !ok {
			return unknownFact(f)
		}
		props |= row.Prop
	}
	for _, n := range names {
		if err := s.Declare(n, sh, props); err != nil {
			return err
		}
	}
	return nil
}

func unknownFact(word string) error {
	if word == "×" {
		return shape.NewError(shape.Syntax, "a variable has at most two sizes", "a stack of matrices is one variable each, or one matrix with the others below it: A: m×n")
	}
	hint := "known facts: " + strings.Join(propNames(), ", ")
	if near := alike(word, propNames()); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, ", ") + "?"
	}
	return shape.NewError(shape.Unknown, fmt.Sprintf("%s is no known fact", word), hint)
}

func propNames() []string {
	var out []string
	for _, r := range expr.PropRows() {
		out = append(out, r.Names[0])
	}
	return out
}

// declFields splits "n × n, symmetric" into words and the sign ×.
func declFields(text string) []string {
	text = strings.NewReplacer("×", " × ", ",", " , ", "(", " ", ")", " ", "[", " ", "]", " ", "·", "*", "⋅", "*").Replace(text)
	for _, set := range []string{"ℝ^", "R^", "ℝ"} {
		text = strings.Replace(text, set, "", 1)
	}
	text = strings.NewReplacer("{", " ", "}", " ").Replace(text)
	return strings.Fields(text)
}

// readShape takes the shape from the front of the words: scalar, vector n,
// matrix m×n, n, m×n, m x n, m by n, m,n, m*n (two sizes).
func readShape(f []string) (shape.Shape, []string, error) {
	if len(f) > 0 {
		switch strings.ToLower(f[0]) {
		case "scalar", "number", "标量", "real", "实数":
			return shape.Scalar, f[1:], nil
		case "vector", "向量", "matrix", "矩阵":
			f = f[1:]
		}
	}
	if len(f) == 0 {
		return shape.Shape{}, nil, shape.NewError(shape.Syntax, "a shape is missing after the colon", declHint)
	}
	rows, cols, split := splitSizes(f[0])
	f = f[1:]
	if !split && len(f) > 1 && isTimes(f[0], f[1]) {
		cols, f, split = f[1], f[2:], true
	}
	if len(f) > 0 && f[0] == "," {
		f = f[1:]
	}
	r, err := shape.Parse(rows)
	if err != nil {
		if _, isProp := expr.LookupProp(rows); isProp {
			return shape.Shape{}, nil, shape.NewError(shape.Syntax, "a shape is missing before "+rows, declHint)
		}
		return shape.Shape{}, nil, shape.NewError(shape.Syntax, err.Error(), declHint)
	}
	if !split {
		return shape.Vector(r), withoutCommas(f), nil
	}
	c, err := shape.Parse(cols)
	if err != nil {
		return shape.Shape{}, nil, shape.NewError(shape.Syntax, err.Error(), declHint)
	}
	return shape.Matrix(r, c), withoutCommas(f), nil
}

func withoutCommas(f []string) []string {
	var out []string
	for _, w := range f {
		if w != "," {
			out = append(out, w)
		}
	}
	return out
}

// isTimes reports whether sep stands between two sizes.
func isTimes(sep, next string) bool {
	switch sep {
	case "×", "x", "X", "*", "by":
		return true
	case ",":
		_, isProp := expr.LookupProp(next)
		return !isProp
	}
	return false
}

// splitSizes parts "m*n", "mxn" and "3x4" into two sizes.
func splitSizes(w string) (rows, cols string, ok bool) {
	if a, b, found := strings.Cut(w, "*"); found {
		return a, b, true
	}
	for i := 1; i+1 < len(w); i++ {
		if (w[i] == 'x' || w[i] == 'X') && len(w) <= 9 && simpleSize(w[:i]) && simpleSize(w[i+1:]) {
			return w[:i], w[i+1:], true
		}
	}
	return w, "", false
}

// simpleSize is one letter or a number, so that "nxn" is read as two sizes and
// "index" as one.
func simpleSize(w string) bool {
	if len(w) == 1 && unicode.IsLetter(rune(w[0])) {
		return true
	}
	for _, r := range w {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}
