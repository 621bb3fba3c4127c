package lower

import (
	"go/constant"
	"go/types"
	"math"
	"strconv"
	"strings"
)

// constant writes a constant as a literal of type t, which is no interface.
func (f *fn) constant(v constant.Value, t types.Type) string {
	t = f.typ(t)
	text := f.bare(v, t)
	b, ok := types.Unalias(t).(*types.Basic)
	if ok {
		switch b.Kind() {
		case types.Int, types.UntypedInt, types.String, types.UntypedString, types.Bool, types.UntypedBool, types.Complex128, types.UntypedComplex:
			return text
		case types.Float64, types.UntypedFloat:
			return text
		}
	}
	name := f.s.goType(t)
	switch name {
	case "int", "string", "bool", "float64", "complex128":
		return text
	}
	return name + "(" + text + ")"
}

// bare is the literal without its type: right where the context gives it.
func (f *fn) bare(v constant.Value, t types.Type) string {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		fail(0, "constant of type %s", t)
	}
	switch {
	case b.Info()&types.IsBoolean != 0:
		return strconv.FormatBool(constant.BoolVal(v))
	case b.Info()&types.IsString != 0:
		return strconv.Quote(constant.StringVal(v))
	case b.Info()&types.IsInteger != 0:
		text := constant.ToInt(v).ExactString()
		if text == "-9223372036854775808" {
			return "(-9223372036854775807 - 1)"
		}
		return text
	case b.Info()&types.IsFloat != 0:
		return float(v, bits(b, 64))
	case b.Info()&types.IsComplex != 0:
		part := bits(b, 128) / 2
		return f.s.complexVar("complex(" + float(constant.Real(v), part) + ", " + float(constant.Imag(v), part) + ")")
	case b.Kind() == types.UnsafePointer:
		return "nil"
	}
	fail(0, "constant of type %s", t)
	return ""
}

// complexVar is a variable that holds a complex constant: the interpreter cannot
// fold those.
func (s *Session) complexVar(text string) string {
	return s.helper(text, func(name string) string { return "var " + name + " complex128 = " + text + "\n" })
}

func bits(b *types.Basic, otherwise int) int {
	switch b.Kind() {
	case types.Float32:
		return 32
	case types.Complex64:
		return 64
	}
	return otherwise
}

// float is the number rounded to its type, always with a point or an exponent.
func float(v constant.Value, bits int) string {
	x, _ := constant.Float64Val(constant.ToFloat(v))
	if bits == 32 {
		y, _ := constant.Float32Val(constant.ToFloat(v))
		x = float64(y)
	}
	if math.IsInf(x, 0) {
		return strconv.FormatFloat(math.MaxFloat64, 'g', -1, 64)
	}
	text := strconv.FormatFloat(x, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}
