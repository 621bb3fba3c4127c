package display

import (
	"fmt"
	"math/big"
	"reflect"
	"strings"
)

// formula is the TeX of a value without delimiters and its text in lines, for
// a value that is a formula: a matrix, a fraction or what has a LaTeX method.
func formula(v reflect.Value) (latex string, text []string, ok bool) {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() || !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return "", nil, false
	}
	x := dressed(v.Interface())
	if _, ok := x.(LaTeXer); !ok {
		if _, ok := matrixGrid(x); !ok && !isFraction(x) {
			return "", nil, false
		}
	}
	for _, render := range formulas {
		b, ok := render(x)
		if tex, has := b.Data[MIMELaTeX].(string); ok && has {
			plain, _ := b.Data[MIMEText].(string)
			return bare(tex), strings.Split(plain, "\n"), true
		}
	}
	return "", nil, false
}

// formulas are the renderers that give formulas.
var formulas = []func(any) (Bundle, bool){methods, matrices, fractions}

func isFraction(v any) bool {
	r, ok := v.(*big.Rat)
	return ok && !r.IsInt()
}

// fractions renders a rational number as a fraction.
func fractions(v any) (Bundle, bool) {
	r, ok := v.(*big.Rat)
	if !ok || r.IsInt() {
		return Bundle{}, false
	}
	sign, num := "", new(big.Int).Abs(r.Num())
	if r.Sign() < 0 {
		sign = "-"
	}
	return mathBundle(fmt.Sprintf(`%s\frac{%s}{%s}`, sign, num, r.Denom()), r.String()), true
}
