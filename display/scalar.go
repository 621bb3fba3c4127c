package display

import (
	"fmt"
	"reflect"
	"time"
)

// scalars renders single values whose text by %v does not say what they are.
func scalars(v any) (Bundle, bool) {
	if t, ok := v.(time.Time); ok {
		// Without the reading of the monotonic clock, which says nothing.
		return plainBundle(t.Round(0).String()), true
	}
	if hasText(v) {
		return Bundle{}, false
	}
	switch rv := reflect.ValueOf(v); rv.Kind() {
	case reflect.Chan:
		return plainBundle(channel(rv)), true
	case reflect.Func:
		if rv.IsNil() {
			return plainBundle(rv.Type().String() + " (nil)"), true
		}
		return plainBundle(rv.Type().String()), true
	case reflect.Pointer:
		return pointee(rv)
	}
	return Bundle{}, false
}

func channel(c reflect.Value) string {
	switch {
	case c.IsNil():
		return c.Type().String() + " (nil)"
	case c.Cap() == 0:
		return c.Type().String() + " (unbuffered)"
	}
	return fmt.Sprintf("%s (%d of %d waiting)", c.Type(), c.Len(), c.Cap())
}

// pointee shows what a pointer to a number, string or the like points to; an
// address would say nothing.
func pointee(p reflect.Value) (Bundle, bool) {
	switch e := p.Elem(); e.Kind() {
	case reflect.Struct, reflect.Array, reflect.Slice, reflect.Map, reflect.Pointer, reflect.UnsafePointer:
		return Bundle{}, false
	case reflect.Interface:
		return plainBundle("&" + line(e, cellWidth)), true
	default:
		return plainBundle("&" + textOf(e.Interface(), Bundle{})), true
	}
}
