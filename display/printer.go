package display

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A printer writes what fmt's %v writes, but ends: a value that contains itself
// is marked, and long collections are shortened in the middle.
type printer struct {
	out  strings.Builder
	path map[visit]bool // the collections around the value being written
	left int            // how many more values may be written
}

// A visit names one collection; slices of one array differ in their length.
type visit struct {
	pointer uintptr
	length  int
	kind    reflect.Type
}

const (
	maxValues  = 1000 // of one collection shown whole
	headValues = 500  // of a longer one, at its start
	tailValues = 10   // and at its end
	maxTotal   = 50_000
	maxDepth   = 500
)

// sprint is fmt.Sprint(v), within bounds.
func sprint(v any) string {
	p := printer{path: map[visit]bool{}, left: maxTotal}
	p.value(reflect.ValueOf(v), 0)
	return strings.ToValidUTF8(p.out.String(), "\uFFFD")
}

// line is sprint on one line, shortened to width columns.
func line(v reflect.Value, columns int) string {
	p := printer{path: map[visit]bool{}, left: 4 * columns}
	p.value(v, 0)
	s := strings.Join(strings.Fields(strings.ToValidUTF8(p.out.String(), "\uFFFD")), " ")
	return clip(s, columns)
}

func (p *printer) value(v reflect.Value, depth int) {
	if p.left--; p.left < 0 || depth > maxDepth {
		p.out.WriteString("…")
		return
	}
	if !v.IsValid() {
		p.out.WriteString("<nil>")
		return
	}
	if v.CanInterface() && v.Kind() != reflect.Interface {
		if d := dressed(v.Interface()); hasText(d) {
			p.out.WriteString(fmt.Sprint(d))
			return
		}
	}
	switch v.Kind() {
	case reflect.Interface:
		p.value(v.Elem(), depth+1)
	case reflect.Slice, reflect.Map:
		p.collection(v, depth)
	case reflect.Array:
		p.list(v, depth)
	case reflect.Struct:
		p.fields(v, depth)
	case reflect.Pointer:
		p.pointer(v, depth)
	case reflect.String:
		p.text(v.String())
	default:
		fmt.Fprint(&p.out, v)
	}
}

// text writes a string, a very long one without its middle.
func (p *printer) text(s string) {
	if len(s) > maxString {
		s = s[:maxString/2] + "…" + s[len(s)-1024:] + fmt.Sprintf(" (%d bytes)", len(s))
	}
	p.out.WriteString(s)
}

// pointer writes &{...} at the top, the address below it, as fmt does.
func (p *printer) pointer(v reflect.Value, depth int) {
	if depth == 0 && !v.IsNil() {
		switch v.Elem().Kind() {
		case reflect.Array, reflect.Slice, reflect.Struct, reflect.Map:
			p.out.WriteByte('&')
			p.value(v.Elem(), depth+1)
			return
		}
	}
	if v.IsNil() {
		p.out.WriteString("<nil>")
		return
	}
	fmt.Fprintf(&p.out, "%#x", v.Pointer())
}

// collection writes a slice or map unless it is inside itself.
func (p *printer) collection(v reflect.Value, depth int) {
	here := visit{v.Pointer(), v.Len(), v.Type()}
	if v.Len() > 0 && p.path[here] {
		p.out.WriteString("…cycle…")
		return
	}
	p.path[here] = true
	defer delete(p.path, here)
	if v.Kind() == reflect.Map {
		p.entries(v, depth)
		return
	}
	p.list(v, depth)
}

// each calls write for the positions of a collection of n values that are
// shown, with a space between and dots for those left out.
func (p *printer) each(n int, write func(i int)) {
	for i := 0; i < n; i++ {
		if p.left < 0 {
			p.out.WriteString(" …")
			break
		}
		if i > 0 {
			p.out.WriteByte(' ')
		}
		if n > maxValues && i == headValues {
			p.out.WriteString("… ")
			i = n - tailValues
		}
		write(i)
	}
	if n > maxValues {
		fmt.Fprintf(&p.out, " (%d values)", n)
	}
}

func (p *printer) list(v reflect.Value, depth int) {
	p.out.WriteByte('[')
	p.each(v.Len(), func(i int) { p.value(v.Index(i), depth+1) })
	p.out.WriteByte(']')
}

func (p *printer) fields(v reflect.Value, depth int) {
	p.out.WriteByte('{')
	for i := range v.NumField() {
		if i > 0 {
			p.out.WriteByte(' ')
		}
		p.value(v.Field(i), depth+1)
	}
	p.out.WriteByte('}')
}

func (p *printer) entries(v reflect.Value, depth int) {
	keys := sortedKeys(v)
	p.out.WriteString("map[")
	p.each(len(keys), func(i int) {
		p.value(keys[i], depth+1)
		p.out.WriteByte(':')
		p.value(v.MapIndex(keys[i]), depth+1)
	})
	p.out.WriteByte(']')
}

// sortedKeys are the keys of a map in the order in which fmt prints them.
func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortStableFunc(keys, compareKeys)
	return keys
}

// compareKeys orders two values of one type: numbers and strings as usual,
// false before true, structs and arrays by their first difference, what has no
// order of its own by address.
func compareKeys(a, b reflect.Value) int {
	switch a.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return cmp.Compare(a.Int(), b.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return cmp.Compare(a.Uint(), b.Uint())
	case reflect.Float32, reflect.Float64:
		return cmp.Compare(a.Float(), b.Float())
	case reflect.Complex64, reflect.Complex128:
		x, y := a.Complex(), b.Complex()
		return cmp.Or(cmp.Compare(real(x), real(y)), cmp.Compare(imag(x), imag(y)))
	case reflect.String:
		return strings.Compare(a.String(), b.String())
	case reflect.Bool:
		return cmp.Compare(truth(a.Bool()), truth(b.Bool()))
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return cmp.Compare(a.Pointer(), b.Pointer())
	case reflect.Struct:
		return firstDifference(a.NumField(), a.Field, b.Field)
	case reflect.Array:
		return firstDifference(a.Len(), a.Index, b.Index)
	case reflect.Interface:
		return compareInterfaces(a, b)
	}
	return 0
}

func firstDifference(n int, a, b func(int) reflect.Value) int {
	for i := range n {
		if c := compareKeys(a(i), b(i)); c != 0 {
			return c
		}
	}
	return 0
}

// compareInterfaces puts nil first and keeps values of one type together.
func compareInterfaces(a, b reflect.Value) int {
	if a.IsNil() || b.IsNil() {
		return cmp.Compare(truth(!a.IsNil()), truth(!b.IsNil()))
	}
	a, b = a.Elem(), b.Elem()
	if a.Type() != b.Type() {
		return strings.Compare(a.Type().String(), b.Type().String())
	}
	return compareKeys(a, b)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
