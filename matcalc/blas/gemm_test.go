package blas

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/blas"
	gonum "gonum.org/v1/gonum/blas/gonum"
)

// numbers are the same for the same seed, in [-1, 1).
func numbers(n int, seed uint64) []float64 {
	x := make([]float64, n)
	for i := range x {
		seed = seed*6364136223846793005 + 1442695040888963407
		x[i] = float64(int64(seed)) / (1 << 63)
	}
	return x
}

// implementations are what the measurements compare.
var implementations = []struct {
	name string
	blas.Float64
}{{"nabla", Implementation{}}, {"gonum", gonum.Implementation{}}}

func BenchmarkDgemm(b *testing.B) {
	for _, d := range implementations {
		for _, n := range []int{8, 16, 32, 64, 128, 256, 512, 1000, 2000} {
			x, y, z := numbers(n*n, 1), numbers(n*n, 2), numbers(n*n, 3)
			b.Run(fmt.Sprintf("%s/%d", d.name, n), func(b *testing.B) {
				for b.Loop() {
					d.Dgemm(blas.NoTrans, blas.NoTrans, n, n, n, 1, x, n, y, n, 0, z, n)
				}
				b.ReportMetric(2*float64(n)*float64(n)*float64(n)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFlop/s")
			})
		}
	}
}

// BenchmarkRoutines measures the others at a size where they are bound by
// arithmetic or memory, and the call at a size where it counts.
func BenchmarkRoutines(b *testing.B) {
	const n = 1000
	a, c, x := numbers(n*n, 1), numbers(n*n, 2), numbers(n, 3)
	for i := range n {
		a[i*n+i] += n // strong diagonal: a triangle that is safe to divide by
	}
	for _, d := range implementations {
		for name, call := range map[string]func(){
			"ddot8":  func() { d.Ddot(8, x, 1, x, 1) },
			"daxpy8": func() { d.Daxpy(8, 1e-9, a, 1, c, 1) },
			"dgemv":  func() { d.Dgemv(blas.NoTrans, n, n, 1, a, n, x, 1, 0, c, 1) },
			"dgemvT": func() { d.Dgemv(blas.Trans, n, n, 1, a, n, x, 1, 0, c, 1) },
			"dsyrk":  func() { d.Dsyrk(blas.Upper, blas.Trans, n, n, 1, a, n, 0, c, n) },
			"dsymm":  func() { d.Dsymm(blas.Left, blas.Upper, n, n, 1, a, n, a, n, 0, c, n) },
			"dtrsm":  func() { d.Dtrsm(blas.Left, blas.Lower, blas.NoTrans, blas.NonUnit, n, n, 1, a, n, c, n) },
		} {
			b.Run(d.name+"/"+name, func(b *testing.B) {
				for b.Loop() {
					call()
				}
			})
		}
	}
}
