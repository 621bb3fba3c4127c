package regress

import (
	"slices"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
	"github.com/nabla-go/nabla/matcalc/regress/internal/rowwise"
)

// A curve is a nonlinear model with its partial derivatives by the engine,
// ready to evaluate over the rows of the data.
type curve struct {
	*rowModel
	y       []dd.Float
	sqrtW   []dd.Float // nil without weights
	partial []*expr.Node
	value   *rowwise.Tape
	both    *rowwise.Tape // the value and then the partials
	linear  []bool        // parameters in which the model is linear jointly
	regular bool          // the Jacobian has full rank at the start values
}

func newCurve(fr *frame, model formula.Node, start []Start) (*curve, error) {
	m, err := newRowModel(fr, model, start)
	if err != nil {
		return nil, err
	}
	c := &curve{rowModel: m, y: fr.response.y}
	for _, w := range fr.weights {
		c.sqrtW = append(c.sqrtW, w.Sqrt())
	}
	return c, c.differentiate()
}

// differentiate derives the Jacobian, and finds the parameters that enter
// linearly: those whose partials do not contain any of them.
func (c *curve) differentiate() (err error) {
	var linear []*expr.Node
	for _, name := range c.params {
		d, err := c.derivative(c.node, name)
		if err != nil {
			return err
		}
		c.partial = append(c.partial, d)
		v := c.scope.Var(name)
		free := !d.DependsOn(v)
		for _, other := range linear {
			free = free && !d.DependsOn(other)
		}
		if c.linear = append(c.linear, free); free {
			linear = append(linear, v)
		}
	}
	if c.value, err = c.compile(c.node); err != nil {
		return err
	}
	c.both, err = c.compile(append([]*expr.Node{c.node}, c.partial...)...)
	return err
}

// evaluate returns the weighted residuals y - f and, if asked for, the Jacobian
// of f, at b. ok is false if any value is not finite.
func (c *curve) evaluate(b []dd.Float, jacobian bool) (r []dd.Float, j lsq.Matrix, ok bool) {
	n, p := len(c.y), len(c.params)
	r = make([]dd.Float, n)
	tape, out := c.value, make([]dd.Float, 1+p)
	if jacobian {
		j = lsq.NewMatrix(n, p)
		tape = c.both
	}
	env := slices.Clone(b)
	for i, row := range c.rows {
		tape.Eval(append(env[:p], row...), out)
		weight := dd.Of(1)
		if c.sqrtW != nil {
			weight = c.sqrtW[i]
		}
		r[i] = c.y[i].Sub(out[0]).Mul(weight)
		if !r[i].IsFinite() {
			return r, j, false
		}
		for k := range j {
			j[k][i] = out[1+k].Mul(weight)
			if !j[k][i].IsFinite() {
				return r, j, false
			}
		}
	}
	return r, j, true
}
