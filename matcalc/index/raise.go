package index

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Matrix is the form as a scalar, a column or a matrix; nil where it has more
// than two free indices or a term has no matrix form.
func (f *Form) Matrix() *expr.Node { return raised(f.Ctx, f.Terms, f.Free) }

// Folded is the form with every bound index eliminated that can be: its factors
// are entries and deltas only, except where a function of a sum has no matrix
// form.
func (f *Form) Folded() *Form {
	out := &Form{Ctx: f.Ctx, Free: f.Free}
	for _, t := range f.Terms {
		g := newGraph(f.Ctx, t, f.Free)
		if g == nil {
			out.Terms = append(out.Terms, t)
			continue
		}
		g.eliminate()
		out.Terms = append(out.Terms, g.term())
	}
	out.Terms = collected(out.Terms, out.Free)
	return out
}

// raised is a sum as a node over at most two free indices; nil when a term has
// no matrix form.
func raised(c *expr.Context, ts []Term, free []*Index) *expr.Node {
	if len(free) > 2 {
		return nil
	}
	sh := shape.Scalar
	if len(free) > 0 {
		sh.Rows = free[0].Size
	}
	if len(free) > 1 {
		sh.Cols = free[1].Size
	}
	if len(ts) == 0 {
		return c.Zeros(sh.Rows, sh.Cols)
	}
	var out []*expr.Node
	for _, t := range ts {
		n := raisedTerm(c, t, free)
		if n == nil {
			return nil
		}
		out = append(out, n)
	}
	return expr.Add(out...)
}

// raisedTerm is one term as a node. A power of a sum is kept or multiplied out,
// whichever is shorter.
func raisedTerm(c *expr.Context, t Term, free []*Index) *expr.Node {
	var best *expr.Node
	if g := newGraph(c, t, free); g != nil {
		g.eliminate()
		best = g.node()
	}
	if ts := multipliedOut(t); ts != nil {
		if n := raised(c, ts, free); n != nil && (best == nil || n.Size() < best.Size()) {
			best = n
		}
	}
	return best
}

// maxExpanded bounds the powers of sums that are multiplied out.
const maxExpanded = 4

// multipliedOut replaces the first small whole power of a sum by its terms; nil
// when there is none.
func multipliedOut(t Term) []Term {
	for k, f := range t.Factors {
		if f.Fn == nil || f.Fn.Op() != expr.OpPow || len(f.uses()) < 2 || len(f.Arg) > maxExpanded {
			continue
		}
		e, ok := f.Fn.Arg(1).Rat().Int64()
		if !ok || !f.Fn.Arg(1).IsNum() || e < 2 || e > maxExpanded {
			continue
		}
		product := f.Arg
		for range e - 1 {
			product = times(product, f.Arg)
		}
		rest := Term{Coef: t.Coef, Bound: t.Bound, Factors: append(append([]Factor(nil), t.Factors[:k]...), t.Factors[k+1:]...)}
		var out []Term
		for _, p := range product {
			out = append(out, contracted(Term{
				Coef: rest.Coef.Mul(p.Coef), Factors: append(append([]Factor(nil), rest.Factors...), p.Factors...),
				Bound: append(append([]*Index(nil), rest.Bound...), p.Bound...),
			}))
		}
		return collected(out, nil)
	}
	return nil
}

// graph is a term on its way to a matrix: scalars, weights of vertices and at
// most one edge between two vertices.
type graph struct {
	c       *expr.Context
	coef    expr.Rat
	scalars []*expr.Node
	weights map[*Index][]*expr.Node // columns, multiplied entry by entry
	edges   []edge
	deltas  []Factor
	free    []*Index
	bound   []*Index
}

// edge is a matrix whose rows run over a and whose columns run over b.
type edge struct {
	a, b *Index
	m    *expr.Node
}

// newGraph reads a term; nil when a function in it has no matrix form.
func newGraph(c *expr.Context, t Term, free []*Index) *graph {
	g := &graph{c: c, coef: t.Coef, weights: map[*Index][]*expr.Node{}, free: free, bound: t.Bound}
	for _, f := range t.Factors {
		n, at := f.Node, f.At
		switch {
		case f.IsDelta():
			g.deltas = append(g.deltas, f)
			continue
		case f.Fn != nil:
			at = f.uses()
			if n = applied(c, f, at); n == nil {
				return nil
			}
		}
		g.put(n, at)
	}
	return g
}

// applied is a function of a sum as a node over its indices; nil when there is
// no matrix form.
func applied(c *expr.Context, f Factor, at []*Index) *expr.Node {
	arg := raised(c, f.Arg, at)
	if arg == nil {
		return nil
	}
	if f.Fn.Op() == expr.OpPow {
		return expr.HPow(arg, f.Fn.Arg(1))
	}
	return expr.Rebuild(f.Fn, []*expr.Node{arg})
}

// put adds a scalar, a weight or an edge.
func (g *graph) put(n *expr.Node, at []*Index) {
	switch {
	case len(at) == 0:
		g.scalars = append(g.scalars, n)
	case len(at) == 1:
		g.weight(at[0], n)
	case at[0] == at[1]:
		g.weight(at[0], expr.Diag(n))
	default:
		g.edge(at[0], at[1], n)
	}
}

func (g *graph) weight(i *Index, v *expr.Node) {
	if v.Shape().IsRow() {
		v = expr.T(v)
	}
	if v.Op() != expr.OpOnes {
		g.weights[i] = append(g.weights[i], v)
	}
}

// edge adds a matrix; two between the same vertices are multiplied entry by
// entry.
func (g *graph) edge(a, b *Index, m *expr.Node) {
	for k, e := range g.edges {
		switch {
		case e.a == a && e.b == b:
			g.edges[k].m = expr.Had(e.m, m)
			return
		case e.a == b && e.b == a:
			g.edges[k].m = expr.Had(e.m, expr.T(m))
			return
		}
	}
	g.edges = append(g.edges, edge{a, b, m})
}

// neighbours are the edges at a vertex, turned so that their columns run over
// it.
func (g *graph) neighbours(v *Index) (out []edge, rest []edge) {
	for _, e := range g.edges {
		switch v {
		case e.b:
			out = append(out, e)
		case e.a:
			out = append(out, edge{e.b, e.a, expr.T(e.m)})
		default:
			rest = append(rest, e)
		}
	}
	return out, rest
}

// eliminate sums over bound vertices with at most two neighbours, those with
// fewest first.
func (g *graph) eliminate() {
	for {
		var best *Index
		least := 3
		for _, v := range g.bound {
			if g.inDelta(v) {
				continue
			}
			if out, _ := g.neighbours(v); len(out) < least {
				best, least = v, len(out)
			}
		}
		if best == nil {
			return
		}
		g.remove(best)
	}
}

func (g *graph) inDelta(v *Index) bool {
	for _, d := range g.deltas {
		if d.At[0] == v || d.At[1] == v {
			return true
		}
	}
	return false
}

func (g *graph) remove(v *Index) {
	near, rest := g.neighbours(v)
	w := g.weights[v]
	delete(g.weights, v)
	g.edges, g.bound = rest, without(g.bound, v)
	switch len(near) {
	case 0:
		g.scalars = append(g.scalars, g.summed(v, w))
	case 1:
		u := g.c.Ones(v.Size, shape.One)
		if len(w) > 0 {
			u = expr.Had(w...)
		}
		g.weight(near[0].a, expr.Mul(near[0].m, u))
	case 2:
		m := near[0].m
		if len(w) > 0 {
			m = expr.Mul(m, expr.Diag(expr.Had(w...)))
		}
		g.edge(near[0].a, near[1].a, expr.Mul(m, expr.T(near[1].m)))
	}
}

// summed is the sum of the products of weights: an inner product of two.
func (g *graph) summed(v *Index, w []*expr.Node) *expr.Node {
	switch len(w) {
	case 0:
		return g.c.Dim(v.Size)
	case 1:
		return expr.Call(expr.OpSum, w[0])
	}
	return expr.Mul(expr.T(w[0]), expr.Had(w[1:]...))
}

// node is the graph as a node over the free indices; nil when vertices or
// deltas are left that a matrix has no place for.
func (g *graph) node() *expr.Node {
	if len(g.bound) > 0 || len(g.free) > 2 {
		return nil
	}
	var m *expr.Node
	switch len(g.free) {
	case 0:
	case 1:
		m = g.column(g.free[0])
	default:
		if m = g.between(g.free[0], g.free[1]); m == nil {
			return nil
		}
	}
	if m == nil && len(g.deltas) > 0 || len(g.free) == 1 && len(g.deltas) > 0 {
		return nil
	}
	args := append([]*expr.Node{g.c.Num(g.coef)}, g.scalars...)
	if m != nil {
		args = append(args, m)
	}
	return expr.Mul(args...)
}

func (g *graph) column(i *Index) *expr.Node {
	if w := g.weights[i]; len(w) > 0 {
		return expr.Had(w...)
	}
	return g.c.Ones(i.Size, shape.One)
}

// between is the matrix over two free indices.
func (g *graph) between(i, j *Index) *expr.Node {
	wi, wj := g.weights[i], g.weights[j]
	if len(g.deltas) > 0 {
		if len(g.deltas) > 1 {
			return nil
		}
		w := append(append([]*expr.Node(nil), wi...), wj...)
		for _, e := range g.edges {
			w = append(w, expr.Diag(e.m))
		}
		if len(w) == 0 {
			return g.c.Eye(i.Size)
		}
		return expr.Diag(expr.Had(w...))
	}
	if len(g.edges) == 0 {
		return expr.Mul(g.column(i), expr.T(g.column(j)))
	}
	m := g.edges[0].m
	if g.edges[0].a == j {
		m = expr.T(m)
	}
	if len(wi) > 0 {
		m = expr.Mul(expr.Diag(expr.Had(wi...)), m)
	}
	if len(wj) > 0 {
		m = expr.Mul(m, expr.Diag(expr.Had(wj...)))
	}
	return m
}

// term is the graph as a term whose factors are entries.
func (g *graph) term() Term {
	t := Term{Coef: g.coef, Bound: g.bound}
	for _, s := range g.scalars {
		p := s.Product()
		if p.Coef.Equal(expr.RatOne) {
			t.Factors = append(t.Factors, entry(s))
			continue
		}
		t.Coef = t.Coef.Mul(p.Coef)
		p.Coef = expr.RatOne
		if rest := p.Node(g.c); !rest.IsInt(1) {
			t.Factors = append(t.Factors, entry(rest))
		}
	}
	t.Factors = append(t.Factors, g.deltas...)
	for _, i := range append(append([]*Index(nil), g.free...), g.bound...) {
		for _, w := range g.weights[i] {
			t.Factors = append(t.Factors, entry(w, i))
		}
	}
	for _, e := range g.edges {
		t.Factors = append(t.Factors, entry(e.m, e.a, e.b))
	}
	return t
}
