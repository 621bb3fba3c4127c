package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
	"github.com/nabla-go/nabla/matcalc/regress/internal/rowwise"
)

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
		return fail(BadResponse, "the response %s is not a count%s", fr.response.name, fr.table.Column(fr.response.name).strayNote())
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
		return fail(BadResponse, "the response %s has %d classes (%s)%s; a logistic model tells two apart", r.name, len(r.levels), listNames(r.levels), fr.table.Column(r.name).strayNote())
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
		return nil, fr.underdetermined(d.rows)
	}
	if len(fr.terms) == 0 {
		return nil, fail(Syntax, "the formula %s has no terms and no intercept", m.Formula)
	}
	if fr.weights == nil && fr.response.failures == nil && isLarge(d.rows, len(fr.terms)) && m.fitLarge(f, d) {
		return m, nil
	}
	if err := fr.expand(); err != nil {
		return nil, err
	}
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

func (m *Model) setLikelihood(f family, d *glmData, s *state) {
	m.Deviance, m.LogLik, m.rowDeviance = s.deviance, 0, s.rows
	for i := range d.y {
		if d.w[i].Sign() > 0 {
			m.LogLik += f.loglik(d.y[i].Float64(), d.w[i].Float64(), s.mu[i].Float64(), s.rest[i].Float64())
		}
	}
	m.setCriteria(float64(m.Rank))
}
