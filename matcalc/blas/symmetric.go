package blas

import "gonum.org/v1/gonum/blas"

const (
	// squareSize is the size of a diagonal block that is calculated whole, to
	// keep half of it.
	squareSize = 48
	// leafSize is the size of a diagonal block that one thread does.
	leafSize = 192
)

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
	s := square{kernels: active, upper: ul == blas.Upper, k: k, alpha: alpha, beta: beta, a: view(a, lda, trans), c: view(c, ldc, false)}
	var leaves [][2]int
	s.split(0, n, &leaves)
	s.serial = true
	if n*n*k < threadWork {
		for _, l := range leaves {
			s.leaf(l[0], l[1])
		}
		return
	}
	Parallel(len(leaves), func(i int) { s.leaf(leaves[i][0], leaves[i][1]) })
}

// square is a triangle of C = alpha*A*Aᵀ + beta*C.
type square struct {
	*kernels
	upper       bool
	k           int
	alpha, beta float64
	a, c        matrix
	serial      bool
}

// split calculates what is off the diagonal blocks of rows i to end, and
// collects those blocks.
func (s square) split(i, end int, leaves *[][2]int) {
	n := end - i
	if n <= leafSize {
		*leaves = append(*leaves, [2]int{i, end})
		return
	}
	middle := i + roundUp(n/2, s.width)
	s.off(i, middle, end)
	s.split(i, middle, leaves)
	s.split(middle, end, leaves)
}

// off calculates the block between the two halves of rows i to end.
func (s square) off(i, middle, end int) {
	p := product{kernels: s.kernels, m: end - middle, n: middle - i, k: s.k, alpha: s.alpha, beta: s.beta,
		a: s.a.at(middle, 0), b: s.a.at(i, 0).t(), c: s.c.at(middle, i), serial: s.serial}
	if s.upper {
		p.m, p.n = p.n, p.m
		p.a, p.b, p.c = s.a.at(i, 0), s.a.at(middle, 0).t(), s.c.at(i, middle)
	}
	p.run()
}

// leaf calculates the triangle of rows i to end.
func (s square) leaf(i, end int) {
	n := end - i
	if n > squareSize {
		middle := i + roundUp(n/2, s.rows)
		s.off(i, middle, end)
		s.leaf(i, middle)
		s.leaf(middle, end)
		return
	}
	whole, data := borrow(n * n)
	defer whole.release()
	product{kernels: s.kernels, m: n, n: n, k: s.k, alpha: s.alpha,
		a: s.a.at(i, 0), b: s.a.at(i, 0).t(), c: view(data, n, false), serial: true}.run()
	c := s.c.at(i, i)
	for r := range n {
		from, to := 0, r+1
		if s.upper {
			from, to = r, n
		}
		row, sum := c.data[r*c.row:], data[r*n:]
		for j := from; j < to; j++ {
			if s.beta == 0 {
				row[j] = sum[j]
			} else {
				row[j] = sum[j] + s.beta*row[j]
			}
		}
	}
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
