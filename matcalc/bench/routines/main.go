// Command routines measures BLAS and LAPACK routines for blas.py: a request
// {"routine", "n", "seconds"} a line on standard input, an answer
// {"nabla", "gonum"} on standard output, in nanoseconds of the fastest call.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"time"

	gonum "gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	plain "gonum.org/v1/gonum/blas/gonum"
	plainlapack "gonum.org/v1/gonum/lapack/gonum"

	"github.com/nabla-go/nabla/matcalc/blas"
)

// A system is a BLAS with the LAPACK on top of it.
type system struct {
	gonum.Float64
	lapack
}

// lapack is what is measured of LAPACK.
type lapack interface {
	Dpotrf(ul gonum.Uplo, n int, a []float64, lda int) bool
	Dgetrf(m, n int, a []float64, lda int, ipiv []int) bool
	Dgeqrf(m, n int, a []float64, lda int, tau, work []float64, lwork int)
}

// operands are those of every routine, n×n or of n numbers.
type operands struct {
	n                int
	a, b, c, x, y    []float64
	positive, factor []float64 // positive definite; one triangle of strong diagonal
	work             []float64
	pivots           []int
}

// draw makes the operands; vectors alone for a routine of level 1.
func draw(n int, vectors bool) *operands {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	numbers := func(k int) []float64 {
		v := make([]float64, k)
		for i := range v {
			v[i] = rng.Float64() - 0.5
		}
		return v
	}
	if vectors {
		return &operands{n: n, x: numbers(n), y: numbers(n)}
	}
	o := &operands{n: n, a: numbers(n * n), b: numbers(n * n), c: numbers(n * n), x: numbers(n), y: numbers(n),
		positive: numbers(n * n), factor: numbers(n * n), work: make([]float64, n*64+n), pivots: make([]int, n)}
	for i := range n {
		o.positive[i*n+i] += float64(n)
		o.factor[i*n+i] += float64(n)
	}
	return o
}

// routines call a routine once; what destroys its argument works on a copy.
var routines = map[string]func(s system, o *operands){
	"ddot":  func(s system, o *operands) { s.Ddot(o.n, o.x, 1, o.y, 1) },
	"daxpy": func(s system, o *operands) { s.Daxpy(o.n, 1e-9, o.x, 1, o.y, 1) },
	"dgemv": func(s system, o *operands) {
		s.Dgemv(gonum.NoTrans, o.n, o.n, 1, o.a, o.n, o.x, 1, 0, o.y, 1)
	},
	"dgemvT": func(s system, o *operands) {
		s.Dgemv(gonum.Trans, o.n, o.n, 1, o.a, o.n, o.x, 1, 0, o.y, 1)
	},
	"dgemm": func(s system, o *operands) {
		s.Dgemm(gonum.NoTrans, gonum.NoTrans, o.n, o.n, o.n, 1, o.a, o.n, o.b, o.n, 0, o.c, o.n)
	},
	"dsyrk": func(s system, o *operands) {
		s.Dsyrk(gonum.Upper, gonum.Trans, o.n, o.n, 1, o.a, o.n, 0, o.c, o.n)
	},
	"dsymm": func(s system, o *operands) {
		s.Dsymm(gonum.Left, gonum.Upper, o.n, o.n, 1, o.a, o.n, o.b, o.n, 0, o.c, o.n)
	},
	"dtrmm": func(s system, o *operands) {
		copy(o.c, o.b)
		s.Dtrmm(gonum.Left, gonum.Upper, gonum.NoTrans, gonum.NonUnit, o.n, o.n, 1, o.factor, o.n, o.c, o.n)
	},
	"dtrsm": func(s system, o *operands) {
		copy(o.c, o.b)
		s.Dtrsm(gonum.Left, gonum.Upper, gonum.NoTrans, gonum.NonUnit, o.n, o.n, 1, o.factor, o.n, o.c, o.n)
	},
	"dpotrf": func(s system, o *operands) {
		copy(o.c, o.positive)
		s.Dpotrf(gonum.Upper, o.n, o.c, o.n)
	},
	"dgetrf": func(s system, o *operands) {
		copy(o.c, o.a)
		s.Dgetrf(o.n, o.n, o.c, o.n, o.pivots)
	},
	"dgeqrf": func(s system, o *operands) {
		copy(o.c, o.a)
		s.Dgeqrf(o.n, o.n, o.c, o.n, o.y, o.work, len(o.work))
	},
}

func main() {
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for in.Scan() {
		var q struct {
			Routine string
			N       int
			Seconds float64
		}
		if err := json.Unmarshal(in.Bytes(), &q); err != nil || routines[q.Routine] == nil {
			fmt.Fprintf(os.Stderr, "routines: %s: %v\n", in.Text(), err)
			os.Exit(1)
		}
		o, run := draw(q.N, q.Routine == "ddot" || q.Routine == "daxpy"), routines[q.Routine]
		answer := map[string]float64{}
		for name, s := range map[string]system{
			"nabla": {blas.Implementation{}, blas.Lapack{}},
			"gonum": {plain.Implementation{}, plainlapack.Implementation{}},
		} {
			blas64.Use(s.Float64) // LAPACK calls it
			answer[name] = fastest(q.Seconds, func() { run(s, o) })
		}
		if err := out.Encode(answer); err != nil {
			os.Exit(1)
		}
	}
}

// fastest is the least time of a call in nanoseconds: what other work on the
// machine does is not in it.
func fastest(seconds float64, run func()) float64 {
	run()
	started := time.Now()
	run()
	batch := max(1, int(20*time.Microsecond/max(time.Since(started), 1)))
	best := math.Inf(1)
	for begin, calls := time.Now(), 0; calls < 3 || time.Since(begin).Seconds() < seconds; calls++ {
		started := time.Now()
		for range batch {
			run()
		}
		best = min(best, float64(time.Since(started).Nanoseconds())/float64(batch))
	}
	return best
}
