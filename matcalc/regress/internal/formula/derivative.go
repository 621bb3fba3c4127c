package formula

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// slopes gives the derivative of each function in terms of its argument x.
var slopes = map[string]string{
	"exp": "exp(x)", "log": "1/x", "ln": "1/x", "log2": "1/(x*log(2))", "log10": "1/(x*log(10))",
	"log1p": "1/(1+x)", "expm1": "exp(x)", "sqrt": "1/(2*sqrt(x))",
	"sin": "cos(x)", "cos": "-sin(x)", "tan": "1/cos(x)^2",
	"asin": "1/sqrt(1-x^2)", "acos": "-1/sqrt(1-x^2)", "atan": "1/(1+x^2)",
	"arcsin": "1/sqrt(1-x^2)", "arccos": "-1/sqrt(1-x^2)", "arctan": "1/(1+x^2)",
	"sinh": "cosh(x)", "cosh": "sinh(x)", "tanh": "1/cosh(x)^2",
	"abs": "sign(x)", "sign": "0", "floor": "0", "ceiling": "0", "I": "1",
}

var (
	zero = Number{"0", dd.Of(0)}
	one  = Number{"1", dd.Of(1)}
)

// Derivative returns the derivative of n by the name v, with products by zero
// and one left out.
func Derivative(n Node, v string) (Node, error) {
	switch n := n.(type) {
	case Number:
		return zero, nil
	case Name:
		if n.Ident == v {
			return one, nil
		}
		return zero, nil
	case Paren:
		return Derivative(n.X, v)
	case Unary:
		d, err := Derivative(n.X, v)
		if err == nil && n.Op == "-" {
			d = product(Number{"-1", dd.Of(-1)}, d)
		}
		return d, err
	case Binary:
		return binaryDerivative(n, v)
	case Call:
		if len(n.Args) == 2 && n.Func == "log" {
			return Derivative(Binary{"/", Call{"log", n.Args[:1], n.Names[:1]}, Call{"log", n.Args[1:], n.Names[1:]}}, v)
		}
		slope, ok := slopes[n.Func]
		if !ok || len(n.Args) != 1 {
			return nil, &UnknownError{"function", n.Func}
		}
		inner, err := Derivative(n.Args[0], v)
		if err != nil || isZero(inner) {
			return inner, err
		}
		outer, err := ParseExpr(slope)
		if err != nil {
			return nil, err
		}
		return product(Substitute(outer, "x", n.Args[0]), inner), nil
	}
	return nil, fmt.Errorf("%s has no derivative", String(n))
}

func binaryDerivative(n Binary, v string) (Node, error) {
	dx, err := Derivative(n.X, v)
	if err != nil {
		return nil, err
	}
	dy, err := Derivative(n.Y, v)
	if err != nil {
		return nil, err
	}
	switch n.Op {
	case "+":
		return sum("+", dx, dy), nil
	case "-":
		return sum("-", dx, dy), nil
	case "*":
		return sum("+", product(dx, n.Y), product(n.X, dy)), nil
	case "/":
		if isZero(dy) {
			if isZero(dx) {
				return zero, nil
			}
			return Binary{"/", wrap(dx), wrap(n.Y)}, nil
		}
		top := sum("-", product(dx, n.Y), product(n.X, dy))
		return Binary{"/", wrap(top), Binary{"^", wrap(n.Y), Number{"2", dd.Of(2)}}}, nil
	case "^":
		return powerDerivative(n, dx, dy), nil
	}
	return nil, fmt.Errorf("%s has no derivative", String(n))
}

// powerDerivative is y x^(y-1) dx + log(x) x^y dy, of which a constant base or
// exponent leaves one term.
func powerDerivative(n Binary, dx, dy Node) Node {
	var exponent Node = Paren{Binary{"-", wrap(n.Y), one}}
	if k, ok := n.Y.(Number); ok {
		value := k.Value.Sub(dd.Of(1))
		exponent = Number{fmt.Sprint(value.Float64()), value}
	}
	first := product(product(n.Y, Binary{"^", wrap(n.X), exponent}), dx)
	second := product(product(Call{"log", []Node{n.X}, []string{""}}, n), dy)
	return sum("+", first, second)
}

func isZero(n Node) bool { k, ok := n.(Number); return ok && k.Value.IsZero() }
func isOne(n Node) bool  { k, ok := n.(Number); return ok && k.Value == dd.Of(1) }

func wrap(n Node) Node {
	switch n.(type) {
	case Binary, Unary:
		return Paren{n}
	}
	return n
}

func sum(op string, a, b Node) Node {
	switch {
	case isZero(b):
		return a
	case isZero(a) && op == "+":
		return b
	case isZero(a):
		return product(Number{"-1", dd.Of(-1)}, b)
	}
	return Binary{op, a, wrap(b)}
}

func product(a, b Node) Node {
	switch {
	case isZero(a), isZero(b):
		return zero
	case isOne(a):
		return b
	case isOne(b):
		return a
	}
	return Binary{"*", wrap(a), wrap(b)}
}

// Substitute returns n with every name v replaced by x.
func Substitute(n Node, v string, x Node) Node {
	switch n := n.(type) {
	case Name:
		if n.Ident == v {
			return wrap(x)
		}
	case Paren:
		return Paren{Substitute(n.X, v, x)}
	case Unary:
		return Unary{n.Op, Substitute(n.X, v, x)}
	case Binary:
		return Binary{n.Op, Substitute(n.X, v, x), Substitute(n.Y, v, x)}
	case Call:
		args := make([]Node, len(n.Args))
		for i, a := range n.Args {
			args[i] = Substitute(a, v, x)
		}
		return Call{n.Func, args, n.Names}
	}
	return n
}
