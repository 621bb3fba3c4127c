package blas

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/lapack"
	gonum "gonum.org/v1/gonum/lapack/gonum"
)

// Lapack is gonum's LAPACK with the factorisations made fast. Its routines
// call the BLAS registered with blas64.
type Lapack struct{ gonum.Implementation }

var _ lapack.Float64 = Lapack{}

// smallFactor is the size at which Dpotrf stops halving.
const smallFactor = 24

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
		return factorRows(ul, n, a, lda)
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

// factorRows factors a small matrix a row at a time.
func factorRows(ul blas.Uplo, n int, a []float64, lda int) bool {
	for j := range n {
		row := a[j*lda : j*lda+n]
		if ul == blas.Lower {
			for i := range j {
				above := a[i*lda:]
				row[i] = (row[i] - active.dot(row[:i], above)) / above[i]
			}
			row[j] -= active.dot(row[:j], row)
		}
		if !(row[j] > 0) || math.IsInf(row[j], 1) {
			return false
		}
		row[j] = math.Sqrt(row[j])
		if ul == blas.Upper {
			tail := row[j+1:]
			if len(tail) == 0 {
				continue
			}
			active.scale(1/row[j], tail, tail)
			for i := j + 1; i < n; i++ {
				active.axpy(-row[i], row[i:], a[i*lda+i:i*lda+n])
			}
		}
	}
	return true
}
