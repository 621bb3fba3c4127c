package diff

import "github.com/nabla-go/nabla/matcalc/expr"

// slopes gives f'(u) for every elementwise function, u of any shape.
var slopes = map[expr.Op]func(u *expr.Node) *expr.Node{
	expr.OpExp:  func(u *expr.Node) *expr.Node { return call(expr.OpExp, u) },
	expr.OpLog:  func(u *expr.Node) *expr.Node { return entryPow(u, expr.RatNeg) },
	expr.OpSin:  func(u *expr.Node) *expr.Node { return call(expr.OpCos, u) },
	expr.OpCos:  func(u *expr.Node) *expr.Node { return expr.Neg(call(expr.OpSin, u)) },
	expr.OpTan:  func(u *expr.Node) *expr.Node { return entryPow(call(expr.OpCos, u), expr.Int(-2)) },
	expr.OpSinh: func(u *expr.Node) *expr.Node { return call(expr.OpCosh, u) },
	expr.OpCosh: func(u *expr.Node) *expr.Node { return call(expr.OpSinh, u) },
	expr.OpTanh: func(u *expr.Node) *expr.Node {
		return expr.Sub(ones(u), entryPow(call(expr.OpTanh, u), expr.Int(2)))
	},
	expr.OpArcsin: func(u *expr.Node) *expr.Node {
		return entryPow(call(expr.OpSqrt, expr.Sub(ones(u), entryPow(u, expr.Int(2)))), expr.RatNeg)
	},
	expr.OpArccos: func(u *expr.Node) *expr.Node {
		return expr.Neg(entryPow(call(expr.OpSqrt, expr.Sub(ones(u), entryPow(u, expr.Int(2)))), expr.RatNeg))
	},
	expr.OpArctan: func(u *expr.Node) *expr.Node {
		return entryPow(expr.Add(ones(u), entryPow(u, expr.Int(2))), expr.RatNeg)
	},
	expr.OpSqrt: func(u *expr.Node) *expr.Node {
		return expr.Scale(expr.RatHalf, entryPow(call(expr.OpSqrt, u), expr.RatNeg))
	},
	expr.OpAbs:  func(u *expr.Node) *expr.Node { return call(expr.OpSign, u) },
	expr.OpSign: zeroLike,
	expr.OpStep: zeroLike,
	expr.OpRelu: func(u *expr.Node) *expr.Node { return call(expr.OpStep, u) },
	expr.OpSigmoid: func(u *expr.Node) *expr.Node {
		s := call(expr.OpSigmoid, u)
		return had(s, expr.Sub(ones(u), s))
	},
	expr.OpSoftplus: func(u *expr.Node) *expr.Node { return call(expr.OpSigmoid, u) },
}

func zeroLike(u *expr.Node) *expr.Node {
	return u.Context().Zeros(u.Shape().Rows, u.Shape().Cols)
}

// entryPow is u to a number, entry by entry.
func entryPow(u *expr.Node, r expr.Rat) *expr.Node { return expr.HPow(u, u.Context().Num(r)) }

// slope is f'(u) for the elementwise node n = f(u).
func slope(n *expr.Node) *expr.Node {
	if n.Op() == expr.OpApply {
		return expr.Apply(n.Name(), n.Order()+1, n.Arg(0))
	}
	return slopes[n.Op()](n.Arg(0))
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
