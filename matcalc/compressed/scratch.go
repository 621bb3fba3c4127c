package compressed

import "sync"

// scratch is a reusable block of numbers.
type scratch struct{ all []float64 }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// borrow gives n numbers of arbitrary value; give the block back with release.
func borrow(n int) (*scratch, []float64) {
	s := scratches.Get().(*scratch)
	if cap(s.all) < n {
		s.all = make([]float64, n)
	}
	return s, s.all[:n]
}

func (s *scratch) release() { scratches.Put(s) }
