package blas

import "gonum.org/v1/gonum/blas"

// Dtrsm replaces B, m by n, by alpha*op(A)⁻¹*B or alpha*B*op(A)⁻¹ with A
// triangular.
func (d Implementation) Dtrsm(side blas.Side, ul blas.Uplo, ta blas.Transpose, diag blas.Diag, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) {
	if !triangularArguments(side, ul, ta, diag, m, n, alpha, a, lda, b, ldb) {
		d.Implementation.Dtrsm(side, ul, ta, diag, m, n, alpha, a, lda, b, ldb)
		return
	}
	triangular(side, ul, ta, diag, m, n, alpha, a, lda, b, ldb, triangle.solve)
}

// Dtrmm replaces B, m by n, by alpha*op(A)*B or alpha*B*op(A) with A
// triangular.
func (d Implementation) Dtrmm(side blas.Side, ul blas.Uplo, ta blas.Transpose, diag blas.Diag, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) {
	if !triangularArguments(side, ul, ta, diag, m, n, alpha, a, lda, b, ldb) {
		d.Implementation.Dtrmm(side, ul, ta, diag, m, n, alpha, a, lda, b, ldb)
		return
	}
	triangular(side, ul, ta, diag, m, n, alpha, a, lda, b, ldb, triangle.multiply)
}

func triangularArguments(side blas.Side, ul blas.Uplo, ta blas.Transpose, diag blas.Diag, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int) bool {
	_, ok := transposed(ta)
	size := m
	if side == blas.Right {
		size = n
	}
	return active != nil && ok && (side == blas.Left || side == blas.Right) && (ul == blas.Upper || ul == blas.Lower) &&
		(diag == blas.Unit || diag == blas.NonUnit) && m > 0 && n > 0 && alpha != 0 && holds(a, size, size, lda) && holds(b, m, n, ldb)
}

// triangle is op(A), and X what it is applied to from the left. Entries of A
// outside the triangle, and the diagonal of a unit triangle, are never read,
// nor multiplied as zeros: infinities in X stay where they belong.
type triangle struct {
	*kernels
	a, x        matrix
	n, cols     int
	lower, unit bool
}

// triangular scales B, brings the right side to the left by transposing, and
// applies the operation to stripes of columns, which do not depend on each
// other.
func triangular(side blas.Side, ul blas.Uplo, ta blas.Transpose, diag blas.Diag, m, n int, alpha float64, a []float64, lda int, b []float64, ldb int, apply func(triangle)) {
	trans := ta != blas.NoTrans
	t := triangle{kernels: active, a: view(a, lda, trans), x: view(b, ldb, false), n: m, cols: n,
		lower: (ul == blas.Lower) != trans, unit: diag == blas.Unit}
	if alpha != 1 {
		for i := range m {
			row := b[i*ldb : i*ldb+n]
			active.scale(alpha, row, row)
		}
	}
	if side == blas.Right {
		ld := roundUp(m, active.lanes)
		s, turned := borrow(n * ld)
		defer s.release()
		active.transpose(m, n, b, ldb, turned, ld)
		defer func() { active.transposeBack(m, n, turned, ld, b, ldb) }()
		t.a, t.x = t.a.t(), view(turned, ld, false)
		t.lower, t.n, t.cols = !t.lower, n, m
	}
	pieces := 1
	if t.n*t.n*t.cols >= threadWork {
		pieces = min(threads(), (t.cols+t.width-1)/t.width)
	}
	stripe := roundUp((t.cols+pieces-1)/pieces, t.width)
	Parallel((t.cols+stripe-1)/stripe, func(piece int) {
		part := t
		part.x, part.cols = t.x.at(0, piece*stripe), min(stripe, t.cols-piece*stripe)
		apply(part)
	})
}

// transpose writes the transpose of m by n numbers; rows of dst have room for
// whole registers.
func (k *kernels) transpose(m, n int, src []float64, lds int, dst []float64, ldd int) {
	for i := 0; i < m; i += k.lanes {
		k.packTranspose(min(k.lanes, m-i), n, &src[i*lds], lds, &dst[i], ldd)
	}
}

// transposeBack writes the transpose of src, n by m, to dst, m by n, where
// nothing behind the n-th number of a row may be written.
func (k *kernels) transposeBack(m, n int, src []float64, lds int, dst []float64, ldd int) {
	whole := n / k.lanes * k.lanes
	for j := 0; j < whole; j += k.lanes {
		k.packTranspose(k.lanes, m, &src[j*lds], lds, &dst[j], ldd)
	}
	for j := whole; j < n; j++ {
		for i := range m {
			dst[i*ldd+j] = src[j*lds+i]
		}
	}
}

// halves cuts the triangle into two, and gives the product that the block
// between them makes: the part of X it reads follows from the order.
func (t triangle) halves(alpha float64) (upper, lower triangle, between product) {
	n := roundUp(t.n/2, t.rows)
	upper, lower = t, t
	upper.n, lower.n = n, t.n-n
	lower.a, lower.x = t.a.at(n, n), t.x.at(n, 0)
	between = product{kernels: t.kernels, alpha: alpha, beta: 1, n: t.cols, serial: true}
	if t.lower {
		between.m, between.k = lower.n, n
		between.a, between.b, between.c = t.a.at(n, 0), upper.x, lower.x
	} else {
		between.m, between.k = n, lower.n
		between.a, between.b, between.c = t.a.at(0, n), lower.x, upper.x
	}
	return upper, lower, between
}

// solve replaces X by A⁻¹*X.
func (t triangle) solve() {
	if t.n <= t.rows {
		t.substitute()
		return
	}
	first, second, between := t.halves(-1)
	if !t.lower {
		first, second = second, first
	}
	first.solve()
	between.run()
	second.solve()
}

// multiply replaces X by A*X.
func (t triangle) multiply() {
	if t.n <= t.rows {
		t.combine()
		return
	}
	last, first, between := t.halves(1)
	if !t.lower {
		last, first = first, last
	}
	first.multiply()
	between.run()
	last.multiply()
}

// row is the i-th row of X.
func (t triangle) row(i int) []float64 { return t.x.data[i*t.x.row : i*t.x.row+t.cols] }

// entry is A[i,j].
func (t triangle) entry(i, j int) float64 { return t.a.data[i*t.a.row+j*t.a.col] }

// substitute solves a few rows one after the other.
func (t triangle) substitute() {
	for step := range t.n {
		i, from, to := step, 0, step
		if !t.lower {
			i = t.n - 1 - step
			from, to = i+1, t.n
		}
		x := t.row(i)
		for j := from; j < to; j++ {
			t.axpy(-t.entry(i, j), t.row(j), x)
		}
		if !t.unit {
			t.scale(1/t.entry(i, i), x, x)
		}
	}
}

// combine multiplies a few rows, in the order that reads each before it is
// replaced.
func (t triangle) combine() {
	for step := range t.n {
		i, from, to := t.n-1-step, 0, t.n-1-step
		if !t.lower {
			i = step
			from, to = i+1, t.n
		}
		x := t.row(i)
		if !t.unit {
			t.scale(t.entry(i, i), x, x)
		}
		for j := from; j < to; j++ {
			t.axpy(t.entry(i, j), t.row(j), x)
		}
	}
}
