package lsq

import (
	"math"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Rows is a matrix in float64, row by row, for problems too large for doubled
// precision.
type Rows struct {
	N, P, Stride int
	Data         []float64
}

// Row returns row i.
func (x Rows) Row(i int) []float64 { return x.Data[i*x.Stride : i*x.Stride+x.P] }

// block is how many rows are transposed at a time: small enough for the cache,
// long enough for dot products at full speed.
const block = 256

// A Gram is X'WX and X'Wz with the weights and working response of each row.
type Gram struct {
	P   int
	XX  []float64 // P by P, upper triangle
	XZ  []float64
	Sum []float64 // what the row function summed beside
}

// A RowFunc returns the weight and the response of row i, and may add to sum.
type RowFunc func(i int, row []float64, sum []float64) (weight, z float64)

// Accumulate computes sum of w_i x_i x_i' and w_i x_i z_i over all rows, by
// blocks on every processor. Sums of blocks are added with compensation, so
// that the error does not grow with the number of rows.
func Accumulate(x Rows, sums int, f RowFunc) *Gram {
	workers := max(1, min(runtime.GOMAXPROCS(0), x.N/(4*block)))
	parts := make([]*partial, workers)
	var group sync.WaitGroup
	for w := range workers {
		parts[w] = newPartial(x.P, sums)
		group.Add(1)
		go func() {
			defer group.Done()
			from, to := w*x.N/workers, (w+1)*x.N/workers
			for i := from; i < to; i += block {
				parts[w].add(x, i, min(i+block, to), f)
			}
		}()
	}
	group.Wait()
	total := parts[0]
	for _, p := range parts[1:] {
		total.merge(p)
	}
	return total.gram(x.P, sums)
}

type partial struct {
	p        int
	columns  []float64 // the block, column by column; z last
	value    []float64 // packed upper triangle of [X z]'[X z], then sums
	lost     []float64 // what rounding took from value
	sum      []float64
	products int
}

func newPartial(p, sums int) *partial {
	q := p + 1
	size := q*(q+1)/2 + sums
	return &partial{p: p, columns: make([]float64, q*block), value: make([]float64, size), lost: make([]float64, size),
		sum: make([]float64, sums), products: q * (q + 1) / 2}
}

// accumulate adds v to entry k, keeping what rounding loses.
func (a *partial) accumulate(k int, v float64) {
	s := a.value[k] + v
	t := s - a.value[k]
	a.lost[k] += (a.value[k] - (s - t)) + (v - t)
	a.value[k] = s
}

func (a *partial) add(x Rows, from, to int, f RowFunc) {
	n := to - from
	clear(a.sum)
	for i := range n {
		row := x.Row(from + i)
		w, z := f(from+i, row, a.sum)
		if w == 1 {
			for j, v := range row {
				a.columns[j*block+i] = v
			}
			a.columns[a.p*block+i] = z
			continue
		}
		root := math.Sqrt(w)
		for j, v := range row {
			a.columns[j*block+i] = v * root
		}
		a.columns[a.p*block+i] = z * root
	}
	k := 0
	for i := 0; i <= a.p; i++ {
		u := blas64.Vector{N: n, Inc: 1, Data: a.columns[i*block:]}
		for j := i; j <= a.p; j++ {
			a.accumulate(k, blas64.Dot(u, blas64.Vector{N: n, Inc: 1, Data: a.columns[j*block:]}))
			k++
		}
	}
	for _, v := range a.sum {
		a.accumulate(k, v)
		k++
	}
}

func (a *partial) merge(b *partial) {
	for k := range a.value {
		a.accumulate(k, b.value[k])
		a.accumulate(k, b.lost[k])
	}
}

func (a *partial) gram(p, sums int) *Gram {
	g := &Gram{P: p, XX: make([]float64, p*p), XZ: make([]float64, p), Sum: make([]float64, sums+1)}
	k := 0
	for i := 0; i <= p; i++ {
		for j := i; j <= p; j++ {
			v := a.value[k] + a.lost[k]
			switch {
			case i == p:
				g.Sum[sums] = v // z'Wz
			case j == p:
				g.XZ[i] = v
			default:
				g.XX[i*p+j] = v
			}
			k++
		}
	}
	for s := range sums {
		g.Sum[s] = a.value[k] + a.lost[k]
		k++
	}
	return g
}

// Solver is the factored normal equations, scaled to a unit diagonal.
type Solver struct {
	p         int
	scale     []float64
	chol      mat.Cholesky
	Condition float64 // of X with columns of length one
}

// Factor factors X'WX; ok is false if it is not positive definite.
func (g *Gram) Factor() (s *Solver, ok bool) {
	p := g.P
	s = &Solver{p: p, scale: make([]float64, p)}
	for i := range p {
		s.scale[i] = 1 / math.Sqrt(g.XX[i*p+i])
		if math.IsInf(s.scale[i], 0) || s.scale[i] != s.scale[i] {
			return nil, false
		}
	}
	scaled := mat.NewSymDense(p, nil)
	for i := range p {
		for j := i; j < p; j++ {
			scaled.SetSym(i, j, g.XX[i*p+j]*s.scale[i]*s.scale[j])
		}
	}
	if !s.chol.Factorize(scaled) {
		return nil, false
	}
	var r mat.TriDense
	s.chol.UTo(&r)
	s.Condition = ScaledCondition(p, r.At)
	return s, true
}

// Solve returns (X'WX)^-1 v.
func (s *Solver) Solve(v []float64) []float64 {
	scaled := mat.NewVecDense(s.p, nil)
	for i, x := range v {
		scaled.SetVec(i, x*s.scale[i])
	}
	var out mat.VecDense
	if err := s.chol.SolveVecTo(&out, scaled); err != nil {
		// Ill conditioned, yet solved: the caller has looked at Condition.
		_ = err
	}
	b := make([]float64, s.p)
	for i := range b {
		b[i] = out.AtVec(i) * s.scale[i]
	}
	return b
}

// Inverse returns (X'WX)^-1.
func (s *Solver) Inverse() [][]float64 {
	inv := make([][]float64, s.p)
	e := make([]float64, s.p)
	for i := range inv {
		clear(e)
		e[i] = 1
		inv[i] = s.Solve(e)
	}
	return inv
}

// Project computes X'r for the r that f returns row by row, with its sums:
// a pass that costs two operations an entry.
func Project(x Rows, sums int, f func(i int, row, sum []float64) float64) *Gram {
	workers := max(1, min(runtime.GOMAXPROCS(0), x.N/(4*block)))
	parts := make([]*partial, workers)
	var group sync.WaitGroup
	for w := range workers {
		parts[w] = &partial{value: make([]float64, x.P+sums), lost: make([]float64, x.P+sums), sum: make([]float64, x.P+sums)}
		group.Add(1)
		go func() {
			defer group.Done()
			from, to := w*x.N/workers, (w+1)*x.N/workers
			for i := from; i < to; i += block {
				parts[w].project(x, i, min(i+block, to), f)
			}
		}()
	}
	group.Wait()
	for _, p := range parts[1:] {
		parts[0].merge(p)
	}
	g := &Gram{P: x.P, XZ: make([]float64, x.P), Sum: make([]float64, sums)}
	for k := range parts[0].value {
		v := parts[0].value[k] + parts[0].lost[k]
		if k < x.P {
			g.XZ[k] = v
		} else {
			g.Sum[k-x.P] = v
		}
	}
	return g
}

func (a *partial) project(x Rows, from, to int, f func(i int, row, sum []float64) float64) {
	clear(a.sum)
	inner := a.sum[:x.P]
	for i := from; i < to; i++ {
		row := x.Row(i)
		r := f(i, row, a.sum[x.P:])
		for j, v := range row {
			inner[j] += v * r
		}
	}
	for k, v := range a.sum {
		a.accumulate(k, v)
	}
}
