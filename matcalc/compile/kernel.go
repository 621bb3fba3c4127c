package compile

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/blas"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// unary are the functions of one argument over blocks; dst may be src.
var unary = [expr.NumOps]func(dst, src []float64){
	expr.OpExp: blas.Exp, expr.OpLog: blas.Log, expr.OpSin: each(math.Sin), expr.OpCos: each(math.Cos),
	expr.OpTan: each(math.Tan), expr.OpSinh: each(math.Sinh), expr.OpCosh: each(math.Cosh), expr.OpTanh: blas.Tanh,
	expr.OpArcsin: each(math.Asin), expr.OpArccos: each(math.Acos), expr.OpArctan: each(math.Atan),
	expr.OpSqrt: each(math.Sqrt), expr.OpAbs: each(math.Abs), expr.OpSign: each(sign), expr.OpStep: each(step01),
	expr.OpRelu: each(relu), expr.OpSigmoid: blas.Sigmoid, expr.OpSoftplus: blas.Softplus,
}

func each(f func(float64) float64) func(dst, src []float64) {
	return func(dst, src []float64) {
		for i, x := range src {
			dst[i] = f(x)
		}
	}
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0 * x // NaN stays
}

func step01(x float64) float64 {
	if x > 0 {
		return 1
	}
	return 0
}

func relu(x float64) float64 {
	if x < 0 {
		return 0
	}
	return x
}

// Blocks of two operands; dst may be either of them.

func addBlock(dst, x, y []float64) { blas.Add(dst, x, y) }

func mulBlock(dst, x, y []float64) { blas.Mul(dst, x, y) }

func powBlock(dst, x, y []float64) {
	x, y = x[:len(dst)], y[:len(dst)]
	for i := range dst {
		dst[i] = math.Pow(x[i], y[i])
	}
}

func scaleBlock(dst, x []float64, k float64) { blas.Scale(dst, k, x) }

func shiftBlock(dst, x []float64, k float64) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = x[i] + k
	}
}

// powBy gives the block function for a constant exponent.
func powBy(k float64) func(dst, src []float64) {
	switch k {
	case 2:
		return func(dst, src []float64) { mulBlock(dst, src, src) }
	case -1:
		return func(dst, src []float64) {
			for i, x := range src {
				dst[i] = 1 / x
			}
		}
	case 0.5:
		return unary[expr.OpSqrt]
	case -0.5:
		return func(dst, src []float64) {
			for i, x := range src {
				dst[i] = 1 / math.Sqrt(x)
			}
		}
	}
	if k == math.Trunc(k) && math.Abs(k) <= 64 {
		return func(dst, src []float64) {
			for i, x := range src {
				dst[i] = powInt(x, int(k))
			}
		}
	}
	return func(dst, src []float64) {
		for i, x := range src {
			dst[i] = math.Pow(x, k)
		}
	}
}

func powInt(x float64, k int) float64 {
	if k < 0 {
		return 1 / powInt(x, -k)
	}
	y := 1.0
	for ; k > 0; k >>= 1 {
		if k&1 == 1 {
			y *= x
		}
		x *= x
	}
	return y
}

func sumBlock(x []float64) float64 { return blas.Sum(x) }
