package check

import (
	"errors"
	"math/bits"
	"math/rand/v2"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// prime is 2^61-1: the numbers modulo it have exact inverses and determinants.
const prime = 1<<61 - 1

func fieldAdd(a, b uint64) uint64 {
	s := a + b
	if s >= prime {
		s -= prime
	}
	return s
}

func fieldNeg(a uint64) uint64 {
	if a == 0 {
		return 0
	}
	return prime - a
}

func fieldMul(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	s := lo&prime + (lo>>61 | hi<<3)
	if s >= prime {
		s -= prime
	}
	return s
}

func fieldPow(a uint64, k uint64) uint64 {
	out := uint64(1)
	for ; k > 0; k >>= 1 {
		if k&1 == 1 {
			out = fieldMul(out, a)
		}
		a = fieldMul(a, a)
	}
	return out
}

func fieldInv(a uint64) uint64 { return fieldPow(a, prime-2) }

// fieldMatrix is a matrix modulo the prime, stored by rows.
type fieldMatrix struct {
	r, c int
	v    []uint64
}

func newField(r, c int) *fieldMatrix { return &fieldMatrix{r, c, make([]uint64, r*c)} }

func fieldNumber(x uint64) *fieldMatrix { return &fieldMatrix{1, 1, []uint64{x}} }

func (a *fieldMatrix) scalar() bool { return a.r == 1 && a.c == 1 }

func (a *fieldMatrix) at(i, j int) uint64 { return a.v[i*a.c+j] }

func fieldEye(n int) *fieldMatrix {
	out := newField(n, n)
	for i := range n {
		out.v[i*n+i] = 1
	}
	return out
}

func (a *fieldMatrix) t() *fieldMatrix {
	out := newField(a.c, a.r)
	for i := range a.r {
		for j := range a.c {
			out.v[j*a.r+i] = a.at(i, j)
		}
	}
	return out
}

func (a *fieldMatrix) plus(b *fieldMatrix) *fieldMatrix {
	out := newField(a.r, a.c)
	for i := range out.v {
		out.v[i] = fieldAdd(a.v[i], b.v[i])
	}
	return out
}

func (a *fieldMatrix) scaled(k uint64) *fieldMatrix {
	out := newField(a.r, a.c)
	for i := range out.v {
		out.v[i] = fieldMul(k, a.v[i])
	}
	return out
}

func (a *fieldMatrix) times(b *fieldMatrix) *fieldMatrix {
	switch {
	case a.scalar():
		return b.scaled(a.v[0])
	case b.scalar():
		return a.scaled(b.v[0])
	}
	out := newField(a.r, b.c)
	for i := range a.r {
		for k := range a.c {
			x := a.at(i, k)
			for j := range b.c {
				out.v[i*b.c+j] = fieldAdd(out.v[i*b.c+j], fieldMul(x, b.at(k, j)))
			}
		}
	}
	return out
}

// each multiplies entry by entry; a scalar is spread.
func (a *fieldMatrix) each(b *fieldMatrix) *fieldMatrix {
	if a.scalar() || b.scalar() {
		return a.times(b)
	}
	out := newField(a.r, a.c)
	for i := range out.v {
		out.v[i] = fieldMul(a.v[i], b.v[i])
	}
	return out
}

// invert gives the inverse and the determinant; ok is false for a singular
// matrix.
func (a *fieldMatrix) invert() (inv *fieldMatrix, det uint64, ok bool) {
	n := a.r
	w, out := append([]uint64(nil), a.v...), fieldEye(n)
	det = 1
	for k := range n {
		p := k
		for p < n && w[p*n+k] == 0 {
			p++
		}
		if p == n {
			return nil, 0, false
		}
		if p != k {
			for j := range n {
				w[p*n+j], w[k*n+j] = w[k*n+j], w[p*n+j]
				out.v[p*n+j], out.v[k*n+j] = out.v[k*n+j], out.v[p*n+j]
			}
			det = fieldNeg(det)
		}
		det = fieldMul(det, w[k*n+k])
		f := fieldInv(w[k*n+k])
		for j := range n {
			w[k*n+j], out.v[k*n+j] = fieldMul(f, w[k*n+j]), fieldMul(f, out.v[k*n+j])
		}
		for i := range n {
			if i == k || w[i*n+k] == 0 {
				continue
			}
			g := fieldNeg(w[i*n+k])
			for j := range n {
				w[i*n+j] = fieldAdd(w[i*n+j], fieldMul(g, w[k*n+j]))
				out.v[i*n+j] = fieldAdd(out.v[i*n+j], fieldMul(g, out.v[k*n+j]))
			}
		}
	}
	return out, det, true
}

// errNoField reports an expression that is not rational in its variables, or a
// fact that has no rational model.
var errNoField = errors.New("not rational")

// fieldSample draws a matrix modulo the prime that satisfies the declared
// facts, as far as they are equations; inequalities have no meaning there.
func fieldSample(rng *rand.Rand, v *expr.Node, dims map[string]int) (*fieldMatrix, error) {
	r, err := v.Shape().Rows.Eval(dims)
	if err != nil {
		return nil, err
	}
	c, err := v.Shape().Cols.Eval(dims)
	if err != nil {
		return nil, err
	}
	p := v.Declared()
	if p&(expr.Integer|expr.PM1|expr.Mask|expr.SqDist) != 0 {
		return nil, errNoField
	}
	x := newField(r, c)
	for i := range x.v {
		x.v[i] = rng.Uint64N(prime-1) + 1
	}
	switch {
	case p&expr.Simplex != 0:
		sum := uint64(0)
		for _, y := range x.v {
			sum = fieldAdd(sum, y)
		}
		return x.scaled(fieldInv(sum)), nil
	case p&expr.Stochastic != 0:
		for i := range r {
			sum := uint64(0)
			for j := range c {
				sum = fieldAdd(sum, x.at(i, j))
			}
			for j := range c {
				x.v[i*c+j] = fieldMul(x.v[i*c+j], fieldInv(sum))
			}
		}
	case r == c && r > 1:
		return fieldSquare(rng, x, p)
	}
	return x, nil
}

// fieldSquare turns a random square matrix into one with the facts p.
func fieldSquare(rng *rand.Rand, x *fieldMatrix, p expr.Props) (*fieldMatrix, error) {
	n := x.r
	keep := func(f func(i, j int) bool) *fieldMatrix {
		for i := range n {
			for j := range n {
				if !f(i, j) {
					x.v[i*n+j] = 0
				}
			}
		}
		return x
	}
	skew := func() *fieldMatrix { return x.plus(x.t().scaled(prime - 1)) }
	switch {
	case p&expr.Diagonal != 0:
		return keep(func(i, j int) bool { return i == j }), nil
	case p&expr.Orthogonal != 0: // Cayley, with or without a reflection
		s := skew()
		inv, _, ok := fieldEye(n).plus(s).invert()
		if !ok {
			return nil, errNoField
		}
		q := inv.times(fieldEye(n).plus(s.scaled(prime - 1)))
		if rng.IntN(2) == 0 {
			for j := range n {
				q.v[j] = fieldNeg(q.v[j])
			}
		}
		return q, nil
	case p&expr.Projector != 0:
		k := max(1, n-1)
		a := newField(n, k)
		for i := range a.v {
			a.v[i] = x.v[i]
		}
		inv, _, ok := a.t().times(a).invert()
		if !ok {
			return nil, errNoField
		}
		return a.times(inv).times(a.t()), nil
	case p&expr.Symmetric != 0:
		return x.plus(x.t()), nil
	case p&expr.Skew != 0:
		return skew(), nil
	case p&expr.Lower != 0:
		return keep(func(i, j int) bool { return i >= j }), nil
	case p&expr.Upper != 0:
		return keep(func(i, j int) bool { return i <= j }), nil
	}
	return x, nil
}
