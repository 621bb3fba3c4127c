package check

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// scalarRow is a real function with its derivative.
type scalarRow struct {
	op    expr.Op
	f, df func(x float64) float64
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

func step(x float64) float64 {
	if x > 0 {
		return 1
	}
	return 0
}

func flat(float64) float64 { return 0 }

var scalarRows = []scalarRow{
	{expr.OpExp, math.Exp, math.Exp},
	{expr.OpLog, math.Log, func(x float64) float64 { return 1 / x }},
	{expr.OpSin, math.Sin, math.Cos},
	{expr.OpCos, math.Cos, func(x float64) float64 { return -math.Sin(x) }},
	{expr.OpTan, math.Tan, func(x float64) float64 { t := math.Tan(x); return 1 + t*t }},
	{expr.OpSinh, math.Sinh, math.Cosh},
	{expr.OpCosh, math.Cosh, math.Sinh},
	{expr.OpTanh, math.Tanh, func(x float64) float64 { t := math.Tanh(x); return 1 - t*t }},
	{expr.OpArcsin, math.Asin, func(x float64) float64 { return 1 / math.Sqrt(1-x*x) }},
	{expr.OpArccos, math.Acos, func(x float64) float64 { return -1 / math.Sqrt(1-x*x) }},
	{expr.OpArctan, math.Atan, func(x float64) float64 { return 1 / (1 + x*x) }},
	{expr.OpSqrt, math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) }},
	{expr.OpAbs, math.Abs, sign},
	{expr.OpSign, sign, flat},
	{expr.OpStep, step, flat},
	{expr.OpRelu, func(x float64) float64 { return math.Max(x, 0) }, step},
	{expr.OpSigmoid, sigmoid, func(x float64) float64 { s := sigmoid(x); return s * (1 - s) }},
	{expr.OpSoftplus, softplus, sigmoid},
}

var scalarOf = func() (t [expr.NumOps]*scalarRow) {
	for i := range scalarRows {
		t[scalarRows[i].op] = &scalarRows[i]
	}
	return t
}()

// declaredFunction gives an unknown elementwise function a value: a smooth one
// that is fixed by its name, with derivatives of every order.
func declaredFunction(name string, order int) (f, df func(float64) float64) {
	h := uint32(2166136261)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint32(name[i])) * 16777619
	}
	a := 0.6 + float64(h%997)/1500
	b := 0.3 + float64(h/997%997)/1100
	at := func(k int) func(float64) float64 {
		return func(x float64) float64 {
			return math.Pow(a, float64(k))*math.Sin(a*x+b+float64(k)*math.Pi/2) + 0.3*math.Pow(0.7, float64(k))*math.Exp(0.7*x)
		}
	}
	return at(order), at(order + 1)
}
