package formula

import (
	"fmt"
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// A function is one row of the table of elementwise functions.
type function struct {
	name string
	f    func(float64) float64
	d    func(dd.Float) dd.Float
}

func log1p(a dd.Float) dd.Float { return a.Add(dd.Of(1)).Log() }
func expm1(a dd.Float) dd.Float {
	if math.Abs(a.Hi) < 0.5 {
		h := a.Ldexp(-1)
		return h.Sinh().Mul(h.Exp()).Ldexp(1)
	}
	return a.Exp().Sub(dd.Of(1))
}

func round(a dd.Float, f func(float64) float64) dd.Float {
	hi := f(a.Hi)
	if hi == a.Hi {
		return dd.Of(hi).Add(dd.Of(f(a.Lo)))
	}
	return dd.Of(hi)
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// The functions that models and formulas may call. R writes atan, the
// calculus arctan; both are read.
var functions = []function{
	{"exp", math.Exp, dd.Float.Exp},
	{"log", math.Log, dd.Float.Log},
	{"ln", math.Log, dd.Float.Log},
	{"log2", math.Log2, func(a dd.Float) dd.Float { return a.Log().Div(dd.Ln2) }},
	{"log10", math.Log10, func(a dd.Float) dd.Float { return a.Log().Div(dd.Ln10) }},
	{"log1p", math.Log1p, log1p},
	{"expm1", math.Expm1, expm1},
	{"sqrt", math.Sqrt, dd.Float.Sqrt},
	{"sin", math.Sin, dd.Float.Sin},
	{"cos", math.Cos, dd.Float.Cos},
	{"tan", math.Tan, dd.Float.Tan},
	{"asin", math.Asin, dd.Float.Asin},
	{"acos", math.Acos, dd.Float.Acos},
	{"atan", math.Atan, dd.Float.Atan},
	{"arcsin", math.Asin, dd.Float.Asin},
	{"arccos", math.Acos, dd.Float.Acos},
	{"arctan", math.Atan, dd.Float.Atan},
	{"sinh", math.Sinh, dd.Float.Sinh},
	{"cosh", math.Cosh, dd.Float.Cosh},
	{"tanh", math.Tanh, dd.Float.Tanh},
	{"abs", math.Abs, dd.Float.Abs},
	{"sign", sign, func(a dd.Float) dd.Float { return dd.Of(sign(a.Hi)) }},
	{"floor", math.Floor, func(a dd.Float) dd.Float { return round(a, math.Floor) }},
	{"ceiling", math.Ceil, func(a dd.Float) dd.Float { return round(a, math.Ceil) }},
	{"I", func(x float64) float64 { return x }, func(a dd.Float) dd.Float { return a }},
}

// FunctionNames lists the elementwise functions, for suggestions.
func FunctionNames() []string {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.name
	}
	return names
}

func lookup(name string) (function, bool) {
	for _, f := range functions {
		if f.name == name {
			return f, true
		}
	}
	return function{}, false
}

// An UnknownError is a name or function that nobody has defined.
type UnknownError struct {
	Kind string // "column" or "function"
	Name string
}

func (e *UnknownError) Error() string { return fmt.Sprintf("unknown %s %q", e.Kind, e.Name) }

// A Program is an expression ready to be evaluated at a row: the values of the
// names in the order given to Compile.
type Program struct {
	// Float64 and Doubled evaluate in the two precisions.
	Float64 func(env []float64) float64
	Doubled func(env []dd.Float) dd.Float
}

// Compile prepares n, whose names are looked up in names. The constant pi is
// known unless a name hides it.
func Compile(n Node, names []string) (Program, error) {
	slot := make(map[string]int, len(names))
	for i, name := range names {
		slot[name] = i
	}
	return compile(n, slot)
}

func compile(n Node, slot map[string]int) (Program, error) {
	switch n := n.(type) {
	case Paren:
		return compile(n.X, slot)
	case Number:
		return constant(n.Value), nil
	case Name:
		if i, ok := slot[n.Ident]; ok {
			return Program{
				func(env []float64) float64 { return env[i] },
				func(env []dd.Float) dd.Float { return env[i] },
			}, nil
		}
		if n.Ident == "pi" {
			return constant(dd.Pi), nil
		}
		return Program{}, &UnknownError{"column", n.Ident}
	case Unary:
		x, err := compile(n.X, slot)
		if err != nil {
			return x, err
		}
		switch n.Op {
		case "+":
			return x, nil
		case "-":
			return Program{
				func(env []float64) float64 { return -x.Float64(env) },
				func(env []dd.Float) dd.Float { return x.Doubled(env).Neg() },
			}, nil
		case "!":
			return Program{
				func(env []float64) float64 { return truth(x.Float64(env) == 0) },
				func(env []dd.Float) dd.Float { return dd.Of(truth(x.Doubled(env).IsZero())) },
			}, nil
		}
	case Binary:
		return compileBinary(n, slot)
	case Call:
		return compileCall(n, slot)
	}
	return Program{}, &SyntaxError{String(n), 0, "not a number-valued expression"}
}

func constant(v dd.Float) Program {
	x := v.Float64()
	return Program{
		func([]float64) float64 { return x },
		func([]dd.Float) dd.Float { return v },
	}
}

func compileCall(n Call, slot map[string]int) (Program, error) {
	f, ok := lookup(n.Func)
	if !ok {
		return Program{}, &UnknownError{"function", n.Func}
	}
	if n.Func == "log" && len(n.Args) == 2 {
		return compile(Binary{"/", Call{"log", n.Args[:1], n.Names[:1]}, Call{"log", n.Args[1:], n.Names[1:]}}, slot)
	}
	if len(n.Args) != 1 {
		return Program{}, &SyntaxError{String(n), 0, n.Func + " takes one argument"}
	}
	x, err := compile(n.Args[0], slot)
	if err != nil {
		return x, err
	}
	return Program{
		func(env []float64) float64 { return f.f(x.Float64(env)) },
		func(env []dd.Float) dd.Float { return f.d(x.Doubled(env)) },
	}, nil
}

// An operator is one row of the table of binary operators.
type operator struct {
	f func(x, y float64) float64
	d func(x, y dd.Float) dd.Float
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func comparison(f func(order int) bool) operator {
	return operator{
		func(x, y float64) float64 {
			if x != x || y != y {
				return math.NaN()
			}
			return truth(f(dd.Of(x).Sub(dd.Of(y)).Sign()))
		},
		func(x, y dd.Float) dd.Float { return dd.Of(truth(f(x.Sub(y).Sign()))) },
	}
}

func modulo(x, y float64) float64 { return x - y*math.Floor(x/y) }

var arithmetic = map[string]operator{
	"+": {func(x, y float64) float64 { return x + y }, dd.Float.Add},
	"-": {func(x, y float64) float64 { return x - y }, dd.Float.Sub},
	"*": {func(x, y float64) float64 { return x * y }, dd.Float.Mul},
	"/": {func(x, y float64) float64 { return x / y }, dd.Float.Div},
	"^": {math.Pow, dd.Float.Pow},
	"%%": {modulo, func(x, y dd.Float) dd.Float {
		return x.Sub(y.Mul(round(x.Div(y), math.Floor)))
	}},
	"%/%": {func(x, y float64) float64 { return math.Floor(x / y) }, func(x, y dd.Float) dd.Float {
		return round(x.Div(y), math.Floor)
	}},
	"<":  comparison(func(o int) bool { return o < 0 }),
	">":  comparison(func(o int) bool { return o > 0 }),
	"<=": comparison(func(o int) bool { return o <= 0 }),
	">=": comparison(func(o int) bool { return o >= 0 }),
	"==": comparison(func(o int) bool { return o == 0 }),
	"!=": comparison(func(o int) bool { return o != 0 }),
	"&":  {func(x, y float64) float64 { return truth(x != 0 && y != 0) }, func(x, y dd.Float) dd.Float { return dd.Of(truth(x.Hi != 0 && y.Hi != 0)) }},
	"|":  {func(x, y float64) float64 { return truth(x != 0 || y != 0) }, func(x, y dd.Float) dd.Float { return dd.Of(truth(x.Hi != 0 || y.Hi != 0)) }},
}

func compileBinary(n Binary, slot map[string]int) (Program, error) {
	op, ok := arithmetic[n.Op]
	if !ok {
		return Program{}, &SyntaxError{String(n), 0, "the operator " + n.Op + " has no meaning between numbers"}
	}
	x, err := compile(n.X, slot)
	if err != nil {
		return x, err
	}
	y, err := compile(n.Y, slot)
	if err != nil {
		return y, err
	}
	return Program{
		func(env []float64) float64 { return op.f(x.Float64(env), y.Float64(env)) },
		func(env []dd.Float) dd.Float { return op.d(x.Doubled(env), y.Doubled(env)) },
	}, nil
}
