package check

import (
	"fmt"
	"math"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/function"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Env assigns numbers to dimensions and values to variables.
type Env struct {
	Dims map[string]int
	Vars map[*expr.Node]*Value
	memo map[*expr.Node]*Value
}

// Eval is the value of a node; every distinct node is evaluated once per Env.
func (e *Env) Eval(n *expr.Node) (*Value, error) {
	if v := e.memo[n]; v != nil {
		return v, nil
	}
	if e.memo == nil {
		e.memo = make(map[*expr.Node]*Value, 64)
	}
	for _, m := range expr.PostOrderBut(func(m *expr.Node) bool { return e.memo[m] != nil }, n) {
		v, err := e.node(m)
		if err != nil {
			return nil, err
		}
		e.memo[m] = v
	}
	return e.memo[n], nil
}

// forget drops the memory, after variables have changed.
func (e *Env) forget() { clear(e.memo) }

func (e *Env) size(s shape.Size) (int, error) { return s.Eval(e.Dims) }

func (e *Env) node(n *expr.Node) (*Value, error) {
	if n.IsLeaf() {
		return e.leaf(n)
	}
	var buf [6]*Value
	args := buf[:0]
	for _, a := range n.Args() {
		args = append(args, e.memo[a])
	}
	if row := function.Of(n.Op()); row != nil {
		return mapEach(args[0], row.Value, row.Slope), nil
	}
	f := evalRows[n.Op()]
	if f == nil {
		return nil, fmt.Errorf("%v has no numeric value", n.Op())
	}
	return f(n, args), nil
}

func (e *Env) leaf(n *expr.Node) (*Value, error) {
	switch n.Op() {
	case expr.OpNum:
		return Number(n.Rat().Float()), nil
	case expr.OpSym:
		if v := e.Vars[n]; v != nil {
			return v, nil
		}
		return nil, fmt.Errorf("%s has no value", n.Name())
	case expr.OpDim:
		k, err := e.size(n.Sizes()[0])
		return Number(float64(k)), err
	}
	r, err := e.size(n.Shape().Rows)
	if err != nil {
		return nil, err
	}
	c, err := e.size(n.Shape().Cols)
	if err != nil {
		return nil, err
	}
	switch n.Op() {
	case expr.OpEye:
		return identity(r), nil
	case expr.OpComm:
		m, err := e.size(n.Sizes()[0])
		if err != nil {
			return nil, err
		}
		return commutation(m, r/max(m, 1)), nil
	}
	out := newValue(r, c)
	if n.Op() == expr.OpOnes {
		for i := range out.V {
			out.V[i] = 1
		}
	}
	return out, nil
}

// commutation takes vec A to vec A' for A m×n.
func commutation(m, n int) *Value {
	out := newValue(m*n, m*n)
	for i := 0; i < m; i++ {
		for j := 0; j < n; j++ {
			out.V[(i*n+j)*m*n+j*m+i] = 1
		}
	}
	return out
}

type evalFunc func(n *expr.Node, a []*Value) *Value

var evalRows = [expr.NumOps]evalFunc{
	expr.OpAdd: func(_ *expr.Node, a []*Value) *Value { return add(a) },
	expr.OpMul: func(_ *expr.Node, a []*Value) *Value { return fold(a, mul) },
	expr.OpHad: func(_ *expr.Node, a []*Value) *Value { return fold(a, hadamard) },
	expr.OpT:   func(_ *expr.Node, a []*Value) *Value { return transpose(a[0]) },
	expr.OpPow: func(_ *expr.Node, a []*Value) *Value {
		if a[0].scalar() {
			return hpow(a[0], a[1])
		}
		return power(a[0], int(math.Round(a[1].V[0])))
	},
	expr.OpHPow: func(_ *expr.Node, a []*Value) *Value { return hpow(a[0], a[1]) },
	expr.OpApply: func(n *expr.Node, a []*Value) *Value {
		f, df := declaredFunction(n.Name(), n.Order())
		return mapEach(a[0], f, df)
	},
	expr.OpInv:  func(_ *expr.Node, a []*Value) *Value { return inverse(a[0]) },
	expr.OpPinv: func(_ *expr.Node, a []*Value) *Value { return pseudoinverse(a[0]) },
	expr.OpAdj:  func(_ *expr.Node, a []*Value) *Value { return scale(determinant(a[0]), inverse(a[0])) },
	expr.OpExpm: func(_ *expr.Node, a []*Value) *Value { return expm(a[0]) },
	expr.OpPolar: func(_ *expr.Node, a []*Value) *Value {
		return polar(a[0])
	},
	expr.OpDiag: func(_ *expr.Node, a []*Value) *Value {
		k := a[0].R * a[0].C
		return pick(a[0], k, k, func(i, j int) int {
			if i == j {
				return i
			}
			return -1
		})
	},
	expr.OpDiagOf: func(_ *expr.Node, a []*Value) *Value {
		return pick(a[0], a[0].R, 1, func(i, _ int) int { return i*a[0].C + i })
	},
	expr.OpVec:  func(_ *expr.Node, a []*Value) *Value { return vecOf(a[0]) },
	expr.OpKron: func(_ *expr.Node, a []*Value) *Value { return kron(a[0], a[1]) },
	expr.OpHCat: func(_ *expr.Node, a []*Value) *Value { return fold(a, beside) },
	expr.OpVCat: func(_ *expr.Node, a []*Value) *Value {
		return fold(a, func(x, y *Value) *Value { return transpose(beside(transpose(x), transpose(y))) })
	},
	expr.OpSoftmax: func(_ *expr.Node, a []*Value) *Value {
		e := mapEach(a[0], math.Exp, math.Exp)
		return scale(reciprocal(sumAll(e)), e)
	},
	expr.OpSoftmaxRows: func(_ *expr.Node, a []*Value) *Value { return softmaxRows(a[0]) },
	expr.OpSoftmaxCols: func(_ *expr.Node, a []*Value) *Value { return transpose(softmaxRows(transpose(a[0]))) },
	expr.OpLSERows:     func(_ *expr.Node, a []*Value) *Value { return lseRows(a[0]) },
	expr.OpLSECols:     func(_ *expr.Node, a []*Value) *Value { return transpose(lseRows(transpose(a[0]))) },
	expr.OpEigVecMax: func(_ *expr.Node, a []*Value) *Value {
		_, v := leading(a[0].V, a[0].R)
		return &Value{R: a[0].R, C: 1, V: v}
	},
	expr.OpUSVMax: func(_ *expr.Node, a []*Value) *Value {
		_, u, _ := singular(a[0])
		return &Value{R: a[0].R, C: 1, V: u}
	},
	expr.OpVSVMax: func(_ *expr.Node, a []*Value) *Value {
		_, _, v := singular(a[0])
		return &Value{R: a[0].C, C: 1, V: v}
	},
	expr.OpDet:    func(_ *expr.Node, a []*Value) *Value { return determinant(a[0]) },
	expr.OpLogDet: func(_ *expr.Node, a []*Value) *Value { return logOf(determinant(a[0])) },
	expr.OpTr: func(_ *expr.Node, a []*Value) *Value {
		return sumAll(pick(a[0], a[0].R, 1, func(i, _ int) int { return i*a[0].C + i }))
	},
	expr.OpSum: func(_ *expr.Node, a []*Value) *Value { return sumAll(a[0]) },
	expr.OpNorm1: func(_ *expr.Node, a []*Value) *Value {
		return sumAll(mapEach(a[0], math.Abs, function.Sign))
	},
	expr.OpNorm2: func(_ *expr.Node, a []*Value) *Value {
		return mapEach(sumAll(hadamard(a[0], a[0])), math.Sqrt, func(x float64) float64 { return 0.5 / math.Sqrt(x) })
	},
	expr.OpLogSumExp: func(_ *expr.Node, a []*Value) *Value {
		return logOf(sumAll(mapEach(a[0], math.Exp, math.Exp)))
	},
	expr.OpEigMax: func(_ *expr.Node, a []*Value) *Value {
		x, _ := leading(a[0].V, a[0].R)
		return Number(x)
	},
	expr.OpSigmaMax: func(_ *expr.Node, a []*Value) *Value {
		s, _, _ := singular(a[0])
		return Number(s)
	},
	expr.OpNucNorm: func(_ *expr.Node, a []*Value) *Value { return Number(nuclear(a[0])) },
}

// noDual lists the operators whose rows above carry no derivative: a check
// that meets them differentiates by differences.
var noDual = [expr.NumOps]bool{
	expr.OpPolar: true, expr.OpEigVecMax: true, expr.OpUSVMax: true, expr.OpVSVMax: true,
	expr.OpEigMax: true, expr.OpSigmaMax: true, expr.OpNucNorm: true,
}

func fold(a []*Value, f func(x, y *Value) *Value) *Value {
	out := a[0]
	for _, b := range a[1:] {
		out = f(out, b)
	}
	return out
}

func hpow(a, b *Value) *Value {
	return zip(a, b, math.Pow,
		func(x, y float64) float64 { return y * math.Pow(x, y-1) },
		func(x, y float64) float64 { return math.Pow(x, y) * math.Log(x) })
}

func reciprocal(a *Value) *Value {
	return mapEach(a, func(x float64) float64 { return 1 / x }, func(x float64) float64 { return -1 / (x * x) })
}

func logOf(a *Value) *Value {
	return mapEach(a, math.Log, func(x float64) float64 { return 1 / x })
}

func beside(a, b *Value) *Value {
	c := a.C + b.C
	left := pick(a, a.R, c, func(i, j int) int {
		if j < a.C {
			return i*a.C + j
		}
		return -1
	})
	right := pick(b, a.R, c, func(i, j int) int {
		if j >= a.C {
			return i*b.C + j - a.C
		}
		return -1
	})
	return add([]*Value{left, right})
}

func rowSums(a *Value) *Value {
	one := newValue(a.C, 1)
	for i := range one.V {
		one.V[i] = 1
	}
	return mul(a, one)
}

func softmaxRows(a *Value) *Value {
	e := mapEach(a, math.Exp, math.Exp)
	r := reciprocal(rowSums(e))
	return hadamard(e, pick(r, a.R, a.C, func(i, _ int) int { return i }))
}

func lseRows(a *Value) *Value { return logOf(rowSums(mapEach(a, math.Exp, math.Exp))) }
