package blas

import (
	"sync"

	"gonum.org/v1/gonum/blas"
)

const (
	// threadMatrix is the least size of a matrix worth a second thread in a
	// product with a vector.
	threadMatrix = 1 << 17
	// longMatrix bounds what one call of a kernel reads: assembly cannot be
	// interrupted by the scheduler.
	longMatrix = 1 << 18
)

// Dgemv sets y = alpha*op(A)*x + beta*y, A m by n.
func (d Implementation) Dgemv(ta blas.Transpose, m, n int, alpha float64, a []float64, lda int, x []float64, incX int, beta float64, y []float64, incY int) {
	trans, ok := transposed(ta)
	lenX, lenY := n, m
	if trans {
		lenX, lenY = m, n
	}
	if active == nil || !ok || m <= 0 || n <= 0 || alpha == 0 || !holds(a, m, n, lda) || !spans(x, lenX, incX) || !spans(y, lenY, incY) {
		d.Implementation.Dgemv(ta, m, n, alpha, a, lda, x, incX, beta, y, incY)
		return
	}
	if incX != 1 {
		s, dense := borrow(lenX)
		defer s.release()
		gather(dense, x, incX)
		x = dense
	}
	result := y
	if incY != 1 {
		s, dense := borrow(lenY)
		defer s.release()
		result = dense
		if beta != 0 {
			gather(dense, y, incY)
		}
	}
	switch beta {
	case 0:
		clear(result[:lenY])
	case 1:
	default:
		active.scale(beta, result[:lenY], result)
	}
	if trans {
		active.columns(m, n, alpha, a, lda, x, result)
	} else {
		active.allRows(m, n, alpha, a, lda, x, result)
	}
	if incY != 1 {
		scatter(y, incY, result)
	}
}

// allRows adds alpha*A*x to y, stripes of rows at a time.
func (k *kernels) allRows(m, n int, alpha float64, a []float64, lda int, x, y []float64) {
	if m*n < threadMatrix {
		k.gemvRows(m, n, alpha, &a[0], lda, &x[0], &y[0])
		return
	}
	stripe := stripeOf(m, m*n, 4)
	w := gemvWorks.Get().(*gemvWork)
	*w = gemvWork{k, false, m, n, stripe, alpha, a, lda, x, y}
	parallel((m+stripe-1)/stripe, w)
	w.release()
}

// columns adds alpha*Aᵀ*x to y, stripes of columns at a time: each piece has
// its own part of y.
func (k *kernels) columns(m, n int, alpha float64, a []float64, lda int, x, y []float64) {
	if m*n < threadMatrix {
		k.gemvColumns(m, n, alpha, &a[0], lda, &x[0], &y[0])
		return
	}
	stripe := stripeOf(n, min(m*n, 4*threadMatrix), cacheLine)
	w := gemvWorks.Get().(*gemvWork)
	*w = gemvWork{k, true, m, n, stripe, alpha, a, lda, x, y}
	parallel((n+stripe-1)/stripe, w)
	w.release()
}

// gemvWork is a product with a vector in stripes, of columns for a transpose.
type gemvWork struct {
	*kernels
	trans        bool
	m, n, stripe int
	alpha        float64
	a            []float64
	lda          int
	x, y         []float64
}

var gemvWorks = sync.Pool{New: func() any { return new(gemvWork) }}

func (w *gemvWork) release() {
	*w = gemvWork{}
	gemvWorks.Put(w)
}

func (w *gemvWork) do(piece int) {
	first := piece * w.stripe
	if !w.trans {
		w.gemvRows(min(w.stripe, w.m-first), w.n, w.alpha, &w.a[first*w.lda], w.lda, &w.x[0], &w.y[first])
		return
	}
	high := max(4, longMatrix/min(w.n, w.stripe))
	for i := 0; i < w.m; i += high {
		w.gemvColumns(min(high, w.m-i), min(w.stripe, w.n-first), w.alpha, &w.a[i*w.lda+first], w.lda, &w.x[i], &w.y[first])
	}
}

// stripeOf cuts n into pieces for all threads, more when size is large.
func stripeOf(n, size, unit int) int {
	pieces := max(2*threads(), (size+longMatrix-1)/longMatrix)
	return max(unit, roundUp((n+pieces-1)/pieces, unit))
}

// gather copies numbers inc apart to dst; a negative inc starts from the end.
func gather(dst, x []float64, inc int) {
	at := start(len(dst), inc)
	for i := range dst {
		dst[i] = x[at]
		at += inc
	}
}

// scatter is the inverse of gather.
func scatter(y []float64, inc int, src []float64) {
	at := start(len(src), inc)
	for _, v := range src {
		y[at] = v
		at += inc
	}
}

// start is where the first of n numbers lies.
func start(n, inc int) int {
	if inc < 0 {
		return -(n - 1) * inc
	}
	return 0
}

// Dger adds alpha*x*yᵀ to A, m by n. Gonum's assembly reads beside vectors
// whose increments differ from 1, so those are made dense at every level.
func (d Implementation) Dger(m, n int, alpha float64, x []float64, incX int, y []float64, incY int, a []float64, lda int) {
	if m <= 0 || n <= 0 || alpha == 0 || !spans(x, m, incX) || !spans(y, n, incY) || !holds(a, m, n, lda) {
		d.Implementation.Dger(m, n, alpha, x, incX, y, incY, a, lda)
		return
	}
	if incX != 1 {
		s, dense := borrow(m)
		defer s.release()
		gather(dense, x, incX)
		x = dense
	}
	if incY != 1 {
		s, dense := borrow(n)
		defer s.release()
		gather(dense, y, incY)
		y = dense
	}
	if active == nil {
		d.Implementation.Dger(m, n, alpha, x, 1, y, 1, a, lda)
		return
	}
	for i, v := range x[:m] {
		active.axpy(alpha*v, y[:n], a[i*lda:])
	}
}
