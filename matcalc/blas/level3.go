package blas

import "gonum.org/v1/gonum/blas"

// Dgemm sets C = alpha*op(A)*op(B) + beta*C, op(A) m by k, op(B) k by n.
func (d Implementation) Dgemm(ta, tb blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	at, okA := transposed(ta)
	bt, okB := transposed(tb)
	ok := active != nil && okA && okB && m > 0 && n > 0 && k > 0 && alpha != 0 && holds(c, m, n, ldc)
	if ok {
		ar, ac, br, bc := m, k, k, n
		if at {
			ar, ac = k, m
		}
		if bt {
			br, bc = n, k
		}
		ok = holds(a, ar, ac, lda) && holds(b, br, bc, ldb)
	}
	if !ok {
		d.Implementation.Dgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
		return
	}
	product{
		kernels: active, m: m, n: n, k: k, alpha: alpha, beta: beta,
		a: view(a, lda, at), b: view(b, ldb, bt), c: view(c, ldc, false),
	}.run()
}
