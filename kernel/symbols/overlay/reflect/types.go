// Package reflect has the generic functions of reflect by way of its others.
package reflect

import "reflect"

// TypeFor gives the type that represents T.
func TypeFor[T any]() reflect.Type { return reflect.TypeOf((*T)(nil)).Elem() }

// TypeAssert is like v.Interface().(T) with the comma.
func TypeAssert[T any](v reflect.Value) (T, bool) {
	t, ok := v.Interface().(T)
	return t, ok
}
