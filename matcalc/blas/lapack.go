package blas

import (
	"gonum.org/v1/gonum/lapack"
	gonum "gonum.org/v1/gonum/lapack/gonum"
)

// Lapack is gonum's LAPACK with the factorisations made fast: Cholesky
// (cholesky.go), LU (lu.go) and QR (qr.go). Its other routines call the BLAS
// registered with blas64. What it does not recognise as valid it hands to
// gonum's code, as Implementation does.
type Lapack struct{ gonum.Implementation }

var _ lapack.Float64 = Lapack{}
