package function_test

import (
	"math"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/function"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// TestRows compares slopes with differences, derivatives with slopes, and the
// parity and the value at 0 with values; every elementwise operator has a row.
func TestRows(t *testing.T) {
	for op := expr.OpInvalid + 1; op < expr.NumOps; op++ {
		if op.IsElementwise() != (function.Of(op) != nil) && op != expr.OpApply {
			t.Errorf("%v: elementwise %v, but a row %v", op, op.IsElementwise(), function.Of(op) != nil)
		}
	}
	c := expr.NewContext()
	u := c.Sym("u", shape.Scalar, 0)
	for _, f := range function.All() {
		if !strings.Contains(f.NumPy, "#") || f.Go == "" {
			t.Errorf("%v: NumPy %q, Go %q", f.Op, f.NumPy, f.Go)
		}
		for _, x := range []float64{.3, .7, -.4} {
			v := f.Value(x)
			if math.IsNaN(v) {
				continue // outside the domain
			}
			const h = 1e-6
			if d := (f.Value(x+h) - f.Value(x-h)) / (2 * h); math.Abs(d-f.Slope(x)) > 1e-6*(1+math.Abs(d)) {
				t.Errorf("%v: slope %g at %g, by differences %g", f.Op, f.Slope(x), x, d)
			}
			env := &check.Env{Vars: map[*expr.Node]*check.Value{u: check.Number(x)}}
			if d, err := env.Eval(f.Derivative(u)); err != nil || math.Abs(d.V[0]-f.Slope(x)) > 1e-12*(1+math.Abs(f.Slope(x))) {
				t.Errorf("%v: derivative %v at %g, slope %g (%v)", f.Op, d, x, f.Slope(x), err)
			}
			if f.Parity != function.None && math.Abs(f.Value(-x)-float64(f.Parity)*v) > 1e-15 {
				t.Errorf("%v: parity %d, but f(%g) = %g and f(%g) = %g", f.Op, f.Parity, x, v, -x, f.Value(-x))
			}
		}
		want := map[function.AtZero]float64{function.IsZero: 0, function.IsOne: 1}
		if w, simple := want[f.Zero]; simple && f.Value(0) != w || !simple && (f.Value(0) == 0 || f.Value(0) == 1) {
			t.Errorf("%v is %g at 0, declared %v", f.Op, f.Value(0), f.Zero)
		}
	}
}
