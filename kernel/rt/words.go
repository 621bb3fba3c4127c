package rt

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rune decodes the first character of s.
func Rune(s string) (rune, int) { return utf8.DecodeRuneInString(s) }

// Clear is the builtin clear.
func Clear(v any) {
	if r := reflect.ValueOf(v); r.IsValid() {
		r.Clear()
	}
}

// Convert converts a slice to an array or to a pointer to one: example is a nil
// pointer to the wanted type.
func Convert(v, example any) any {
	r, t := reflect.ValueOf(v), reflect.TypeOf(example).Elem()
	want := t
	if t.Kind() == reflect.Pointer {
		want = t.Elem()
	}
	if want.Kind() == reflect.Array && r.Kind() == reflect.Slice && r.Len() < want.Len() {
		panic(Fault("cannot convert slice with length " + strconv.Itoa(r.Len()) + " to array or pointer to array with length " + strconv.Itoa(want.Len())))
	}
	return r.Convert(t).Interface()
}

// Sprint is the text of the builtin print, and with spaces and a line's end of
// println.
func Sprint(spaces bool, args ...any) string {
	var b strings.Builder
	for i, a := range args {
		if spaces && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(printed(a))
	}
	if spaces {
		b.WriteByte('\n')
	}
	return b.String()
}

func printed(a any) string {
	if x, ok := a.(interfaceWords); ok {
		return "(0x" + strconv.FormatUint(uint64(x[0]), 16) + ",0x" + strconv.FormatUint(uint64(x[1]), 16) + ")"
	}
	r := reflect.ValueOf(a)
	switch r.Kind() {
	case reflect.Invalid:
		return "nil"
	case reflect.Bool:
		return strconv.FormatBool(r.Bool())
	case reflect.String:
		return r.String()
	case reflect.Float32, reflect.Float64:
		return float(r.Float(), r.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		c := r.Complex()
		bits := r.Type().Bits() / 2
		imaginary := float(imag(c), bits)
		if imaginary[0] != '-' && imaginary[0] != '+' {
			imaginary = "+" + imaginary
		}
		return "(" + float(real(c), bits) + imaginary + "i)"
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return "0x" + strconv.FormatUint(uint64(r.Pointer()), 16)
	case reflect.Slice:
		return "[" + strconv.Itoa(r.Len()) + "/" + strconv.Itoa(r.Cap()) + "]0x" + strconv.FormatUint(uint64(r.Pointer()), 16)
	}
	if r.CanInt() {
		return strconv.FormatInt(r.Int(), 10)
	}
	if r.CanUint() {
		return strconv.FormatUint(r.Uint(), 10)
	}
	return "(" + r.Type().String() + ")"
}

// float is the number as println prints it since Go 1.26: the shortest text
// that reads back alike.
func float(x float64, bits int) string {
	switch {
	case x != x:
		return "NaN"
	case math.IsInf(x, 1):
		return "+Inf"
	case math.IsInf(x, -1):
		return "-Inf"
	}
	return strconv.FormatFloat(x, 'g', -1, bits)
}
