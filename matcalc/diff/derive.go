package diff

import (
	"fmt"
	"slices"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Kind is what is asked for.
type Kind string

// The kinds of derivative.
const (
	Gradient       Kind = "gradient"         // of a scalar
	Jacobian       Kind = "jacobian"         // of a vector or matrix
	Hessian        Kind = "hessian"          // second derivative of a scalar
	MatrixByScalar Kind = "matrix_by_scalar" // entry by entry
)

// Layout says how the entries of a derivative are arranged.
type Layout string

// The layouts. A gradient in denominator layout has the shape of the variable,
// in numerator layout its transpose. A Jacobian in numerator layout has a row
// for each entry of F and a column for each entry of X, in denominator layout
// it is transposed; numerator-vec says the same of matrices, columns stacked.
const (
	Denominator Layout = "denominator"
	Numerator   Layout = "numerator"
	NumVec      Layout = "numerator-vec"
	DenVec      Layout = "denominator-vec"
	Plain       Layout = "hessian"
	HessianVec  Layout = "hessian-vec"
	SameShape   Layout = "same-shape"
)

var layouts = []Layout{Denominator, Numerator, NumVec, DenVec, Plain, HessianVec, SameShape}

// Structure says what varies when the variable has structure.
type Structure string

// The conventions for a structured variable.
const (
	Free        Structure = ""                      // every entry varies by itself
	Independent Structure = "symmetric_independent" // x_ij and x_ji are one variable: G+G'-G.*I
	Projected   Structure = "symmetric_projected"   // gradient within the symmetric matrices: (G+G')/2
	DiagonalOf  Structure = "diagonal"              // only the diagonal varies: G.*I
	SkewOf      Structure = "skew_projected"        // gradient within the skew matrices: (G-G')/2
)

// Request is one question.
type Request struct {
	Kind      Kind
	Layout    Layout
	Structure Structure
}

// Normal fills in what is left open: the kind by the shapes, the layout that
// goes with the kind.
func (q Request) Normal(f, wrt *expr.Node) Request {
	if q.Kind == "" {
		switch {
		case f.Shape().IsScalar():
			q.Kind = Gradient
		case wrt.Shape().IsScalar():
			q.Kind = MatrixByScalar
		default:
			q.Kind = Jacobian
		}
	}
	if q.Kind == Gradient && (q.Layout == NumVec || q.Layout == DenVec) {
		q.Kind = Jacobian // of a scalar by the stacked columns: a row or a column
	}
	if q.Layout == "" {
		switch q.Kind {
		case Gradient:
			q.Layout = Denominator
		case Jacobian:
			q.Layout = Numerator
		case Hessian:
			q.Layout = Plain
		default:
			q.Layout = SameShape
		}
	}
	return q
}

// Derive differentiates f by the variable. The result is simplified but not
// yet checked; the error is a *shape.Error.
func Derive(f, wrt *expr.Node, q Request, s *rewrite.Simplifier) (out *expr.Node, err error) {
	defer protect(&err)
	if wrt.Op() != expr.OpSym {
		return nil, shape.NewError(shape.Unknown, "a derivative is by a declared variable", "")
	}
	q = q.Normal(f, wrt)
	if !slices.Contains(layouts, q.Layout) {
		return nil, shape.NewError(shape.Syntax, "unknown layout "+string(q.Layout), fmt.Sprint("layouts: ", layouts))
	}
	loose := expr.Loosened(wrt)
	if loose != wrt {
		f = expr.Substitute(f, map[*expr.Node]*expr.Node{wrt: loose})
	}
	e := newEngine(loose, s)
	e.tight = wrt
	f = s.Simplify(f)
	switch q.Kind {
	case Gradient:
		out, err = e.asGradient(f, q)
	case Hessian:
		out, err = e.asHessian(f, q)
	case MatrixByScalar:
		if !wrt.Shape().IsScalar() {
			return nil, misfit(wrt, "matrix_by_scalar", "a scalar variable")
		}
		out = e.differential(f, e.num(1))
	case Jacobian:
		if wrt.Shape().IsScalar() && !f.Shape().IsScalar() {
			out = vec(e.differential(f, e.num(1)))
		} else {
			out = e.jacobian(f)
		}
		if q.Layout == Denominator || q.Layout == DenVec {
			out = expr.T(out)
		}
	default:
		return nil, shape.NewError(shape.Syntax, "unknown kind "+string(q.Kind), "kinds: gradient, jacobian, hessian, matrix_by_scalar")
	}
	if err != nil {
		return nil, err
	}
	if loose != wrt {
		out = expr.Substitute(out, map[*expr.Node]*expr.Node{loose: wrt})
	}
	return s.Polish(s.Simplify(out)), nil
}

func misfit(n *expr.Node, kind, want string) error {
	return shape.NewError(shape.Mismatch, kind+" needs "+want+", not a "+n.Shape().Describe(), "")
}

func (e *engine) asGradient(f *expr.Node, q Request) (*expr.Node, error) {
	if !f.Shape().IsScalar() {
		return nil, misfit(f, "a gradient", "a scalar function; ask for a jacobian")
	}
	if e.wrt.Shape().IsScalar() {
		return e.byScalar(f), nil
	}
	g, err := e.structured(e.gradient(f), q.Structure)
	if err != nil {
		return nil, err
	}
	if q.Layout == Numerator {
		g = expr.T(g)
	}
	return g, nil
}

// byScalar differentiates a scalar by a scalar both ways and keeps the shorter
// answer; where only one way is known, that one.
func (e *engine) byScalar(f *expr.Node) *expr.Node {
	var back *expr.Node
	func() {
		defer func() {
			if r := recover(); r != nil {
				if _, refused := r.(fault); !refused {
					panic(r)
				}
			}
		}()
		back = e.gradient(f)
	}()
	if back != nil && back.Size() < 12 {
		return back
	}
	var err error
	ahead := func() *expr.Node {
		defer protect(&err)
		return e.differential(f, e.num(1))
	}()
	switch {
	case back == nil && ahead == nil:
		panic(fault{err.(*shape.Error)})
	case back == nil || ahead != nil && ahead.Size() < back.Size():
		return ahead
	}
	return back
}

// structured applies the convention for a structured variable to a gradient.
func (e *engine) structured(g *expr.Node, st Structure) (*expr.Node, error) {
	if st == Free {
		return g, nil
	}
	if !e.wrt.Shape().IsSquare() {
		return nil, misfit(e.wrt, string(st), "a square variable")
	}
	eye := e.ctx.Eye(e.wrt.Shape().Rows)
	switch st {
	case Independent:
		both := e.simp.Simplify(expr.Add(g, expr.T(g)))
		return expr.Sub(both, had(g, eye)), nil
	case Projected:
		return expr.Scale(expr.RatHalf, expr.Add(g, expr.T(g))), nil
	case SkewOf:
		return expr.Scale(expr.RatHalf, expr.Sub(g, expr.T(g))), nil
	case DiagonalOf:
		back := expr.Substitute(g, map[*expr.Node]*expr.Node{e.wrt: e.tight})
		if e.simp.Simplify(back).Is(expr.Diagonal) {
			return g, nil
		}
		return had(g, eye), nil
	}
	return nil, shape.NewError(shape.Syntax, "unknown structure "+string(st), "structures: symmetric_independent, symmetric_projected, diagonal, skew_projected")
}

func (e *engine) asHessian(f *expr.Node, q Request) (*expr.Node, error) {
	if e.wrt.Shape().IsScalar() { // the second derivative, of any shape
		return e.differential(e.differential(f, e.num(1)), e.num(1)), nil
	}
	if !f.Shape().IsScalar() {
		return nil, misfit(f, "a Hessian", "a scalar function; a vector has a matrix of second derivatives for each entry, in index form")
	}
	return e.jacobian(e.gradient(f)), nil
}

// FreeGradient is the gradient (for a scalar variable, the derivative) in a form
// that may be differentiated again: facts that tie the variable's entries
// together have not been used.
func FreeGradient(f, wrt *expr.Node, s *rewrite.Simplifier) (out *expr.Node, err error) {
	defer protect(&err)
	if !f.Shape().IsScalar() && !wrt.Shape().IsScalar() {
		return nil, misfit(f, "a gradient", "a scalar function")
	}
	loose := expr.Loosened(wrt)
	f = expr.Substitute(f, map[*expr.Node]*expr.Node{wrt: loose})
	e := newEngine(loose, s)
	f = s.Simplify(f)
	var g *expr.Node
	if loose.Shape().IsScalar() {
		g = e.differential(f, e.num(1))
	} else {
		g = e.gradient(f)
	}
	return expr.Substitute(g, map[*expr.Node]*expr.Node{loose: wrt}), nil
}

// Directional is the derivative of f in the direction dir, which has the shape
// of the variable: the Jacobian times the direction, unformed.
func Directional(f, wrt, dir *expr.Node, s *rewrite.Simplifier) (out *expr.Node, err error) {
	defer protect(&err)
	if dir.Shape() != wrt.Shape() {
		return nil, shape.NewError(shape.Mismatch, "the direction is "+dir.Shape().String()+", the variable "+wrt.Shape().String(), "")
	}
	loose := expr.Loosened(wrt)
	f = expr.Substitute(f, map[*expr.Node]*expr.Node{wrt: loose})
	d := newEngine(loose, s).differential(s.Simplify(f), dir)
	return s.Polish(s.Simplify(expr.Substitute(d, map[*expr.Node]*expr.Node{loose: wrt}))), nil
}
