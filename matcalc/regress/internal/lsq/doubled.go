// Package lsq solves least squares problems: in doubled precision with a
// pivoted Householder QR, which gives all digits that float64 can hold for
// problems of ordinary size, and in float64 by blocks for large ones.
package lsq

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// A Matrix is n rows by p columns of doubled numbers, column by column.
type Matrix [][]dd.Float

// Rows returns n.
func (m Matrix) Rows() int {
	if len(m) == 0 {
		return 0
	}
	return len(m[0])
}

// NewMatrix returns an n by p matrix of zeros.
func NewMatrix(n, p int) Matrix {
	m := make(Matrix, p)
	for j := range m {
		m[j] = make([]dd.Float, n)
	}
	return m
}

// A QR is the factorisation X P = Q R by Householder reflections, columns that
// depend on earlier ones moved to the end. Column order is otherwise kept, so
// that of several dependent columns the last is set aside, as R does.
type QR struct {
	Pivot []int // column of X in place j; the first Rank are independent
	Rank  int
	// Condition is the 2-norm condition number of the independent columns of
	// X, each scaled to length one.
	Condition float64

	n, p    int
	columns Matrix     // below the diagonal the reflections, above it R
	diag    []dd.Float // diagonal of R
	beta    []dd.Float // 2/v'v of each reflection
	shift   []int      // X was scaled by 2^shift[j], column by column
}

// rankTolerance separates what rounding of the data to float64 can leave of a
// dependent column, about 2^-53 of the terms that cancel, from what a badly
// conditioned but genuine column leaves: the tenth power of NIST's Filip
// problem keeps 1e-11.
const rankTolerance = 1.0 / (1 << 46)

// Factor computes the factorisation of x, which it leaves alone.
func Factor(x Matrix) *QR {
	n, p := x.Rows(), len(x)
	q := &QR{n: n, p: p, columns: NewMatrix(n, p), diag: make([]dd.Float, p), beta: make([]dd.Float, p),
		shift: make([]int, p), Pivot: make([]int, p)}
	norms := make([]float64, p)
	for j, col := range x {
		q.Pivot[j] = j
		q.shift[j] = scaleShift(col)
		for i, v := range col {
			q.columns[j][i] = v.Ldexp(q.shift[j])
		}
		norms[j] = norm(q.columns[j]).Hi
	}
	last := p
	for k := 0; k < min(last, n); {
		if q.dependent(k, norms) {
			last--
			q.rotateToEnd(k, last, norms)
			continue
		}
		q.reflect(k, p)
		k++
	}
	q.Rank = min(last, n)
	q.Condition = q.condition()
	return q
}

// scaleShift returns the power of two that brings col to length about one.
func scaleShift(col []dd.Float) int {
	largest := 0.0
	for _, v := range col {
		largest = max(largest, math.Abs(v.Hi))
	}
	if largest == 0 || math.IsInf(largest, 0) || largest != largest {
		return 0
	}
	_, e := math.Frexp(largest)
	return -e
}

func norm(v []dd.Float) dd.Float { return dot(v, v).Sqrt() }

func dot(a, b []dd.Float) dd.Float {
	var s dd.Float
	for i, v := range a {
		s = s.Add(v.Mul(b[i]))
	}
	return s
}

// dependent decides whether column k, reduced by the first k reflections, is
// what rounding leaves of a combination of them: its rest is compared with
// the sizes of the terms c_j x_j that cancel.
func (q *QR) dependent(k int, norms []float64) bool {
	rest := norm(q.columns[k][k:]).Hi
	scale := norms[k]
	if rest > rankTolerance*scale*1e6 { // far from it, the usual case
		return false
	}
	c := make([]float64, k)
	for i := k - 1; i >= 0; i-- {
		s := q.columns[k][i].Hi
		for j := i + 1; j < k; j++ {
			s -= q.columns[j][i].Hi * c[j]
		}
		c[i] = s / q.diag[i].Hi
		scale += math.Abs(c[i]) * norms[i]
	}
	return rest <= rankTolerance*scale
}

func (q *QR) rotateToEnd(k, last int, norms []float64) {
	col, pivot, shift, size := q.columns[k], q.Pivot[k], q.shift[k], norms[k]
	copy(q.columns[k:last], q.columns[k+1:last+1])
	copy(q.Pivot[k:last], q.Pivot[k+1:last+1])
	copy(q.shift[k:last], q.shift[k+1:last+1])
	copy(norms[k:last], norms[k+1:last+1])
	q.columns[last], q.Pivot[last], q.shift[last], norms[last] = col, pivot, shift, size
}

// reflect makes the reflection I - beta v v' that maps column k to its
// diagonal entry, and applies it to the columns after k.
func (q *QR) reflect(k, p int) {
	v := q.columns[k][k:]
	alpha := norm(v)
	if v[0].Sign() > 0 {
		alpha = alpha.Neg()
	}
	// v'v = 2(alpha^2 - alpha v0) after v0 becomes v0 - alpha.
	q.beta[k] = alpha.Sqr().Sub(alpha.Mul(v[0])).Inv()
	v[0] = v[0].Sub(alpha)
	q.diag[k] = alpha
	for j := k + 1; j < p; j++ {
		applyReflection(v, q.beta[k], q.columns[j][k:])
	}
}

func applyReflection(v []dd.Float, beta dd.Float, y []dd.Float) {
	s := dot(v, y).Mul(beta).Neg()
	for i, vi := range v {
		y[i] = y[i].Add(s.Mul(vi))
	}
}

// Solve returns the b of length p that minimises |y - X b|, and y - X b for
// the x that was factored. Coefficients of columns set aside are zero. One
// step of refinement takes the error of b to that of the last rounding.
func (q *QR) Solve(x Matrix, y []dd.Float) (b, residual []dd.Float) {
	b = make([]dd.Float, q.p)
	residual = append([]dd.Float(nil), y...)
	for range 2 {
		step := q.solve(residual)
		for j := range b {
			b[j] = b[j].Add(step[j])
		}
		Residual(residual, x, b, y)
	}
	return b, residual
}

// Residual sets r to y - X b.
func Residual(r []dd.Float, x Matrix, b, y []dd.Float) {
	copy(r, y)
	for j, col := range x {
		if b[j].IsZero() {
			continue
		}
		minus := b[j].Neg()
		for i, v := range col {
			r[i] = r[i].Add(minus.Mul(v))
		}
	}
}

func (q *QR) solve(y []dd.Float) []dd.Float {
	z := append([]dd.Float(nil), y...)
	for k := range q.Rank {
		applyReflection(q.columns[k][k:], q.beta[k], z[k:])
	}
	for i := q.Rank - 1; i >= 0; i-- {
		for j := i + 1; j < q.Rank; j++ {
			z[i] = z[i].Sub(q.columns[j][i].Mul(z[j]))
		}
		z[i] = z[i].Div(q.diag[i])
	}
	b := make([]dd.Float, q.p)
	for i := range q.Rank {
		b[q.Pivot[i]] = z[i].Ldexp(q.shift[i])
	}
	return b
}

// Inverse returns (X'X)^-1 over the independent columns, in the order of
// Pivot, as a Rank by Rank matrix.
func (q *QR) Inverse() Matrix {
	r := q.RInverse()
	inv := NewMatrix(q.Rank, q.Rank)
	for i := range q.Rank {
		for j := i; j < q.Rank; j++ {
			var s dd.Float
			for k := j; k < q.Rank; k++ {
				s = s.Add(r[k][i].Mul(r[k][j]))
			}
			inv[i][j], inv[j][i] = s, s
		}
	}
	return inv
}

// RInverse returns the inverse of R, upper triangular, in the units of X.
func (q *QR) RInverse() Matrix {
	r := NewMatrix(q.Rank, q.Rank)
	for k := range q.Rank {
		r[k][k] = q.diag[k].Inv()
		for i := k - 1; i >= 0; i-- {
			var s dd.Float
			for j := i + 1; j <= k; j++ {
				s = s.Sub(q.columns[j][i].Mul(r[k][j]))
			}
			r[k][i] = s.Div(q.diag[i])
		}
	}
	for k := range q.Rank {
		for i := 0; i <= k; i++ {
			r[k][i] = r[k][i].Ldexp(q.shift[i])
		}
	}
	return r
}

// Leverage returns the diagonal of the projection on the columns of X: the
// squared lengths of the rows of Q.
func (q *QR) Leverage() []dd.Float {
	h := make([]dd.Float, q.n)
	e := make([]dd.Float, q.n)
	for k := range q.Rank {
		clear(e)
		e[k] = dd.Of(1)
		for j := k; j >= 0; j-- {
			applyReflection(q.columns[j][j:], q.beta[j], e[j:])
		}
		for i, v := range e {
			h[i] = h[i].Add(v.Sqr())
		}
	}
	return h
}

// Triangle returns a matrix R with R'R = X'X and the columns of X in their order:
// what any quadratic in X b needs of many rows. It has as many rows as columns,
// or as X has if these are fewer.
func (q *QR) Triangle() Matrix {
	r := NewMatrix(min(q.n, q.p), q.p)
	for k, j := range q.Pivot {
		for i := range min(k, q.Rank) {
			r[j][i] = q.columns[k][i].Ldexp(-q.shift[k])
		}
		if k < q.Rank {
			r[j][k] = q.diag[k].Ldexp(-q.shift[k])
		}
	}
	return r
}

// Step returns the minimiser of |y - X b| without refinement.
func (q *QR) Step(y []dd.Float) []dd.Float { return q.solve(y) }

// AffineSolution reads the factorisation as one of A', with independent
// columns: it returns a b with A b = c, and a basis of the b with A b = 0.
func (q *QR) AffineSolution(c []float64) (b []dd.Float, null Matrix) {
	// A' P = Q R, so R' (Q'b) = P'c: forward substitution, then Q.
	z := make([]dd.Float, q.n)
	for i := range q.Rank {
		s := dd.Of(c[q.Pivot[i]]).Ldexp(q.shift[i])
		for j := range i {
			s = s.Sub(q.columns[i][j].Mul(z[j]))
		}
		z[i] = s.Div(q.diag[i])
	}
	q.applyQ(z)
	for k := q.Rank; k < q.n; k++ {
		e := make([]dd.Float, q.n)
		e[k] = dd.Of(1)
		q.applyQ(e)
		null = append(null, e)
	}
	return z, null
}

func (q *QR) applyQ(v []dd.Float) {
	for k := q.Rank - 1; k >= 0; k-- {
		applyReflection(q.columns[k][k:], q.beta[k], v[k:])
	}
}
