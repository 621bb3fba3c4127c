package blas

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"gonum.org/v1/gonum/blas"
)

// TestParallel checks that every piece runs once, also when jobs are started
// from many goroutines, and that the number of helpers stays.
func TestParallel(t *testing.T) {
	Parallel(1000, func(int) {}) // the helpers are there
	before := runtime.NumGoroutine()
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			for range 50 {
				var ran [37]atomic.Int64
				Parallel(len(ran), func(piece int) { ran[piece].Add(1) })
				for i := range ran {
					if n := ran[i].Load(); n != 1 {
						t.Errorf("piece %d ran %d times", i, n)
					}
				}
			}
		})
	}
	group.Wait()
	if helpers.count.Load() > int64(runtime.GOMAXPROCS(0)) {
		t.Errorf("%d helpers, GOMAXPROCS is %d", helpers.count.Load(), runtime.GOMAXPROCS(0))
	}
	if after := runtime.NumGoroutine(); after > before+runtime.GOMAXPROCS(0) {
		t.Errorf("%d goroutines became %d", before, after)
	}
}

// TestConcurrentProducts multiplies from several goroutines at once.
func TestConcurrentProducts(t *testing.T) {
	const n = 150
	a, b := numbers(n*n, 1), numbers(n*n, 2)
	want := make([]float64, n*n)
	Implementation{}.Dgemm(blas.NoTrans, blas.NoTrans, n, n, n, 1, a, n, b, n, 0, want, n)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			c := make([]float64, n*n)
			for range 5 {
				Implementation{}.Dgemm(blas.NoTrans, blas.NoTrans, n, n, n, 1, a, n, b, n, 0, c, n)
				for i := range c {
					if c[i] != want[i] {
						t.Errorf("number %d is %v, not %v", i, c[i], want[i])
						return
					}
				}
			}
		})
	}
	group.Wait()
}
