package stationary

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
)

func gradient(f, x *expr.Node, s *solver) (*expr.Node, error) {
	return diff.Derive(f, x, diff.Request{Kind: diff.Gradient}, s.s)
}

// vec is the stacked columns of the root as an expression.
func (r *Root) vec(x *expr.Node) *expr.Node {
	switch {
	case r.Value != nil:
		return r.Value
	case r.System != nil:
		return expr.Mul(expr.Inv(r.System), r.Side)
	}
	ctx := x.Context()
	k := expr.Add(expr.Call(expr.OpKron, ctx.Eye(x.Shape().Cols), r.A), expr.Call(expr.OpKron, expr.T(r.B), ctx.Eye(x.Shape().Rows)))
	return expr.Mul(expr.Inv(k), expr.Call(expr.OpVec, r.C))
}

// nodes are the expressions that the root is made of.
func (r *Root) nodes(x *expr.Node) []*expr.Node {
	if r.Pencil != nil {
		return []*expr.Node{r.Pencil.A, r.Pencil.B, r.Pencil.Scale}
	}
	return []*expr.Node{r.vec(x)}
}

// at is the value of the root, the columns stacked where it has no other form.
func (r *Root) at(env *check.Env, x *expr.Node) (*check.Value, error) {
	if r.Pencil != nil {
		return r.Pencil.at(env)
	}
	return env.Eval(r.vec(x))
}

// allowed tells that a value has the declared signs.
func allowed(x *expr.Node, v *check.Value) bool {
	d := x.Declared()
	for _, e := range v.V {
		if d.Has(expr.Positive) && e <= 0 || d.Has(expr.NonNeg) && e < 0 {
			return false
		}
	}
	return true
}

// sample is a random point with the root's value in place of the unknown.
type sample struct {
	env  *check.Env
	root *check.Value
}

const (
	samples     = 6 // at each choice of sizes
	sampleTries = 18
	flat        = 1e-6
	huge        = 1e6 // a root with such entries comes from an inverse that hardly exists
)

// sampled draws points at which the root has a value.
func (p *Point) sampled(perSize int) []sample {
	out, _ := p.drawn(perSize)
	return out
}

// drawn is sampled; it also counts the choices of sizes at which the system
// had no inverse at any point.
func (p *Point) drawn(perSize int) (out []sample, singular int) {
	needs := p.Root.nodes(p.Wrt)
	nodes := append([]*expr.Node{p.Gradient}, needs...)
	for _, m := range p.Root.Needs {
		if m.Shape().IsSquare() && !m.Shape().IsScalar() {
			needs = append(needs, expr.Inv(m))
		}
	}
	vars := []*expr.Node{p.Wrt}
	for _, n := range append([]*expr.Node{p.Gradient, p.F}, needs...) {
		vars = append(vars, n.Variables()...)
	}
	vars = distinct(vars)
	for round := range check.SizeRounds {
		found, irregular := 0, 0
		for try := 0; try < sampleTries+perSize && found < perSize; try++ {
			env, err := check.Draw(vars, round, try%sampleTries+1000*(try/sampleTries), nodes...)
			if err != nil {
				return nil, 0
			}
			unsigned(env, vars, try)
			v, err := p.Root.at(env, p.Wrt)
			if err != nil {
				return nil, 0
			}
			if !regular(env, needs) {
				irregular++
				continue
			}
			if !v.Finite() || !allowed(p.Wrt, v) || most(v) > huge {
				continue
			}
			x := env.Vars[p.Wrt]
			if v.R != x.R || v.C != x.C {
				v = unstacked(v, x.R, x.C)
			}
			out = append(out, sample{env.With(p.Wrt, v), v})
			found++
		}
		if irregular == sampleTries+perSize {
			singular++
		}
	}
	return out, singular
}

// unsigned turns the signs of none, all or some entries of diagonal matrices, which are
// drawn positive, where nothing says that they are: a kind that is read off
// numbers must not rest on them.
func unsigned(env *check.Env, vars []*expr.Node, try int) {
	for _, v := range vars {
		if !v.Declared().Has(expr.Diagonal) || v.Is(expr.NonNeg) || v.Is(expr.PSD) || v.Is(expr.Orthogonal) {
			continue
		}
		x := env.Vars[v]
		for i := range min(x.R, x.C) {
			if try%3 == 1 || try%3 == 2 && i%2 == 0 {
				x.V[i*x.C+i] = -x.V[i*x.C+i]
			}
		}
	}
}

func distinct(vars []*expr.Node) []*expr.Node {
	seen := map[*expr.Node]bool{}
	var out []*expr.Node
	for _, v := range vars {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// regular tells that every inverse in the nodes exists well enough at a point.
func regular(env *check.Env, nodes []*expr.Node) bool {
	for _, m := range expr.PostOrder(nodes...) {
		if m.Op() != expr.OpInv {
			continue
		}
		a, err := env.Eval(m.Arg(0))
		if err != nil {
			return false
		}
		b, err := env.Eval(m)
		if err != nil || !b.Finite() || most(a)*most(b) > 1e7 {
			return false
		}
	}
	return true
}

// unstacked makes an r×c matrix of stacked columns.
func unstacked(v *check.Value, r, c int) *check.Value {
	out := check.Zero(r, c)
	for j := range c {
		for i := range r {
			out.V[i*c+j] = v.V[j*r+i]
		}
	}
	return out
}

func most(v *check.Value) float64 {
	s := 0.0
	for _, x := range v.V {
		s = math.Max(s, math.Abs(x))
	}
	return s
}

// verified puts the root into the gradient (and the constraints) at random
// points and compares with the gradient beside the root.
func (p *Point) verified() bool {
	all, singular := p.drawn(samples)
	if len(p.Root.Needs) > 0 && (len(all) == 0 || singular > 0 && len(check.Sizes(varsOf(p.Root.Needs), 0)) == 1) {
		// The system has no inverse, and not because X is too wide for X'X: the
		// root with the pseudoinverse, if it is one, is one of many.
		p.Root.pseudo()
		p.Many = true
		all, _ = p.drawn(samples)
	}
	for _, q := range all {
		if len(p.Constraints) > 0 {
			if !p.feasible(q) {
				return false
			}
			continue
		}
		g, err := q.env.Eval(p.Gradient)
		if err != nil || !g.Finite() {
			return false
		}
		if most(g) > flat*(1+p.beside(q)) {
			return false
		}
	}
	p.Points = len(all)
	return len(all) > 0
}

func varsOf(nodes []*expr.Node) []*expr.Node {
	var out []*expr.Node
	for _, n := range nodes {
		out = append(out, n.Variables()...)
	}
	return distinct(out)
}

// pseudo puts pseudoinverses for the inverses of the system.
func (r *Root) pseudo() {
	if r.Value != nil {
		with := map[*expr.Node]*expr.Node{}
		for _, m := range r.Needs {
			if m.Shape().IsSquare() && !m.Shape().IsScalar() {
				with[expr.Inv(m)] = expr.Call(expr.OpPinv, m)
			}
		}
		value := expr.Substitute(r.Value, with)
		for i, t := range r.Steps {
			if t.Right == r.Value {
				r.Steps[i].Right = value
			}
		}
		r.Value = value
	}
	r.Needs = nil
}

// beside is the size of the gradient a little off the root.
func (p *Point) beside(q sample) float64 {
	moved := check.Zero(q.root.R, q.root.C)
	for i, v := range q.root.V {
		moved.V[i] = 1.1 * v
	}
	g, err := q.env.With(p.Wrt, moved).Eval(p.Gradient)
	if err != nil || !g.Finite() {
		return 0
	}
	return most(g)
}

// feasible tells that the constraints hold and that the gradient of f lies in
// the span of those of the constraints.
func (p *Point) feasible(q sample) bool {
	for _, c := range p.Constraints {
		l, err := q.env.Eval(c.Left)
		if err != nil {
			return false
		}
		r, err := q.env.Eval(c.Right)
		if err != nil {
			return false
		}
		if d, _, _ := check.Distance(l, r); !(d < flat) {
			return false
		}
	}
	rest, scale, ok := p.residual(q)
	return ok && rest < flat*(1+scale)
}
