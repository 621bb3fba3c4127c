package blas

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	gonum "gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// Implementation is gonum's BLAS with the routines for float64 that matter
// made fast. What it does not recognise as valid it hands to gonum's code,
// which refuses it with gonum's own words; so it does what it has no kernel
// for. Methods may be called from many goroutines.
type Implementation struct{ gonum.Implementation }

var _ blas.Float64 = Implementation{}

// Use registers the fast routines with gonum, for every user of blas64,
// lapack64 and mat in the process. Call it once, before the first product.
func Use() {
	blas64.Use(Implementation{})
	lapack64.Use(Lapack{})
}

// transposed tells whether t stands for a transpose, and whether it is valid.
func transposed(t blas.Transpose) (yes, valid bool) {
	return t == blas.Trans || t == blas.ConjTrans, t == blas.NoTrans || t == blas.Trans || t == blas.ConjTrans
}

// holds tells whether data has room for a rows by cols matrix with rows ld apart.
func holds(data []float64, rows, cols, ld int) bool {
	return ld >= max(1, cols) && len(data) >= (rows-1)*ld+cols
}

// spans tells whether x has room for n numbers inc apart.
func spans(x []float64, n, inc int) bool {
	if inc < 0 {
		inc = -inc
	}
	return inc != 0 && len(x) > (n-1)*inc
}
