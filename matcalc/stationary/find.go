package stationary

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A Constraint is an equation left = right that holds.
type Constraint struct{ Left, Right *expr.Node }

// A Point is a stationary point, or the equation that it satisfies.
type Point struct {
	F, Wrt      *expr.Node
	Constraints []Constraint
	Multipliers []*expr.Node
	Lagrangian  *expr.Node // f + tr(multiplier'*(left-right)); f without constraints
	Gradient    *expr.Node // of the Lagrangian
	Root        *Root      // nil where no closed form is known
	Hessian     *expr.Node // of the Lagrangian; nil where it has no closed form
	Kind        Kind
	Why         Rule // why the point is of that kind
	Conditions  []Rule
	Steps       []Step
	Many        bool // the solution is one of many: the system has no inverse
	Points      int  // at how many random points the gradient was found to vanish
	// Branches are all stationary points found where there are several; the
	// point itself is the first of them.
	Branches []Branch
}

// Find looks for the stationary points of a scalar f by x under equality
// constraints. Where no closed form is known Root is nil and Gradient = 0 is
// the equation. The error is a *shape.Error.
func Find(f, x *expr.Node, constraints []Constraint) (*Point, error) {
	if !f.Shape().IsScalar() {
		return nil, shape.NewError(shape.Mismatch, "a stationary point is one of a scalar function, not of a "+f.Shape().Describe(), "take a norm, a trace or a sum")
	}
	if !f.DependsOn(x) {
		return nil, shape.NewError(shape.Domain, "the function does not depend on "+x.Name(), "")
	}
	if x.Declared().Has(expr.Diagonal) && x.Shape().IsMatrix() {
		return diagonal(f, x, constraints)
	}
	p := &Point{F: f, Wrt: x, Constraints: constraints, Lagrangian: f}
	for i, c := range constraints {
		if c.Left.Shape() != c.Right.Shape() {
			return nil, shape.NewError(shape.Mismatch, fmt.Sprintf("the sides of the constraint do not fit: %s and %s", c.Left.Shape().Describe(), c.Right.Shape().Describe()), "")
		}
		if !c.Left.DependsOn(x) && !c.Right.DependsOn(x) {
			return nil, shape.NewError(shape.Domain, "the constraint does not depend on "+x.Name(), "")
		}
		m := x.Context().Sym(multiplierName(x.Context(), i, len(constraints)), c.Left.Shape(), 0)
		p.Multipliers = append(p.Multipliers, m)
		p.Lagrangian = expr.Add(p.Lagrangian, inner(m, expr.Sub(c.Left, c.Right)))
	}
	s := &solver{s: rewrite.New()}
	g, err := diff.Derive(p.Lagrangian, x, diff.Request{Kind: diff.Gradient}, s.s)
	if err != nil {
		return nil, err
	}
	p.Gradient = g
	p.Hessian, _ = diff.Derive(p.Lagrangian, x, diff.Request{Kind: diff.Hessian}, s.s)
	p.Steps = []Step{{g, zero(g), ruleZero}}
	if x.Shape().IsMatrix() && x.Is(expr.Symmetric) && !g.Is(expr.Symmetric) {
		g = s.simple(expr.Scale(expr.RatHalf, expr.Add(g, expr.T(g))))
		p.Gradient = g
		p.Steps = append(p.Steps, Step{g, zero(g), ruleSymmetric})
	}
	if len(constraints) == 0 {
		s.unconstrained(p)
	} else {
		s.underConstraints(p)
	}
	if p.Root != nil {
		p.Steps = append(p.Steps, p.Root.Steps...)
		p.Conditions = p.conditions()
	}
	p.classify(s)
	return p, nil
}

// diagonal solves for the diagonal of a diagonal matrix.
func diagonal(f, x *expr.Node, constraints []Constraint) (*Point, error) {
	ctx := x.Context()
	d := ctx.Sym("diag_"+x.Name(), shape.Vector(x.Shape().Rows), x.Declared()&(expr.Positive|expr.NonNeg|expr.Nonzero))
	with := map[*expr.Node]*expr.Node{x: expr.Diag(d)}
	inside := make([]Constraint, len(constraints))
	for i, c := range constraints {
		inside[i] = Constraint{expr.Substitute(c.Left, with), expr.Substitute(c.Right, with)}
	}
	p, err := Find(rewrite.Simplify(expr.Substitute(f, with)), d, inside)
	if err != nil || p.Root == nil || p.Root.Value == nil {
		return p, err
	}
	p.F, p.Wrt = f, x
	p.Root.Value = expr.Diag(p.Root.Value)
	p.Steps = append(p.Steps, Step{x, p.Root.Value, ruleDiagonal})
	return p, nil
}

func multiplierName(ctx *expr.Context, i, n int) string {
	name := "λ"
	if n > 1 {
		name = fmt.Sprintf("λ%d", i+1)
	}
	for _, v := range ctx.Symbols() {
		if v.Name() == name && v.Declared() != 0 {
			return "ν" + name
		}
	}
	return name
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
	return expr.Call(expr.OpTr, expr.Mul(expr.T(a), b))
}
