package rt

import (
	"math"
	"reflect"
	"unsafe"
)

// Pointer is the conversion of a pointer, or of a uintptr, to unsafe.Pointer.
func Pointer(p any) unsafe.Pointer {
	r := reflect.ValueOf(p)
	if r.Kind() == reflect.Uintptr {
		word := uintptr(r.Uint())
		return *(*unsafe.Pointer)(unsafe.Pointer(&word))
	}
	return r.UnsafePointer()
}

// PointerAt is the conversion of p to a pointer: example is a nil one of its type.
func PointerAt(p unsafe.Pointer, example any) any {
	return reflect.NewAt(reflect.TypeOf(example).Elem(), p).Interface()
}

// Address is the conversion of p to a uintptr.
func Address(p unsafe.Pointer) uintptr { return uintptr(p) }

// Count is a length as an int, negative when it does not fit.
func Count(n uint64) int {
	if n > math.MaxInt {
		return -1
	}
	return int(n)
}

// UnsafeString is unsafe.String.
func UnsafeString(p *byte, n int) string {
	check("unsafe.String", p == nil, n, 1)
	return unsafe.String(p, n)
}

// UnsafeStringData is unsafe.StringData.
func UnsafeStringData(s string) *byte { return unsafe.StringData(s) }

// UnsafeSlice is unsafe.Slice for a pointer of any type.
func UnsafeSlice(p any, n int) any {
	r := reflect.ValueOf(p)
	elem := r.Type().Elem()
	check("unsafe.Slice", r.IsNil(), n, elem.Size())
	if r.IsNil() {
		return reflect.Zero(reflect.SliceOf(elem)).Interface()
	}
	header := reflect.New(reflect.SliceOf(elem))
	*(*[]byte)(header.UnsafePointer()) = unsafe.Slice((*byte)(r.UnsafePointer()), n)
	return header.Elem().Interface()
}

// check panics as the functions of package unsafe do for a bad length.
func check(name string, isNil bool, n int, size uintptr) {
	switch {
	case n < 0, size > 0 && uintptr(n) > math.MaxInt/size:
		panic(Fault(name + ": len out of range"))
	case isNil && n > 0:
		panic(Fault(name + ": ptr is nil and len is not zero"))
	}
}

// UnsafeSliceData is unsafe.SliceData for a slice of any type.
func UnsafeSliceData(s any) any {
	r := reflect.ValueOf(s)
	return reflect.NewAt(r.Type().Elem(), r.UnsafePointer()).Interface()
}

// UnsafeAdd is unsafe.Add.
func UnsafeAdd(p unsafe.Pointer, n int) unsafe.Pointer { return unsafe.Add(p, n) }
