package blas

import (
	"math"

	"gonum.org/v1/gonum/blas"
)

// smallFactor is the size at which Dpotrf stops halving.
const smallFactor = 32

// Dpotrf factors the symmetric positive definite matrix in the triangle of a
// as Uᵀ*U or L*Lᵀ in place; it tells whether the matrix is positive definite.
func (l Lapack) Dpotrf(ul blas.Uplo, n int, a []float64, lda int) (ok bool) {
	if active == nil || (ul != blas.Upper && ul != blas.Lower) || n <= 0 || !holds(a, n, n, lda) {
		return l.Implementation.Dpotrf(ul, n, a, lda)
	}
	return factor(ul, n, a, lda)
}

// factor factors the upper left half, takes its share from the rest, and
// factors that.
func factor(ul blas.Uplo, n int, a []float64, lda int) bool {
	if n <= smallFactor {
		s, column := borrow(n)
		defer s.release()
		if ul == blas.Upper {
			return active.factorUpper(n, a, lda, column)
		}
		return active.factorLower(n, a, lda, column)
	}
	h := roundUp(n/2, active.rows)
	if !factor(ul, h, a, lda) {
		return false
	}
	var d Implementation
	rest := a[h*lda+h:]
	if ul == blas.Upper {
		d.Dtrsm(blas.Left, ul, blas.Trans, blas.NonUnit, h, n-h, 1, a, lda, a[h:], lda)
		d.Dsyrk(ul, blas.Trans, n-h, h, -1, a[h:], lda, 1, rest, lda)
	} else {
		d.Dtrsm(blas.Right, ul, blas.Trans, blas.NonUnit, n-h, h, 1, a, lda, a[h*lda:], lda)
		d.Dsyrk(ul, blas.NoTrans, n-h, h, -1, a[h*lda:], lda, 1, rest, lda)
	}
	return factor(ul, n-h, rest, lda)
}

// factorUpper makes row after row of U: what the rows above take from it, then
// the root of its first number.
func (k *kernels) factorUpper(n int, a []float64, lda int, column []float64) bool {
	for j := range n {
		row := a[j*lda+j : j*lda+n]
		if j > 0 {
			for i := range j {
				column[i] = a[i*lda+j]
			}
			k.gemvColumns(j, n-j, -1, &a[j], lda, &column[0], &row[0])
		}
		if !positive(row[0]) {
			return false
		}
		row[0] = math.Sqrt(row[0])
		k.scale(1/row[0], row[1:], row[1:])
	}
	return true
}

// factorLower makes column after column of L.
func (k *kernels) factorLower(n int, a []float64, lda int, column []float64) bool {
	for j := range n {
		for i := j; i < n; i++ {
			column[i] = a[i*lda+j]
		}
		if j > 0 {
			k.gemvRows(n-j, j, -1, &a[j*lda], lda, &a[j*lda], &column[j])
		}
		if !positive(column[j]) {
			return false
		}
		root := math.Sqrt(column[j])
		a[j*lda+j] = root
		for i := j + 1; i < n; i++ {
			a[i*lda+j] = column[i] / root
		}
	}
	return true
}

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 1) }
