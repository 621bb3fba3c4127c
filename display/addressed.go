package display

import (
	"reflect"

	"gonum.org/v1/gonum/mat"
)

// shownByPointer are the interfaces that make a value worth showing through its
// address: var C mat.Dense is a matrix only as &C.
var shownByPointer = []reflect.Type{
	reflect.TypeFor[mat.Matrix](), reflect.TypeFor[mat.CMatrix](),
	reflect.TypeFor[MIMEBundler](), reflect.TypeFor[HTMLer](), reflect.TypeFor[Markdowner](), reflect.TypeFor[LaTeXer](),
	reflect.TypeFor[SVGer](), reflect.TypeFor[PNGer](), reflect.TypeFor[JPEGer](), reflect.TypeFor[JSONer](), reflect.TypeFor[Texter](),
}

// addressed gives a pointer to a copy of a struct whose forms are methods of its
// pointer; any other value stays as it is.
func addressed(v any) any {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Struct {
		return v
	}
	for _, i := range shownByPointer {
		if p := reflect.PointerTo(t); p.Implements(i) && !t.Implements(i) {
			copied := reflect.New(t)
			copied.Elem().Set(reflect.ValueOf(v))
			return copied.Interface()
		}
	}
	return v
}
