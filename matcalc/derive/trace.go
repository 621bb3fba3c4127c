package derive

import (
	"github.com/nabla-go/nabla/matcalc/expr"
)

// finish brings the last line to the form that the derivative is read from:
// tr(G'dX) for a matrix, G'dx for a vector, J dx for a vector function.
func (w *writer) finish(d *Derivation, line, want *expr.Node) error {
	if !d.F.Shape().IsScalar() {
		if want != line {
			d.add(Same, want, "collect")
		}
		return w.verify(want, line)
	}
	g, ok := w.adjoint(line, line.Context().Int(1))
	if !ok {
		if want != line {
			d.add(Same, want, "collect")
		}
		return nil
	}
	g = w.s.Polish(w.s.Simplify(g))
	id := "collect"
	inner := expr.Mul(expr.T(g), w.dx)
	if w.x.Shape().IsMatrix() {
		id = "rotate"
		inner = expr.Call(expr.OpTr, inner)
	}
	if err := w.verify(inner, line); err != nil {
		return err
	}
	if inner == line {
		return nil
	}
	d.add(Same, inner, id)
	d.Lines[len(d.Lines)-1].Trace = w.x.Shape().IsMatrix()
	return nil
}

// adjoint finds G with tr(G'dX) = tr(c'e), where e is linear in dX. It is false
// when e holds an operator that it cannot pass.
func (w *writer) adjoint(e, c *expr.Node) (g *expr.Node, ok bool) {
	if e == w.dx {
		return c, true
	}
	switch e.Op() {
	case expr.OpAdd:
		var sum []*expr.Node
		for _, a := range e.Args() {
			if !a.DependsOn(w.dx) {
				return nil, false
			}
			g, ok := w.adjoint(a, c)
			if !ok {
				return nil, false
			}
			sum = append(sum, g)
		}
		return expr.Add(sum...), true
	case expr.OpT:
		return w.adjoint(e.Arg(0), expr.T(c))
	case expr.OpTr:
		return w.adjoint(e.Arg(0), expr.Mul(c, e.Context().Eye(e.Arg(0).Shape().Rows)))
	case expr.OpSum:
		s := e.Arg(0).Shape()
		return w.adjoint(e.Arg(0), expr.Mul(c, e.Context().Ones(s.Rows, s.Cols)))
	case expr.OpDiag:
		if !e.Arg(0).Shape().IsColumn() {
			return nil, false
		}
		return w.adjoint(e.Arg(0), expr.Diag(c))
	case expr.OpDiagOf:
		return w.adjoint(e.Arg(0), expr.Diag(c))
	case expr.OpHad:
		others, inner := w.without(e.Args())
		if inner == nil {
			return nil, false
		}
		return w.adjoint(inner, expr.Had(append(others, c)...))
	case expr.OpMul:
		return w.adjointProduct(e, c)
	}
	return nil, false
}

// without splits the operands into those free of dX and the one that has it.
func (w *writer) without(args []*expr.Node) (others []*expr.Node, inner *expr.Node) {
	for _, a := range args {
		switch {
		case !a.DependsOn(w.dx):
			others = append(others, a)
		case inner != nil:
			return nil, nil
		default:
			inner = a
		}
	}
	return others, inner
}

func (w *writer) adjointProduct(e, c *expr.Node) (*expr.Node, bool) {
	p := e.Product()
	ctx := e.Context()
	scale := []*expr.Node{ctx.Num(p.Coef)}
	if len(p.Chain) == 0 || w.none(p.Chain) {
		others, inner := w.without(p.Scalars)
		if inner == nil {
			return nil, false
		}
		scale = append(scale, others...)
		if len(p.Chain) > 0 {
			chain := expr.Mul(p.Chain...)
			c = expr.Call(expr.OpTr, expr.Mul(expr.T(c), chain))
		}
		return w.adjoint(inner, expr.Mul(append(scale, c)...))
	}
	if !w.none(p.Scalars) {
		return nil, false
	}
	scale = append(scale, p.Scalars...)
	at := -1
	for i, f := range p.Chain {
		if f.DependsOn(w.dx) {
			if at >= 0 {
				return nil, false
			}
			at = i
		}
	}
	g := []*expr.Node{}
	if at > 0 {
		g = append(g, expr.T(expr.Mul(p.Chain[:at]...)))
	}
	g = append(g, c)
	if at < len(p.Chain)-1 {
		g = append(g, expr.T(expr.Mul(p.Chain[at+1:]...)))
	}
	return w.adjoint(p.Chain[at], expr.Mul(append(scale, g...)...))
}

func (w *writer) none(nodes []*expr.Node) bool {
	for _, n := range nodes {
		if n.DependsOn(w.dx) {
			return false
		}
	}
	return true
}
