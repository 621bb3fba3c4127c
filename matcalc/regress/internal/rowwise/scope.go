// Package rowwise joins R's infix expressions with the engine of symbolic
// calculus: an expression in the values of one row of data is read into the
// engine's nodes, differentiated there, and evaluated in doubled precision as
// a tape. What is shown as a derivative and what a fit evaluates are thus the
// same nodes.
package rowwise

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A Scope holds the names of one row: parameters and columns, all of them
// scalars. The constant pi is known unless a name hides it.
type Scope struct {
	names    []string
	vars     map[string]*expr.Node
	ctx      *expr.Context
	simplify *rewrite.Simplifier
}

// NewScope declares the names.
func NewScope(names ...string) *Scope {
	s := &Scope{names: names, vars: map[string]*expr.Node{}, ctx: expr.NewContext(), simplify: rewrite.New()}
	for _, name := range names {
		s.vars[name] = s.ctx.Sym(name, shape.Scalar, 0)
	}
	return s
}

// Var is the node of a name.
func (s *Scope) Var(name string) *expr.Node { return s.vars[name] }

// Derivative differentiates f by a name.
func (s *Scope) Derivative(f *expr.Node, name string) (*expr.Node, error) {
	d, err := diff.Derive(f, s.vars[name], diff.Request{Kind: diff.MatrixByScalar}, s.simplify)
	if err != nil {
		return nil, fmt.Errorf("the derivative by %s: %w", name, err)
	}
	return d, nil
}

// Read translates an expression of R into a node.
func (s *Scope) Read(n formula.Node) (*expr.Node, error) {
	switch n := n.(type) {
	case formula.Paren:
		return s.Read(n.X)
	case formula.Number:
		r, err := expr.ParseRat(n.Text)
		if err != nil {
			return s.number(int64(n.Value.Float64())), nil // TRUE or FALSE
		}
		return s.ctx.Num(r), nil
	case formula.Name:
		if v := s.vars[n.Ident]; v != nil {
			return v, nil
		}
		if n.Ident == "pi" {
			s.vars["pi"] = s.ctx.Sym("pi", shape.Scalar, expr.Positive)
			return s.vars["pi"], nil
		}
		return nil, &formula.UnknownError{Kind: "column", Name: n.Ident}
	case formula.Unary:
		x, err := s.Read(n.X)
		switch {
		case err != nil || n.Op == "+":
			return x, err
		case n.Op == "-":
			return expr.Neg(x), nil
		case n.Op == "!":
			return expr.Sub(s.number(1), x), nil
		}
	case formula.Binary:
		return s.binary(n)
	case formula.Call:
		return s.call(n)
	}
	return nil, fmt.Errorf("%s is not an expression in numbers", formula.String(n))
}

func (s *Scope) number(k int64) *expr.Node { return s.ctx.Int(k) }

// operators are R's between numbers, in terms of the engine's.
var operators = map[string]func(s *Scope, x, y *expr.Node) *expr.Node{
	"+":  func(_ *Scope, x, y *expr.Node) *expr.Node { return expr.Add(x, y) },
	"-":  func(_ *Scope, x, y *expr.Node) *expr.Node { return expr.Sub(x, y) },
	"*":  func(_ *Scope, x, y *expr.Node) *expr.Node { return expr.Mul(x, y) },
	"/":  func(_ *Scope, x, y *expr.Node) *expr.Node { return expr.Div(x, y) },
	"^":  func(_ *Scope, x, y *expr.Node) *expr.Node { return expr.Pow(x, y) },
	">":  func(_ *Scope, x, y *expr.Node) *expr.Node { return positive(expr.Sub(x, y)) },
	"<":  func(_ *Scope, x, y *expr.Node) *expr.Node { return positive(expr.Sub(y, x)) },
	">=": func(s *Scope, x, y *expr.Node) *expr.Node { return expr.Sub(s.number(1), positive(expr.Sub(y, x))) },
	"<=": func(s *Scope, x, y *expr.Node) *expr.Node { return expr.Sub(s.number(1), positive(expr.Sub(x, y))) },
}

func positive(x *expr.Node) *expr.Node { return expr.Call(expr.OpStep, x) }

func (s *Scope) binary(n formula.Binary) (*expr.Node, error) {
	op := operators[n.Op]
	if op == nil {
		return nil, fmt.Errorf("the operator %s in %s has no derivative", n.Op, formula.String(n))
	}
	x, err := s.Read(n.X)
	if err != nil {
		return nil, err
	}
	y, err := s.Read(n.Y)
	if err != nil {
		return nil, err
	}
	return op(s, x, y), nil
}

// calls are R's functions that the engine has under another name or not at all.
var calls = map[string]func(s *Scope, x *expr.Node) *expr.Node{
	"I":     func(_ *Scope, x *expr.Node) *expr.Node { return x },
	"asin":  func(_ *Scope, x *expr.Node) *expr.Node { return expr.Call(expr.OpArcsin, x) },
	"acos":  func(_ *Scope, x *expr.Node) *expr.Node { return expr.Call(expr.OpArccos, x) },
	"atan":  func(_ *Scope, x *expr.Node) *expr.Node { return expr.Call(expr.OpArctan, x) },
	"log2":  func(s *Scope, x *expr.Node) *expr.Node { return s.logarithm(x, 2) },
	"log10": func(s *Scope, x *expr.Node) *expr.Node { return s.logarithm(x, 10) },
	"log1p": func(s *Scope, x *expr.Node) *expr.Node { return expr.Call(expr.OpLog, expr.Add(s.number(1), x)) },
	"expm1": func(s *Scope, x *expr.Node) *expr.Node { return expr.Sub(expr.Call(expr.OpExp, x), s.number(1)) },
}

func (s *Scope) logarithm(x *expr.Node, base int64) *expr.Node {
	return expr.Div(expr.Call(expr.OpLog, x), expr.Call(expr.OpLog, s.number(base)))
}

func (s *Scope) call(n formula.Call) (*expr.Node, error) {
	args := make([]*expr.Node, len(n.Args))
	for i, a := range n.Args {
		var err error
		if args[i], err = s.Read(a); err != nil {
			return nil, err
		}
	}
	if n.Func == "log" && len(args) == 2 {
		return expr.Div(expr.Call(expr.OpLog, args[0]), expr.Call(expr.OpLog, args[1])), nil
	}
	rewritten := calls[n.Func]
	op, known := expr.Lookup(n.Func)
	known = known && doubled[op] != nil
	switch {
	case rewritten == nil && !known:
		return nil, &formula.UnknownError{Kind: "function", Name: n.Func}
	case len(args) != 1:
		return nil, fmt.Errorf("%s takes one argument, not %d", n.Func, len(args))
	case rewritten != nil:
		return rewritten(s, args[0]), nil
	}
	return expr.Call(op, args[0]), nil
}

// Knows reports whether the engine has the operator or function at the root of
// n; others, such as floor, can be computed of data but not differentiated.
func Knows(n formula.Node) bool {
	switch n := n.(type) {
	case formula.Binary:
		return operators[n.Op] != nil
	case formula.Call:
		op, ok := expr.Lookup(n.Func)
		return calls[n.Func] != nil || ok && doubled[op] != nil
	case formula.Text:
		return false
	}
	return true
}
