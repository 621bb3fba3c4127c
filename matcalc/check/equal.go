package check

import (
	"errors"
	"math"
	"math/rand/v2"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// Equal tells by random evaluation whether two expressions of one shape have
// the same value wherever both are defined; it also returns the worst relative
// difference. The error says why no comparison was possible.
func Equal(a, b *expr.Node) (bool, float64, error) {
	if a == b {
		return true, 0, nil
	}
	if a.Shape() != b.Shape() {
		return false, math.Inf(1), nil
	}
	vars := a.Variables()
	for _, v := range b.Variables() {
		if !a.DependsOn(v) {
			vars = append(vars, v)
		}
	}
	worst := 0.0
	seen := 0
	for round := 0; round < len(sizeTable) && seen < rounds; round++ {
		d, err := distanceAt(a, b, vars, round)
		if errors.Is(err, errNowhere) {
			continue
		}
		if err != nil {
			return false, 0, err
		}
		seen++
		worst = math.Max(worst, d)
	}
	if seen == 0 {
		return false, 0, errNowhere
	}
	return worst < 1e-8, worst, nil
}

func distanceAt(a, b *expr.Node, vars []*expr.Node, round int) (float64, error) {
	dims := Sizes(vars, round)
	complete(dims, round, a, b)
	for try := 0; try < attempts; try++ {
		rng := rand.New(rand.NewPCG(uint64(100*round+try), 7))
		env, err := draw(rng, vars, dims, try)
		if err != nil {
			return 0, err
		}
		x, err := env.Eval(a)
		if err != nil {
			return 0, err
		}
		y, err := env.Eval(b)
		if err != nil {
			return 0, err
		}
		if !x.finite() || !y.finite() {
			continue
		}
		scale, diff := 1e-6, 0.0
		for i := range x.V {
			scale = math.Max(scale, math.Max(math.Abs(x.V[i]), math.Abs(y.V[i])))
			diff = math.Max(diff, math.Abs(x.V[i]-y.V[i]))
		}
		return diff / scale, nil
	}
	return 0, errNowhere
}
