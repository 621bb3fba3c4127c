package diff

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/function"
)

func zeroLike(u *expr.Node) *expr.Node {
	return u.Context().Zeros(u.Shape().Rows, u.Shape().Cols)
}

// slope is f'(u) for the elementwise node n = f(u).
func slope(n *expr.Node) *expr.Node {
	if n.Op() == expr.OpApply {
		return expr.Apply(n.Name(), n.Order()+1, n.Arg(0))
	}
	return function.Of(n.Op()).Derivative(n.Arg(0))
}

// Slope is f'(u) for a function or power of the scalar u, and for elementwise
// functions of any shape.
func Slope(n *expr.Node) *expr.Node {
	if n.Op() == expr.OpPow {
		return expr.Mul(n.Arg(1), expr.Pow(n.Arg(0), lessOne(n.Arg(1))))
	}
	return slope(n)
}

// powSlopes are the partial derivatives of a.^b by base and exponent, shaped
// like the power.
func powSlope(n *expr.Node, i int) *expr.Node {
	a, b := n.Arg(0), n.Arg(1)
	if i == 1 {
		la := call(expr.OpLog, a)
		return had(n, la)
	}
	var less *expr.Node
	if b.IsNum() {
		less = n.Context().Num(b.Rat().Add(expr.RatNeg))
	} else {
		less = expr.Sub(b, ones(b))
	}
	p := expr.HPow(a, less)
	if less.IsZero() {
		p = ones(n)
	}
	return had(b, p)
}
