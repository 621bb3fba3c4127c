package rt

import (
	"errors"
	"reflect"
	"unsafe"
)

// NilCall panics as a call through a nil interface does.
func NilCall() { panic(Nil) }

// RangeDone panics when an iterator goes on after its loop has ended.
func RangeDone() {
	panic(Fault("range function continued iteration after function for loop body returned false"))
}

// NegativeShift panics as a shift by a negative count does.
func NegativeShift() { panic(Fault("negative shift amount")) }

// Same compares channels of any direction.
func Same(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	return x.IsValid() == y.IsValid() && (!x.IsValid() || x.Pointer() == y.Pointer())
}

// Length checks the length that make is given.
func Length(n int) int {
	if n < 0 || n > 1<<47 {
		panic(Fault("makeslice: len out of range"))
	}
	return n
}

// Capacity checks the capacity that make is given.
func Capacity(n int) int {
	if n < 0 || n > 1<<47 {
		panic(Fault("makeslice: cap out of range"))
	}
	return n
}

// Words are the two words of an interface as println shows them.
func Words(v any) any { return interfaceWords(*(*[2]uintptr)(unsafe.Pointer(&v))) }

type interfaceWords [2]uintptr

// As finds an error in the tree of err that satisfies t, an interface which the
// interpreter has as interface{}.
func As(err error, t *Type) (any, bool) {
	for err != nil {
		if v, ok := Has(err, t); ok {
			return v, true
		}
		many, ok := err.(interface{ Unwrap() []error })
		if !ok {
			err = errors.Unwrap(err)
			continue
		}
		for _, e := range many.Unwrap() {
			if out, ok := As(e, t); ok {
				return out, true
			}
		}
		return nil, false
	}
	return nil, false
}
