// Package function holds what is known of each elementwise function: its value
// and slope as numbers, its derivative as an expression, and how it is written
// as LaTeX, NumPy and Go. Packages check, diff, format and rewrite read it here,
// so a function is one row.
package function

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// Elementwise is one function of every entry.
type Elementwise struct {
	Op           expr.Op
	Value, Slope func(x float64) float64
	// Derivative is f'(u) for an operand of any shape.
	Derivative func(u *expr.Node) *expr.Node
	LaTeX      string // the name, as a command; "" where signs surround the operand
	NumPy      string // with # for the operand
	Go         string // a function of a float64: of package math, or a helper of package format
	Parity     Parity
	Zero       AtZero
}

// Parity is how a function changes with the sign of its operand.
type Parity int8

// The parities.
const (
	Odd  Parity = -1
	None Parity = 0
	Even Parity = 1
)

// AtZero is the value at 0, where it is a simple one.
type AtZero int8

// The values at 0.
const (
	Other AtZero = iota
	IsZero
	IsOne
)

var rows = []Elementwise{
	{expr.OpExp, math.Exp, math.Exp, same(expr.OpExp), `\exp`, "np.exp(#)", "math.Exp", None, IsOne},
	{expr.OpLog, math.Log, func(x float64) float64 { return 1 / x },
		func(u *expr.Node) *expr.Node { return power(u, expr.RatNeg) }, `\log`, "np.log(#)", "math.Log", None, Other},
	{expr.OpSin, math.Sin, math.Cos, same(expr.OpCos), `\sin`, "np.sin(#)", "math.Sin", Odd, IsZero},
	{expr.OpCos, math.Cos, func(x float64) float64 { return -math.Sin(x) },
		func(u *expr.Node) *expr.Node { return expr.Neg(expr.Call(expr.OpSin, u)) }, `\cos`, "np.cos(#)", "math.Cos", Even, IsOne},
	{expr.OpTan, math.Tan, func(x float64) float64 { t := math.Tan(x); return 1 + t*t },
		func(u *expr.Node) *expr.Node { return power(expr.Call(expr.OpCos, u), expr.Int(-2)) }, `\tan`, "np.tan(#)", "math.Tan", Odd, IsZero},
	{expr.OpSinh, math.Sinh, math.Cosh, same(expr.OpCosh), `\sinh`, "np.sinh(#)", "math.Sinh", Odd, IsZero},
	{expr.OpCosh, math.Cosh, math.Sinh, same(expr.OpSinh), `\cosh`, "np.cosh(#)", "math.Cosh", Even, IsOne},
	{expr.OpTanh, math.Tanh, func(x float64) float64 { t := math.Tanh(x); return 1 - t*t },
		func(u *expr.Node) *expr.Node { return expr.Sub(ones(u), power(expr.Call(expr.OpTanh, u), expr.Int(2))) }, `\tanh`, "np.tanh(#)", "math.Tanh", Odd, IsZero},
	{expr.OpArcsin, math.Asin, func(x float64) float64 { return 1 / math.Sqrt(1-x*x) },
		func(u *expr.Node) *expr.Node { return power(circle(u), expr.RatNeg) }, `\arcsin`, "np.arcsin(#)", "math.Asin", Odd, IsZero},
	{expr.OpArccos, math.Acos, func(x float64) float64 { return -1 / math.Sqrt(1-x*x) },
		func(u *expr.Node) *expr.Node { return expr.Neg(power(circle(u), expr.RatNeg)) }, `\arccos`, "np.arccos(#)", "math.Acos", None, Other},
	{expr.OpArctan, math.Atan, func(x float64) float64 { return 1 / (1 + x*x) },
		func(u *expr.Node) *expr.Node { return power(expr.Add(ones(u), power(u, expr.Int(2))), expr.RatNeg) }, `\arctan`, "np.arctan(#)", "math.Atan", Odd, IsZero},
	{expr.OpSqrt, math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) },
		func(u *expr.Node) *expr.Node {
			return expr.Scale(expr.RatHalf, power(expr.Call(expr.OpSqrt, u), expr.RatNeg))
		}, ``, "np.sqrt(#)", "math.Sqrt", None, IsZero},
	{expr.OpAbs, math.Abs, Sign, same(expr.OpSign), ``, "np.abs(#)", "math.Abs", Even, IsZero},
	{expr.OpSign, Sign, flat, zeros, `\operatorname{sign}`, "np.sign(#)", "sign", Odd, IsZero},
	{expr.OpStep, Step, flat, zeros, `\operatorname{step}`, "((#) > 0)*1.0", "step", None, IsZero},
	{expr.OpRelu, func(x float64) float64 { return math.Max(x, 0) }, Step, same(expr.OpStep), `\operatorname{relu}`, "np.maximum(#, 0)", "relu", None, IsZero},
	{expr.OpSigmoid, sigmoid, func(x float64) float64 { s := sigmoid(x); return s * (1 - s) },
		func(u *expr.Node) *expr.Node {
			s := expr.Call(expr.OpSigmoid, u)
			return expr.Had(s, expr.Sub(ones(u), s))
		}, `\sigma`, "1/(1+np.exp(-(#)))", "sigmoid", None, Other},
	{expr.OpSoftplus, softplus, sigmoid, same(expr.OpSigmoid), `\operatorname{softplus}`, "np.logaddexp(0, #)", "softplus", None, Other},
}

var byOp = func() (t [expr.NumOps]*Elementwise) {
	for i := range rows {
		t[rows[i].Op] = &rows[i]
	}
	return t
}()

// Of is the row of an operator; nil for one that is no such function.
func Of(op expr.Op) *Elementwise { return byOp[op] }

// All lists the rows.
func All() []Elementwise { return append([]Elementwise(nil), rows...) }

func ones(u *expr.Node) *expr.Node { return u.Context().Ones(u.Shape().Rows, u.Shape().Cols) }

func zeros(u *expr.Node) *expr.Node { return u.Context().Zeros(u.Shape().Rows, u.Shape().Cols) }

// power is u to a number, entry by entry.
func power(u *expr.Node, r expr.Rat) *expr.Node { return expr.HPow(u, u.Context().Num(r)) }

// same is another function of the same operand.
func same(op expr.Op) func(*expr.Node) *expr.Node {
	return func(u *expr.Node) *expr.Node { return expr.Call(op, u) }
}

// circle is sqrt(1-u²).
func circle(u *expr.Node) *expr.Node {
	return expr.Call(expr.OpSqrt, expr.Sub(ones(u), power(u, expr.Int(2))))
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// Sign is -1, 0 or 1.
func Sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// Step is 1 above zero, else 0.
func Step(x float64) float64 {
	if x > 0 {
		return 1
	}
	return 0
}

func flat(float64) float64 { return 0 }
