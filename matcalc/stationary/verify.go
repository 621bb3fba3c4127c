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
	vec := p.Root.vec(p.Wrt)
	needs := []*expr.Node{vec}
	for _, m := range p.Root.Needs {
		if m.Shape().IsSquare() && !m.Shape().IsScalar() {
			needs = append(needs, expr.Inv(m))
		}
	}
	vars := append(vec.Variables(), p.Wrt)
	for _, n := range append([]*expr.Node{p.Gradient, p.F}, needs...) {
		vars = append(vars, n.Variables()...)
	}
	vars = distinct(vars)
	nodes := []*expr.Node{vec, p.Gradient}
	var out []sample
	for round := range check.SizeRounds {
		found := 0
		for try := 0; try < sampleTries+perSize && found < perSize; try++ {
			env, err := check.Draw(vars, round, try%sampleTries+1000*(try/sampleTries), nodes...)
			if err != nil {
				return nil
			}
			v, err := env.Eval(vec)
			if err != nil {
				return nil
			}
			if !v.Finite() || most(v) > huge || !regular(env, needs) {
				continue
			}
			x := env.Vars[p.Wrt]
			if v.R != x.R || v.C != x.C {
				v = unstacked(v, x.R, x.C)
			}
			fresh := &check.Env{Dims: env.Dims, Vars: map[*expr.Node]*check.Value{}}
			for k, u := range env.Vars {
				fresh.Vars[k] = u
			}
			fresh.Vars[p.Wrt] = v
			out = append(out, sample{fresh, v})
			found++
		}
	}
	return out
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
	all := p.sampled(samples)
	if len(all) == 0 && len(p.Root.Needs) > 0 {
		// The system has no inverse at any point: the root, if it is one, is
		// one of many.
		p.Root.Needs, p.Many = nil, true
		all = p.sampled(samples)
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

// beside is the size of the gradient a little off the root.
func (p *Point) beside(q sample) float64 {
	off := &check.Env{Dims: q.env.Dims, Vars: map[*expr.Node]*check.Value{}}
	for k, v := range q.env.Vars {
		off.Vars[k] = v
	}
	moved := check.Zero(q.root.R, q.root.C)
	for i, v := range q.root.V {
		moved.V[i] = 1.1 * v
	}
	off.Vars[p.Wrt] = moved
	g, err := off.Eval(p.Gradient)
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
