// Package unique has unique.Make with a table that keeps what it holds.
package unique

import "sync"

// Handle identifies a value of type T: two are equal when their values are.
type Handle[T comparable] struct{ value *T }

// Value gives a copy of the value.
func (h Handle[T]) Value() T { return *h.value }

// handles maps a key to the *T that stands for its value.
var handles sync.Map

// key tells Make[any](1) from Make[int](1) by a nil pointer of the type.
type key struct{ kind, value any }

// Make gives the handle of value.
func Make[T comparable](value T) Handle[T] {
	p, _ := handles.LoadOrStore(key{(*T)(nil), value}, &value)
	return Handle[T]{p.(*T)}
}
