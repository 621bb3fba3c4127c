package rt

import (
	"reflect"
)

// Eq is ==.
func Eq(a, b any) bool {
	a, b = Unwrap(a), Unwrap(b)
	x, boxed := a.(Box)
	if y, ok := b.(Box); ok && boxed {
		if x.T != y.T {
			return false
		}
		return equal(reflect.ValueOf(x.V), reflect.ValueOf(y.V), x.T)
	}
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	x2, y2 := reflect.ValueOf(a), reflect.ValueOf(b)
	if x2.Type() != y2.Type() {
		return false
	}
	return equal(x2, y2, nil)
}

// EqOf is == of two values of one static type that is not an interface.
func EqOf(a, b any, t *Type) bool { return equal(reflect.ValueOf(a), reflect.ValueOf(b), t) }

// equal compares by the parts, since interfaces among them may hold wrappers
// and blank fields do not count.
func equal(x, y reflect.Value, t *Type) bool {
	switch x.Kind() {
	case reflect.Struct:
		if t == nil && !x.CanInterface() || x.Type() != y.Type() && x.Type().NumField() != y.Type().NumField() {
			return false
		}
		for i := range x.NumField() {
			var ft *Type
			if t != nil && i < len(t.Fields) {
				ft = t.Fields[i].Type
				if t.Fields[i].Name == "_" {
					continue
				}
			}
			if !equal(x.Field(i), y.Field(i), ft) {
				return false
			}
		}
		return true
	case reflect.Array:
		var et *Type
		if t != nil {
			et = t.Elem
		}
		for i := range x.Len() {
			if !equal(x.Index(i), y.Index(i), et) {
				return false
			}
		}
		return true
	case reflect.Interface:
		if x.IsNil() || y.IsNil() {
			return x.IsNil() && y.IsNil()
		}
		if x.CanInterface() && y.CanInterface() {
			return Eq(x.Interface(), y.Interface())
		}
		return x.Equal(y)
	case reflect.Pointer:
		return y.Kind() == reflect.Pointer && x.Pointer() == y.Pointer()
	case reflect.Slice, reflect.Map, reflect.Func:
		name := x.Type().String()
		if t != nil {
			name = t.Name
		}
		panic(Fault("comparing uncomparable type " + name))
	case reflect.Invalid:
		return !y.IsValid()
	}
	return x.Equal(y)
}
