package check

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// DualError compares the derivative that evaluation carries along with central
// differences, in a random direction of the variable; it guards the rows of
// the evaluation table against a wrong slope.
func DualError(n, wrt *expr.Node) error {
	vars := n.Variables()
	dims := Sizes(vars, 0)
	complete(dims, 0, n)
	env, err := draw(rand.New(rand.NewPCG(3, 4)), vars, dims, 0)
	if err != nil {
		return err
	}
	x := env.Vars[wrt]
	dir := make([]float64, len(x.V))
	for i := range dir {
		dir[i] = math.Sin(float64(3*i + 1))
	}
	a, err := slopeAlong(env, n, wrt, x, dir, false)
	if err != nil {
		return err
	}
	b, err := slopeAlong(env, n, wrt, x, dir, true)
	if err != nil {
		return err
	}
	if a == nil || b == nil {
		return errNowhere
	}
	scale, diff := 1e-2, 0.0
	for i := range a.V {
		scale = math.Max(scale, math.Abs(b.V[i]))
		diff = math.Max(diff, math.Abs(a.V[i]-b.V[i]))
	}
	if !(diff/scale < 1e-6) {
		return fmt.Errorf("carried derivative is off by %.2g", diff/scale)
	}
	return nil
}
