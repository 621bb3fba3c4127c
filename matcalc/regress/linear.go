package regress

import (
	"math"
	"slices"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// fitLinear minimises sum of w_i (y_i - offset_i - x_i'b)^2, or, with rho not
// zero, (y-Xb)'V^-1(y-Xb) with V[i][j] = rho^|i-j|.
func fitLinear(fr *frame, kind Kind, rho float64) (*Model, error) {
	if fr.response.levels != nil || fr.response.failures != nil {
		return nil, fail(BadResponse, "the response %s is not a number%s; for two classes use a logistic model", fr.response.name, fr.table.Column(fr.response.name).strayNote())
	}
	m := newModel(fr, kind)
	m.rho = rho
	if n, p := len(fr.rows), len(fr.terms); rho == 0 && isLarge(n, p) {
		x, y := fr.frameRows()
		if largeLinear(m, x, y, fr.formula.Intercept) {
			m.addOffset()
			return m, nil
		}
		m = newModel(fr, kind)
	}
	if err := fr.expand(); err != nil {
		return nil, err
	}
	return fitDoubled(m, rho)
}

// addOffset gives a large fit its fitted values with the offset, and R squared
// the sum of squares that these explain.
func (m *Model) addOffset() {
	if m.frame.offset == nil {
		return
	}
	mean, weights := 0.0, 0.0
	for i, o := range m.frame.offset {
		m.Fitted[i] += o.Hi
		mean, weights = mean+m.weight(i)*m.Fitted[i], weights+m.weight(i)
	}
	if mean /= weights; !m.frame.formula.Intercept {
		mean = 0
	}
	explained := 0.0
	for i, v := range m.Fitted {
		explained += m.weight(i) * (v - mean) * (v - mean)
	}
	m.largeSquares(m.RSS+explained, m.frame.formula.Intercept)
}

// fitDoubled is fitLinear in doubled precision.
func fitDoubled(m *Model, rho float64) (*Model, error) {
	fr := m.frame
	y := fr.centredResponse()
	x, wy, rows := m.whiten(fr.x, y, rho)
	m.N = rows
	if rows < len(fr.terms) {
		return nil, fr.underdetermined(rows)
	}
	if len(fr.terms) == 0 {
		return nil, fail(Syntax, "the formula %s has no terms and no intercept", m.Formula)
	}
	m.design, m.qr = x, lsq.Factor(x)
	var b []dd.Float
	b, m.residual = m.qr.Solve(x, wy)
	scale := length(wy)
	m.setCoef(b, x, scale)
	m.DFResidual = float64(rows - m.Rank)
	rss := sumSquares(m.residual)
	if math.Sqrt(rss.Hi) <= noise*scale {
		rss = dd.Float{}
		clear(m.residual)
	}
	m.RSS = rss.Float64()
	m.sigma2 = rss.Div(dd.Of(m.DFResidual))
	if m.DFResidual > 0 {
		m.ResidualSD = m.sigma2.Sqrt().Float64()
	} else {
		m.ResidualSD = math.NaN()
		m.warn(Saturated, saturated, rows)
	}
	m.setCovariance(m.sigma2, m.DFResidual > 0, false)
	m.setFitted(fr.x, fr.response.y)
	m.setSquares(y, wy, rss, rho)
	return m, nil
}

func newModel(fr *frame, kind Kind) *Model {
	m := &Model{Kind: kind, Formula: fr.formula.Source, Terms: fr.terms, frame: fr, N: len(fr.rows), Dropped: fr.dropped, Converged: true}
	m.RSquared, m.AdjR2, m.F, m.FP, m.LogLik, m.AIC, m.BIC = nan, nan, nan, nan, nan, nan, nan
	m.Deviance, m.NullDeviance, m.DFNull, m.Dispersion, m.DFEffective = nan, nan, nan, nan, nan
	for _, v := range fr.variables {
		if note := fr.strayNote(v); note != "" {
			m.warn(StrayText, "most values of %s are numbers, but not all%s, so it is a factor of %d levels: mend the value, leave it empty if it is missing, or write factor(%s) if levels are meant", v.label, note, len(v.levels), v.label)
		}
		if len(v.levels) == 1 {
			m.warn(Aliased, "%s has the one level %s, so there is no difference of levels to estimate; leave the term out", v.label, v.levels[0])
		}
	}
	return m
}

// strayNote says where a factor holds text although it is mostly numbers.
func (fr *frame) strayNote(v variable) string {
	if v.levels == nil || fr.table == nil {
		return ""
	}
	return fr.table.Column(v.label).strayNote()
}

// underdetermined is the error of n rows for the columns of the design, with
// what may have made them so many.
func (fr *frame) underdetermined(n int) error {
	for _, v := range fr.variables {
		if note := fr.strayNote(v); note != "" {
			return fail(Underdetermined, "%d rows cannot determine %d coefficients: most values of %s are numbers, but not all%s, so it is a factor of %d levels; mend the value, or leave it empty if it is missing", n, len(fr.terms), v.label, note, len(v.levels))
		}
	}
	return underdetermined(n, len(fr.terms))
}

func underdetermined(n, p int) error {
	return fail(Underdetermined, "%d rows cannot determine %d coefficients; leave terms out, add rows, or use ridge", n, p)
}

// isConstant reports whether all rows that count have the same response.
func isConstant(fr *frame) bool {
	var first *dd.Float
	for i := range fr.response.y {
		if fr.weights != nil && fr.weights[i].IsZero() {
			continue
		}
		if first == nil {
			first = &fr.response.y[i]
		}
		if fr.response.y[i] != *first {
			return false
		}
	}
	return true
}

func length(v []dd.Float) float64 {
	s := 0.0
	for _, x := range v {
		s = math.Hypot(s, x.Hi)
	}
	return s
}

func sumSquares(v []dd.Float) dd.Float {
	var s dd.Float
	for _, x := range v {
		s = s.Add(x.Sqr())
	}
	return s
}

// centredResponse returns y minus the offset.
func (fr *frame) centredResponse() []dd.Float {
	if fr.offset == nil {
		return fr.response.y
	}
	y := make([]dd.Float, len(fr.rows))
	for i := range y {
		y[i] = fr.response.y[i].Sub(fr.offset[i])
	}
	return y
}

// whiten returns design and response such that ordinary least squares of one
// on the other is the problem, and the number of rows that count. Rows of
// weight zero stay as rows of zeros. For an AR(1) error the transform is
// row 1 as it is, then (row i - phi row i-1)/sqrt(1-phi^2), phi the correlation
// with the row before.
func (m *Model) whiten(x lsq.Matrix, y []dd.Float, rho float64) (lsq.Matrix, []dd.Float, int) {
	w := m.frame.weights
	rows := len(y)
	if w != nil {
		m.sqrtW = make([]dd.Float, len(w))
		for i, v := range w {
			m.sqrtW[i] = v.Sqrt()
			if v.IsZero() {
				rows--
			}
		}
	}
	if w == nil && rho == 0 {
		return x, y, rows
	}
	var scale []dd.Float
	phi := m.frame.correlations(rho)
	for _, r := range phi {
		scale = append(scale, dd.Of(1).Sub(r.Sqr()).Sqrt().Inv())
	}
	transform := func(v []dd.Float) []dd.Float {
		out := append([]dd.Float(nil), v...)
		if w != nil {
			for i := range out {
				out[i] = out[i].Mul(m.sqrtW[i])
			}
		}
		if rho != 0 {
			for i := len(out) - 1; i > 0; i-- {
				out[i] = out[i].Sub(phi[i].Mul(out[i-1])).Mul(scale[i])
			}
		}
		return out
	}
	wx := make(lsq.Matrix, len(x))
	for j := range x {
		wx[j] = transform(x[j])
	}
	return wx, transform(y), rows
}

// correlations returns that of each row's AR(1) error with the row's before: rho,
// or a power of it where rows between them are missing.
func (fr *frame) correlations(rho float64) []dd.Float {
	phi := make([]dd.Float, len(fr.rows))
	for i := range phi {
		if i > 0 {
			phi[i] = dd.Of(rho).Pow(dd.Of(float64(fr.gap(i, i-1))))
		}
	}
	return phi
}

// setFitted computes fitted values and residuals in the units of the response.
func (m *Model) setFitted(x lsq.Matrix, y []dd.Float) {
	r := make([]dd.Float, len(y))
	lsq.Residual(r, x, m.coef, y)
	m.Fitted, m.Residuals = make([]float64, len(y)), make([]float64, len(y))
	rounding := noise * length(y)
	for i := range y {
		if m.frame.offset != nil {
			r[i] = r[i].Sub(m.frame.offset[i])
		}
		if math.Abs(r[i].Hi) <= rounding {
			r[i] = dd.Float{}
		}
		m.Fitted[i] = y[i].Sub(r[i]).Float64()
		m.Residuals[i] = r[i].Float64()
	}
}

// setSquares computes R squared, F and the likelihood.
func (m *Model) setSquares(y, wy []dd.Float, rss dd.Float, rho float64) {
	fr := m.frame
	intercept := 0.0
	total := sumSquares(wy)
	if fr.formula.Intercept {
		intercept = 1
		ones := slices.Repeat([]dd.Float{dd.Of(1)}, len(y))
		w1, _, _ := m.whiten(lsq.Matrix{ones}, y, rho)
		_, r := lsq.Factor(w1).Solve(w1, wy)
		total = sumSquares(r)
	}
	n, dfModel := float64(m.N), float64(m.Rank)-intercept
	constant := math.Sqrt(total.Hi) <= noise*length(wy)
	switch {
	case fr.offset == nil || rho != 0:
	case dfModel == 0:
		total = rss
	default:
		total = rss.Add(m.explained())
	}
	if constant {
		m.warn(ConstantResponse, constantResponse, fr.response.name)
	} else {
		m.RSquared = dd.Of(1).Sub(rss.Div(total)).Float64()
		if m.DFResidual > 0 {
			m.AdjR2 = dd.Of(1).Sub(rss.Div(total).Mul(dd.Of((n - intercept) / m.DFResidual))).Float64()
		}
		if dfModel > 0 && m.DFResidual > 0 {
			m.FDF = [2]float64{dfModel, m.DFResidual}
			m.F = total.Sub(rss).Div(dd.Of(dfModel)).Div(rss.Div(dd.Of(m.DFResidual))).Float64()
			m.FP = fisherTail(m.F, dfModel, m.DFResidual)
		}
	}
	if rss.IsZero() {
		return // the likelihood has no maximum
	}
	m.LogLik = -0.5 * n * (math.Log(2*math.Pi) + 1 - math.Log(n) + rss.Log().Float64())
	for _, w := range fr.weights {
		if w.Sign() > 0 {
			m.LogLik += 0.5 * math.Log(w.Hi)
		}
	}
	if rho != 0 {
		for _, r := range fr.correlations(rho) {
			m.LogLik -= 0.5 * math.Log1p(-r.Hi*r.Hi)
		}
	}
	m.setCriteria(float64(m.Rank) + 1)
}

// explained is the sum of squares of the fitted values, offset included, about
// their (weighted) mean if there is an intercept.
func (m *Model) explained() dd.Float {
	fr := m.frame
	minus := make([]dd.Float, len(m.coef))
	for j, b := range m.coef {
		minus[j] = b.Neg()
	}
	fitted := make([]dd.Float, len(fr.offset))
	lsq.Residual(fitted, fr.x, minus, fr.offset)
	ones := slices.Repeat([]dd.Float{dd.Of(1)}, len(fitted))
	w1, wf, _ := m.whiten(lsq.Matrix{ones}, fitted, 0)
	if fr.formula.Intercept {
		_, wf = lsq.Factor(w1).Solve(w1, wf)
	}
	return sumSquares(wf)
}

// setCriteria computes AIC and BIC for k estimated parameters.
func (m *Model) setCriteria(k float64) {
	m.AIC = -2*m.LogLik + 2*k
	m.BIC = -2*m.LogLik + math.Log(float64(m.N))*k
}

// fitRidge minimises RSS + lambda sum b_j^2 over all but the intercept, as
// least squares on the design with sqrt(lambda) I put below it.
func fitRidge(fr *frame, lambda float64) (*Model, error) {
	if !(lambda >= 0) || math.IsInf(lambda, 0) {
		return nil, fail(BadLambda, "lambda is %v; the penalty is a finite number that is not negative", lambda)
	}
	if fr.response.levels != nil || fr.response.failures != nil {
		return nil, fail(BadResponse, "the response %s is not a number", fr.response.name)
	}
	m := newModel(fr, KindRidge)
	m.Lambda = lambda
	x, y, rows := m.whiten(fr.x, fr.centredResponse(), 0)
	if lambda == 0 && rows < len(fr.terms) {
		return nil, underdetermined(rows, len(fr.terms))
	}
	n, root := len(y), dd.Of(lambda).Sqrt()
	augmented := make(lsq.Matrix, len(x))
	penalised := 0
	for j := range x {
		column := make([]dd.Float, n+len(x))
		copy(column, x[j])
		if fr.assign[j] >= 0 {
			column[n+j] = root
			penalised++
		}
		augmented[j] = column
	}
	wy := append(append([]dd.Float(nil), y...), make([]dd.Float, len(x))...)
	m.design, m.qr = x, lsq.Factor(augmented)
	b, _ := m.qr.Solve(augmented, wy)
	m.setCoef(b, x, length(wy))
	m.residual = make([]dd.Float, n)
	lsq.Residual(m.residual, x, b, y)
	m.RSS = sumSquares(m.residual).Float64()
	var trace dd.Float
	for _, h := range m.qr.Leverage()[:n] {
		trace = trace.Add(h)
	}
	m.DFEffective = trace.Float64()
	if isConstant(fr) {
		m.warn(ConstantResponse, constantResponse, fr.response.name)
	}
	m.DFResidual = float64(rows) - m.DFEffective
	m.SE, m.Stat, m.P = nans(len(b)), nans(len(b)), nans(len(b))
	m.ResidualSD = math.NaN()
	m.setFitted(fr.x, fr.response.y)
	return m, nil
}
