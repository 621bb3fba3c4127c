package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
	"github.com/nabla-go/nabla/matcalc/regress/internal/rowwise"
)

// A family is what distinguishes one generalised linear model from another.
// Both have the canonical link, so Newton's method is IRLS, with working
// weights w = weight * variance and score x'(weight*(y-mu)). Mean and variance
// are the derivatives of the cumulant function, by the engine.
type family struct {
	kind Kind
	// difference returns y - mu.
	difference func(y, mu, rest dd.Float) dd.Float
	// deviance returns the contribution of one row of weight one, from the
	// difference y - mu.
	deviance func(difference, mu, rest float64) float64
	// loglik returns the log-likelihood of one row of weight w.
	loglik func(y, w, mu, rest float64) float64
	// start returns the first eta.
	start func(y, w float64) float64
	// edge is -1 or 1 where y lies at the end of its range towards which eta
	// may grow without bound, 0 inside.
	edge func(y dd.Float) int
}

var logistic = family{
	kind: KindLogistic,
	difference: func(y, mu, rest dd.Float) dd.Float {
		if mu.Hi > 0.5 {
			return rest.Sub(dd.Of(1).Sub(y))
		}
		return y.Sub(mu)
	},
	deviance: func(difference, mu, rest float64) float64 {
		return 2 * (excess(difference, mu) + excess(-difference, rest))
	},
	loglik: func(y, w, mu, rest float64) float64 {
		s := y * w
		return logChoose(w, s) + xlog(s, mu) + xlog(w-s, rest)
	},
	start: func(y, w float64) float64 {
		mu := (w*y + 0.5) / (w + 1)
		return math.Log(mu / (1 - mu))
	},
	edge: func(y dd.Float) int {
		switch {
		case y.IsZero():
			return -1
		case y == dd.Of(1):
			return 1
		}
		return 0
	},
}

var poisson = family{
	kind:       KindPoisson,
	difference: func(y, mu, _ dd.Float) dd.Float { return y.Sub(mu) },
	deviance:   func(difference, mu, _ float64) float64 { return 2 * excess(difference, mu) },
	loglik: func(y, w, mu, _ float64) float64 {
		g, _ := math.Lgamma(y + 1)
		return w * (xlog(y, mu) - mu - g)
	},
	start: func(y, _ float64) float64 { return math.Log(y + 0.1) },
	edge: func(y dd.Float) int {
		if y.IsZero() {
			return -1
		}
		return 0
	},
}

// xlog is a log(b), zero when a is.
func xlog(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a * math.Log(b)
}

// excess is y log(y/mu) - (y-mu) with y = mu + d: not negative, about
// d^2/(2 mu) near zero, where it is summed as a series since the terms cancel.
func excess(d, mu float64) float64 {
	switch r := d / mu; {
	case d == 0:
		return 0
	case r <= -1+1e-15: // y is zero
		return -d
	case math.Abs(r) < 0.01:
		sum, power := 0.0, r*r
		for k := 2; k < 10; k++ {
			sum += power / float64(k*(k-1))
			power *= -r
		}
		return mu * sum
	default:
		return xlog(mu+d, 1+r) - d
	}
}

func logChoose(n, k float64) float64 {
	a, _ := math.Lgamma(n + 1)
	b, _ := math.Lgamma(k + 1)
	c, _ := math.Lgamma(n - k + 1)
	return a - b - c
}

// glmData is the response as proportion or count, and its weights.
type glmData struct {
	y, w, offset []dd.Float
	rows         int // of positive weight
	x            lsq.Matrix
	moments      *rowwise.Tape
}

func (fr *frame) glmData(f family) (*glmData, error) {
	d := &glmData{y: append([]dd.Float(nil), fr.response.y...), w: make([]dd.Float, len(fr.rows)), offset: fr.offset, x: fr.x}
	for i := range d.w {
		d.w[i] = dd.Of(1)
		if fr.weights != nil {
			d.w[i] = fr.weights[i]
		}
	}
	var err error
	if d.moments, err = cumulants[f.kind].moments(); err != nil {
		return nil, err
	}
	check := checkCounts
	if f.kind == KindLogistic {
		check = checkBinary
	}
	if err := check(fr, d); err != nil {
		return nil, err
	}
	for _, w := range d.w {
		if w.Sign() > 0 {
			d.rows++
		}
	}
	return d, nil
}

func whole(v dd.Float) bool { return v.Lo == 0 && v.Hi == math.Trunc(v.Hi) }

func checkCounts(fr *frame, d *glmData) error {
	if fr.response.levels != nil || fr.response.failures != nil {
		return fail(BadResponse, "the response %s is not a count", fr.response.name)
	}
	for i, v := range d.y {
		if v.Sign() < 0 || !whole(v) {
			return fail(BadResponse, "the response %s is %v in row %d; counts are whole numbers that are not negative (for a rate, count and offset(log(exposure)))", fr.response.name, v.Hi, fr.number(fr.rows[i]))
		}
	}
	return nil
}

func checkBinary(fr *frame, d *glmData) error {
	r := fr.response
	if len(r.levels) > 2 {
		return fail(BadResponse, "the response %s has %d classes (%s); a logistic model tells two apart", r.name, len(r.levels), listNames(r.levels))
	}
	if r.failures != nil {
		return groupCounts(fr, d)
	}
	for i, v := range d.y {
		if v.Sign() < 0 || dd.Of(1).Less(v) {
			return fail(BadResponse, "the response %s is %v in row %d; it must be 0 or 1, or a proportion with the numbers of trials as weights", r.name, v.Hi, fr.number(fr.rows[i]))
		}
		if successes := v.Mul(d.w[i]); fr.weights == nil && !whole(v) || math.Abs(successes.Hi-math.Round(successes.Hi)) > 1e-3 && !whole(v) {
			return fail(BadResponse, "the response %s is %v in row %d, which is no whole number of successes; give the numbers of trials as weights or cbind(successes, failures)", r.name, v.Hi, fr.number(fr.rows[i]))
		}
	}
	return nil
}

func groupCounts(fr *frame, d *glmData) error {
	for i, s := range d.y {
		f := fr.response.failures[i]
		if s.Sign() < 0 || f.Sign() < 0 || !whole(s) || !whole(f) {
			return fail(BadResponse, "row %d of %s has %v successes and %v failures; both are whole numbers that are not negative", fr.number(fr.rows[i]), fr.response.name, s.Hi, f.Hi)
		}
		trials := s.Add(f)
		d.w[i] = d.w[i].Mul(trials)
		if trials.Sign() > 0 {
			d.y[i] = s.Div(trials)
		}
	}
	return nil
}

// state is the linear predictor and what follows from it.
type state struct {
	eta      []dd.Float
	mu, rest []dd.Float
	variance []dd.Float
	rows     []float64 // contributions to the deviance
	deviance float64
}

func (d *glmData) at(f family, eta []dd.Float) *state {
	n := len(eta)
	s := &state{eta: eta, mu: make([]dd.Float, n), rest: make([]dd.Float, n), variance: make([]dd.Float, n), rows: make([]float64, n)}
	var in [1]dd.Float
	var out [3]dd.Float
	for i, e := range eta {
		in[0] = e
		d.moments.Eval(in[:], out[:])
		s.mu[i], s.rest[i], s.variance[i] = out[0], out[1], out[2]
		if d.w[i].Sign() > 0 {
			difference := f.difference(d.y[i], s.mu[i], s.rest[i])
			s.rows[i] = d.w[i].Hi * f.deviance(difference.Float64(), s.mu[i].Float64(), s.rest[i].Float64())
			s.deviance += s.rows[i]
		}
	}
	return s
}

func (d *glmData) predictor(b []dd.Float) []dd.Float {
	eta := make([]dd.Float, len(d.y))
	minus := make([]dd.Float, len(b))
	for j := range b {
		minus[j] = b[j].Neg()
	}
	zero := make([]dd.Float, len(d.y))
	if d.offset != nil {
		copy(zero, d.offset)
	}
	lsq.Residual(eta, d.x, minus, zero)
	return eta
}

// step returns Newton's step from s: least squares of (y-mu)/variance on X
// with weights w*variance.
func (d *glmData) step(f family, s *state) (step []dd.Float, qr *lsq.QR, wx lsq.Matrix, residual []dd.Float) {
	n := len(d.y)
	root, z := make([]dd.Float, n), make([]dd.Float, n)
	for i := range root {
		if v := d.w[i].Mul(s.variance[i]); v.Sign() > 0 {
			root[i] = v.Sqrt()
			z[i] = d.w[i].Mul(f.difference(d.y[i], s.mu[i], s.rest[i])).Div(root[i])
		}
	}
	wx = make(lsq.Matrix, len(d.x))
	for j, column := range d.x {
		wx[j] = make([]dd.Float, n)
		for i, v := range column {
			wx[j][i] = v.Mul(root[i])
		}
	}
	qr = lsq.Factor(wx)
	step, _ = qr.Solve(wx, z)
	return step, qr, wx, z
}

// maxIRLS bounds the iterations; separable data never settle, others take
// less than ten.
const maxIRLS = 60

func fitGLM(fr *frame, f family) (*Model, error) {
	d, err := fr.glmData(f)
	if err != nil {
		return nil, err
	}
	m := newModel(fr, f.kind)
	m.N, m.Dispersion, m.glm = d.rows, 1, d
	if d.rows < len(fr.terms) {
		return nil, underdetermined(d.rows, len(fr.terms))
	}
	if len(fr.terms) == 0 {
		return nil, fail(Syntax, "the formula %s has no terms and no intercept", m.Formula)
	}
	if fr.weights == nil && fr.response.failures == nil && isLarge(d.rows, len(fr.terms)) && m.fitLarge(f, d) {
		return m, nil
	}
	fr.expand()
	d.x = fr.x
	basis := lsq.Factor(fr.x)
	s, direction := m.iterate(f, d, basis)
	m.DFResidual = float64(d.rows - m.Rank)
	m.setNull(f, d)
	m.setLikelihood(f, d, s)
	m.Fitted, m.Residuals = float64s(s.mu), make([]float64, len(s.mu))
	for i := range s.mu {
		m.Residuals[i] = f.difference(d.y[i], s.mu[i], s.rest[i]).Float64()
	}
	if direction != nil {
		m.reportSeparation(direction)
		return m, nil
	}
	if f.kind == KindPoisson && fr.offset == nil && isConstant(fr) {
		m.warn(ConstantResponse, constantResponse, fr.response.name)
	}
	if !m.Converged {
		m.warn(NotConverged, "the estimate had not settled after %d iterations; rescale the columns or look for groups without variation", m.Iterations)
	}
	if m.DFResidual == 0 {
		m.warn(Saturated, saturated, d.rows)
	}
	m.setCovariance(dd.Of(1), true, true)
	return m, nil
}

// iterate runs Newton's method until the estimate no longer moves, and factors
// once more there for the covariance. A direction is returned if the estimate
// runs away to infinity along it.
func (m *Model) iterate(f family, d *glmData, basis *lsq.QR) (*state, []dd.Float) {
	eta := make([]dd.Float, len(d.y))
	for i := range eta {
		eta[i] = dd.Of(f.start(d.y[i].Float64(), d.w[i].Float64()))
	}
	kept := lsq.Matrix{}
	keptAt := basis.Pivot[:basis.Rank]
	for _, j := range keptAt {
		kept = append(kept, d.x[j])
	}
	full := d.x
	d.x = kept
	defer func() { d.x = full }()
	b := d.firstEstimate(f, eta)
	s := d.at(f, d.predictor(b))
	m.Converged = false
	var step []dd.Float
	var direction []dd.Float
	for m.Iterations = 1; m.Iterations < maxIRLS && !halt.Halted(); m.Iterations++ {
		step, _, _, _ = d.step(f, s)
		next := make([]dd.Float, len(b))
		var t *state
		for half := range 30 {
			for j := range b {
				next[j] = b[j].Add(step[j].Ldexp(-half))
			}
			t = d.at(f, d.predictor(next))
			if t.deviance <= s.deviance*(1+1e-12)+1e-14 {
				break
			}
		}
		moved := 0.0
		for i := range t.eta {
			if d.w[i].Sign() > 0 {
				moved = max(moved, math.Abs(t.eta[i].Sub(s.eta[i]).Hi)/(1+math.Abs(t.eta[i].Hi)))
			}
		}
		b, s = next, t
		if moved < 1e-20 {
			m.Converged = true
			break
		}
		if m.Iterations > 8 && moved > 1e-3 {
			if direction = d.recedes(f, step); direction != nil {
				break
			}
		}
	}
	m.finishGLM(f, d, basis, keptAt, b, s)
	return s, spread(direction, keptAt, len(full))
}

func spread(v []dd.Float, at []int, p int) []dd.Float {
	if v == nil {
		return nil
	}
	out := make([]dd.Float, p)
	for k, j := range at {
		out[j] = v[k]
	}
	return out
}

// firstEstimate is one weighted fit of the first predictor.
func (d *glmData) firstEstimate(f family, eta []dd.Float) []dd.Float {
	s := d.at(f, eta)
	n := len(eta)
	root, z := make([]dd.Float, n), make([]dd.Float, n)
	for i := range root {
		if v := d.w[i].Mul(s.variance[i]); v.Sign() > 0 {
			root[i] = v.Sqrt()
			z[i] = eta[i].Add(f.difference(d.y[i], s.mu[i], s.rest[i]).Div(s.variance[i]))
			if d.offset != nil {
				z[i] = z[i].Sub(d.offset[i])
			}
			z[i] = z[i].Mul(root[i])
		}
	}
	wx := make(lsq.Matrix, len(d.x))
	for j, column := range d.x {
		wx[j] = make([]dd.Float, n)
		for i, v := range column {
			wx[j][i] = v.Mul(root[i])
		}
	}
	b, _ := lsq.Factor(wx).Solve(wx, z)
	return b
}

// recedes returns a direction along which the likelihood grows for ever, or
// nil: no row is moved away from its response, and some are moved towards it.
// Newton's step is such a direction but for rows that it should leave where
// they are; these it moves ever less. Taking out of it what moves them makes
// the direction exact, so that data that are only nearly separated pass.
func (d *glmData) recedes(f family, step []dd.Float) []dd.Float {
	move := d.moves(step)
	largest := 0.0
	for i, v := range move {
		if d.w[i].Sign() > 0 {
			largest = max(largest, math.Abs(v.Hi))
		}
	}
	for _, little := range []float64{0, 1e-12, 1e-9, 1e-6, 1e-3} {
		if direction := d.without(step, move, little*largest); d.certifies(f, direction, 1e-15*largest) {
			return direction
		}
	}
	return nil
}

// without returns step without what moves the rows that it moves less than
// little.
func (d *glmData) without(step, move []dd.Float, little float64) []dd.Float {
	still := make(lsq.Matrix, len(d.x))
	var rest []dd.Float
	for i, v := range move {
		if d.w[i].Sign() > 0 && math.Abs(v.Hi) < little {
			for j := range d.x {
				still[j] = append(still[j], d.x[j][i])
			}
			rest = append(rest, v)
		}
	}
	if len(rest) == 0 {
		return step
	}
	c, _ := lsq.Factor(still).Solve(still, rest)
	exact := make([]dd.Float, len(step))
	for j := range step {
		exact[j] = step[j].Sub(c[j])
	}
	return exact
}

// certifies reports whether direction moves some rows towards their response
// and none away from it, moves up to zero being rounding.
func (d *glmData) certifies(f family, direction []dd.Float, zero float64) bool {
	towards := false
	for i, v := range d.moves(direction) {
		if d.w[i].IsZero() || math.Abs(v.Hi) <= zero {
			continue
		}
		if f.edge(d.y[i])*v.Sign() <= 0 {
			return false
		}
		towards = true
	}
	return towards
}

// moves is the change of the linear predictor along a change of the estimate.
func (d *glmData) moves(step []dd.Float) []dd.Float {
	offset := d.offset
	d.offset = nil
	defer func() { d.offset = offset }()
	return d.predictor(step)
}

func (m *Model) finishGLM(f family, d *glmData, basis *lsq.QR, keptAt []int, b []dd.Float, s *state) {
	_, qr, wx, z := d.step(f, s)
	m.qr, m.residual = qr, z
	for k := range qr.Pivot {
		qr.Pivot[k] = keptAt[qr.Pivot[k]]
	}
	qr.Pivot = append(qr.Pivot, basis.Pivot[basis.Rank:]...)
	m.design = make(lsq.Matrix, len(m.Terms))
	for k, j := range keptAt {
		m.design[j] = wx[k]
	}
	full := spread(b, keptAt, len(m.Terms))
	lengthEta := length(s.eta)
	m.setCoef(full, m.frame.x, max(lengthEta, 1))
}

// setNull fits the model of an intercept (and the offset) alone.
func (m *Model) setNull(f family, d *glmData) {
	m.DFNull = float64(d.rows)
	null := &glmData{y: d.y, w: d.w, offset: d.offset, rows: d.rows, moments: d.moments}
	eta := make([]dd.Float, len(d.y))
	copy(eta, d.offset)
	if !m.frame.formula.Intercept {
		m.NullDeviance = null.at(f, eta).deviance
		return
	}
	m.DFNull--
	ones := make([]dd.Float, len(d.y))
	for i := range ones {
		ones[i] = dd.Of(1)
	}
	null.x = lsq.Matrix{ones}
	probe := &Model{Terms: []string{"(Intercept)"}, frame: &frame{x: null.x}}
	s, _ := probe.iterate(f, null, lsq.Factor(null.x))
	m.NullDeviance = s.deviance
}

// fitLarge fits in float64; false if that takes doubled precision.
func (m *Model) fitLarge(f family, d *glmData) bool {
	fr := m.frame
	var offset []float64
	if fr.offset != nil {
		offset = float64s(fr.offset)
	}
	x := fr.large
	if x == nil {
		rows, _ := fr.frameRows()
		x = &rows
	}
	return m.fitRows(f, *x, float64s(d.y), offset)
}

func (m *Model) fitRows(f family, x lsq.Rows, y, offset []float64) bool {
	if !largeGLM(m, f, x, y, offset) {
		return false
	}
	m.largeLikelihood(f, x, y, offset)
	return true
}

// largeLikelihood computes fitted values, deviances and the likelihood.
func (m *Model) largeLikelihood(f family, x lsq.Rows, y, offset []float64) {
	m.Fitted, m.Residuals = make([]float64, x.N), make([]float64, x.N)
	total := 0.0
	for _, v := range y {
		total += v
	}
	mean := total / float64(x.N)
	fast := fastFamilies[f.kind]
	g := lsq.Project(x, 3, func(i int, row, sum []float64) float64 {
		eta := 0.0
		if offset != nil {
			eta = offset[i]
		}
		for j, v := range row {
			eta += v * m.Coef[j]
		}
		mu, _ := fast(eta)
		rest := 1 - mu
		if f.kind == KindLogistic {
			rest, _ = fast(-eta)
		}
		m.Fitted[i], m.Residuals[i] = mu, y[i]-mu
		sum[0] += f.deviance(m.Residuals[i], mu, rest)
		sum[1] += f.deviance(y[i]-mean, mean, 1-mean)
		sum[2] += f.loglik(y[i], 1, mu, rest)
		return 0
	})
	m.Deviance, m.LogLik = g.Sum[0], g.Sum[2]
	m.DFNull = float64(x.N)
	if m.frame.formula.Intercept {
		m.DFNull--
	}
	if m.NullDeviance = g.Sum[1]; offset != nil || !m.frame.formula.Intercept {
		m.NullDeviance = math.NaN()
	}
	m.setCriteria(float64(m.Rank))
}

func (m *Model) setLikelihood(f family, d *glmData, s *state) {
	m.Deviance, m.LogLik, m.rowDeviance = s.deviance, 0, s.rows
	for i := range d.y {
		if d.w[i].Sign() > 0 {
			m.LogLik += f.loglik(d.y[i].Float64(), d.w[i].Float64(), s.mu[i].Float64(), s.rest[i].Float64())
		}
	}
	m.setCriteria(float64(m.Rank))
}

func (m *Model) reportSeparation(direction []dd.Float) {
	largest := 0.0
	size := make([]float64, len(direction))
	for j, v := range direction {
		size[j] = math.Abs(v.Hi) * length(m.frame.x[j])
		largest = max(largest, size[j])
	}
	var names []string
	for j := range direction {
		if size[j] > 1e-6*largest {
			names = append(names, m.Terms[j])
		}
	}
	m.noEstimate(names)
}

// noEstimate reports separation along the columns named.
func (m *Model) noEstimate(names []string) {
	m.Converged = false
	for j := range m.Coef {
		m.Coef[j] = math.NaN()
	}
	p := len(m.Coef)
	m.SE, m.Stat, m.P, m.Cov = nans(p), nans(p), nans(p), nil
	m.warn(Separation, "the data are separated along %s: the likelihood grows without end and no finite estimate exists; pool groups, drop the term or penalise", listNames(names))
}
