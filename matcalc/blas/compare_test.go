package blas

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
	gonum "gonum.org/v1/gonum/blas/gonum"
	lapack "gonum.org/v1/gonum/lapack/gonum"
)

// sizes mix what is smaller than a register, around the borders of tiles and
// registers, and larger than a block.
var sizes = []int{1, 2, 3, 5, 7, 8, 9, 12, 15, 17, 23, 24, 25, 31, 33, 48, 50, 64, 73, 97, 130, 200, 257, 300}

// arguments draws arguments of routines; what surrounds a matrix in its slice
// is NaN, which must neither be read nor written.
type arguments struct {
	*rand.Rand
	room func(n int) []float64 // nil: ordinary memory
}

// allocate gives n NaNs.
func (r arguments) allocate(n int) []float64 {
	room := r.room
	if room == nil {
		room = func(n int) []float64 { return make([]float64, n) }
	}
	data := room(n)
	for i := range data {
		data[i] = math.NaN()
	}
	return data
}

func (r arguments) size() int { return sizes[r.IntN(len(sizes))] }

func (r arguments) matrix(rows, cols int) (data []float64, ld int) {
	ld = cols + r.IntN(3)*r.IntN(5)
	data = r.allocate((rows-1)*ld + cols)
	for i := range rows {
		for j := range cols {
			data[i*ld+j] = 2*r.Float64() - 1
		}
	}
	return data, ld
}

// triangular makes a matrix with a strong diagonal and NaN outside the triangle.
func (r arguments) triangular(n int, ul blas.Uplo, diag blas.Diag) (data []float64, ld int) {
	data, ld = r.matrix(n, n)
	for i := range n {
		for j := range n {
			switch {
			case i == j && diag == blas.Unit, i < j && ul == blas.Lower, i > j && ul == blas.Upper:
				data[i*ld+j] = math.NaN()
			case i == j:
				data[i*ld+j] += 2 * float64(2*r.IntN(2)-1)
			default:
				data[i*ld+j] /= float64(n)
			}
		}
	}
	return data, ld
}

func (r arguments) vector(n int) (x []float64, inc int) {
	inc = []int{1, 1, -1, 2, -3}[r.IntN(5)]
	step := max(inc, -inc)
	x = r.allocate((n-1)*step + 1)
	for i := range n {
		x[i*step] = 2*r.Float64() - 1
	}
	return x, inc
}

func pick[T any](r arguments, of ...T) T { return of[r.IntN(len(of))] }

func (r arguments) factor() float64 { return pick(r, 0, 1, -1, 0.7) }
func (r arguments) trans() blas.Transpose {
	return pick(r, blas.NoTrans, blas.Trans, blas.ConjTrans)
}
func (r arguments) uplo() blas.Uplo { return pick(r, blas.Upper, blas.Lower) }
func (r arguments) side() blas.Side { return pick(r, blas.Left, blas.Right) }
func (r arguments) diag() blas.Diag { return pick(r, blas.Unit, blas.NonUnit) }

// oriented makes the matrix that op turns into rows by cols.
func (r arguments) oriented(t blas.Transpose, rows, cols int) ([]float64, int) {
	if t == blas.NoTrans {
		return r.matrix(rows, cols)
	}
	return r.matrix(cols, rows)
}

// routines call one routine of an implementation with arguments drawn from r
// and give what it writes.
var routines = map[string]func(r arguments, d blas.Float64) []float64{
	"dgemm": func(r arguments, d blas.Float64) []float64 {
		m, n, k, ta, tb := r.size(), r.size(), r.size(), r.trans(), r.trans()
		a, lda := r.oriented(ta, m, k)
		b, ldb := r.oriented(tb, k, n)
		c, ldc := r.matrix(m, n)
		d.Dgemm(ta, tb, m, n, k, r.factor(), a, lda, b, ldb, r.factor(), c, ldc)
		return c
	},
	"dsyrk": func(r arguments, d blas.Float64) []float64 {
		n, k, t := r.size(), r.size(), r.trans()
		a, lda := r.oriented(t, n, k)
		c, ldc := r.matrix(n, n)
		d.Dsyrk(r.uplo(), t, n, k, r.factor(), a, lda, r.factor(), c, ldc)
		return c
	},
	"dsymm": func(r arguments, d blas.Float64) []float64 {
		m, n, side, ul := r.size(), r.size(), r.side(), r.uplo()
		size := m
		if side == blas.Right {
			size = n
		}
		a, lda := r.triangular(size, ul, blas.NonUnit)
		b, ldb := r.matrix(m, n)
		c, ldc := r.matrix(m, n)
		d.Dsymm(side, ul, m, n, r.factor(), a, lda, b, ldb, r.factor(), c, ldc)
		return c
	},
	"dtrsm": func(r arguments, d blas.Float64) []float64 { return triangularCall(r, d.Dtrsm) },
	"dtrmm": func(r arguments, d blas.Float64) []float64 { return triangularCall(r, d.Dtrmm) },
	"dgemv": func(r arguments, d blas.Float64) []float64 {
		m, n, t := 2*r.size(), 2*r.size(), r.trans()
		lx, ly := n, m
		if t != blas.NoTrans {
			lx, ly = m, n
		}
		a, lda := r.matrix(m, n)
		x, incX := r.vector(lx)
		y, incY := r.vector(ly)
		d.Dgemv(t, m, n, r.factor(), a, lda, x, incX, r.factor(), y, incY)
		return y
	},
	"thin dgemm": func(r arguments, d blas.Float64) []float64 { // few columns
		m, n, k, ta, tb := r.size(), 1+r.IntN(18), 3*r.size(), r.trans(), r.trans()
		ar, ac, br, bc := m, k, k, n
		if ta != blas.NoTrans {
			ar, ac = k, m
		}
		if tb != blas.NoTrans {
			br, bc = n, k
		}
		a, lda := r.matrix(ar, ac)
		b, ldb := r.matrix(br, bc)
		c, ldc := r.matrix(m, n)
		d.Dgemm(ta, tb, m, n, k, r.factor(), a, lda, b, ldb, r.factor(), c, ldc)
		return c
	},
	"dger": func(r arguments, d blas.Float64) []float64 {
		m, n := r.size(), r.size()
		a, lda := r.matrix(m, n)
		x, incX := r.vector(m)
		y, incY := r.vector(n)
		d.Dger(m, n, r.factor(), x, incX, y, incY, a, lda)
		return a
	},
	"vectors": func(r arguments, d blas.Float64) []float64 {
		n := r.size()
		x, incX := r.vector(n)
		y, incY := r.vector(n)
		inc := max(incX, -incX)
		out := []float64{d.Ddot(n, x, incX, y, incY), d.Dasum(n, x, inc), d.Dnrm2(n, x, inc)}
		d.Daxpy(n, r.factor(), x, incX, y, incY)
		d.Dscal(n, r.factor(), x, inc)
		return append(append(out, x...), y...)
	},
}

func triangularCall(r arguments, call func(blas.Side, blas.Uplo, blas.Transpose, blas.Diag, int, int, float64, []float64, int, []float64, int)) []float64 {
	m, n, side, ul, diag := r.size(), r.size(), r.side(), r.uplo(), r.diag()
	size := m
	if side == blas.Right {
		size = n
	}
	a, lda := r.triangular(size, ul, diag)
	b, ldb := r.matrix(m, n)
	call(side, ul, r.trans(), diag, m, n, r.factor(), a, lda, b, ldb)
	return b
}

// TestAgainstGonum compares with gonum's own routines on random arguments.
func TestAgainstGonum(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 15
	}
	seed := rand.Uint64()
	atEachLevel(t, func(t *testing.T) {
		for name, call := range routines {
			for round := range uint64(rounds) {
				compare(t, name, call, seed, round)
			}
		}
	})
}

// oracle is gonum's implementation, but for the routine that it gets wrong
// when increments are not 1.
type oracle struct{ gonum.Implementation }

func (oracle) Dger(m, n int, alpha float64, x []float64, incX int, y []float64, incY int, a []float64, lda int) {
	for i := range m {
		for j := range n {
			a[i*lda+j] += alpha * x[start(m, incX)+i*incX] * y[start(n, incY)+j*incY]
		}
	}
}

// compare calls both implementations with the same arguments.
func compare(t *testing.T, name string, call func(arguments, blas.Float64) []float64, seed, round uint64) {
	t.Helper()
	draw := func() arguments { return arguments{Rand: rand.New(rand.NewPCG(seed, round))} }
	got, want := call(draw(), Implementation{}), call(draw(), oracle{})
	for i := range want {
		if math.IsNaN(want[i]) != math.IsNaN(got[i]) || math.Abs(got[i]-want[i]) > 1e-12*(1+math.Abs(want[i])) {
			t.Fatalf("%s: number %d of %d is %v, gonum gives %v (seed %d, round %d)", name, i, len(want), got[i], want[i], seed, round)
		}
	}
}

// FuzzAgainstGonum lets the fuzzer choose the arguments.
func FuzzAgainstGonum(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Add(uint64(3), uint64(5))
	f.Fuzz(func(t *testing.T, seed, round uint64) {
		for name, call := range routines {
			compare(t, name, call, seed, round)
		}
	})
}

// TestHalf compares half products with whole ones.
func TestHalf(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		for seed := range uint64(40) {
			r := arguments{Rand: rand.New(rand.NewPCG(seed, 3))}
			n, k := r.size(), r.size()
			x, ldx := r.matrix(k, n)
			d := make([]float64, k)
			scaled, half, weighted, want := make([]float64, k*n), make([]float64, n*n), make([]float64, n*n), make([]float64, n*n)
			for i := range d {
				d[i] = r.NormFloat64()
				for j := range n {
					scaled[i*n+j] = d[i] * x[i*ldx+j]
				}
			}
			gonum.Implementation{}.Dgemm(blas.Trans, blas.NoTrans, n, n, k, 0.7, x, ldx, scaled, n, 0, want, n)
			Half(blas.Trans, blas.NoTrans, n, k, 0.7, x, ldx, scaled, n, half, n)
			Weighted(n, 0.7, x, ldx, d, weighted, n)
			for i := range n {
				for j := i; j < n; j++ {
					if w := want[i*n+j]; !(math.Abs(half[i*n+j]-w) < 1e-11) || !(math.Abs(weighted[i*n+j]-w) < 1e-11) {
						t.Fatalf("n=%d k=%d: entry %d,%d is %v and %v, want %v (seed %d)", n, k, i, j, half[i*n+j], weighted[i*n+j], w, seed)
					}
				}
			}
		}
	})
}

func TestTranspose(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		for seed := range uint64(60) {
			r := arguments{Rand: rand.New(rand.NewPCG(seed, 11))}
			m, n := r.size(), r.size()
			x := numbers(m*n, seed)
			y := slices.Repeat([]float64{math.NaN()}, m*n+8)
			Transpose(y, x, m, n)
			for i := range m {
				for j := range n {
					if y[j*m+i] != x[i*n+j] {
						t.Fatalf("%d×%d: entry %d,%d is %v", m, n, i, j, y[j*m+i])
					}
				}
			}
			if !math.IsNaN(y[m*n]) {
				t.Fatalf("%d×%d: a number behind the result is written", m, n)
			}
			a := numbers(n*n, seed)
			want := slices.Clone(a)
			middle := min(n, 8*r.IntN(n/8+1))
			Mirror(a, n, 0, middle)
			Mirror(a, n, middle, n)
			for i := range n {
				for j := range n {
					if a[i*n+j] != want[min(i, j)*n+max(i, j)] {
						t.Fatalf("mirror of %d×%d: entry %d,%d is %v", n, n, i, j, a[i*n+j])
					}
				}
			}
		}
	})
}

// TestCholesky compares the factor with gonum's.
func TestCholesky(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		for _, n := range sizes {
			for _, ul := range []blas.Uplo{blas.Upper, blas.Lower} {
				r := arguments{Rand: rand.New(rand.NewPCG(uint64(n), 7))}
				x, ldx := r.matrix(n, n)
				a, lda := r.triangular(n, ul, blas.NonUnit)
				for i := range n {
					for j := range n {
						if !math.IsNaN(a[i*lda+j]) {
							a[i*lda+j] = gonum.Implementation{}.Ddot(n, x[i*ldx:], 1, x[j*ldx:], 1)
						}
					}
					a[i*lda+i] += float64(n)
				}
				want := slices.Clone(a)
				if !(Lapack{}).Dpotrf(ul, n, a, lda) || !(lapack.Implementation{}).Dpotrf(ul, n, want, lda) {
					t.Fatalf("n=%d: called indefinite", n)
				}
				for i := range want {
					if math.IsNaN(a[i]) != math.IsNaN(want[i]) || math.Abs(a[i]-want[i]) > 1e-11*float64(n) {
						t.Fatalf("n=%d %c: number %d is %v, gonum gives %v", n, ul, i, a[i], want[i])
					}
				}
				a[(n-1)*lda+n-1] = -1
				if (Lapack{}).Dpotrf(ul, n, a, lda) {
					t.Errorf("n=%d: a negative diagonal passes", n)
				}
			}
		}
	})
}

// TestInfinity checks that an infinity reaches only the rows that depend on it.
func TestInfinity(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		const n, cols = 40, 30
		r := arguments{Rand: rand.New(rand.NewPCG(1, 2))}
		a, lda := r.triangular(n, blas.Lower, blas.NonUnit)
		for name, call := range map[string]func(blas.Side, blas.Uplo, blas.Transpose, blas.Diag, int, int, float64, []float64, int, []float64, int){
			"dtrmm": Implementation{}.Dtrmm, "dtrsm": Implementation{}.Dtrsm,
		} {
			b, ldb := r.matrix(n, cols)
			b[20*ldb+3] = math.Inf(1)
			call(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, n, cols, 1, a, lda, b, ldb)
			for i := range n {
				v := b[i*ldb+3]
				if bad := math.IsNaN(v) || math.IsInf(v, 0); bad != (i >= 20) {
					t.Errorf("%s: row %d is %v", name, i, v)
				}
			}
		}
		c := slices.Repeat([]float64{math.NaN()}, 9)
		Implementation{}.Dgemm(blas.NoTrans, blas.NoTrans, 3, 3, 3, 1, make([]float64, 9), 3, make([]float64, 9), 3, 0, c, 3)
		if !slices.Equal(c, make([]float64, 9)) {
			t.Errorf("beta = 0 reads C: %v", c)
		}
	})
}
