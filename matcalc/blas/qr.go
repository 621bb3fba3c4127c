package blas

// panelQR is how many reflections are gathered into one block.
const panelQR = 32

// Dgeqrf factors A, m by n, as Q*R: R is written to the upper triangle, the
// vectors of the reflections that make Q below it, and their factors to tau. A
// lwork of -1 asks for the length of work, as in LAPACK.
func (l Lapack) Dgeqrf(m, n int, a []float64, lda int, tau, work []float64, lwork int) {
	k := min(m, n)
	if active == nil || k <= 0 || lwork < max(1, n) || len(work) < lwork || len(tau) != k || !holds(a, m, n, lda) {
		l.Implementation.Dgeqrf(m, n, a, lda, tau, work, lwork)
		return
	}
	ld := roundUp(m, active.lanes)
	s, room := borrow(panelQR * (ld + n + 2*panelQR))
	defer s.release()
	for i := 0; i < k; i += panelQR {
		r := reflections{kernels: active, m: m - i, n: min(panelQR, k-i), ld: ld, v: room[:panelQR*ld], tau: tau[i:]}
		part := a[i*lda+i:]
		r.transpose(r.m, r.n, part, lda, r.v, ld)
		r.reflect(l)
		r.transposeBack(r.m, r.n, r.v, ld, part, lda)
		if i+r.n < n {
			r.apply(n-i-r.n, part[r.n:], lda, room[panelQR*ld:])
		}
	}
	work[0] = float64(n)
}

// reflections are n reflections I - tau*v*vᵀ of m numbers. Row j of v holds the
// j-th vector, and above its first number, which is 1, a column of R.
type reflections struct {
	*kernels
	m, n, ld int
	v, tau   []float64
}

// reflect makes the reflections from the columns of a matrix, which are the
// rows of v, and leaves in them what Dgeqrf writes.
func (r reflections) reflect(l Lapack) {
	for j := range r.n {
		x := r.v[j*r.ld+j : j*r.ld+r.m]
		var beta float64
		beta, r.tau[j] = l.Dlarfg(len(x), x[0], x[1:], 1)
		x[0] = 1
		for c := j + 1; c < r.n; c++ {
			y := r.v[c*r.ld+j : c*r.ld+r.m]
			r.axpy(-r.tau[j]*r.dot(x, y), x, y)
		}
		x[0] = beta
	}
}

// apply multiplies C, m by cols, by the transpose of the reflections' product
// from the left: C - V*Tᵀ*Vᵀ*C with T triangular.
func (r reflections) apply(cols int, c []float64, ldc int, room []float64) {
	for j := range r.n { // V itself, without R
		row := r.v[j*r.ld:]
		clear(row[:j])
		row[j] = 1
	}
	n := r.n
	gram, t, w := room[:n*n], room[n*n:2*n*n], room[2*n*n:][:n*cols]
	v := view(r.v, r.ld, false)
	product{kernels: r.kernels, m: n, n: n, k: r.m, alpha: 1, a: v, b: v.t(), c: view(gram, n, false)}.run()
	clear(t)
	for j := range n { // column j of T: -tau*T*Vᵀv, and tau on the diagonal
		for i := range j {
			sum := 0.0
			for k := i; k < j; k++ {
				sum += t[i*n+k] * gram[k*n+j]
			}
			t[i*n+j] = -r.tau[j] * sum
		}
		t[j*n+j] = r.tau[j]
	}
	s, tw := borrow(n * cols)
	defer s.release()
	product{kernels: r.kernels, m: n, n: cols, k: r.m, alpha: 1, a: v, b: view(c, ldc, false), c: view(w, cols, false)}.run()
	product{kernels: r.kernels, m: n, n: cols, k: n, alpha: 1, a: view(t, n, true), b: view(w, cols, false), c: view(tw, cols, false)}.run()
	product{kernels: r.kernels, m: r.m, n: cols, k: n, alpha: -1, beta: 1, a: v.t(), b: view(tw, cols, false), c: view(c, ldc, false)}.run()
}
