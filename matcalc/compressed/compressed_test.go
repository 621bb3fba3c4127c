package compressed

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// draw makes numbers that are the same for the same seed.
type draw struct{ *rand.Rand }

func (d draw) numbers(n int) Numbers {
	v := make([]float64, n)
	for i := range v {
		v[i] = d.NormFloat64()
	}
	return Slice(v)
}

func (d draw) positive(n int) Numbers {
	v := d.numbers(n).Numbers()
	for i := range v {
		v[i] = 1 + math.Abs(v[i])
	}
	return Slice(v)
}

func (d draw) entries(r, c int) Form { return Entries(r, c, d.numbers(r*c), d.IntN(2) == 1) }

type constant float64

func (k constant) Number() float64 { return float64(k) }

// forms are examples of every structure, and of nested ones.
func forms(d draw) map[string]Form {
	three := constant(3)
	u := d.entries(12, 2)
	return map[string]Form{
		"entries":              d.entries(6, 6),
		"wide":                 d.entries(3, 7),
		"diagonal":             Diagonal(7, d.positive(7)),
		"identity":             Identity(4),
		"permutation":          Commutation(3, 4),
		"scaled permutation":   Scaled(three, Commutation(2, 5)),
		"kron":                 Kron(d.entries(3, 3), d.entries(4, 4)),
		"kron with identity":   Kron(d.entries(3, 3), Identity(5)),
		"identity with kron":   Kron(Identity(5), d.entries(3, 3)),
		"kron of diagonals":    Kron(Diagonal(3, d.positive(3)), Diagonal(2, d.positive(2))),
		"kron, not square":     Kron(d.entries(2, 3), d.entries(6, 4)),
		"kron nested":          Kron(Kron(d.entries(2, 2), Identity(2)), Scaled(three, d.entries(2, 2))),
		"kron of column":       Kron(d.entries(3, 1), d.entries(4, 4)),
		"blocks":               Blocks(4, 3, 3, d.numbers(36), false),
		"interleaved blocks":   Blocks(4, 3, 3, d.numbers(36), true),
		"blocks, not square":   Blocks(4, 3, 2, d.numbers(24), true),
		"low rank":             Product(u, d.entries(2, 12)),
		"square factors":       Product(Commutation(3, 4), Kron(d.entries(3, 3), d.entries(4, 4))),
		"diagonal + low rank":  Sum(Diagonal(12, d.positive(12)), Product(u, Diagonal(2, d.positive(2)), u.Transpose())),
		"two of low rank":      Sum(Identity(12), Product(u, u.Transpose()), Scaled(three, Product(d.entries(12, 1), d.entries(1, 12)))),
		"blocks + diagonal":    Sum(Blocks(4, 3, 3, d.numbers(36), true), Diagonal(12, d.positive(12)), Kron(d.entries(3, 3), Identity(4))),
		"blocks of two kinds":  Sum(Kron(d.entries(3, 3), Identity(4)), Kron(Identity(3), d.entries(4, 4))),
		"kron + low rank":      Sum(Kron(d.entries(3, 3), Identity(4)), Product(u, u.Transpose())),
		"sum without a base":   Sum(Product(d.entries(6, 6), d.entries(6, 6)), d.entries(6, 6)),
		"scaled sum":           Scaled(three, Sum(Diagonal(5, d.positive(5)), d.entries(5, 5))),
		"scaled diagonal base": Sum(Scaled(three, Identity(12)), Scaled(three, Product(u, u.Transpose()))),
	}
}

func TestForms(t *testing.T) {
	for seed := range uint64(5) {
		for name, f := range forms(draw{rand.New(rand.NewPCG(seed, 9))}) {
			m := New(f)
			r, c := m.Dims()
			want := mat.DenseCopyOf(m.Dense())
			for again := range 2 { // the second call finds numbers in its way
				if !mat.EqualApprox(m, want, 1e-12) {
					t.Fatalf("%s: At and Dense differ, call %d", name, again)
				}
				m.Dense()
			}
			if !mat.EqualApprox(m.T().(*Matrix).Dense(), want.T(), 1e-12) {
				t.Errorf("%s: the transpose differs", name)
			}
			x := mat.NewVecDense(c, draw{rand.New(rand.NewPCG(seed, 5))}.numbers(c).Numbers())
			var y mat.VecDense
			y.MulVec(want, x)
			if !mat.EqualApprox(m.MulVec(x), &y, 1e-10) {
				t.Errorf("%s: MulVec differs", name)
			}
			part, all := make([]float64, r*3), mat.NewDense(c, 3, draw{rand.New(rand.NewPCG(seed, 6))}.numbers(3*c).Numbers())
			Multiply(f, part, all.RawMatrix().Data, 3)
			var product mat.Dense
			product.Mul(want, all)
			if !mat.EqualApprox(mat.NewDense(r, 3, part), &product, 1e-10) {
				t.Errorf("%s: three columns differ", name)
			}
			added := make([]float64, r*(c+2)) // with a gap between rows
			for i := range added {
				added[i] = 1
			}
			f.store(added, c+2, -2, true)
			for i := range r {
				for j := range c + 2 {
					w := 1.0
					if j < c {
						w -= 2 * want.At(i, j)
					}
					if math.Abs(added[i*(c+2)+j]-w) > 1e-10 {
						t.Fatalf("%s: adding gives %v at %d,%d, want %v", name, added[i*(c+2)+j], i, j, w)
					}
				}
			}
			if r == c {
				solves(t, name, m, want)
			}
		}
	}
}

// solves holds Solve against a dense solution.
func solves(t *testing.T, name string, m *Matrix, dense *mat.Dense) {
	t.Helper()
	n, _ := dense.Dims()
	b := mat.NewDense(n, 2, draw{rand.New(rand.NewPCG(3, 4))}.numbers(2*n).Numbers())
	var lu mat.LU
	lu.Factorize(dense)
	x, err := m.Solve(b)
	if lu.Cond() > 1e13 {
		if !errors.Is(err, ErrSingular) {
			t.Errorf("%s is singular, and Solve says %v", name, err)
		}
		return
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	var want mat.Dense
	if err := lu.SolveTo(&want, false, b); err != nil {
		t.Fatal(name, err)
	}
	if !mat.EqualApprox(x, &want, 1e-8*lu.Cond()) {
		t.Errorf("%s: the solution differs", name)
	}
}

func TestSingular(t *testing.T) {
	zero := Slice(make([]float64, 9))
	for name, f := range map[string]Form{
		"diagonal": Diagonal(3, zero), "entries": Entries(3, 3, zero, false), "blocks": Blocks(1, 3, 3, zero, false),
		"scaled": Scaled(constant(0), Identity(3)), "kron": Kron(Identity(2), Entries(3, 3, zero, false)),
		// diag(p) - pp' with p of sum 1 takes the ones to zero
		"softmax":  Sum(Diagonal(4, Slice{0.1, 0.2, 0.3, 0.4}), Scaled(constant(-1), Product(Entries(4, 1, Slice{0.1, 0.2, 0.3, 0.4}, false), Entries(1, 4, Slice{0.1, 0.2, 0.3, 0.4}, false)))),
		"low rank": Product(Entries(3, 1, zero, false), Entries(1, 3, zero, false)),
	} {
		if _, err := New(f).Solve(mat.NewDense(dims(f), 1, nil)); !errors.Is(err, ErrSingular) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(Identity(3)).Solve(mat.NewDense(2, 1, nil)); err == nil {
		t.Error("a right side of another size passes")
	}
}

func dims(f Form) int { n, _ := f.dims(); return n }
