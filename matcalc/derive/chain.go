package derive

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// mostNames bounds the intermediates that get a name.
const mostNames = 10

// An intermediate is a part of the expression with a name.
type intermediate struct {
	node   *expr.Node // as written
	name   *expr.Node // the symbol that stands for it
	def    *expr.Node // in terms of the intermediates before
	slope  *expr.Node // symbol for ∂f/∂name
	solved *expr.Node // ∂f/∂name in terms of the names and slopes
}

// ByChain derives f by x with the chain rule: the parts of f get names, the
// derivative by each follows from those by the parts that it enters, and the
// names are put back at the end. A vector function carries a fixed vector of
// weights along: its Jacobian is read off the gradient of the weighted sum.
func ByChain(f, x, result *expr.Node, q diff.Request) (*Derivation, error) {
	s := rewrite.New()
	c := &chainWriter{s: s, f: f, x: x, ctx: f.Context(),
		d: &Derivation{F: f, Wrt: x, D: symbolOf(f, x), Result: result, Layout: q.Layout}}
	c.d.add(Function, f, "given")
	run := c.backward
	if x.Shape().IsScalar() || !f.Shape().IsScalar() {
		run = c.forward
	}
	d, err := run()
	if err != nil {
		return nil, err
	}
	for i, l := range d.Lines {
		if l.Right != nil && l.worth == nil {
			d.Lines[i].worth = func() *expr.Node { return c.back(l.Right) }
		}
	}
	return d, nil
}

type chainWriter struct {
	s    *rewrite.Simplifier
	f, x *expr.Node
	ctx  *expr.Context
	d    *Derivation
	list []*intermediate
	top  *expr.Node // f in terms of the names
}

// cut names the intermediates. Where the expression has no parts, each place of
// x gets a name, as in u'*A*v with u = x and v = x.
func (c *chainWriter) cut() {
	uses := map[*expr.Node][]*expr.Node{}
	nodes := expr.PostOrder(c.f)
	for _, n := range nodes {
		for _, a := range n.Args() {
			uses[a] = append(uses[a], n)
		}
	}
	with := map[*expr.Node]*expr.Node{}
	for _, n := range nodes {
		if n == c.f || len(c.list) >= mostNames || !c.worthy(n, uses[n]) {
			continue
		}
		c.name(n, expr.Substitute(n, with), with)
	}
	c.top = expr.Substitute(c.f, with)
	if len(c.list) == 0 {
		c.occurrences()
	}
}

// worthy reports a part that is worth a name: no leaf, no transpose, and not a
// term of a sum that is used there only.
func (c *chainWriter) worthy(n *expr.Node, users []*expr.Node) bool {
	if n.IsLeaf() || !n.DependsOn(c.x) || n.Op() == expr.OpT {
		return false
	}
	if len(users) == 1 {
		u := users[0]
		switch {
		case n.Op() == expr.OpNorm2 && u.Op() == expr.OpPow:
			return false // a squared norm has the simple derivative
		case n.Op() == expr.OpMul && u.Op() == expr.OpAdd:
			return false
		case n.Op() == expr.OpAdd && u.Op() == expr.OpAdd:
			return false
		}
	}
	if p := n.Product(); n.Op() == expr.OpMul && len(p.Chain)+len(p.Scalars) == 1 {
		return false // a multiple
	}
	return true
}

// letters are the names of intermediates by what they are.
var letters = map[bool]string{true: "U", false: "u"}

func (c *chainWriter) name(n, def *expr.Node, with map[*expr.Node]*expr.Node) {
	letter := letters[n.Shape().IsMatrix()]
	if n.Shape().IsScalar() {
		letter = "s"
	}
	i := &intermediate{node: n, def: def}
	i.name = c.symbol(fmt.Sprintf("%s_%d", letter, len(c.list)+1), n)
	i.slope = c.ctx.Sym("∂f/∂"+i.name.Name(), n.Shape(), 0)
	c.list = append(c.list, i)
	with[n] = i.name
}

// symbol makes a name that is not declared otherwise, with the facts of n.
func (c *chainWriter) symbol(name string, n *expr.Node) *expr.Node {
	for _, s := range c.ctx.Symbols() {
		if s.Name() == name && s.Shape() != n.Shape() {
			name = "w" + name
		}
	}
	var facts expr.Props
	for _, p := range []expr.Props{expr.Invertible, expr.Positive, expr.NonNeg, expr.PD, expr.PosDet} {
		if n.Is(p) {
			facts |= p
		}
	}
	return c.ctx.Sym(name, n.Shape(), facts)
}

// occurrences gives every place of x in a product a name.
func (c *chainWriter) occurrences() {
	args := append([]*expr.Node{}, c.f.Args()...)
	for k, a := range args {
		if !a.DependsOn(c.x) {
			continue
		}
		inner := a
		if a.Op() == expr.OpT {
			inner = a.Arg(0)
		}
		if inner != c.x {
			return
		}
		i := &intermediate{node: inner, def: c.x}
		i.name = c.symbol(fmt.Sprintf("%s_%d", letters[c.x.Shape().IsMatrix()], len(c.list)+1), inner)
		i.slope = c.ctx.Sym("∂f/∂"+i.name.Name(), inner.Shape(), 0)
		c.list = append(c.list, i)
		args[k] = i.name
		if a.Op() == expr.OpT {
			args[k] = expr.T(i.name)
		}
	}
	if len(c.list) > 0 {
		c.top = expr.Rebuild(c.f, args)
	}
}

// backward goes from f to x: the gradient by each name from those by the names
// that it enters.
func (c *chainWriter) backward() (*Derivation, error) {
	c.cut()
	for _, i := range c.list {
		c.d.define(i.name, i.def, "name")
	}
	if len(c.list) > 0 {
		c.d.add(Function, c.top, "names")
	}
	for k := len(c.list) - 1; k >= 0; k-- {
		i := c.list[k]
		terms, err := c.contributions(i.name, k+1)
		if err != nil {
			return nil, err
		}
		i.solved = c.s.Polish(c.s.Simplify(expr.Add(terms...)))
		if err := c.verify(i); err != nil {
			return nil, err
		}
		c.d.slope(i.name, i.solved, "chain")
	}
	terms, err := c.contributions(c.x, 0)
	if err != nil {
		return nil, err
	}
	line := c.s.Polish(c.s.Simplify(expr.Add(terms...)))
	back := c.back(line)
	if err := (&writer{}).verify(back, c.free()); err != nil {
		return nil, err
	}
	if len(c.list) > 0 {
		c.d.slope(c.x, line, "chain")
		c.d.add(Same, back, "put back")
	} else {
		c.d.add(Derivative, back, "function")
	}
	if c.d.Result != back {
		c.d.add(Derivative, c.d.Result, "simplify")
	}
	return c.d, nil
}

// free is the gradient with every entry free, in the shape of x.
func (c *chainWriter) free() *expr.Node {
	g, err := diff.FreeGradient(c.f, c.x, c.s)
	if err != nil {
		panic(err)
	}
	return g
}

// contributions are the terms of ∂f/∂z from f itself and from the intermediates
// from k on.
func (c *chainWriter) contributions(z *expr.Node, k int) ([]*expr.Node, error) {
	var terms []*expr.Node
	add := func(value, weight *expr.Node) error {
		if !value.DependsOn(z) {
			return nil
		}
		inner := value
		if weight != nil {
			inner = expr.Mul(expr.T(weight), value)
			if inner.Shape() != c.ctx.Int(1).Shape() {
				inner = expr.Call(expr.OpTr, inner)
			}
		}
		g, err := diff.FreeGradient(inner, z, c.s)
		if err == nil {
			terms = append(terms, g)
		}
		return err
	}
	if err := add(c.top, nil); err != nil {
		return nil, err
	}
	for _, j := range c.list[k:] {
		if err := add(j.def, j.slope); err != nil {
			return nil, err
		}
	}
	if len(terms) == 0 {
		terms = append(terms, c.ctx.Zeros(z.Shape().Rows, z.Shape().Cols))
	}
	return terms, nil
}

// back puts the slopes and names back.
func (c *chainWriter) back(n *expr.Node) *expr.Node {
	for _, i := range c.list { // the first depends on all that follow
		if i.solved != nil {
			n = expr.Substitute(n, map[*expr.Node]*expr.Node{i.slope: i.solved})
		}
	}
	with := map[*expr.Node]*expr.Node{}
	for _, i := range c.list {
		with[i.name] = i.node
	}
	return c.s.Polish(c.s.Simplify(expr.Substitute(n, with)))
}

// verify compares the derivative by a name with the one that package diff finds
// when the part of f is a variable of its own.
func (c *chainWriter) verify(i *intermediate) error {
	if i.node == c.x {
		return nil // an occurrence: the sum over them is checked
	}
	z := c.ctx.Sym("part "+i.name.Name(), i.node.Shape(), i.name.Declared())
	opened := expr.Substitute(c.f, map[*expr.Node]*expr.Node{i.node: z})
	want, err := diff.FreeGradient(opened, z, c.s)
	if err != nil {
		return err
	}
	want = expr.Substitute(want, map[*expr.Node]*expr.Node{z: i.node})
	return (&writer{}).verify(c.back(i.solved), want)
}

// forward goes from x to f with differentials of the names, for vector and
// matrix functions and for a scalar variable: du = (∂u/∂x)dx is put into the
// next.
func (c *chainWriter) forward() (*Derivation, error) {
	c.cut()
	dx := c.d.D
	if c.x.Shape().IsScalar() {
		dx = c.ctx.Int(1)
	}
	slopes := map[*expr.Node]*expr.Node{} // symbol du by name
	values := map[*expr.Node]*expr.Node{} // du worked out, by symbol
	for _, i := range c.list {
		c.d.define(i.name, i.def, "name")
	}
	if len(c.list) > 0 {
		c.d.add(Function, c.top, "names")
	}
	total := func(e *expr.Node) (*expr.Node, error) {
		var terms []*expr.Node
		for _, v := range append([]*expr.Node{c.x}, c.names()...) {
			if !e.DependsOn(v) {
				continue
			}
			dir := slopes[v]
			if v == c.x {
				dir = dx
			}
			t, err := diff.Directional(e, v, dir, c.s)
			if err != nil {
				return nil, err
			}
			terms = append(terms, t)
		}
		return c.s.Polish(c.s.Simplify(expr.Add(terms...))), nil
	}
	for _, i := range c.list {
		du := c.ctx.Sym("d"+i.name.Name(), i.name.Shape(), 0)
		line, err := total(i.def)
		if err != nil {
			return nil, err
		}
		slopes[i.name], values[du] = du, line
		c.d.differential(i.name, line, "chain")
	}
	line, err := total(c.top)
	if err != nil {
		return nil, err
	}
	c.d.add(Differential, line, "chain")
	for k := len(c.list) - 1; k >= 0; k-- { // the last depends on those before
		du := slopes[c.list[k].name]
		line = expr.Substitute(line, map[*expr.Node]*expr.Node{du: values[du]})
	}
	line = c.back(line)
	want, err := diff.Directional(c.f, c.x, dx, c.s)
	if err != nil {
		return nil, err
	}
	if err := (&writer{}).verify(line, want); err != nil {
		return nil, err
	}
	if len(c.list) > 0 {
		c.d.add(Same, line, "put back")
	}
	if want != line {
		c.d.add(Same, want, "collect")
	}
	c.d.add(Derivative, c.d.Result, "read")
	return c.d, nil
}

func (c *chainWriter) names() []*expr.Node {
	var out []*expr.Node
	for _, i := range c.list {
		out = append(out, i.name)
	}
	return out
}
