package compile

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// The functions below compute matrix functions with gonum. Printed plans hold
// their text, so each names only gonum and other functions of this file. Matrices
// are by rows; where the input is not finite, results are NaN.

// finite reports entries without NaN and infinities.
func finite(a []float64) bool {
	for _, x := range a {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// spoil makes all entries NaN.
func spoil(dst []float64) {
	for i := range dst {
		dst[i] = math.NaN()
	}
}

// svd is the thin singular value decomposition of a matrix r×c: u is r×k and
// v is c×k for the smaller size k.
func svd(a []float64, r, c int) (u, v *mat.Dense, s []float64, ok bool) {
	var d mat.SVD
	if len(a) == 0 || !finite(a) || !d.Factorize(mat.NewDense(r, c, a), mat.SVDThin) {
		return nil, nil, nil, false
	}
	u, v = &mat.Dense{}, &mat.Dense{}
	d.UTo(u)
	d.VTo(v)
	return u, v, d.Values(nil), true
}

// pseudoinverse is the Moore-Penrose inverse of a matrix r×c.
func pseudoinverse(dst, a []float64, r, c int) {
	u, v, s, ok := svd(a, r, c)
	if !ok {
		spoil(dst)
		return
	}
	for j, x := range s {
		scale := 0.0
		if x > float64(max(r, c))*0x1p-52*s[0] {
			scale = 1 / x
		}
		for i := range c {
			v.Set(i, j, scale*v.At(i, j))
		}
	}
	mat.NewDense(c, r, dst).Mul(v, u.T())
}

// polarFactor is U*V' of the singular value decomposition of a matrix r×c.
func polarFactor(dst, a []float64, r, c int) {
	u, v, _, ok := svd(a, r, c)
	if !ok {
		spoil(dst)
		return
	}
	mat.NewDense(r, c, dst).Mul(u, v.T())
}

// singularMax is the largest singular value of a matrix r×c.
func singularMax(dst, a []float64, r, c int) {
	dst[0] = math.NaN()
	if _, _, s, ok := svd(a, r, c); ok {
		dst[0] = s[0]
	}
}

// nuclearNorm is the sum of the singular values of a matrix r×c.
func nuclearNorm(dst, a []float64, r, c int) {
	_, _, s, ok := svd(a, r, c)
	dst[0] = 0
	if !ok && len(a) > 0 {
		dst[0] = math.NaN()
	}
	for _, x := range s {
		dst[0] += x
	}
}

// leftSingular is the left singular vector for the largest singular value of a
// matrix r×c; that on the right has a positive largest entry.
func leftSingular(dst, a []float64, r, c int) {
	u, v, _, ok := svd(a, r, c)
	if !ok {
		spoil(dst)
		return
	}
	sign := largestSign(mat.Col(nil, 0, v))
	for i := range dst {
		dst[i] = sign * u.At(i, 0)
	}
}

// rightSingular is the right singular vector for the largest singular value of a
// matrix r×c, its largest entry positive.
func rightSingular(dst, a []float64, r, c int) {
	_, v, _, ok := svd(a, r, c)
	if !ok {
		spoil(dst)
		return
	}
	mat.Col(dst, 0, v)
	sign := largestSign(dst)
	for i := range dst {
		dst[i] *= sign
	}
}

// largestSign is the sign of the first of the largest entries.
func largestSign(v []float64) float64 {
	big := 0
	for i, x := range v {
		if math.Abs(x) > math.Abs(v[big])*(1+0x1p-40) {
			big = i
		}
	}
	return math.Copysign(1, v[big])
}

// eigenSym diagonalises the symmetric part of a matrix n×n.
func eigenSym(a []float64, n int) (e *mat.EigenSym, ok bool) {
	if n == 0 || !finite(a) {
		return nil, false
	}
	m := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			m.SetSym(i, j, a[i*n+j]/2+a[j*n+i]/2)
		}
	}
	e = &mat.EigenSym{}
	return e, e.Factorize(m, true)
}

// eigenMax is the largest eigenvalue of a symmetric matrix n×n.
func eigenMax(dst, a []float64, n, _ int) {
	dst[0] = math.NaN()
	if e, ok := eigenSym(a, n); ok {
		dst[0] = e.Values(nil)[n-1]
	}
}

// eigenVectorMax is the unit eigenvector for it, its largest entry positive.
func eigenVectorMax(dst, a []float64, n, _ int) {
	e, ok := eigenSym(a, n)
	if !ok {
		spoil(dst)
		return
	}
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	mat.Col(dst, n-1, &vectors)
	sign := largestSign(dst)
	for i := range dst {
		dst[i] *= sign
	}
}

// exponential is the matrix exponential of a matrix n×n.
func exponential(dst, a []float64, n, _ int) {
	if n == 0 || !finite(a) {
		spoil(dst)
		return
	}
	var e mat.Dense
	e.Exp(mat.NewDense(n, n, a))
	copy(dst, e.RawMatrix().Data)
}

// adjugate is the transpose of the cofactors of a matrix n×n, by its singular
// values, so that a singular matrix has one, too.
func adjugate(dst, a []float64, n, _ int) {
	if n == 1 {
		dst[0] = 1
		return
	}
	u, v, s, ok := svd(a, n, n)
	if !ok {
		spoil(dst)
		return
	}
	sign := math.Round(mat.Det(u) * mat.Det(v))
	for j := range s {
		others := sign
		for k, x := range s {
			if k != j {
				others *= x
			}
		}
		for i := range n {
			v.Set(i, j, others*v.At(i, j))
		}
	}
	mat.NewDense(n, n, dst).Mul(v, u.T())
}
