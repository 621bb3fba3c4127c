package compile

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// A factorization serves solves, the inverse and the determinant of a matrix:
// Cholesky of what is known to be positive definite, LU of the others.
type factorization struct {
	a     *array // the factors
	n     int
	chol  bool
	pivot []int
	sign  float64 // of the row exchanges
}

// ErrSingular says that a matrix to be inverted is singular to working precision.
var ErrSingular = errors.New("a matrix that is inverted is singular")

// ErrNotPositive says that a matrix declared positive definite is not.
var ErrNotPositive = errors.New("a matrix known as positive definite is not")

// factor factors the value of a node, once.
func (b *builder) factor(n *expr.Node) *factorization {
	for f := b; f != nil; f = f.parent {
		if known := f.factored[n]; known != nil {
			return known
		}
	}
	from := b.value(n)
	size := from.r
	f := &factorization{a: b.array(size, size), n: size, chol: n.Is(expr.PD)}
	b.factored[n] = f
	cube := math.Pow(float64(size), 3)
	if f.chol {
		b.emit("Cholesky", f.a, cube/3, func(s *source) {
			s.line("copy(%v, %v)", f.a, from)
			s.fail("!cholesky(%v, %d)", ErrNotPositive, f.a, size)
			s.used["cholesky"] = true
		}, func() error {
			copy(f.a.v(), from.v())
			if _, ok := lapack64.Potrf(f.symmetric()); !ok {
				return ErrNotPositive
			}
			return nil
		}, from)
		return f
	}
	f.pivot = make([]int, size)
	b.emit("LU", f.a, 2*cube/3, func(s *source) {
		s.line("copy(%v, %v)", f.a, from)
		s.used["lu"] = true
		s.line("p%s, sign%s := lu(%v, %d)", s.name(f.a), s.name(f.a), f.a, size)
		s.line("_, _ = p%s, sign%s", s.name(f.a), s.name(f.a))
	}, func() error {
		copy(f.a.v(), from.v())
		if !lapack64.Getrf(general(f.a), f.pivot) {
			f.sign = 0
			return nil // the determinant is 0; a solve says that it cannot
		}
		f.sign = 1
		for i, p := range f.pivot {
			if p != i {
				f.sign = -f.sign
			}
		}
		return nil
	}, from)
	return f
}

func (f *factorization) symmetric() blas64.Symmetric {
	return blas64.Symmetric{N: f.n, Stride: max(f.n, 1), Data: f.a.v(), Uplo: blas.Upper}
}

func (f *factorization) triangular() blas64.Triangular {
	return blas64.Triangular{N: f.n, Stride: max(f.n, 1), Data: f.a.v(), Uplo: blas.Upper, Diag: blas.NonUnit}
}

// solve is inv(A)*x, or inv(A')*x.
func (b *builder) solve(f *factorization, x *array, trans bool) *array {
	out := b.array(x.r, x.c)
	return b.emit("solve", out, 2*float64(f.n)*float64(f.n)*float64(x.c), func(s *source) {
		s.line("copy(%v, %v)", out, x)
		if f.chol {
			s.call("solveCholesky", f.a, f.n, out, x.c)
			return
		}
		s.fail("sign%v == 0", ErrSingular, f.a)
		s.call("solveLU", transpose(trans), f.a, f.n, out, x.c, "p"+s.name(f.a))
	}, func() error {
		copy(out.v(), x.v())
		if f.chol {
			lapack64.Potrs(f.triangular(), general(out))
			return nil
		}
		if f.sign == 0 {
			return ErrSingular
		}
		lapack64.Getrs(flag(trans), general(f.a), general(out), f.pivot)
		return nil
	}, f.a, x)
}

// inverse is a full inverse, where no product takes it as a solve.
func (b *builder) inverse(n *expr.Node) *array { return b.entries(b.operand(n)) }

func (b *builder) identity(n int) *array {
	out := b.array(n, n)
	return b.emit("identity", out, 0, func(s *source) { s.call("identity", out, n) }, func() error {
		y := out.v()
		clear(y)
		for i := range n {
			y[i*n+i] = 1
		}
		return nil
	})
}

// determinant is det or logdet; the logarithm of a negative one is NaN.
func (b *builder) determinant(n *expr.Node) *array {
	f := b.factor(n.Arg(0))
	out := b.array(1, 1)
	logarithm := n.Op() == expr.OpLogDet
	return b.emit(n.Op().String(), out, float64(f.n), func(s *source) {
		sign := "1"
		if !f.chol {
			sign = "sign" + s.name(f.a)
		}
		s.used["determinant"] = true
		s.line("%v[0] = determinant(%v, %d, %s, %v, %v)", out, f.a, f.n, sign, f.chol, logarithm)
	}, func() error {
		log, sign := 0.0, f.sign
		det := sign
		if f.chol {
			sign, det = 1, 1
		}
		for i := range f.n {
			x := f.a.v()[i*f.n+i]
			if f.chol {
				x *= x
			}
			det *= x
			if x < 0 {
				sign = -sign
			}
			log += math.Log(math.Abs(x))
		}
		switch {
		case !logarithm:
			out.v()[0] = det
		case sign < 0:
			out.v()[0] = math.NaN()
		default:
			out.v()[0] = log
		}
		return nil
	}, f.a)
}
