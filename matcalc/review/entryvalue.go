package review

import (
	"math"
	"sort"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// entryPoint evaluates entry expressions at a random point. While a partial
// derivative is worked out, active is the entry that moves.
type entryPoint struct {
	env    *check.Env
	ranges map[string]shape.Size
	active *activeEntry
	memo   map[*expr.Node]*check.Value // without a moving entry
}

// activeEntry is the entry by which is differentiated.
type activeEntry struct {
	env  *check.Env
	wrt  *expr.Node
	memo map[*expr.Node]*check.Value
}

// dual is a number with its derivative by the active entry.
type dual struct{ v, d float64 }

// value is the expression at a choice of indices.
func (p *entryPoint) value(e *entryExpr, at map[string]int) dual {
	switch e.kind {
	case entryNumber:
		return dual{e.num, 0}
	case entryLeaf:
		return p.leaf(e, at)
	case entryAdd:
		a, b := p.value(e.args[0], at), p.value(e.args[1], at)
		return dual{a.v + b.v, a.d + b.d}
	case entryMul:
		a, b := p.value(e.args[0], at), p.value(e.args[1], at)
		return dual{a.v * b.v, a.d*b.v + a.v*b.d}
	case entryDiv:
		a, b := p.value(e.args[0], at), p.value(e.args[1], at)
		return dual{a.v / b.v, (a.d*b.v - a.v*b.d) / (b.v * b.v)}
	case entryNeg:
		a := p.value(e.args[0], at)
		return dual{-a.v, -a.d}
	case entryPow:
		a, b := p.value(e.args[0], at), p.value(e.args[1], at)
		out := dual{math.Pow(a.v, b.v), b.v * math.Pow(a.v, b.v-1) * a.d}
		if b.d != 0 {
			out.d += math.Log(a.v) * out.v * b.d
		}
		return out
	case entrySum:
		return p.total(e, at)
	case entryPartial:
		return p.partial(e, at)
	case entryCall:
		return p.call(e, at)
	}
	return dual{notNumber, 0}
}

func (p *entryPoint) size(index string) int {
	k, err := p.ranges[index].Eval(p.env.Dims)
	if err != nil {
		return 0
	}
	return k
}

func (p *entryPoint) total(e *entryExpr, at map[string]int) dual {
	inner := map[string]int{}
	for k, v := range at {
		inner[k] = v
	}
	var s dual
	for i := range p.size(e.index) {
		inner[e.index] = i
		v := p.value(e.args[0], inner)
		s.v, s.d = s.v+v.v, s.d+v.d
	}
	return s
}

func (p *entryPoint) leaf(e *entryExpr, at map[string]int) dual {
	env, memo := p.env, p.memo
	if p.active != nil {
		env, memo = p.active.env, p.active.memo
	}
	v := memo[e.node]
	if v == nil {
		var err error
		if v, err = env.Eval(e.node); err != nil {
			return dual{notNumber, 0}
		}
		memo[e.node] = v
	}
	k := 0
	switch len(e.idx) {
	case 1:
		k = at[e.idx[0]]
	case 2:
		k = at[e.idx[0]]*v.C + at[e.idx[1]]
	}
	if k >= len(v.V) {
		return dual{notNumber, 0}
	}
	out := dual{v: v.V[k]}
	if v.D != nil {
		out.d = v.D[k]
	}
	return out
}

// partial moves one entry of a variable. Its own value has no derivative: a
// partial derivative within another is refused when it is read.
func (p *entryPoint) partial(e *entryExpr, at map[string]int) dual {
	under := e.args[1]
	x := p.env.Vars[under.node]
	if x == nil || p.active != nil {
		return dual{notNumber, 0}
	}
	dir := check.Zero(x.R, x.C)
	switch len(under.idx) {
	case 0:
		dir.V[0] = 1
	case 1:
		dir.V[at[under.idx[0]]] = 1
	case 2:
		dir.V[at[under.idx[0]]*x.C+at[under.idx[1]]] = 1
	}
	moved := &check.Env{Dims: p.env.Dims, Vars: map[*expr.Node]*check.Value{}}
	for k, v := range p.env.Vars {
		moved.Vars[k] = v
	}
	moved.Vars[under.node] = &check.Value{R: x.R, C: x.C, V: x.V, D: dir.V}
	p.active = &activeEntry{moved, under.node, map[*expr.Node]*check.Value{}}
	defer func() { p.active = nil }()
	return dual{v: p.value(e.args[0], at).d}
}

func (p *entryPoint) call(e *entryExpr, at map[string]int) dual {
	a := p.value(e.args[0], at)
	env := &check.Env{Dims: p.env.Dims, Vars: map[*expr.Node]*check.Value{e.hole: {R: 1, C: 1, V: []float64{a.v}, D: []float64{a.d}}}}
	v, err := env.Eval(e.node)
	if err != nil {
		return dual{notNumber, 0}
	}
	out := dual{v: v.V[0]}
	if v.D != nil {
		out.d = v.D[0]
	}
	return out
}

const (
	entryPerSize = 2
	entryTries   = 12
)

// compareEntries evaluates both sides for every choice of the free indices at
// random points; ratio is right/left where it is one number everywhere.
func compareEntries(a, b *entryExpr, ranges map[string]shape.Size, free []string) (same bool, ratio float64, points int) {
	var vars []*expr.Node
	leaves := b.leaves(a.leaves(nil))
	seen := map[*expr.Node]bool{}
	for _, n := range leaves {
		for _, v := range n.Variables() {
			if !seen[v] {
				seen[v] = true
				vars = append(vars, v)
			}
		}
	}
	same, ratio = true, math.NaN()
	constant := true
	for round := range check.SizeRounds {
		found := 0
		for try := 0; try < entryTries && found < entryPerSize; try++ {
			env, err := check.Draw(vars, round, try, leaves...)
			if err != nil {
				return false, 0, 0
			}
			p := &entryPoint{env: env, ranges: ranges, memo: map[*expr.Node]*check.Value{}}
			x, y, ok := p.all(a, b, free)
			if !ok {
				continue
			}
			found++
			points++
			scale := 1e-6
			for i := range x {
				scale = math.Max(scale, math.Max(math.Abs(x[i]), math.Abs(y[i])))
			}
			for i := range x {
				same = same && math.Abs(x[i]-y[i]) <= 1e-8*scale
				if math.Abs(x[i]) < 1e-6*scale {
					continue
				}
				r := y[i] / x[i]
				if math.IsNaN(ratio) {
					ratio = r
				}
				constant = constant && math.Abs(r-ratio) < 1e-6*(1+math.Abs(ratio))
			}
		}
	}
	if !constant {
		ratio = math.NaN()
	}
	return same && points > 0, ratio, points
}

// all lists the values of both sides over the free indices.
func (p *entryPoint) all(a, b *entryExpr, free []string) (x, y []float64, ok bool) {
	at := map[string]int{}
	ok = true
	var walk func(k int)
	walk = func(k int) {
		if !ok {
			return
		}
		if k == len(free) {
			u, v := p.value(a, at).v, p.value(b, at).v
			ok = ok && !math.IsNaN(u) && !math.IsInf(u, 0) && !math.IsNaN(v) && !math.IsInf(v, 0)
			x, y = append(x, u), append(y, v)
			return
		}
		for i := range p.size(free[k]) {
			at[free[k]] = i
			walk(k + 1)
		}
	}
	walk(0)
	return x, y, ok
}

// sortedKeys lists a set in order.
func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
