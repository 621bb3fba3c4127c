package compile

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/blas"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// unary are the functions of one argument: over blocks, where dst may be src,
// and as Go.
var unary = [expr.NumOps]struct {
	block func(dst, src []float64)
	text  string
}{
	expr.OpExp:      {blas.Exp, "math.Exp(%s)"},
	expr.OpLog:      {blas.Log, "math.Log(%s)"},
	expr.OpSin:      {each(math.Sin), "math.Sin(%s)"},
	expr.OpCos:      {each(math.Cos), "math.Cos(%s)"},
	expr.OpTan:      {each(math.Tan), "math.Tan(%s)"},
	expr.OpSinh:     {each(math.Sinh), "math.Sinh(%s)"},
	expr.OpCosh:     {each(math.Cosh), "math.Cosh(%s)"},
	expr.OpTanh:     {blas.Tanh, "math.Tanh(%s)"},
	expr.OpArcsin:   {each(math.Asin), "math.Asin(%s)"},
	expr.OpArccos:   {each(math.Acos), "math.Acos(%s)"},
	expr.OpArctan:   {each(math.Atan), "math.Atan(%s)"},
	expr.OpSqrt:     {sqrtBlock, "math.Sqrt(%s)"},
	expr.OpAbs:      {absBlock, "math.Abs(%s)"},
	expr.OpSign:     {each(sign), "sign(%s)"},
	expr.OpStep:     {stepBlock, "when(%s > 0, 1)"},
	expr.OpRelu:     {reluBlock, "max(%s, 0)"},
	expr.OpSigmoid:  {blas.Sigmoid, "sigmoid(%s)"},
	expr.OpSoftplus: {blas.Softplus, "softplus(%s)"},
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

func sqrtBlock(dst, src []float64) {
	for i, x := range src {
		dst[i] = math.Sqrt(x)
	}
}

func absBlock(dst, src []float64) {
	for i, x := range src {
		dst[i] = math.Abs(x)
	}
}

func stepBlock(dst, src []float64) {
	for i, x := range src {
		y := 0.0
		if x > 0 {
			y = 1
		}
		dst[i] = y
	}
}

func reluBlock(dst, src []float64) {
	for i, x := range src {
		dst[i] = max(x, 0)
	}
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
		return sqrtBlock
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
