package blas

import "gonum.org/v1/gonum/blas"

// Dsyrk sets the triangle of C to alpha*A*Aᵀ + beta*C, or alpha*Aᵀ*A + beta*C;
// C is n by n.
func (d Implementation) Dsyrk(ul blas.Uplo, ta blas.Transpose, n, k int, alpha float64, a []float64, lda int, beta float64, c []float64, ldc int) {
	trans, ok := transposed(ta)
	rows, cols := n, k
	if trans {
		rows, cols = k, n
	}
	if active == nil || !ok || (ul != blas.Upper && ul != blas.Lower) || n <= 0 || k <= 0 || alpha == 0 || !holds(a, rows, cols, lda) || !holds(c, n, n, ldc) {
		d.Implementation.Dsyrk(ul, ta, n, k, alpha, a, lda, beta, c, ldc)
		return
	}
	factor := view(a, lda, trans)
	product{kernels: active, m: n, n: n, k: k, alpha: alpha, beta: beta,
		a: factor, b: factor.t(), c: view(c, ldc, false), half: halfOf(ul)}.run()
}

func halfOf(ul blas.Uplo) half {
	if ul == blas.Upper {
		return upper
	}
	return lower
}

// Half sets the upper triangle of C, n by n, to alpha*op(A)*op(B), known to be
// symmetric; what C holds below its diagonal is spoiled. It panics where a matrix
// has no room.
func Half(ta, tb blas.Transpose, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, c []float64, ldc int) {
	if active == nil || n <= 0 || k <= 0 || alpha == 0 {
		Implementation{}.Dgemm(ta, tb, n, n, k, alpha, a, lda, b, ldb, 0, c, ldc)
		return
	}
	at, _ := transposed(ta)
	bt, _ := transposed(tb)
	product{kernels: active, m: n, n: n, k: k, alpha: alpha,
		a: view(a, lda, at), b: view(b, ldb, bt), c: view(c, ldc, false)}.upperHalf()
}

// upperHalf calculates what reaches above the diagonal of C, in whole tiles.
func (p product) upperHalf() {
	if !p.a.holds(p.m, p.k) || !p.b.holds(p.k, p.n) || !p.c.holds(p.m, p.n) {
		panic(noRoom)
	}
	p.half, p.loose = upper, true
	p.run()
}

// noRoom is what a routine of our own panics with when a slice is too short.
const noRoom = "blas: a matrix has no room for its rows and columns"

// holds tells whether the data have room for rows by cols numbers.
func (m matrix) holds(rows, cols int) bool {
	return len(m.data) > (rows-1)*m.row+(cols-1)*m.col && (m.row == 1 && m.col >= rows || m.col == 1 && m.row >= cols)
}

// Weighted sets the upper triangle of C, n by n, to alpha*Xᵀ*diag(weights)*X, X a
// row for each weight; what C holds below its diagonal is spoiled. It panics
// where a matrix has no room.
func Weighted(n int, alpha float64, x []float64, ldx int, weights, c []float64, ldc int) {
	k := len(weights)
	if active != nil && n > 0 && k > 0 && alpha != 0 {
		product{kernels: active, m: n, n: n, k: k, alpha: alpha, weights: weights,
			a: view(x, ldx, true), b: view(x, ldx, false), c: view(c, ldc, false)}.upperHalf()
		return
	}
	s, scaled := borrow(k * n)
	defer s.release()
	for i, d := range weights {
		for j := range n {
			scaled[i*n+j] = d * x[i*ldx+j]
		}
	}
	Half(blas.Trans, blas.NoTrans, n, k, alpha, x, ldx, scaled, max(n, 1), c, ldc)
}

// Dsymm sets C = alpha*A*B + beta*C, or alpha*B*A + beta*C, with A symmetric
// and given by one triangle; C is m by n.
func (d Implementation) Dsymm(side blas.Side, ul blas.Uplo, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	size := m
	if side == blas.Right {
		size = n
	}
	if active == nil || (side != blas.Left && side != blas.Right) || (ul != blas.Upper && ul != blas.Lower) || m <= 0 || n <= 0 || alpha == 0 ||
		!holds(a, size, size, lda) || !holds(b, m, n, ldb) || !holds(c, m, n, ldc) {
		d.Implementation.Dsymm(side, ul, m, n, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	s, full := borrow(size * size)
	defer s.release()
	mirror(full, a, lda, size, ul == blas.Upper)
	p := product{kernels: active, m: m, n: n, k: size, alpha: alpha, beta: beta,
		a: view(full, size, false), b: view(b, ldb, false), c: view(c, ldc, false)}
	if side == blas.Right {
		p.a, p.b = p.b, p.a
	}
	p.run()
}

// mirror writes the whole of a symmetric matrix of which a has one triangle,
// in squares that stay in the cache.
func mirror(dst, a []float64, lda, n int, upper bool) {
	const tile = 32
	for i := range n {
		if upper {
			copy(dst[i*n+i:(i+1)*n], a[i*lda+i:])
		} else {
			copy(dst[i*n:i*n+i+1], a[i*lda:])
		}
	}
	for i := 0; i < n; i += tile {
		for j := 0; j <= i; j += tile {
			for r := i; r < min(n, i+tile); r++ {
				for q := j; q < min(r, j+tile); q++ {
					if upper {
						dst[r*n+q] = dst[q*n+r]
					} else {
						dst[q*n+r] = dst[r*n+q]
					}
				}
			}
		}
	}
}
