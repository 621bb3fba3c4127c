package compressed

import (
	"fmt"

	gonum "gonum.org/v1/gonum/blas"

	"github.com/nabla-go/nabla/matcalc/blas"
)

// Numbers gives the entries of a part, by rows, at the time of use.
type Numbers interface{ Numbers() []float64 }

// Number gives a factor at the time of use.
type Number interface{ Number() float64 }

// A Slice is Numbers that are there already.
type Slice []float64

// Numbers is the slice itself.
func (s Slice) Numbers() []float64 { return s }

// A Form is a matrix r×c given by its structure. The functions of this package
// make them.
type Form interface {
	dims() (r, c int)
	at(i, j int) float64
	// mul sets dst, r×p, to the matrix times x, c×p; both by rows.
	mul(dst, x []float64, p int)
	// Transpose is the form of the transpose; it shares the numbers.
	Transpose() Form
	// store writes alpha times the entries to the rows of dst, ld apart, or
	// adds them.
	store(dst []float64, ld int, alpha float64, add bool)
	// words is how many numbers are kept.
	words() int
	// work is how many operations mul does for each column.
	work() float64
	// text names the structure with its sizes.
	text() string
}

var engine blas.Implementation

// entries is a matrix without structure; trans reads a c×r matrix.
type entries struct {
	r, c  int
	v     Numbers
	trans bool
}

// Entries is a matrix r×c without structure. With trans the numbers are those
// of its transpose.
func Entries(r, c int, v Numbers, trans bool) Form { return entries{r, c, v, trans} }

func (e entries) dims() (int, int) { return e.r, e.c }
func (e entries) words() int       { return e.r * e.c }
func (e entries) work() float64    { return 2 * float64(e.r) * float64(e.c) }
func (e entries) text() string     { return fmt.Sprintf("%d×%d", e.r, e.c) }
func (e entries) Transpose() Form  { return entries{e.c, e.r, e.v, !e.trans} }

func (e entries) at(i, j int) float64 {
	if e.trans {
		return e.v.Numbers()[j*e.r+i]
	}
	return e.v.Numbers()[i*e.c+j]
}

func (e entries) mul(dst, x []float64, p int) {
	if e.r*e.c*p == 0 { // BLAS refuses it
		clear(dst[:e.r*p])
		return
	}
	t, ld := gonum.NoTrans, e.c
	if e.trans {
		t, ld = gonum.Trans, e.r
	}
	engine.Dgemm(t, gonum.NoTrans, e.r, p, e.c, 1, e.v.Numbers(), max(ld, 1), x, max(p, 1), 0, dst, max(p, 1))
}

func (e entries) store(dst []float64, ld int, alpha float64, add bool) {
	v := e.v.Numbers()
	for i := range e.r {
		row := dst[i*ld : i*ld+e.c]
		switch {
		case e.trans && add:
			for j := range row {
				row[j] += alpha * v[j*e.r+i]
			}
		case e.trans:
			for j := range row {
				row[j] = alpha * v[j*e.r+i]
			}
		case add:
			blas.Axpy(alpha, v[i*e.c:(i+1)*e.c], row)
		default:
			blas.Scale(row, alpha, v[i*e.c:(i+1)*e.c])
		}
	}
}

// diagonal is diag(v), n×n.
type diagonal struct {
	n int
	v Numbers
}

// Diagonal is the diagonal matrix of n numbers.
func Diagonal(n int, v Numbers) Form { return diagonal{n, v} }

func (d diagonal) dims() (int, int) { return d.n, d.n }
func (d diagonal) words() int       { return d.n }
func (d diagonal) work() float64    { return float64(d.n) }
func (d diagonal) text() string     { return fmt.Sprintf("diag(%d)", d.n) }
func (d diagonal) Transpose() Form  { return d }

func (d diagonal) at(i, j int) float64 {
	if i != j {
		return 0
	}
	return d.v.Numbers()[i]
}

func (d diagonal) mul(dst, x []float64, p int) {
	for i, k := range d.v.Numbers()[:d.n] {
		blas.Scale(dst[i*p:(i+1)*p], k, x[i*p:(i+1)*p])
	}
}

func (d diagonal) store(dst []float64, ld int, alpha float64, add bool) {
	if !add {
		wipe(dst, ld, d.n, d.n)
	}
	for i, k := range d.v.Numbers()[:d.n] {
		dst[i*ld+i] += alpha * k
	}
}

// identity is the n×n identity.
type identity struct{ n int }

// Identity is the n×n identity.
func Identity(n int) Form { return identity{n} }

func (e identity) dims() (int, int)            { return e.n, e.n }
func (e identity) words() int                  { return 0 }
func (e identity) work() float64               { return 0 }
func (e identity) text() string                { return fmt.Sprintf("eye(%d)", e.n) }
func (e identity) Transpose() Form             { return e }
func (e identity) mul(dst, x []float64, p int) { copy(dst[:e.n*p], x) }

func (e identity) at(i, j int) float64 {
	if i != j {
		return 0
	}
	return 1
}

func (e identity) store(dst []float64, ld int, alpha float64, add bool) {
	if !add {
		wipe(dst, ld, e.n, e.n)
	}
	for i := range e.n {
		dst[i*ld+i] += alpha
	}
}

// permutation is the commutation matrix K(m,n), which takes the stacked columns
// of a matrix m×n to those of its transpose.
type permutation struct{ m, n int }

// Commutation is the matrix K(m,n) with K(m,n)·vec A = vec A' for A m×n.
func Commutation(m, n int) Form { return permutation{m, n} }

func (k permutation) dims() (int, int) { return k.m * k.n, k.m * k.n }
func (k permutation) words() int       { return 0 }
func (k permutation) work() float64    { return 0 }
func (k permutation) text() string     { return fmt.Sprintf("K(%d,%d)", k.m, k.n) }
func (k permutation) Transpose() Form  { return permutation{k.n, k.m} }

// column is where row i has its one: entry (p,q) of A' is entry (q,p) of A.
func (k permutation) column(i int) int { return i/k.n + i%k.n*k.m }

func (k permutation) at(i, j int) float64 {
	if j != k.column(i) {
		return 0
	}
	return 1
}

func (k permutation) mul(dst, x []float64, p int) {
	for i := range k.m * k.n {
		copy(dst[i*p:(i+1)*p], x[k.column(i)*p:])
	}
}

func (k permutation) store(dst []float64, ld int, alpha float64, add bool) {
	n := k.m * k.n
	if !add {
		wipe(dst, ld, n, n)
	}
	for i := range n {
		dst[i*ld+k.column(i)] += alpha
	}
}

// scaled is k times a form.
type scaled struct {
	k Number
	f Form
}

// Scaled is the form times a number.
func Scaled(k Number, f Form) Form { return scaled{k, f} }

func (s scaled) dims() (int, int)    { return s.f.dims() }
func (s scaled) words() int          { return 1 + s.f.words() }
func (s scaled) text() string        { return s.f.text() }
func (s scaled) at(i, j int) float64 { return s.k.Number() * s.f.at(i, j) }
func (s scaled) Transpose() Form     { return scaled{s.k, s.f.Transpose()} }

func (s scaled) work() float64 {
	r, _ := s.dims()
	return float64(r) + s.f.work()
}

func (s scaled) mul(dst, x []float64, p int) {
	s.f.mul(dst, x, p)
	r, _ := s.f.dims()
	blas.Scale(dst[:r*p], s.k.Number(), dst[:r*p])
}

func (s scaled) store(dst []float64, ld int, alpha float64, add bool) {
	s.f.store(dst, ld, alpha*s.k.Number(), add)
}

// wipe clears r rows of c numbers, ld apart, on all cores when they are many.
func wipe(dst []float64, ld, r, c int) {
	const piece = 1 << 16  // numbers
	const around = 1 << 22 // numbers that clear writes around the caches, twice as fast as through them
	if pieces := r * c / around; ld == c && pieces > 0 {
		size := (r*c + pieces - 1) / pieces
		blas.Parallel(pieces, func(k int) { clear(dst[k*size : min(r*c, (k+1)*size)]) })
		return
	}
	if r*c < 2*piece {
		for i := range r {
			clear(dst[i*ld : i*ld+c])
		}
		return
	}
	rows := max(1, piece/c)
	blas.Parallel((r+rows-1)/rows, func(k int) {
		for i := k * rows; i < min(r, (k+1)*rows); i++ {
			clear(dst[i*ld : i*ld+c])
		}
	})
}
