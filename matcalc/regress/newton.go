package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"gonum.org/v1/gonum/mat"
)

const maxNewton = 300

// An ascent is Newton's method with a line search on its way.
type ascent struct {
	likelihood
	b       []dd.Float
	first   dd.Float // value at the start
	value   dd.Float
	moved   float64 // largest relative change of a parameter in the last step
	concave bool    // at the last point where the Hessian was taken
	state   ascentState
}

// An ascentState says why an ascent goes on, or has ended.
type ascentState int

const (
	climbing   ascentState = iota
	arrived                // a step changes nothing any more
	unbounded              // the value grows beyond all measure
	separating             // the value has settled, and the parameters run away
)

// maximise searches from the start values and reports the maximum.
func (m *Model) maximise(l likelihood, start []Start) error {
	var b []dd.Float
	for _, s := range start {
		for _, v := range s.Values {
			b = append(b, dd.Of(v))
		}
	}
	m.likelihood = l
	if m.N < len(b) {
		return underdetermined(m.N, len(b))
	}
	a := &ascent{likelihood: l, b: b, value: l.value(b), moved: math.Inf(1)}
	if a.first = a.value; !a.value.IsFinite() {
		return fail(NonFinite, "the log-likelihood is %v at the start values; choose others", a.value.Hi)
	}
	crawl := 0
	for m.Iterations = 1; m.Iterations <= maxNewton && !halt.Halted(); m.Iterations++ {
		before := a.moved
		if err := a.step(m.Iterations == 1); err != nil {
			return err
		}
		// Towards a maximum at infinity each step is as long as the one before,
		// while less and less is gained.
		if crawl++; !a.concave || a.moved < 0.9*before || a.moved < 1e-6 {
			crawl = 0
		}
		if crawl >= 12 && a.flattened() {
			a.state = separating
		}
		if a.state != climbing {
			break
		}
	}
	return m.judge(a)
}

// judge turns the end of an ascent into a fit, a warning or an error.
func (m *Model) judge(a *ascent) error {
	switch {
	case a.state == unbounded:
		return fail(Unbounded, "the log-likelihood grows without bound, from %.4g at the start values to %.4g: look at its signs", a.first.Hi, a.value.Hi)
	case a.state == separating:
		m.Converged = false
		m.warn(Separation, "the log-likelihood nears %.6g while %s grow without bound: there is no finite estimate", a.value.Hi, listNames(m.Terms))
	case a.state == arrived && flat(a.likelihood, a.b):
		return fail(SingularGradient, "the Hessian is singular where the likelihood stops growing: the data do not tell the parameters %s apart", listNames(m.Terms))
	case a.state == arrived && a.concave && a.moved < 1e-7:
		m.Converged = true
	case a.state == arrived && !a.concave:
		m.Converged = false
		m.warn(NotConverged, "the search ended after %d iterations where the log-likelihood is not concave, so at no maximum; try other start values", m.Iterations)
	default:
		m.Converged = false
		m.warn(NotConverged, "no maximum was reached after %d iterations; try other start values or rescale", m.Iterations)
	}
	return m.finishML(a.likelihood, a.b, a.value)
}

// step takes one step of Newton's method, shortened until the value does not
// fall. Where what can be gained is lost in rounding, whole steps are taken as
// long as they get shorter.
func (a *ascent) step(first bool) error {
	g, h := a.slopes(a.b)
	if !finite(g) || mat.Norm(h, 1) != mat.Norm(h, 1) {
		if first {
			return fail(NonFinite, "a derivative of the log-likelihood is not finite at the start values; choose others")
		}
		a.state = arrived
		return nil
	}
	d, concave := direction(g, h)
	a.concave = concave
	size := 1 + math.Abs(a.value.Hi)
	if concave && mat.Dot(g, d) < a.rounding()*size {
		a.settle(d)
		return nil
	}
	next, value, moved, ok := a.search(d)
	if !ok {
		a.moved, a.state = a.reach(d), arrived
		return nil
	}
	a.b, a.value, a.moved = next, value, moved
	switch {
	case a.value.Hi-a.first.Hi > 1e15*(1+math.Abs(a.first.Hi)):
		a.state = unbounded
	case moved < 1e-17:
		a.state = arrived
	}
	return nil
}

// settle takes a whole step, and ends the ascent when steps get no shorter.
func (a *ascent) settle(d *mat.VecDense) {
	moved := a.reach(d)
	if !(moved < 0.5*a.moved) && a.moved < 1e-7 {
		a.state = arrived
		return
	}
	next, _ := a.along(d, 0)
	if v := a.likelihood.value(next); v.IsFinite() {
		a.b, a.value = next, v
	}
	if a.moved = moved; moved == 0 {
		a.state = arrived
	}
}

// search shortens the step until the value does not fall; where the likelihood
// is not concave, it lengthens one that succeeds as long as the value grows.
func (a *ascent) search(d *mat.VecDense) (next []dd.Float, value dd.Float, moved float64, ok bool) {
	for half := 0; !ok && half < 2000; half++ {
		if next, moved = a.along(d, -half); moved < 1e-17 && half > 0 {
			break
		}
		value = a.likelihood.value(next)
		ok = value.IsFinite() && !value.Less(a.value)
	}
	if !ok || a.concave || moved == 0 {
		return next, value, moved, ok
	}
	for double := 1; double <= 60; double++ {
		further, more := a.along(d, double)
		v := a.likelihood.value(further)
		if !v.IsFinite() || !value.Less(v) {
			break
		}
		next, value, moved = further, v, more
	}
	return next, value, moved, true
}

// along returns b + 2^exponent d and the largest relative change.
func (a *ascent) along(d *mat.VecDense, exponent int) (next []dd.Float, moved float64) {
	next = make([]dd.Float, len(a.b))
	for k := range a.b {
		step := math.Ldexp(d.AtVec(k), exponent)
		next[k] = a.b[k].Add(dd.Of(step))
		moved = max(moved, math.Abs(step)/(math.Abs(a.b[k].Hi)+1e-8))
	}
	return next, moved
}

func (a *ascent) reach(d *mat.VecDense) float64 {
	_, moved := a.along(d, 0)
	return moved
}

// flattened reports whether the value can grow no more in float64, to nine
// digits.
func (a *ascent) flattened() bool {
	g, h := a.slopes(a.b)
	d, ok := direction(g, h)
	return ok && mat.Dot(g, d) < 1e-9*(1+math.Abs(a.value.Hi))
}

func finite(v *mat.VecDense) bool {
	for _, x := range v.RawVector().Data {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// equilibrated scales a symmetric matrix to a diagonal of ones, where it is not
// zero, and returns the scale: h = S m S.
func equilibrated(h *mat.SymDense) (m *mat.SymDense, scale []float64) {
	p := h.SymmetricDim()
	scale = make([]float64, p)
	for i := range scale {
		if scale[i] = math.Sqrt(math.Abs(h.At(i, i))); scale[i] == 0 {
			scale[i] = 1
		}
	}
	m = mat.NewSymDense(p, nil)
	for i := range p {
		for j := range i + 1 {
			m.SetSym(i, j, h.At(i, j)/scale[i]/scale[j])
		}
	}
	return m, scale
}

// direction solves (H + shift D) d = g with the least shift that makes the
// matrix positive definite, D the sizes on the diagonal.
func direction(g *mat.VecDense, h *mat.SymDense) (d *mat.VecDense, definite bool) {
	p := g.Len()
	m, scale := equilibrated(h)
	right := mat.NewVecDense(p, nil)
	for i, s := range scale {
		right.SetVec(i, g.AtVec(i)/s)
	}
	for shift := 0.0; shift < 1e12; shift = max(1e-6, shift*10) {
		shifted := mat.NewSymDense(p, nil)
		shifted.CopySym(m)
		for i := range p {
			shifted.SetSym(i, i, m.At(i, i)+shift)
		}
		var c mat.Cholesky
		if !c.Factorize(shifted) {
			continue
		}
		d = mat.NewVecDense(p, nil)
		if err := c.SolveVecTo(d, right); err != nil {
			continue // too ill conditioned to use
		}
		for i, s := range scale {
			d.SetVec(i, d.AtVec(i)/s)
		}
		return d, shift == 0
	}
	return g, false
}

// flat reports whether the Hessian at b, scaled to a unit diagonal, is singular
// to rounding.
func flat(l likelihood, b []dd.Float) bool {
	_, h := l.slopes(b)
	for i := range h.SymmetricDim() {
		if h.At(i, i) == 0 {
			return true
		}
	}
	m, _ := equilibrated(h)
	var eigen mat.EigenSym
	if !eigen.Factorize(m, false) {
		return true
	}
	least, most := math.Inf(1), 0.0
	for _, v := range eigen.Values(nil) {
		least, most = min(least, math.Abs(v)), max(most, math.Abs(v))
	}
	return least <= 1e-13*most
}

func (m *Model) finishML(l likelihood, b []dd.Float, value dd.Float) error {
	_, h := l.slopes(b)
	p := len(b)
	m.coef, m.Coef, m.Rank = b, float64s(b), p
	m.SE, m.Stat, m.P, m.vif = nans(p), nans(p), nans(p), nans(p)
	m.LogLik, m.DFResidual, m.Condition = value.Float64(), float64(m.N-p), math.NaN()
	m.setCriteria(float64(p))
	scaled, scale := equilibrated(h)
	var c mat.Cholesky
	if !c.Factorize(scaled) {
		return nil
	}
	var inverse mat.SymDense
	if err := c.InverseTo(&inverse); err != nil {
		m.warn(IllConditioned, "the Hessian is nearly singular; the standard errors have few digits")
	}
	m.Cov = make([][]float64, p)
	for i := range p {
		m.Cov[i] = make([]float64, p)
		for j := range p {
			m.Cov[i][j] = inverse.At(i, j) / scale[i] / scale[j]
		}
		m.SE[i] = math.Sqrt(m.Cov[i][i])
		m.Stat[i] = m.Coef[i] / m.SE[i]
		m.P[i] = normalTail(m.Stat[i])
	}
	return nil
}
