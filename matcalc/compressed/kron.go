package compressed

import (
	"github.com/nabla-go/nabla/matcalc/blas"
)

// kron is A⊗B.
type kron struct{ a, b Form }

// Kron is the Kronecker product of two forms.
func Kron(a, b Form) Form { return kron{a, b} }

func (k kron) dims() (int, int) {
	ar, ac := k.a.dims()
	br, bc := k.b.dims()
	return ar * br, ac * bc
}

func (k kron) words() int   { return k.a.words() + k.b.words() }
func (k kron) text() string { return "kron(" + k.a.text() + ", " + k.b.text() + ")" }
func (k kron) work() float64 {
	ar, _ := k.a.dims()
	_, bc := k.b.dims()
	return k.a.work()*float64(bc) + k.b.work()*float64(ar)
}
func (k kron) Transpose() Form { return kron{k.a.Transpose(), k.b.Transpose()} }

func (k kron) at(i, j int) float64 {
	r, c := k.b.dims()
	return k.a.at(i/r, j/c) * k.b.at(i%r, j%c)
}

// mul: x is a matrix ac×(bc·p); A takes its rows, B those of each of its parts.
func (k kron) mul(dst, x []float64, p int) {
	ar, _ := k.a.dims()
	br, bc := k.b.dims()
	if _, ok := k.b.(identity); ok {
		k.a.mul(dst, x, bc*p)
		return
	}
	half := x
	if _, ok := k.a.(identity); !ok {
		s, room := borrow(ar * bc * p)
		defer s.release()
		half = room
		k.a.mul(half, x, bc*p)
	}
	if p > 1 || ar == 1 {
		for i := range ar {
			k.b.mul(dst[i*br*p:(i+1)*br*p], half[i*bc*p:(i+1)*bc*p], p)
		}
		return
	}
	// One column: all parts at once, as B times the transpose.
	s, room := borrow((bc + br) * ar)
	defer s.release()
	turned, product := room[:bc*ar], room[bc*ar:]
	flip(turned, half, ar, bc)
	k.b.mul(product, turned, ar)
	flip(dst, product, br, ar)
}

// flip writes the transpose of an r×c matrix.
func flip(dst, src []float64, r, c int) {
	for i := range r {
		for j, v := range src[i*c : (i+1)*c] {
			dst[j*r+i] = v
		}
	}
}

// store goes through the entries of A that may differ from zero.
func (k kron) store(dst []float64, ld int, alpha float64, add bool) {
	r, c := k.dims()
	ar, ac := k.a.dims()
	br, bc := k.b.dims()
	if banded(k.a) {
		if !add {
			wipe(dst, ld, r, c)
		}
		for i := range ar {
			k.b.store(dst[i*br*ld+i*bc:], ld, alpha*k.a.at(i, i), true)
		}
		return
	}
	if banded(k.b) && !add { // far fewer entries than room
		wipe(dst, ld, r, c)
		add = true
	}
	s, a := borrow(ar * ac)
	defer s.release()
	k.a.store(a, ac, alpha, false)
	rows := func(i int) {
		for j := range ac {
			k.b.store(dst[i*br*ld+j*bc:], ld, a[i*ac+j], add)
		}
	}
	if r*c < 1<<16 {
		for i := range ar {
			rows(i)
		}
		return
	}
	blas.Parallel(ar, rows)
}

// banded tells that all entries off the diagonal are zero.
func banded(f Form) bool {
	switch f := f.(type) {
	case diagonal, identity:
		return true
	case scaled:
		return banded(f.f)
	}
	return false
}
