package blas

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas/blas64"
	gonum "gonum.org/v1/gonum/blas/gonum"
	lapack "gonum.org/v1/gonum/lapack/gonum"
	"gonum.org/v1/gonum/lapack/testlapack"
)

// TestLapackSuite runs gonum's own tests of what package blas has of LAPACK.
func TestLapackSuite(t *testing.T) {
	blas64.Use(Implementation{})
	defer blas64.Use(gonum.Implementation{})
	l := Lapack{}
	atEachLevel(t, func(t *testing.T) {
		for name, test := range map[string]func(*testing.T){
			"dpotrf": func(t *testing.T) { testlapack.DpotrfTest(t, l) },
			"dpotrs": func(t *testing.T) { testlapack.DpotrsTest(t, l) },
			"dgetrf": func(t *testing.T) { testlapack.DgetrfTest(t, l) },
			"dgetrs": func(t *testing.T) { testlapack.DgetrsTest(t, l) },
			"dgetri": func(t *testing.T) { testlapack.DgetriTest(t, l) },
			"dgeqrf": func(t *testing.T) { testlapack.DgeqrfTest(t, l) },
			"dgels":  func(t *testing.T) { testlapack.DgelsTest(t, l) },
		} {
			t.Run(name, test)
		}
	})
}

// TestFactors compares LU and QR with gonum's, on matrices with NaN around.
func TestFactors(t *testing.T) {
	l, plain := Lapack{}, lapack.Implementation{}
	rounds := 80
	if testing.Short() {
		rounds = 20
	}
	seed := rand.Uint64()
	atEachLevel(t, func(t *testing.T) {
		for round := range uint64(rounds) {
			r := arguments{Rand: rand.New(rand.NewPCG(seed, round))}
			m, n := r.size(), r.size()
			a, lda := r.matrix(m, n)
			ours, theirs := slices.Clone(a), slices.Clone(a)
			p, q := make([]int, min(m, n)), make([]int, min(m, n))
			if ok := l.Dgetrf(m, n, ours, lda, p); ok != plain.Dgetrf(m, n, theirs, lda, q) || !slices.Equal(p, q) {
				t.Fatalf("LU of %d×%d: %v %v, gonum %v (seed %d, round %d)", m, n, ok, p, q, seed, round)
			}
			same(t, "LU", ours, theirs, seed, round)
			ours, theirs = slices.Clone(a), slices.Clone(a)
			tau, other, work := make([]float64, min(m, n)), make([]float64, min(m, n)), make([]float64, 64*n)
			l.Dgeqrf(m, n, ours, lda, tau, work, len(work))
			plain.Dgeqrf(m, n, theirs, lda, other, work, len(work))
			same(t, "QR", ours, theirs, seed, round)
			same(t, "tau", tau, other, seed, round)
		}
	})
}

// same compares with room for the rounding of an ill-conditioned matrix.
func same(t *testing.T, name string, got, want []float64, seed, round uint64) {
	t.Helper()
	for i, w := range want {
		if math.IsNaN(w) != math.IsNaN(got[i]) || math.Abs(got[i]-w) > 1e-7*(1+math.Abs(w)) {
			t.Fatalf("%s: number %d of %d is %v, gonum gives %v (seed %d, round %d)", name, i, len(want), got[i], w, seed, round)
		}
	}
}

// TestSingularLU checks the report of a zero on the diagonal, and NaN.
func TestSingularLU(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		for _, n := range []int{1, 5, 40} {
			a := make([]float64, n*n)
			for i := range n - 1 {
				a[i*n+i] = 1
			}
			if (Lapack{}).Dgetrf(n, n, a, n, make([]int, n)) {
				t.Errorf("n=%d: a matrix with a zero row passes as regular", n)
			}
		}
		a := slices.Repeat([]float64{math.NaN()}, 40*40)
		Lapack{}.Dgetrf(40, 40, a, 40, make([]int, 40))
		Lapack{}.Dgeqrf(40, 40, a, 40, make([]float64, 40), make([]float64, 40), 40)
	})
}
