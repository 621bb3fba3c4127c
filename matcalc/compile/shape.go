package compile

import (
	"github.com/nabla-go/nabla/matcalc/expr"
)

func (b *builder) transpose(n *expr.Node) *array { return b.entries(b.operand(n)) }

// vec stacks the columns: the entries of the transpose.
func (b *builder) vec(n *expr.Node) *array {
	t := b.transposed(b.value(n.Arg(0)))
	return t.reshaped(t.size(), 1)
}

func (b *builder) diag(n *expr.Node) *array { return b.spread(b.value(n.Arg(0))) }

func (b *builder) diagOf(n *expr.Node) *array {
	a := b.value(n.Arg(0))
	out := b.room(n)
	return b.emit("diagonal", out, 0, func(s *source) {
		s.line("for i := range %v {\n%v[i] = %v[i*%d+i]\n}", out, out, a, a.c)
	}, func() error {
		for i := range out.v() {
			out.v()[i] = a.v()[i*a.c+i]
		}
		return nil
	}, a)
}

// kron is the Kronecker product.
func (b *builder) kron(n *expr.Node) *array {
	if a := b.expanded(n); a != nil {
		return a
	}
	x, y := b.value(n.Arg(0)), b.value(n.Arg(1))
	out := b.room(n)
	return b.emit("kron", out, float64(out.size()), func(s *source) { s.call("kron", out, x, x.c, y, y.c) }, func() error {
		to := out.v()
		for i := range x.r {
			for k := range y.r {
				row := to[(i*y.r+k)*out.c:]
				from := y.v()[k*y.c : (k+1)*y.c]
				for j := range x.c {
					scaleBlock(row[j*y.c:(j+1)*y.c], from, x.v()[i*x.c+j])
				}
			}
		}
		return nil
	}, x, y)
}

// power of a square matrix is a product of powers.
func (b *builder) power(n *expr.Node) *array {
	if n.Shape().IsScalar() {
		return b.fuse(n)
	}
	k, ok := n.Arg(1).Rat().Int64()
	if n.Arg(1).Op() != expr.OpNum || !ok || k < 2 || k > 64 {
		return b.general(n)
	}
	half := b.operand(expr.Pow(n.Arg(0), n.Context().Int(k/2)))
	a := b.multiply(half, half, nil, nil, false)
	if k%2 == 1 {
		a = b.multiply(operand{a: a, r: a.r, c: a.c}, b.operand(n.Arg(0)), nil, nil, false)
	}
	return a
}
