package compressed

import (
	"errors"
	"fmt"
	"math"

	gonum "gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/mat"
)

// ErrSingular says that a system has no unique solution to working precision.
var ErrSingular = errors.New("the matrix is singular")

// Solve is the solution X of MX = b, for one or more columns, by the structure:
// a diagonal divides, a Kronecker product solves with its factors, blocks one by
// one, low rank beside an easy part by the Woodbury identity; what remains is
// factored densely. The error wraps ErrSingular.
func (m *Matrix) Solve(b mat.Matrix) (*mat.Dense, error) {
	r, c := m.Dims()
	rows, p := b.Dims()
	if r != c || rows != r {
		return nil, fmt.Errorf("a matrix %d×%d cannot be solved for a right side %d×%d", r, c, rows, p)
	}
	x := mat.DenseCopyOf(b)
	solve, err := factor(m.form)
	if err != nil {
		return nil, err
	}
	solve(x.RawMatrix().Data, p)
	return x, nil
}

// A solver replaces x, n×p by rows, by the solution.
type solver func(x []float64, p int)

// factor prepares the solution of systems with a square form.
func factor(f Form) (solver, error) {
	switch f := f.(type) {
	case identity:
		return func([]float64, int) {}, nil
	case permutation:
		return f.factor()
	case diagonal:
		return f.factor()
	case scaled:
		return f.factor()
	case kron:
		if r, c := f.a.dims(); r == c {
			return f.factor()
		}
	case blocks:
		if f.r == f.c {
			return f.factor()
		}
	case product:
		if n, _ := f.dims(); f.rank() < n {
			return nil, fmt.Errorf("%w: its rank is at most %d of %d", ErrSingular, f.rank(), n)
		}
		if f.square() {
			return f.factor()
		}
	case sum:
		if solve, err := f.factor(); err == nil {
			return solve, nil
		}
	}
	return general(f)
}

// general factors all entries.
func general(f Form) (solver, error) {
	n, _ := f.dims()
	a := make([]float64, n*n)
	f.store(a, n, 1, false)
	return lu(mat.NewDense(n, n, a))
}

// worstCondition is the condition number from which on a matrix counts as
// singular: no digit of a solution would be right.
const worstCondition = 1e15

func lu(a *mat.Dense) (solver, error) { return luBeside(a, mat.Norm(a, 1)) }

// luBeside factors a matrix whose entries are what is left of terms as large as
// scale: it is singular where they have cancelled.
func luBeside(a *mat.Dense, scale float64) (solver, error) {
	n, _ := a.Dims()
	var factors mat.LU
	factors.Factorize(a)
	if c := factors.Cond() * scale / mat.Norm(a, 1); !(c < worstCondition) {
		return nil, fmt.Errorf("%w: condition number %.1g", ErrSingular, c)
	}
	return func(x []float64, p int) {
		v := mat.NewDense(n, p, x)
		_ = factors.SolveTo(v, false, v) // conditions were looked at
	}, nil
}

func (d diagonal) factor() (solver, error) {
	v := d.v.Numbers()[:d.n]
	for i, k := range v {
		if k == 0 || math.IsNaN(k) {
			return nil, fmt.Errorf("%w: entry %d of its diagonal is %v", ErrSingular, i, k)
		}
	}
	return func(x []float64, p int) {
		for i, k := range v {
			for q := i * p; q < (i+1)*p; q++ {
				x[q] /= k
			}
		}
	}, nil
}

func (s scaled) factor() (solver, error) {
	k := s.k.Number()
	if k == 0 || math.IsNaN(k) {
		return nil, fmt.Errorf("%w: its factor is %v", ErrSingular, k)
	}
	solve, err := factor(s.f)
	if err != nil {
		return nil, err
	}
	return func(x []float64, p int) {
		solve(x, p)
		for i := range x {
			x[i] /= k
		}
	}, nil
}

// factor of a permutation is its transpose.
func (k permutation) factor() (solver, error) {
	return func(x []float64, p int) { k.Transpose().mul(x, append([]float64(nil), x...), p) }, nil
}

// square tells that every factor is.
func (m product) square() bool {
	for _, f := range m.factors {
		if r, c := f.dims(); r != c {
			return false
		}
	}
	return true
}

// factor of square factors solves with one after the other.
func (m product) factor() (solver, error) {
	var solvers []solver
	for _, f := range m.factors {
		s, err := factor(f)
		if err != nil {
			return nil, err
		}
		solvers = append(solvers, s)
	}
	return func(x []float64, p int) {
		for _, solve := range solvers {
			solve(x, p)
		}
	}, nil
}

// factor of A⊗B solves with A the rows, then with B each part.
func (k kron) factor() (solver, error) {
	a, err := factor(k.a)
	if err != nil {
		return nil, err
	}
	b, err := factor(k.b)
	if err != nil {
		return nil, err
	}
	ar, _ := k.a.dims()
	br, _ := k.b.dims()
	return func(x []float64, p int) {
		a(x, br*p)
		for i := range ar {
			b(x[i*br*p:(i+1)*br*p], p)
		}
	}, nil
}

func (b blocks) factor() (solver, error) {
	solvers := make([]solver, b.n)
	v := b.v.Numbers()
	for i := range solvers {
		part := mat.NewDense(b.r, b.c, nil)
		for a := range b.r {
			for c := range b.c {
				part.Set(a, c, v[b.entry(i, a, c)])
			}
		}
		var err error
		if solvers[i], err = lu(part); err != nil {
			return nil, fmt.Errorf("block %d: %w", i, err)
		}
	}
	return func(x []float64, p int) {
		part := make([]float64, b.r*p)
		for i, solve := range solvers {
			for a := range b.r {
				copy(part[a*p:(a+1)*p], x[b.place(i, a, b.r)*p:])
			}
			solve(part, p)
			for a := range b.r {
				copy(x[b.place(i, a, b.r)*p:][:p], part[a*p:])
			}
		}
	}, nil
}

// factor of B + L·R with B easy to solve and a small inner size:
// (B + LR)⁻¹ = B⁻¹ - B⁻¹L(I + RB⁻¹L)⁻¹RB⁻¹ (Woodbury).
func (m sum) factor() (solver, error) {
	var easy []Form
	var low []product
	rank := 0
	n, _ := m.dims()
	for _, t := range m.terms {
		if p, ok := lowRank(t); ok {
			low = append(low, p)
			rank += p.rank()
		} else {
			easy = append(easy, t)
		}
	}
	if len(easy) == 0 || 2*rank > n {
		return nil, ErrSingular
	}
	base, err := gathered(easy, len(low) > 0)
	if err != nil || len(low) == 0 {
		return base, err
	}
	left, right := make([]float64, n*rank), make([]float64, rank*n)
	at := 0
	for _, p := range low {
		l, r, k := p.cut()
		l.store(left[at:], rank, 1, false)
		r.store(right[at*n:], n, 1, false)
		at += k
	}
	base(left, rank) // B⁻¹L
	inner := make([]float64, rank*rank)
	engine.Dgemm(gonum.NoTrans, gonum.NoTrans, rank, rank, n, 1, right, n, left, rank, 0, inner, rank)
	scale := 1 + mat.Norm(mat.NewDense(rank, rank, inner), 1)
	identity{rank}.store(inner, rank, 1, true)
	small, err := luBeside(mat.NewDense(rank, rank, inner), scale)
	if err != nil {
		return nil, err
	}
	return func(x []float64, p int) {
		base(x, p)
		y := make([]float64, rank*p)
		engine.Dgemm(gonum.NoTrans, gonum.NoTrans, rank, p, n, 1, right, n, x, p, 0, y, p)
		small(y, p)
		engine.Dgemm(gonum.NoTrans, gonum.NoTrans, n, p, rank, -1, left, rank, y, p, 1, x, p)
	}, nil
}

// lowRank gives a term as a product through less than its size.
func lowRank(f Form) (product, bool) {
	switch f := f.(type) {
	case scaled:
		p, ok := lowRank(f.f)
		return product{append([]Form{scaled{f.k, identityOf(f.f)}}, p.factors...)}, ok
	case product:
		n, _ := f.dims()
		return f, f.rank() < n
	}
	return product{}, false
}

func identityOf(f Form) Form {
	n, _ := f.dims()
	return identity{n}
}

// cut gives the product as two factors with the least inner size k.
func (m product) cut() (left, right Form, k int) {
	k = m.rank()
	for i, f := range m.factors[:len(m.factors)-1] {
		if _, c := f.dims(); c == k {
			return Product(m.factors[:i+1]...), Product(m.factors[i+1:]...), k
		}
	}
	panic("compressed: a product without a least inner size")
}

// gathered solves with the sum of easy terms: diagonals add up, and what has
// blocks of one kind adds up block by block. Otherwise all entries are needed,
// which sole forbids where a solution without them is looked for.
func gathered(terms []Form, sole bool) (solver, error) {
	if len(terms) == 1 {
		switch terms[0].(type) {
		case entries:
			if sole {
				return general(terms[0])
			}
		}
		return factor(terms[0])
	}
	n, _ := terms[0].dims()
	like, found := blocks{n: n, r: 1, c: 1}, false
	for _, t := range terms {
		b, ok := asBlocks(t)
		switch {
		case !ok:
			return general(sum{terms})
		case b.r == 1: // a diagonal is of any kind
		case !found:
			like, found = b, true
		case like.r != b.r || like.interleaved != b.interleaved:
			return general(sum{terms})
		}
	}
	size := like.r * like.c
	total := make([]float64, like.n*size)
	for _, t := range terms {
		b, _ := asBlocks(t)
		for i := range like.n {
			for a := range like.r {
				for c := range like.c {
					if b.r == 1 && a != c {
						continue
					}
					total[i*size+a*like.c+c] += t.at(like.place(i, a, like.r), like.place(i, c, like.c))
				}
			}
		}
	}
	like.v, like.trans = Slice(total), false
	if size == 1 {
		return diagonal{n, like.v}.factor()
	}
	return like.factor()
}

// asBlocks tells the kind of blocks that a form consists of, without numbers.
func asBlocks(f Form) (blocks, bool) {
	n, _ := f.dims()
	switch f := f.(type) {
	case diagonal, identity:
		return blocks{n: n, r: 1, c: 1}, true
	case scaled:
		return asBlocks(f.f)
	case blocks:
		return f, f.r == f.c
	case kron:
		ar, ac := f.a.dims()
		br, bc := f.b.dims()
		switch {
		case banded(f.a) && banded(f.b):
			return blocks{n: n, r: 1, c: 1}, true
		case banded(f.b) && ar == ac:
			return blocks{n: br, r: ar, c: ac, interleaved: true}, true
		case banded(f.a) && br == bc:
			return blocks{n: ar, r: br, c: bc}, true
		}
	}
	return blocks{}, false
}
