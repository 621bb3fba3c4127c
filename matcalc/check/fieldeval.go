package check

import (
	"math/rand/v2"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// EqualExactly compares two expressions modulo 2^61-1 at random points of
// several sizes: the answer is exact but for a chance of less than 10^-15. It
// is undecided (ok false) for expressions that are not rational in their
// variables, such as those with exp, norms or absolute values.
func EqualExactly(a, b *expr.Node) (same, ok bool) {
	if a.Shape() != b.Shape() {
		return false, true
	}
	vars := a.Variables()
	for _, v := range b.Variables() {
		if !a.DependsOn(v) {
			vars = append(vars, v)
		}
	}
	seen := 0
	for round := range SizeRounds {
		dims := Sizes(vars, round)
		complete(dims, round, a, b)
		for try := range 2 {
			x, y, err := fieldPair(a, b, vars, dims, uint64(10*round+try))
			if err != nil {
				return false, false
			}
			if x == nil {
				continue // an inverse does not exist at these sizes
			}
			seen++
			for i := range x.v {
				if x.v[i] != y.v[i] {
					return false, true
				}
			}
		}
	}
	return true, seen > 0
}

func fieldPair(a, b *expr.Node, vars []*expr.Node, dims map[string]int, seed uint64) (x, y *fieldMatrix, err error) {
	rng := rand.New(rand.NewPCG(seed, 0xF1E1D))
	e := &fieldEnv{dims: dims, memo: map[*expr.Node]*fieldMatrix{}}
	for _, v := range vars {
		m, err := fieldSample(rng, v, dims)
		if err != nil {
			return nil, nil, err
		}
		e.memo[v] = m
	}
	if x, err = e.eval(a); err != nil || x == nil {
		return nil, nil, err
	}
	y, err = e.eval(b)
	if y == nil {
		x = nil
	}
	return x, y, err
}

// fieldEnv evaluates modulo the prime; a nil matrix is one that has no value.
type fieldEnv struct {
	dims map[string]int
	memo map[*expr.Node]*fieldMatrix
}

func (e *fieldEnv) eval(n *expr.Node) (*fieldMatrix, error) {
	for _, m := range expr.PostOrder(n) {
		if e.memo[m] != nil {
			continue
		}
		v, err := e.node(m)
		if err != nil || v == nil {
			return nil, err
		}
		e.memo[m] = v
	}
	return e.memo[n], nil
}

func (e *fieldEnv) node(n *expr.Node) (*fieldMatrix, error) {
	if n.IsLeaf() {
		return e.leaf(n)
	}
	if n.Op() == expr.OpPow || n.Op() == expr.OpHPow {
		return e.power(n)
	}
	f := fieldRows[n.Op()]
	if f == nil {
		return nil, errNoField
	}
	args := make([]*fieldMatrix, len(n.Args()))
	for i, a := range n.Args() {
		args[i] = e.memo[a]
	}
	return f(args), nil
}

func (e *fieldEnv) leaf(n *expr.Node) (*fieldMatrix, error) {
	if n.Op() == expr.OpNum {
		q := n.Rat().Big()
		return fieldNumber(fieldMul(fieldBig(q.Num().Int64(), q.Num().IsInt64()), fieldInv(fieldBig(q.Denom().Int64(), q.Denom().IsInt64())))), nil
	}
	// The other leaves are made of small whole numbers.
	v, err := (&Env{Dims: e.dims}).leaf(n)
	if err != nil {
		return nil, err
	}
	out := newField(v.R, v.C)
	for i, x := range v.V {
		out.v[i] = fieldBig(int64(x), true)
	}
	return out, nil
}

// fieldBig is a whole number modulo the prime; a number beyond int64 does not
// occur in what people write and is taken as 1 on both sides alike.
func fieldBig(k int64, fits bool) uint64 {
	switch {
	case !fits:
		return 1
	case k < 0:
		return fieldNeg(uint64(-k) % prime)
	}
	return uint64(k) % prime
}

// power is a whole power of a scalar, of a square matrix, or of every entry.
func (e *fieldEnv) power(n *expr.Node) (*fieldMatrix, error) {
	k, whole := n.Arg(1).Rat().Int64()
	if !n.Arg(1).IsNum() || !whole || k > 64 || k < -64 {
		return nil, errNoField
	}
	a := e.memo[n.Arg(0)]
	entrywise := n.Op() == expr.OpHPow || a.scalar()
	if k < 0 {
		k = -k
		if !entrywise {
			inv, _, ok := a.invert()
			if !ok {
				return nil, nil
			}
			a = inv
		} else {
			b := newField(a.r, a.c)
			for i, x := range a.v {
				if x == 0 {
					return nil, nil
				}
				b.v[i] = fieldInv(x)
			}
			a = b
		}
	}
	out := newField(a.r, a.c)
	if entrywise {
		for i, x := range a.v {
			out.v[i] = fieldPow(x, uint64(k))
		}
		return out, nil
	}
	out = fieldEye(a.r)
	for range k {
		out = out.times(a)
	}
	return out, nil
}

// fieldRows evaluates operators; a nil result has no value there.
var fieldRows = map[expr.Op]func(a []*fieldMatrix) *fieldMatrix{
	expr.OpAdd: foldField((*fieldMatrix).plus), expr.OpMul: foldField((*fieldMatrix).times), expr.OpHad: foldField((*fieldMatrix).each),
	expr.OpT: func(a []*fieldMatrix) *fieldMatrix { return a[0].t() },
	expr.OpInv: func(a []*fieldMatrix) *fieldMatrix {
		inv, _, ok := a[0].invert()
		if !ok {
			return nil
		}
		return inv
	},
	expr.OpAdj: func(a []*fieldMatrix) *fieldMatrix {
		inv, det, ok := a[0].invert()
		if !ok {
			return nil
		}
		return inv.scaled(det)
	},
	expr.OpDet: func(a []*fieldMatrix) *fieldMatrix {
		_, det, _ := a[0].invert()
		return fieldNumber(det)
	},
	expr.OpTr: func(a []*fieldMatrix) *fieldMatrix {
		s := uint64(0)
		for i := range a[0].r {
			s = fieldAdd(s, a[0].at(i, i))
		}
		return fieldNumber(s)
	},
	expr.OpSum: func(a []*fieldMatrix) *fieldMatrix {
		s := uint64(0)
		for _, x := range a[0].v {
			s = fieldAdd(s, x)
		}
		return fieldNumber(s)
	},
	expr.OpDiag: func(a []*fieldMatrix) *fieldMatrix {
		k := len(a[0].v)
		out := newField(k, k)
		for i, x := range a[0].v {
			out.v[i*k+i] = x
		}
		return out
	},
	expr.OpDiagOf: func(a []*fieldMatrix) *fieldMatrix {
		out := newField(a[0].r, 1)
		for i := range out.v {
			out.v[i] = a[0].at(i, i)
		}
		return out
	},
	expr.OpVec: func(a []*fieldMatrix) *fieldMatrix {
		return &fieldMatrix{len(a[0].v), 1, a[0].t().v}
	},
	expr.OpKron: func(a []*fieldMatrix) *fieldMatrix {
		x, y := a[0], a[1]
		out := newField(x.r*y.r, x.c*y.c)
		for i := range out.r {
			for j := range out.c {
				out.v[i*out.c+j] = fieldMul(x.at(i/y.r, j/y.c), y.at(i%y.r, j%y.c))
			}
		}
		return out
	},
	expr.OpHCat: foldField(func(x, y *fieldMatrix) *fieldMatrix { return stackField(x.t(), y.t()).t() }),
	expr.OpVCat: foldField(stackField),
}

func stackField(x, y *fieldMatrix) *fieldMatrix {
	return &fieldMatrix{x.r + y.r, x.c, append(append([]uint64(nil), x.v...), y.v...)}
}

func foldField(f func(x, y *fieldMatrix) *fieldMatrix) func([]*fieldMatrix) *fieldMatrix {
	return func(a []*fieldMatrix) *fieldMatrix {
		out := a[0]
		for _, b := range a[1:] {
			out = f(out, b)
		}
		return out
	}
}
