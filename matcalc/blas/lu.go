package blas

import (
	"math"

	"gonum.org/v1/gonum/blas"
)

// panelLU is how many columns of a matrix are eliminated one by one.
const panelLU = 16

// Dgetrf factors A, m by n, as P*L*U in place, with the row that row i was
// exchanged with in pivots[i]; it tells whether U has no zero on its diagonal.
func (l Lapack) Dgetrf(m, n int, a []float64, lda int, pivots []int) (ok bool) {
	if active == nil || m <= 0 || n <= 0 || !holds(a, m, n, lda) || len(pivots) != min(m, n) {
		return l.Implementation.Dgetrf(m, n, a, lda, pivots)
	}
	return eliminate(m, n, a, lda, pivots)
}

// eliminate factors the left half of the columns, brings the right half up to
// date, and factors what is below in it.
func eliminate(m, n int, a []float64, lda int, pivots []int) (ok bool) {
	k := min(m, n)
	h := k
	if k > panelLU {
		h = roundUp(k/2, panelLU)
		ok = eliminate(m, h, a, lda, pivots[:h])
	} else {
		ok = active.eliminatePanel(m, k, a, lda, pivots)
	}
	if h == n {
		return ok
	}
	var d Implementation
	exchange(a[h:], n-h, lda, pivots[:h])
	d.Dtrsm(blas.Left, blas.Lower, blas.NoTrans, blas.Unit, h, n-h, 1, a, lda, a[h:], lda)
	if h == m {
		return ok
	}
	rest := a[h*lda+h:]
	d.Dgemm(blas.NoTrans, blas.NoTrans, m-h, n-h, h, -1, a[h*lda:], lda, a[h:], lda, 1, rest, lda)
	if h == k {
		return ok
	}
	below := eliminate(m-h, n-h, rest, lda, pivots[h:])
	exchange(a[h*lda:], h, lda, pivots[h:])
	for i := range pivots[h:] {
		pivots[h+i] += h
	}
	return ok && below
}

// exchange swaps row i with row pivots[i], one after the other.
func exchange(a []float64, cols, lda int, pivots []int) {
	for i, p := range pivots {
		if p == i {
			continue
		}
		x, y := a[i*lda:i*lda+cols], a[p*lda:p*lda+cols]
		for j, v := range x {
			x[j], y[j] = y[j], v
		}
	}
}

// eliminatePanel factors m by n numbers, n at most m, in a transposed copy, in
// which the columns that it works on lie in one piece.
func (k *kernels) eliminatePanel(m, n int, a []float64, lda int, pivots []int) (ok bool) {
	ld := roundUp(m, k.lanes)
	s, columns := borrow(n * ld)
	defer s.release()
	k.transpose(m, n, a, lda, columns, ld)
	ok = true
	for j := range n {
		column := columns[j*ld : j*ld+m]
		p := j + largest(column[j:])
		pivots[j] = p
		pivot := column[p]
		if pivot == 0 {
			ok = false
			continue
		}
		if p != j {
			for c := range n {
				columns[c*ld+j], columns[c*ld+p] = columns[c*ld+p], columns[c*ld+j]
			}
		}
		below := column[j+1:]
		if math.Abs(pivot) >= 0x1p-1022 {
			k.scale(1/pivot, below, below)
		} else {
			for i := range below {
				below[i] /= pivot
			}
		}
		for c := j + 1; c < n; c++ {
			other := columns[c*ld : c*ld+m]
			k.axpy(-other[j], below, other[j+1:])
		}
	}
	k.transposeBack(m, n, columns, ld, a, lda)
	return ok
}

// largest is where the number of the largest magnitude is, the first of equals.
func largest(x []float64) int {
	at, top := 0, math.Abs(x[0])
	for i, v := range x {
		if v = math.Abs(v); v > top {
			at, top = i, v
		}
	}
	return at
}
