package blas

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/blas"
)

func BenchmarkDgemm(b *testing.B) {
	for _, n := range []int{8, 16, 32, 64, 128, 256, 512, 1000, 2000} {
		x, y, z := numbers(n*n, 1), numbers(n*n, 2), numbers(n*n, 3)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				Implementation{}.Dgemm(blas.NoTrans, blas.NoTrans, n, n, n, 1, x, n, y, n, 0, z, n)
			}
			b.ReportMetric(2*float64(n)*float64(n)*float64(n)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFlop/s")
		})
	}
}

func numbers(n int, seed uint64) []float64 {
	x := make([]float64, n)
	for i := range x {
		seed = seed*6364136223846793005 + 1442695040888963407
		x[i] = float64(int64(seed)) / (1 << 63)
	}
	return x
}
