package regress

import (
	"math"
	"slices"

	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// A Start is a parameter of a nonlinear model or a likelihood with its first
// value, or values where it is a vector.
type Start struct {
	Name   string
	Values []float64
}

// project sets the linear parameters of b to their best values given the
// others, as variable projection does; false if they are not determined.
func (c *curve) project(b []dd.Float) bool {
	if !slices.Contains(c.linear, true) {
		return true
	}
	r, j, ok := c.evaluate(b, true)
	if !ok {
		return false
	}
	var x lsq.Matrix
	var at []int
	for k, l := range c.linear {
		if l {
			x, at = append(x, j[k]), append(at, k)
		}
	}
	qr := lsq.Factor(x)
	step, _ := qr.Solve(x, r)
	for k, s := range step {
		b[at[k]] = b[at[k]].Add(s)
	}
	return true
}

const maxLM = 500

// search runs Levenberg-Marquardt from b. With projection the linear
// parameters are eliminated after each step. It returns the estimate, its
// residual sum of squares and the number of iterations.
func (c *curve) search(b []dd.Float, projected bool) ([]dd.Float, float64, int) {
	b = slices.Clone(b)
	if projected && !c.project(b) {
		return b, math.Inf(1), 0
	}
	r, j, ok := c.evaluate(b, true)
	if !ok {
		return b, math.Inf(1), 0
	}
	rss := sumSquares(r).Hi
	scale := make([]float64, len(c.params))
	damping, growth := 1e-3, 2.0
	iteration := 0
	for ; iteration < maxLM && !halt.Halted(); iteration++ {
		for k := range scale {
			scale[k] = max(scale[k]*0.7, length(j[k]))
			if projected && c.linear[k] {
				scale[k] = 0 // eliminated exactly: nothing to hold back
			}
		}
		step := dampedStep(j, r, scale, damping)
		next := make([]dd.Float, len(b))
		small := 0.0
		for k := range b {
			next[k] = b[k].Add(step[k])
			small = max(small, math.Abs(step[k].Hi)/(math.Abs(b[k].Hi)+1e-300))
		}
		good := !projected || c.project(next)
		nr, nj, ok := c.evaluate(next, true)
		size := sumSquares(nr).Hi
		if good && ok && size < rss {
			gain := (rss - size) / rss
			b, r, j, rss = next, nr, nj, size
			damping, growth = max(damping/5, 1e-18), 2
			if gain < 1e-14 && small < 1e-8 || rss == 0 {
				break
			}
			continue
		}
		if small < 1e-14 || damping > 1e25 {
			break
		}
		damping *= growth
		growth *= 1.5
	}
	return b, rss, iteration
}

// dampedStep solves (J'J + damping D'D) step = J'r as least squares, D the
// lengths of the columns.
func dampedStep(j lsq.Matrix, r []dd.Float, scale []float64, damping float64) []dd.Float {
	n, p := len(r), len(j)
	augmented := lsq.NewMatrix(n+p, p)
	for k := range j {
		copy(augmented[k], j[k])
		d := math.Sqrt(damping) * scale[k]
		if d == 0 {
			d = 1e-30
		}
		augmented[k][n+k] = dd.Of(d)
	}
	right := make([]dd.Float, n+p)
	copy(right, r)
	return lsq.Factor(augmented).Step(right)
}

// polish takes Gauss-Newton steps in doubled precision until the estimate no
// longer moves, halving a step that does not reduce the residuals.
func (c *curve) polish(b []dd.Float) ([]dd.Float, bool) {
	best := math.Inf(1)
	for range 500 {
		r, j, ok := c.evaluate(b, true)
		if !ok {
			return b, false
		}
		step, _ := lsq.Factor(j).Solve(j, r)
		moved := 0.0
		for k := range b {
			moved = max(moved, math.Abs(step[k].Hi)/(math.Abs(b[k].Hi)+1e-300))
		}
		if moved < 1e-22 {
			return b, true
		}
		if moved > best && moved < 1e-14 {
			return b, true
		}
		best = min(best, moved)
		rss := sumSquares(r)
		accepted := false
		for half := range 40 {
			next := make([]dd.Float, len(b))
			for k := range b {
				next[k] = b[k].Add(step[k].Ldexp(-half))
			}
			nr, _, ok := c.evaluate(next, false)
			if ok && !rss.Less(sumSquares(nr)) {
				b, accepted = next, true
				break
			}
		}
		if !accepted {
			return b, moved < 1e-12
		}
	}
	return b, best < 1e-13
}

// best searches from start with all parameters, and again from start and from
// what was found with the linear ones eliminated, which crosses the valleys
// where two terms of the model come to look alike. The least sum of squares
// wins.
func (c *curve) best(start []dd.Float) (b []dd.Float, iterations int) {
	b, rss, iterations := c.search(start, false)
	if !slices.Contains(c.linear, true) {
		return b, iterations
	}
	for _, from := range [][]dd.Float{start, b} {
		next, size, more := c.search(from, true)
		iterations += more
		if size < rss || !(rss < math.Inf(1)) {
			b, rss = next, size
		}
	}
	return b, iterations
}

// fitNLS minimises sum w (y - f(x, b))^2 from the start values: searches with
// and without elimination of the linear parameters, the better result being
// polished in doubled precision.
func fitNLS(fr *frame, model formula.Node, start []Start) (*Model, error) {
	m := newModel(fr, KindNLS)
	for _, s := range start {
		m.Terms = append(m.Terms, s.Name)
	}
	if len(fr.rows) < len(start) {
		return nil, underdetermined(len(fr.rows), len(start))
	}
	c, err := newCurve(fr, model, start)
	if err != nil {
		return nil, err
	}
	m.curve = c
	first := make([]dd.Float, len(start))
	for k, s := range start {
		first[k] = dd.Of(s.Values[0])
	}
	if err := c.checkStart(first, fr, m.Terms); err != nil {
		return nil, err
	}
	b, iterations := c.best(first)
	m.Iterations = iterations
	if b, m.Converged = c.polish(b); !m.Converged {
		m.warnNotConverged()
	}
	return m, m.finishNLS(c, b)
}

func (m *Model) warnNotConverged() {
	m.Converged = false
	m.warn(NotConverged, "no minimum was reached after %d iterations; try other start values", m.Iterations)
}

func (c *curve) checkStart(b []dd.Float, fr *frame, names []string) error {
	r, j, ok := c.evaluate(b, true)
	if !ok {
		for i := range r {
			if !r[i].IsFinite() {
				return fail(NonFinite, "the model is %v in row %d at the start values; choose others", r[i].Hi, fr.number(fr.rows[i]))
			}
		}
		return fail(NonFinite, "a derivative of the model is not finite at the start values; choose others")
	}
	c.regular = lsq.Factor(j).Rank == len(c.params)
	for k := range j {
		if length(j[k]) == 0 && !slices.Contains(c.linear, true) {
			return fail(SingularGradient, "at the start values the model does not depend on %s; choose others", names[k])
		}
	}
	return nil
}

func (m *Model) finishNLS(c *curve, b []dd.Float) error {
	r, j, _ := c.evaluate(b, true)
	m.design, m.residual, m.qr, m.sqrtW = j, r, lsq.Factor(j), c.sqrtW
	if m.qr.Rank < len(m.Terms) {
		if c.regular && m.Converged { // the parameters ran away to where they no longer matter
			m.warnNotConverged()
		}
		var names []string
		for _, k := range m.qr.Pivot[m.qr.Rank:] {
			names = append(names, m.Terms[k])
		}
		return &Error{Class: SingularGradient, Warnings: m.Warnings, Message: phrase("the data do not determine %s: the columns of the Jacobian are dependent where the search ended; fix a parameter, simplify the model or try other start values", listNames(names))}
	}
	m.coef, m.Coef, m.Rank, m.Condition = b, float64s(b), m.qr.Rank, m.qr.Condition
	m.N = 0
	for i := range r {
		if c.sqrtW == nil || c.sqrtW[i].Sign() > 0 {
			m.N++
		}
	}
	m.DFResidual = float64(m.N - m.Rank)
	rss := sumSquares(r)
	if math.Sqrt(rss.Hi) <= noise*length(c.y) { // an exact fit
		rss = dd.Float{}
		clear(r)
	}
	m.RSS = rss.Float64()
	m.sigma2 = rss.Div(dd.Of(m.DFResidual))
	m.ResidualSD = m.sigma2.Sqrt().Float64()
	if m.DFResidual == 0 {
		m.ResidualSD = math.NaN()
		m.warn(Saturated, saturated, m.N)
	}
	m.setCovariance(m.sigma2, m.DFResidual > 0, false)
	m.Fitted, m.Residuals = make([]float64, len(r)), make([]float64, len(r))
	env, out := slices.Clone(b), make([]dd.Float, 1)
	for i := range r {
		c.value.Eval(append(env[:len(c.params)], c.rows[i]...), out)
		value := out[0]
		m.Fitted[i], m.Residuals[i] = value.Float64(), c.y[i].Sub(value).Float64()
	}
	if m.RSS > 0 {
		n := float64(m.N)
		m.LogLik = -0.5 * n * (math.Log(2*math.Pi) + 1 - math.Log(n) + math.Log(m.RSS))
		for _, root := range c.sqrtW {
			if root.Sign() > 0 {
				m.LogLik += math.Log(root.Hi)
			}
		}
		m.setCriteria(float64(m.Rank) + 1)
	}
	return nil
}
