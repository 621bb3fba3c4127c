package blas

import "unsafe"

const (
	// largePage is the size of a large page of memory, in bytes.
	largePage = 1 << 21
	// worthLarge is the size of a vector for which large pages pay.
	worthLarge = 2 * largePage
)

// Room makes n numbers, all zero. Long vectors ask the system for large pages,
// so that a walk through a matrix is not held up by address translation.
func Room(n int) []float64 {
	if 8*n < worthLarge {
		return make([]float64, n)
	}
	x := make([]float64, n+largePage/8)
	skip := (largePage - uintptr(unsafe.Pointer(unsafe.SliceData(x)))%largePage) % largePage / 8
	x = x[skip:][:n:n]
	pages := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 8*n/largePage*largePage)
	adviseLarge(pages)
	return x
}
