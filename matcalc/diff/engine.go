package diff

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// engine differentiates with respect to one variable, remembering the
// derivative of every node.
type engine struct {
	ctx   *expr.Context
	wrt   *expr.Node // the variable, every entry free
	tight *expr.Node // the variable as declared
	simp  *rewrite.Simplifier
	jac   map[*expr.Node]*expr.Node
}

func newEngine(wrt *expr.Node, s *rewrite.Simplifier) *engine {
	return &engine{ctx: wrt.Context(), wrt: wrt, simp: s, jac: map[*expr.Node]*expr.Node{}}
}

// fault is thrown by rules and caught by protect.
type fault struct{ err *shape.Error }

func refuse(hint, format string, args ...any) {
	panic(fault{shape.NewError(shape.Domain, fmt.Sprintf(format, args...), hint)})
}

// protect turns a rule's refusal into an error, and a fault of the program
// into an error of class internal.
func protect(err *error) {
	switch r := recover().(type) {
	case nil:
	case fault:
		*err = r.err
	case *shape.Error:
		*err = shape.NewError(shape.Internal, "shapes do not fit inside the engine: "+r.Message, "please report the expression")
	default:
		panic(r)
	}
}

func (e *engine) num(k int64) *expr.Node { return e.ctx.Int(k) }

// ones has the shape of a.
func ones(a *expr.Node) *expr.Node {
	return a.Context().Ones(a.Shape().Rows, a.Shape().Cols)
}

func had(args ...*expr.Node) *expr.Node { return expr.Had(args...) }

func call(op expr.Op, a *expr.Node) *expr.Node { return expr.Call(op, a) }

// vec stacks columns; a column is itself.
func vec(a *expr.Node) *expr.Node {
	switch {
	case a.Shape().Cols.IsOne():
		return a
	case a.Shape().IsRow():
		return expr.T(a)
	}
	return call(expr.OpVec, a)
}

// inner is the sum of the products of corresponding entries.
func inner(a, b *expr.Node) *expr.Node {
	switch {
	case a.Shape().IsScalar():
		return expr.Mul(a, b)
	case a.Shape().IsColumn():
		return expr.Mul(expr.T(a), b)
	case a.Shape().IsRow():
		return expr.Mul(a, expr.T(b))
	}
	return call(expr.OpTr, expr.Mul(expr.T(a), b))
}
