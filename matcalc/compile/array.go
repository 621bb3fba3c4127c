package compile

import (
	"math"
	"slices"

	"github.com/nabla-go/nabla/matcalc/blas"
)

// A memory is room for numbers. Plan gives it data when all steps are known;
// memories whose lives do not meet share it.
type memory struct {
	data        []float64
	spare       []float64 // for an input that is a result of the last run
	size        int
	first, last int  // steps that write and read it
	fixed       bool // an input, a constant or a result: shared with none
	constant    bool // its data are there when the plan is made
	strip       int  // not 0: it exists by panels of a sweep, each lane's of this size
}

// An array is a matrix r×c, by rows without gaps.
type array struct {
	r, c int
	mem  *memory
}

// v are the entries; they are there while the plan runs.
func (a *array) v() []float64 { return a.mem.data[:a.r*a.c] }

// Numbers are the entries, for package compressed.
func (a *array) Numbers() []float64 { return a.v() }

func (a *array) size() int { return a.r * a.c }

// sameRoom reports slices of one piece of memory, by where it ends.
func sameRoom(x, y []float64) bool {
	return cap(x) > 0 && cap(y) > 0 && &x[:cap(x)][cap(x)-1] == &y[:cap(y)][cap(y)-1]
}

// stride is the distance between rows, as BLAS wants it.
func (a *array) stride() int { return max(a.c, 1) }

func (a *array) isVector() bool { return a.r == 1 || a.c == 1 }

// reshaped is the same entries as r×c.
func (a *array) reshaped(r, c int) *array { return &array{r, c, a.mem} }

// room is the number of float64s to keep.
func (m *memory) room() int {
	if m.strip > 0 {
		return lanes * m.strip
	}
	return m.size
}

// live sets the lives of memories by the steps that touch them, and gives those
// that are in use, in the order of their first steps.
func live(steps []step, memories []*memory) (used []*memory) {
	for _, m := range memories {
		m.first, m.last = -1, -1
	}
	for i, s := range steps {
		for _, a := range append([]*array{s.out}, s.read...) {
			if a.mem.first < 0 {
				a.mem.first = i
			}
			a.mem.last = i
		}
	}
	for _, m := range memories {
		if m.first >= 0 || m.fixed {
			used = append(used, m)
		}
	}
	slices.SortStableFunc(used, func(a, b *memory) int { return a.first - b.first })
	return used
}

// A buffer is room that memories use one after the other.
type buffer struct {
	size  int
	free  int // the step after which it is free
	users []*memory
}

// assign gives every memory a buffer: those that are not fixed take the smallest
// free one that fits, in the order of their first steps.
func assign(memories []*memory) (buffers []*buffer, total int) {
	for _, m := range memories {
		if m.fixed {
			if m.data == nil {
				buffers = append(buffers, &buffer{m.size, math.MaxInt, []*memory{m}})
				total += m.size
			}
			continue
		}
		var best *buffer
		for _, p := range buffers {
			if p.free < m.first && p.size >= m.room() && (best == nil || p.size < best.size) {
				best = p
			}
		}
		if best == nil {
			best = &buffer{size: m.room()}
			total += m.room()
			buffers = append(buffers, best)
		}
		best.free = m.last
		best.users = append(best.users, m)
	}
	return buffers, total
}

// allocate makes the buffers.
func allocate(buffers []*buffer) {
	for _, p := range buffers {
		data := blas.Room(p.size)
		for _, m := range p.users {
			m.data = data
		}
	}
}
