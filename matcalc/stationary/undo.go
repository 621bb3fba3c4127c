package stationary

import "github.com/nabla-go/nabla/matcalc/expr"

// undoing inverts functions: for u(arg) = r it gives arg and its value. The
// value is nil where the function has no inverse on what is known of arg.
var undoing = map[expr.Op]func(u, r *expr.Node) (arg, value *expr.Node){
	expr.OpExp:     by(func(r *expr.Node) *expr.Node { return expr.Call(expr.OpLog, r) }),
	expr.OpLog:     by(func(r *expr.Node) *expr.Node { return expr.Call(expr.OpExp, r) }),
	expr.OpInv:     by(expr.Inv),
	expr.OpT:       by(expr.T),
	expr.OpSqrt:    by(func(r *expr.Node) *expr.Node { return expr.HPow(r, r.Context().Int(2)) }),
	expr.OpSinh:    by(odd(arsinh)),
	expr.OpArctan:  by(odd(func(r *expr.Node) *expr.Node { return expr.Call(expr.OpTan, r) })),
	expr.OpArcsin:  by(odd(func(r *expr.Node) *expr.Node { return expr.Call(expr.OpSin, r) })),
	expr.OpArccos:  by(func(r *expr.Node) *expr.Node { return expr.Call(expr.OpCos, r) }),
	expr.OpSigmoid: by(func(r *expr.Node) *expr.Node { return expr.Call(expr.OpLog, over(r, expr.Sub(filled(r), r))) }),
	expr.OpTanh:    by(odd(artanh)),
	expr.OpSoftplus: by(func(r *expr.Node) *expr.Node {
		return expr.Call(expr.OpLog, expr.Sub(expr.Call(expr.OpExp, r), filled(r)))
	}),
	// Softmax does not see a constant added to all entries: this is one of many.
	expr.OpSoftmax: by(func(r *expr.Node) *expr.Node { return expr.Call(expr.OpLog, r) }),
	expr.OpPow:     undoPower,
	expr.OpHPow:    undoPower,
}

func by(f func(*expr.Node) *expr.Node) func(u, r *expr.Node) (*expr.Node, *expr.Node) {
	return func(u, r *expr.Node) (*expr.Node, *expr.Node) { return u.Arg(0), f(r) }
}

// odd functions are zero at zero.
func odd(f func(*expr.Node) *expr.Node) func(*expr.Node) *expr.Node {
	return func(r *expr.Node) *expr.Node {
		if r.IsZero() {
			return r
		}
		return f(r)
	}
}

// filled is all ones, of the shape of r.
func filled(r *expr.Node) *expr.Node {
	return r.Context().Ones(r.Shape().Rows, r.Shape().Cols)
}

// over is the quotient entry by entry.
func over(a, b *expr.Node) *expr.Node { return expr.Had(a, expr.HPow(b, b.Context().Int(-1))) }

func artanh(r *expr.Node) *expr.Node {
	return expr.Scale(expr.RatHalf, expr.Call(expr.OpLog, over(expr.Add(filled(r), r), expr.Sub(filled(r), r))))
}

func arsinh(r *expr.Node) *expr.Node {
	square := expr.HPow(r, r.Context().Int(2))
	return expr.Call(expr.OpLog, expr.Add(r, expr.Call(expr.OpSqrt, expr.Add(square, filled(r)))))
}

// undoPower takes the root: of a positive base, of an odd power, or of a
// positive definite matrix whose power is a multiple of the identity.
func undoPower(u, r *expr.Node) (arg, value *expr.Node) {
	base, e := u.Arg(0), u.Arg(1)
	if !e.IsNum() {
		return base, nil
	}
	inverse := e.Context().Num(e.Rat().Inv())
	if u.Shape().IsMatrix() && u.Op() == expr.OpPow {
		k := identityMultiple(r)
		if k == nil || !base.Is(expr.PD) {
			return base, nil
		}
		return base, expr.Mul(expr.Pow(k, inverse), r.Context().Eye(r.Shape().Rows))
	}
	k, whole := e.Rat().Int64()
	switch {
	case base.Is(expr.NonNeg), e.IsInt(-1), whole && k%2 != 0 && r.Is(expr.Positive):
		return base, expr.HPow(r, inverse)
	case whole && k%2 != 0:
		return base, expr.Had(expr.Call(expr.OpSign, r), expr.HPow(expr.Call(expr.OpAbs, r), inverse))
	}
	return base, nil
}
