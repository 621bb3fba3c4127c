package rt

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// invoke calls a method of the boxed value, if it has one that takes and gives
// what f does: f points to a function variable.
func (b Box) method(name string, f any) bool {
	m, ok := b.T.function(name)
	if !ok {
		return false
	}
	p := reflect.ValueOf(f).Elem()
	t := p.Type()
	if m.Type().NumIn() != t.NumIn()+1 || m.Type().NumOut() != t.NumOut() {
		return false
	}
	for i := range t.NumIn() {
		if m.Type().In(i+1) != t.In(i) {
			return false
		}
	}
	for i := range t.NumOut() {
		if m.Type().Out(i) != t.Out(i) {
			return false
		}
	}
	p.Set(bound(t, m, b.V))
	return true
}

func (b Box) has(name string) bool {
	_, ok := b.T.signature(name)
	return ok
}

// Error is the method of the boxed value.
func (b Box) Error() string {
	var f func() string
	if b.method("Error", &f) {
		return f()
	}
	return fmt.Sprint(b)
}

// Unwrap is the method of the boxed value that gives one error.
func (b Box) Unwrap() error {
	var f func() error
	if b.method("Unwrap", &f) {
		return f()
	}
	return nil
}

// causes are the errors that the boxed value wraps.
func (b Box) causes() []error {
	var many func() []error
	if b.method("Unwrap", &many) {
		return many()
	}
	if err := b.Unwrap(); err != nil {
		return []error{err}
	}
	return nil
}

// Is is the method of the boxed value by which errors.Is compares; the errors of
// a value that wraps several are searched too.
func (b Box) Is(target error) bool {
	var f func(error) bool
	if b.method("Is", &f) && f(target) {
		return true
	}
	var many func() []error
	if b.method("Unwrap", &many) {
		for _, err := range many() {
			if is(err, target) {
				return true
			}
		}
	}
	return false
}

// MarshalJSON encodes the boxed value with the person's names and methods.
func (b Box) MarshalJSON() ([]byte, error) { return json.Marshal(Present(b)) }
