package blas

import (
	"sync"
	"unsafe"
)

// cacheLine is the alignment of packed panels, in bytes.
const cacheLine = 64

// scratch is a reusable block of numbers.
type scratch struct{ all []float64 }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// borrow gives n numbers of arbitrary value on a cache line's border; give the
// block back with release.
func borrow(n int) (*scratch, []float64) {
	s := scratches.Get().(*scratch)
	const slack = cacheLine / 8
	if len(s.all) < n+slack {
		s.all = make([]float64, n+n/4+slack)
	}
	skip := 0
	if over := uintptr(unsafe.Pointer(unsafe.SliceData(s.all))) % cacheLine; over != 0 {
		skip = int(cacheLine-over) / 8
	}
	return s, s.all[skip : skip+n : skip+n]
}

func (s *scratch) release() { scratches.Put(s) }

// roundUp is the least multiple of unit that is at least n.
func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }
