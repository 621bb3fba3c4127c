package lsq

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// condition returns the condition number of R with columns scaled to length
// one, from its singular values; 1 for an empty R, +Inf if it cannot be found.
func (q *QR) condition() float64 {
	return ScaledCondition(q.Rank, func(i, j int) float64 {
		if i == j {
			return q.diag[i].Hi
		}
		return q.columns[j][i].Hi
	})
}

// ScaledCondition returns the condition number of the upper triangular p by p
// matrix r whose columns are scaled to length one.
func ScaledCondition(p int, r func(i, j int) float64) float64 {
	if p == 0 {
		return 1
	}
	scaled := mat.NewDense(p, p, nil)
	for j := range p {
		length := 0.0
		for i := 0; i <= j; i++ {
			length = math.Hypot(length, r(i, j))
		}
		if length == 0 || math.IsInf(length, 0) || length != length {
			return math.Inf(1)
		}
		for i := 0; i <= j; i++ {
			scaled.Set(i, j, r(i, j)/length)
		}
	}
	var svd mat.SVD
	if !svd.Factorize(scaled, mat.SVDNone) {
		return math.Inf(1)
	}
	values := svd.Values(nil)
	return values[0] / values[p-1]
}
