package derive

import (
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// ByDefinition derives f by x from what a derivative is: X gets an increment dX,
// the expression is expanded from the inside, what is of second order is
// dropped, and the derivative is read off the linear part. A line that holds to
// first order is compared with f and with its differential there.
func ByDefinition(f, x, result *expr.Node, q diff.Request) (*Derivation, error) {
	s := rewrite.New()
	w := &writer{s: s, x: x, dx: symbolOf(f, x)}
	d := &Derivation{F: f, Wrt: x, D: w.dx, Result: result, Layout: q.Layout}
	d.add(Function, f, "given")
	g := squares(f)
	if g != f {
		d.add(Same, g, "square")
	}
	want, err := diff.Directional(f, x, w.dx, s)
	if err != nil {
		return nil, err
	}
	m := &mover{writer: w, f: g, want: want, height: map[*expr.Node]int{}}
	m.measure()
	linear, err := m.expansion(d)
	if err != nil {
		return nil, err
	}
	d.add(Differential, linear, "subtract")
	if err := w.verify(linear, want); err != nil {
		return nil, err
	}
	if err := w.finish(d, linear, want); err != nil {
		return nil, err
	}
	d.add(Derivative, result, "read")
	return d, nil
}

// A mover expands f(X+dX) level by level.
type mover struct {
	*writer
	f, want *expr.Node
	height  map[*expr.Node]int // of nodes that depend on x; x has 0
}

// measure finds the heights; a transpose is as high as what it transposes.
func (m *mover) measure() {
	for _, n := range expr.PostOrder(m.f) {
		if !n.DependsOn(m.x) || n == m.x {
			continue
		}
		h := 0
		for _, a := range n.Args() {
			if a.DependsOn(m.x) {
				h = max(h, m.height[a])
			}
		}
		if n.Op() != expr.OpT {
			h++
		}
		m.height[n] = h
	}
}

// expansion writes the lines from f(X+dX) to f plus its linear part, which it
// returns.
func (m *mover) expansion(d *Derivation) (*expr.Node, error) {
	top := m.height[m.f]
	line, err := m.level(m.f, 0)
	if err != nil {
		return nil, err
	}
	d.add(Moved, line, "move")
	order := false
	from := 1
	if top > mostRounds {
		from = top - mostRounds
	}
	for k := from; k < top; k++ {
		next, err := m.level(m.f, k)
		if err != nil {
			return nil, err
		}
		if next == line {
			continue
		}
		id := "expand"
		if !m.exact(k) {
			id, order = "first order", true
		}
		if err := m.holds(next); err != nil {
			return nil, err
		}
		d.add(Same, next, id)
		d.Lines[len(d.Lines)-1].Order = order
		line = next
	}
	return m.last(d, top, order)
}

// last expands the outermost operation and drops what is of second order.
func (m *mover) last(d *Derivation, top int, order bool) (*expr.Node, error) {
	linear, id := m.want, "first order"
	if full, first, ok, err := m.multiplied(m.f, top-1); err != nil {
		return nil, err
	} else if ok {
		if err := m.holds(full); err != nil {
			return nil, err
		}
		d.add(Same, full, "expand")
		d.Lines[len(d.Lines)-1].Order = order
		linear, id = first, "drop"
		if full == expr.Add(m.f, first) {
			return linear, nil // linear already: nothing to drop
		}
	}
	rest := expr.Add(m.f, linear)
	if err := m.holds(rest); err != nil {
		return nil, err
	}
	d.add(Same, rest, id)
	d.Lines[len(d.Lines)-1].Order = true
	return linear, nil
}

// level is f with every part of at most height k replaced by its value and its
// linear part at X+dX, and the rest at the moved operands.
func (m *mover) level(n *expr.Node, k int) (*expr.Node, error) {
	switch {
	case !n.DependsOn(m.x):
		return n, nil
	case n == m.x:
		return expr.Add(m.x, m.dx), nil
	case n.Op() == expr.OpT:
		a, err := m.level(n.Arg(0), k)
		if err != nil {
			return nil, err
		}
		return expr.T(a), nil
	case m.height[n] <= k:
		linear, err := diff.Directional(n, m.x, m.dx, m.s)
		if err != nil {
			return nil, err
		}
		return expr.Add(n, linear), nil
	}
	args := make([]*expr.Node, len(n.Args()))
	for i, a := range n.Args() {
		var err error
		if args[i], err = m.level(a, k); err != nil {
			return nil, err
		}
	}
	return expr.Rebuild(n, args), nil
}

// exact reports that nothing is dropped at height k: only sums, and products
// with one factor that moves.
func (m *mover) exact(k int) bool {
	for n, h := range m.height {
		if h != k || n.Op() == expr.OpT {
			continue
		}
		switch n.Op() {
		case expr.OpAdd, expr.OpTr, expr.OpSum, expr.OpVec, expr.OpDiag, expr.OpDiagOf, expr.OpHCat, expr.OpVCat:
		case expr.OpMul, expr.OpHad, expr.OpKron:
			if m.factors(n) > 1 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// multiplied expands the products of the outermost operation: all terms, and
// those that are linear in dX. It is false for other operations, and where the
// terms would be many.
func (m *mover) multiplied(n *expr.Node, k int) (full, linear *expr.Node, ok bool, err error) {
	switch n.Op() {
	case expr.OpTr, expr.OpSum:
		full, linear, ok, err = m.multiplied(n.Arg(0), k-1)
		if !ok || err != nil {
			return nil, nil, false, err
		}
		return termwise(n.Op(), full), termwise(n.Op(), linear), true, nil
	case expr.OpAdd:
		var fulls, linears []*expr.Node
		for _, a := range n.Args() {
			if !a.DependsOn(m.x) {
				fulls = append(fulls, a)
				continue
			}
			f, l, ok, err := m.multiplied(a, k)
			if !ok || err != nil {
				return nil, nil, false, err
			}
			fulls, linears = append(fulls, f), append(linears, l)
		}
		return expr.Add(fulls...), expr.Add(linears...), true, nil
	case expr.OpMul, expr.OpHad:
		return m.factorwise(n, k)
	case expr.OpT:
		full, linear, ok, err = m.multiplied(n.Arg(0), k)
		if !ok || err != nil {
			return nil, nil, false, err
		}
		return termwise(expr.OpT, full), termwise(expr.OpT, linear), true, nil
	case expr.OpSym:
		return expr.Add(m.x, m.dx), m.dx, n == m.x, nil
	}
	return nil, nil, false, nil
}

// termwise applies a linear operator to each term of a sum.
func termwise(op expr.Op, n *expr.Node) *expr.Node {
	of := func(t *expr.Node) *expr.Node {
		if op == expr.OpT {
			return expr.T(t)
		}
		if t.Shape().IsScalar() {
			return t
		}
		return expr.Call(op, t)
	}
	if n.Op() != expr.OpAdd {
		return of(n)
	}
	terms := make([]*expr.Node, len(n.Args()))
	for i, t := range n.Args() {
		terms[i] = of(t)
	}
	return expr.Add(terms...)
}

// factorwise multiplies a product out: each moving factor is its value plus its
// linear part.
func (m *mover) factorwise(n *expr.Node, k int) (full, linear *expr.Node, ok bool, err error) {
	if m.factors(n) > 3 {
		return nil, nil, false, nil
	}
	join := expr.Mul
	if n.Op() == expr.OpHad {
		join = expr.Had
	}
	terms, orders := [][]*expr.Node{nil}, []int{0}
	for _, a := range n.Args() {
		choices, by := []*expr.Node{a}, []int{0}
		if a.DependsOn(m.x) {
			l, err := diff.Directional(a, m.x, m.dx, m.s)
			if err != nil {
				return nil, nil, false, err
			}
			choices, by = append(choices, l), append(by, 1)
		}
		var next [][]*expr.Node
		var nextOrders []int
		for i, t := range terms {
			for j, c := range choices {
				next = append(next, append(append([]*expr.Node{}, t...), c))
				nextOrders = append(nextOrders, orders[i]+by[j])
			}
		}
		terms, orders = next, nextOrders
	}
	var all, first []*expr.Node
	for i, t := range terms {
		p := join(t...)
		all = append(all, p)
		if orders[i] == 1 {
			first = append(first, p)
		}
	}
	return expr.Add(all...), expr.Add(first...), true, nil
}

// holds compares a line with f where dX is zero, and its differential by dX
// there with that of f.
func (m *mover) holds(line *expr.Node) error {
	ctx := line.Context()
	t := ctx.Sym("t of dX", ctx.Int(1).Shape(), 0)
	along := expr.Substitute(line, map[*expr.Node]*expr.Node{m.dx: expr.Mul(t, m.dx)})
	zero := map[*expr.Node]*expr.Node{t: ctx.Int(0)}
	if err := m.verify(m.s.Simplify(expr.Substitute(along, zero)), m.f); err != nil {
		return err
	}
	slope, err := diff.Directional(along, t, ctx.Int(1), m.s)
	if err != nil {
		return err
	}
	return m.verify(m.s.Simplify(expr.Substitute(slope, zero)), m.want)
}
