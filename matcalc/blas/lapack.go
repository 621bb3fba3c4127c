package blas

import (
	"gonum.org/v1/gonum/lapack"
	gonum "gonum.org/v1/gonum/lapack/gonum"
)

// Lapack is gonum's LAPACK with the factorisations made fast. Its routines
// call the BLAS registered with blas64.
type Lapack struct{ gonum.Implementation }

var _ lapack.Float64 = Lapack{}
