package check

import (
	"errors"
	"math"
	"math/rand/v2"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// SizeRounds is the number of different choices of sizes that Draw knows.
const SizeRounds = 4

// Draw gives random numbers to the variables, which satisfy their declared
// facts, at one of the choices of sizes (round 0 to SizeRounds-1). The nodes
// name dimensions that occur in constants only. Later tries draw smaller and
// then positive numbers, to meet the domain of the nodes.
func Draw(vars []*expr.Node, round, try int, nodes ...*expr.Node) (*Env, error) {
	dims := Sizes(vars, round)
	complete(dims, round, nodes...)
	rng := rand.New(rand.NewPCG(uint64(100*round+try), 0xC1A13))
	env, err := draw(rng, vars, dims, try)
	if err != nil {
		return nil, err
	}
	for _, v := range vars {
		// An invertible matrix may have a negative determinant.
		if x := env.Vars[v]; v.Declared() == expr.Invertible && x.R > 1 && rng.IntN(2) == 0 {
			for j := range x.C {
				x.V[j] = -x.V[j]
			}
		}
	}
	return env, nil
}

// Finite reports that all entries and derivatives are numbers.
func (a *Value) Finite() bool { return a.finite() }

// Distance is the largest difference of two values of one shape, relative to
// their largest entry, with the place where it is found.
func Distance(a, b *Value) (worst float64, row, col int) {
	if a.R != b.R || a.C != b.C {
		return math.Inf(1), 0, 0
	}
	scale, diff := 1e-6, 0.0
	for i := range a.V {
		scale = math.Max(scale, math.Max(math.Abs(a.V[i]), math.Abs(b.V[i])))
		if d := math.Abs(a.V[i] - b.V[i]); d > diff {
			diff, row, col = d, i/a.C, i%a.C
		}
	}
	return diff / scale, row, col
}

// With is the environment with another value of one variable.
func (e *Env) With(x *expr.Node, v *Value) *Env {
	out := &Env{Dims: e.Dims, Vars: make(map[*expr.Node]*Value, len(e.Vars))}
	for k, u := range e.Vars {
		out.Vars[k] = u
	}
	out.Vars[x] = v
	return out
}

// Slope is the derivative of a node when the variable moves in a direction,
// all else as in the environment; the variable's value may be replaced by
// another (at) to differentiate there. The error says that f has no numeric
// derivative.
func (e *Env) Slope(f, wrt *expr.Node, at, dir *Value) (value, slope *Value, err error) {
	for _, n := range expr.PostOrder(f) {
		if noDual[n.Op()] {
			return nil, nil, errors.New("no derivative of " + n.Op().String() + " is carried along")
		}
	}
	moved := &Env{Dims: e.Dims, Vars: make(map[*expr.Node]*Value, len(e.Vars))}
	for k, v := range e.Vars {
		moved.Vars[k] = v
	}
	moved.Vars[wrt] = &Value{R: at.R, C: at.C, V: at.V, D: dir.V}
	v, err := moved.Eval(f)
	if err != nil {
		return nil, nil, err
	}
	slope = newValue(v.R, v.C)
	if v.D != nil {
		slope.V = v.D
	}
	return &Value{R: v.R, C: v.C, V: v.V}, slope, nil
}

// Zero is a value of the given lengths with all entries 0.
func Zero(r, c int) *Value { return newValue(r, c) }
