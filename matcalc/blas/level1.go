package blas

import "math"

// Ddot is the sum of x[i]*y[i].
func (d Implementation) Ddot(n int, x []float64, incX int, y []float64, incY int) float64 {
	if active == nil || incX != 1 || incY != 1 || n <= 0 || len(x) < n || len(y) < n {
		return d.Implementation.Ddot(n, x, incX, y, incY)
	}
	return active.dot(x[:n], y)
}

// Daxpy adds alpha*x to y.
func (d Implementation) Daxpy(n int, alpha float64, x []float64, incX int, y []float64, incY int) {
	if active == nil || incX != 1 || incY != 1 || n <= 0 || len(x) < n || len(y) < n || alpha == 0 {
		d.Implementation.Daxpy(n, alpha, x, incX, y, incY)
		return
	}
	active.axpy(alpha, x[:n], y)
}

// Dscal sets x = alpha*x; alpha = 0 clears x, NaNs too, as in gonum.
func (d Implementation) Dscal(n int, alpha float64, x []float64, incX int) {
	if active == nil || incX != 1 || n <= 0 || len(x) < n || alpha == 0 {
		d.Implementation.Dscal(n, alpha, x, incX)
		return
	}
	active.scale(alpha, x[:n], x)
}

// Dasum is the sum of the absolute values of x.
func (d Implementation) Dasum(n int, x []float64, incX int) float64 {
	if active == nil || incX != 1 || n <= 0 || len(x) < n {
		return d.Implementation.Dasum(n, x, incX)
	}
	return active.asum(x[:n])
}

// Squares that add up to less than this may have lost terms to underflow.
const tinySquares = 1e-280

// Dnrm2 is the Euclidean length of x, without overflow or underflow on the way.
func (d Implementation) Dnrm2(n int, x []float64, incX int) float64 {
	if active == nil || incX != 1 || n <= 0 || len(x) < n {
		return d.Implementation.Dnrm2(n, x, incX)
	}
	if s := active.dot(x[:n], x); s >= tinySquares && s <= math.MaxFloat64 {
		return math.Sqrt(s)
	}
	return d.Implementation.Dnrm2(n, x, incX) // scales as it goes; NaN and zero too
}
