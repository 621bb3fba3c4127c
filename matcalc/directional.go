package matcalc

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Mixed is the matrix of second derivatives of a scalar by two variables, which
// are vectors or scalars: entry (i,j) is ∂²f/∂x_i∂y_j. It panics with *Error.
func (f *Expr) Mixed(x, y string) *Expr { return f.Gradient(x).Diff(y) }

// Directional is the derivative of f as the named variable moves in the
// direction of another variable of its shape: lim (f(x+tv) - f(x))/t, with the
// shape of f. For a vector f it is the Jacobian times v (a Jacobian-vector
// product), found without the Jacobian. A direction that is not declared gets
// the shape of x. It panics with *Error.
func (f *Expr) Directional(x, v string) *Expr {
	d, err := f.directional(x, v)
	raise(err)
	return d
}

// JVP is the Jacobian by x times v: Directional under its other name.
func (f *Expr) JVP(x, v string) *Expr { return f.Directional(x, v) }

// HVP is the Hessian of a scalar by x, times v, found without the Hessian: the
// derivative of the gradient along v. For a matrix x it has the shape of x.
func (f *Expr) HVP(x, v string) *Expr { return f.Gradient(x).Directional(x, v) }

// VJP is the transposed Jacobian of f by x times u, a variable of f's shape:
// the gradient of the inner product of u and f. It has the shape of x.
func (f *Expr) VJP(x, u string) *Expr {
	s, err := f.variableLike(u, f.node.Shape())
	raise(err)
	inner := expr.Mul(expr.T(s), f.node)
	if !inner.Shape().IsScalar() {
		inner = expr.Call(expr.OpTr, inner)
	}
	return (&Expr{vars: f.vars, node: inner}).Gradient(x)
}

// variableLike is the variable of that name, declared with the shape if it is
// not yet.
func (f *Expr) variableLike(name string, sh shape.Shape) (*expr.Node, error) {
	if s := f.vars.scope.Vars[name]; s != nil {
		if s.Shape() != sh {
			return nil, shape.NewError(shape.Mismatch, fmt.Sprintf("%s is %s where %s is wanted", name, s.Shape(), sh), "declare it with that shape, or name another")
		}
		return s, nil
	}
	if err := f.vars.scope.Declare(name, sh, 0); err != nil {
		return nil, err
	}
	return f.vars.scope.Vars[name], nil
}

func (f *Expr) directional(wrt, direction string) (*Expr, error) {
	x := f.vars.scope.Vars[wrt]
	if x == nil {
		return nil, shape.NewError(shape.Unknown, fmt.Sprintf("undefined variable %q", wrt), "declared: "+fmt.Sprint(f.vars.scope.Names()))
	}
	v, err := f.variableLike(direction, x.Shape())
	if err != nil {
		return nil, err
	}
	ctx, s := f.node.Context(), rewrite.New()
	free := expr.Loosened(x) // x+tv need not be symmetric when x is
	t := ctx.Sym("t along "+direction, shape.Scalar, 0)
	moved := expr.Substitute(f.node, map[*expr.Node]*expr.Node{x: expr.Add(free, expr.Mul(t, v))})
	d, err := diff.Derive(moved, t, diff.Request{}.Normal(moved, t), s)
	if err != nil {
		return nil, err
	}
	if _, err := check.Derivative(check.Claim{F: moved, Wrt: t, Result: d, Form: check.FormPlain}); err != nil {
		return nil, shape.NewError(shape.Unverified, "a result was found but did not pass its numeric check, so it is not shown: "+err.Error(), "please report the expression")
	}
	at := expr.Substitute(d, map[*expr.Node]*expr.Node{t: ctx.Int(0)})
	if free != x {
		at = expr.Substitute(at, map[*expr.Node]*expr.Node{free: x})
	}
	return &Expr{vars: f.vars, node: s.Simplify(at)}, nil
}
