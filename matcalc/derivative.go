package matcalc

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Expr is an expression over declared variables, or a derivative of one.
type Expr struct {
	vars *Variables
	node *expr.Node
	from *origin
	read parse.Reading // how the text was understood; zero for a result
	text string        // what was parsed; "" for a result
}

// origin says what an expression is the derivative of, and how that was
// checked.
type origin struct {
	f, wrt  *expr.Node
	request diff.Request
	report  *check.Report
}

// Node gives the expression to other packages.
func (f *Expr) Node() *expr.Node { return f.node }

// Vars are the declarations that the expression is written in.
func (f *Expr) Vars() *Variables { return f.vars }

// Layout names an arrangement of a derivative's entries.
type Layout = diff.Layout

// The layouts: a gradient by default has the shape of the variable
// (Denominator), a Jacobian a row for each entry of the function (Numerator).
const (
	Denominator = diff.Denominator
	Numerator   = diff.Numerator
)

// Request is a question about a derivative; see diff.Request.
type Request = diff.Request

// Gradient is the gradient of a scalar by the named variable, checked
// numerically. It panics with *Error.
func (f *Expr) Gradient(wrt string, layout ...Layout) *Expr {
	return f.must(wrt, withLayout(Request{Kind: diff.Gradient}, layout))
}

// Jacobian is the matrix of partial derivatives of a vector or, columns
// stacked, of a matrix; checked numerically. It panics with *Error.
func (f *Expr) Jacobian(wrt string, layout ...Layout) *Expr {
	return f.must(wrt, withLayout(Request{Kind: diff.Jacobian}, layout))
}

// Hessian is the matrix of second derivatives of a scalar, checked
// numerically. It panics with *Error.
func (f *Expr) Hessian(wrt string) *Expr { return f.must(wrt, Request{Kind: diff.Hessian}) }

// Diff is the derivative that fits the shapes: a gradient, a Jacobian, or the
// entry-by-entry derivative by a scalar. It panics with *Error.
func (f *Expr) Diff(wrt string) *Expr { return f.must(wrt, Request{}) }

func withLayout(q Request, layout []Layout) Request {
	if len(layout) > 0 {
		q.Layout = layout[0]
	}
	return q
}

func (f *Expr) must(wrt string, q Request) *Expr {
	d, err := f.Ask(wrt, q)
	raise(err)
	return d
}

// Ask answers a request; the result has passed its numeric check. The error is
// an *Error.
func (f *Expr) Ask(wrt string, q Request) (*Expr, error) {
	x := f.vars.scope.Vars[wrt]
	if x == nil {
		return nil, shape.NewError(shape.Unknown, fmt.Sprintf("undefined variable %q", wrt), "declared: "+fmt.Sprint(f.vars.scope.Names()))
	}
	q = q.Normal(f.node, x)
	s := rewrite.New()
	d, err := diff.Derive(f.node, x, q, s)
	if err != nil {
		return nil, err
	}
	report, err := f.vars.verify(f.node, x, d, q, s)
	if err != nil {
		return nil, shape.NewError(shape.Unverified, "a result was found but did not pass its numeric check, so it is not shown: "+err.Error(), "please report the expression")
	}
	return &Expr{vars: f.vars, node: d, from: &origin{f.node, x, q, report}}, nil
}

// verify checks a derivative against dual numbers. A Hessian is checked as the
// derivative of the gradient, which is checked itself.
func (v *Variables) verify(f, x, d *expr.Node, q Request, s *rewrite.Simplifier) (*check.Report, error) {
	c := check.Claim{F: f, Wrt: x, Result: d}
	switch q.Kind {
	case diff.Gradient:
		c.Flip = q.Layout == diff.Numerator
		c.Form = map[diff.Structure]check.Form{
			diff.Independent: check.FormIndependent, diff.Projected: check.FormProjected, diff.DiagonalOf: check.FormDiagonal, diff.SkewOf: check.FormSkew,
		}[q.Structure]
	case diff.MatrixByScalar:
		c.Form = check.FormPlain
	case diff.Jacobian:
		c.Form = check.FormJacobian
		c.Flip = q.Layout == diff.Denominator || q.Layout == diff.DenVec
	case diff.Hessian:
		g, err := diff.FreeGradient(f, x, s)
		if err != nil {
			return nil, err
		}
		first := check.Claim{F: f, Wrt: x, Result: g}
		if x.Shape().IsScalar() {
			first.Form = check.FormPlain
		}
		if r, err := v.claimed(first); err != nil {
			return r, err
		}
		c.F, c.Form = g, check.FormJacobian
		if x.Shape().IsScalar() {
			c.Form = check.FormPlain
		}
	}
	return v.claimed(c)
}

// claimed checks a claim that has not passed before.
func (v *Variables) claimed(c check.Claim) (*check.Report, error) {
	if r, ok := v.passed.Load(c); ok {
		return r.(*check.Report), nil
	}
	r, err := check.Derivative(c)
	if err == nil {
		v.passed.Store(c, r)
	}
	return r, err
}
