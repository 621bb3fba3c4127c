package stationary

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// normals are the gradients of the constraints at a point, one column for each
// multiplier entry, and the gradient of f.
func (p *Point) normals(q sample) (g *mat.VecDense, a *mat.Dense, ok bool) {
	at := func(m int, entry int) *check.Value {
		env := &check.Env{Dims: q.env.Dims, Vars: map[*expr.Node]*check.Value{}}
		for k, v := range q.env.Vars {
			env.Vars[k] = v
		}
		for i, l := range p.Multipliers {
			v := check.Zero(q.env.Vars[l].R, q.env.Vars[l].C)
			if i == m {
				v.V[entry] = 1
			}
			env.Vars[l] = v
		}
		v, err := env.Eval(p.Gradient)
		if err != nil || !v.Finite() {
			return nil
		}
		return v
	}
	for _, l := range p.Multipliers {
		if q.env.Vars[l] == nil {
			return nil, nil, false
		}
	}
	base := at(-1, 0)
	if base == nil {
		return nil, nil, false
	}
	g = mat.NewVecDense(len(base.V), base.V)
	var cols [][]float64
	for i, l := range p.Multipliers {
		for k := range q.env.Vars[l].V {
			v := at(i, k)
			if v == nil {
				return nil, nil, false
			}
			col := make([]float64, len(v.V))
			for j := range col {
				col[j] = v.V[j] - base.V[j]
			}
			cols = append(cols, col)
		}
	}
	a = mat.NewDense(len(base.V), max(1, len(cols)), nil)
	for j, c := range cols {
		a.SetCol(j, c)
	}
	return g, a, true
}

// residual is what is left of the gradient of f beside those of the
// constraints, and the size of the gradient.
func (p *Point) residual(q sample) (rest, scale float64, ok bool) {
	g, a, ok := p.normals(q)
	if !ok {
		return 0, 0, false
	}
	l, ok := leastSquares(a, g)
	if !ok {
		return 0, 0, false
	}
	var r mat.VecDense
	r.MulVec(a, l)
	r.SubVec(g, &r)
	return mat.Norm(&r, math.Inf(1)), mat.Norm(g, math.Inf(1)), true
}

// leastSquares solves a*l = g by the singular values.
func leastSquares(a *mat.Dense, g *mat.VecDense) (*mat.VecDense, bool) {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		return nil, false
	}
	rank := svd.Rank(1e-10)
	_, c := a.Dims()
	if rank == 0 {
		return mat.NewVecDense(c, nil), true
	}
	var l mat.Dense
	svd.SolveTo(&l, g, rank)
	out := mat.NewVecDense(c, nil)
	for i := range c {
		out.SetVec(i, l.At(i, 0))
	}
	return out, true
}

// signs are those of a Hessian at a point: whether it has eigenvalues above
// and below zero, and whether all are on one side.
type signs struct{ pos, neg, zero int }

// signature evaluates the Hessian on the directions that are free.
func (p *Point) signature(q sample) (signs, bool) {
	env := &check.Env{Dims: q.env.Dims, Vars: map[*expr.Node]*check.Value{}}
	for k, v := range q.env.Vars {
		env.Vars[k] = v
	}
	var normals *mat.Dense
	if len(p.Multipliers) > 0 {
		g, a, ok := p.normals(q)
		if !ok {
			return signs{}, false
		}
		l, ok := leastSquares(a, g)
		if !ok {
			return signs{}, false
		}
		k := 0
		for _, m := range p.Multipliers {
			v := check.Zero(q.env.Vars[m].R, q.env.Vars[m].C)
			for i := range v.V {
				v.V[i] = -l.AtVec(k)
				k++
			}
			env.Vars[m] = v
		}
		normals = a
	}
	h, err := env.Eval(p.Hessian)
	if err != nil || !h.Finite() || h.R != h.C {
		return signs{}, false
	}
	x := q.root
	basis := directions(x.R, x.C, p.Wrt.Is(expr.Symmetric) && x.C > 1)
	if normals != nil {
		basis = tangent(basis, normals, x.R, x.C)
	}
	return signsOf(mat.NewDense(h.R, h.C, h.V), basis), true
}

// directions spans the matrices, or the symmetric ones, as stacked columns.
func directions(r, c int, symmetric bool) *mat.Dense {
	n := r * c
	if !symmetric {
		b := mat.NewDense(n, n, nil)
		for i := range n {
			b.Set(i, i, 1)
		}
		return b
	}
	b := mat.NewDense(n, r*(r+1)/2, nil)
	k := 0
	for j := range c {
		for i := j; i < r; i++ {
			b.Set(j*r+i, k, 1)
			b.Set(i*r+j, k, 1)
			k++
		}
	}
	return b
}

// tangent keeps the directions along which the constraints do not change; the
// normals are stored by rows, directions by columns.
func tangent(basis, normals *mat.Dense, r, c int) *mat.Dense {
	_, k := normals.Dims()
	stacked := mat.NewDense(r*c, k, nil)
	for i := range r {
		for j := range c {
			for l := range k {
				stacked.Set(j*r+i, l, normals.At(i*c+j, l))
			}
		}
	}
	var a mat.Dense
	a.Mul(stacked.T(), basis)
	var svd mat.SVD
	if !svd.Factorize(&a, mat.SVDFull) {
		return basis
	}
	rank := svd.Rank(1e-10)
	var v mat.Dense
	svd.VTo(&v)
	n, _ := v.Dims()
	if rank >= n {
		return nil
	}
	var out mat.Dense
	out.Mul(basis, v.Slice(0, n, rank, n))
	return &out
}

// singular is how small an eigenvalue is taken for zero, relative to the
// largest: differentiated in closed form, Hessians are good to many digits.
const singular = 1e-11

func signsOf(h, basis *mat.Dense) signs {
	if basis == nil {
		return signs{}
	}
	var hb, bhb mat.Dense
	hb.Mul(h, basis)
	bhb.Mul(basis.T(), &hb)
	n, _ := bhb.Dims()
	sym := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			sym.SetSym(i, j, (bhb.At(i, j)+bhb.At(j, i))/2)
		}
	}
	var e mat.EigenSym
	if !e.Factorize(sym, false) {
		return signs{}
	}
	vals := e.Values(nil)
	scale := 0.0
	for _, v := range vals {
		scale = math.Max(scale, math.Abs(v))
	}
	var s signs
	for _, v := range vals {
		switch {
		case v > singular*scale:
			s.pos++
		case v < -singular*scale:
			s.neg++
		default:
			s.zero++
		}
	}
	return s
}
