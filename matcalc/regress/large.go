package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
	"gonum.org/v1/gonum/mat"
)

// A problem is large when its factorisation in doubled precision would be
// felt, at about this many multiplications.
const largeWork = 8e6

// largeCondition is the condition number up to which the normal equations in
// float64 keep ten digits of the standard errors; beyond it a large problem is
// solved in doubled precision all the same.
const largeCondition = 1000

func isLarge(n, p int) bool { return float64(n)*float64(p)*float64(p) > largeWork }

// largeLinear fits least squares by the normal equations in float64, refined
// with the residuals, twice where the first correction is one that residuals
// show. ok is false if the columns are too dependent for
// that or a value is not finite.
func largeLinear(m *Model, x lsq.Rows, y []float64, intercept bool) (ok bool) {
	const sumWY, sumW = 0, 1
	g := lsq.Accumulate(x, 2, func(i int, _, sum []float64) (float64, float64) {
		w := m.weight(i)
		sum[sumWY] += w * y[i]
		sum[sumW] += w
		return w, y[i]
	})
	squares := g.Sum[2] // of the response
	s, ok := g.Factor()
	if !ok || s.Condition > largeCondition || math.IsNaN(squares) {
		return false
	}
	b := s.Solve(g.XZ)
	m.Residuals, m.Fitted = make([]float64, x.N), make([]float64, x.N)
	m.N, m.Rank, m.Condition = m.weighted(x.N), x.P, s.Condition
	var rss, total float64
	centre := 0.0
	if intercept {
		centre = g.Sum[sumWY] / g.Sum[sumW]
	}
	for range 2 {
		r := residualPass(m, x, y, b, centre)
		rss, total = r.Sum[0], r.Sum[1]
		moved := 0.0 // in units of the standard error, which is at least sigma/sqrt(x'x)
		for j, d := range s.Solve(r.XZ) {
			b[j] += d
			moved = max(moved, math.Abs(d)*math.Sqrt(g.XX[j*x.P+j]))
		}
		if moved <= 1e-10*math.Sqrt(rss/float64(m.N)) {
			break
		}
	}
	m.RSS = rss
	m.Coef, m.coef = b, make([]dd.Float, x.P)
	for j, v := range b {
		m.coef[j] = dd.Of(v)
	}
	m.DFResidual = float64(m.N - x.P)
	if m.DFResidual <= 0 {
		return false
	}
	m.sigma2 = dd.Of(rss / m.DFResidual)
	m.ResidualSD = math.Sqrt(rss / m.DFResidual)
	m.setLargeCovariance(s, m.sigma2.Hi, false)
	m.setLargeVIF(s, g, intercept)
	if m.RSS <= 1e-28*squares || total <= 1e-28*squares {
		return false // an exact fit or a constant response: decide in doubled precision
	}
	m.largeSquares(total, intercept)
	return true
}

// weight is that of a row of a linear fit.
func (m *Model) weight(i int) float64 {
	if m.frame.weights == nil {
		return 1
	}
	return m.frame.weights[i].Hi
}

// weighted is how many of n rows have a weight that is not zero.
func (m *Model) weighted(n int) int {
	for _, w := range m.frame.weights {
		if w.IsZero() {
			n--
		}
	}
	return n
}

// residualPass computes fitted values and residuals at b, X'Wr, r'Wr and the sum
// of squares of y about centre.
func residualPass(m *Model, x lsq.Rows, y, b []float64, centre float64) *lsq.Gram {
	return lsq.Project(x, 2, func(i int, row, sum []float64) float64 {
		fitted := 0.0
		for j, v := range row {
			fitted = math.FMA(v, b[j], fitted)
		}
		w, r, d := m.weight(i), y[i]-fitted, y[i]-centre
		m.Fitted[i], m.Residuals[i] = fitted, r
		sum[0] += w * r * r
		sum[1] += w * d * d
		return w * r
	})
}

func (m *Model) largeSquares(total float64, intercept bool) {
	n, constant := float64(m.N), 0.0
	if intercept {
		constant = 1
	}
	dfModel := float64(m.Rank) - constant
	m.RSquared = 1 - m.RSS/total
	m.AdjR2 = 1 - m.RSS/total*(n-constant)/m.DFResidual
	if dfModel > 0 {
		m.FDF = [2]float64{dfModel, m.DFResidual}
		m.F = (total - m.RSS) / dfModel / (m.RSS / m.DFResidual)
		m.FP = fisherTail(m.F, dfModel, m.DFResidual)
	}
	m.LogLik = -0.5 * n * (math.Log(2*math.Pi) + 1 - math.Log(n) + math.Log(m.RSS))
	for _, w := range m.frame.weights {
		if w.Sign() > 0 {
			m.LogLik += 0.5 * math.Log(w.Hi)
		}
	}
	m.setCriteria(float64(m.Rank) + 1)
}

func (m *Model) setLargeCovariance(s *lsq.Solver, sigma2 float64, normal bool) {
	p := len(m.Coef)
	m.Cov, m.inverse = s.Inverse(), s.Inverse()
	m.SE, m.Stat, m.P = nans(p), nans(p), nans(p)
	for j := range m.Coef {
		for k := range m.Cov[j] {
			m.Cov[j][k] *= sigma2
		}
		m.SE[j] = math.Sqrt(m.Cov[j][j])
		m.Stat[j] = m.Coef[j] / m.SE[j]
		if normal {
			m.P[j] = normalTail(m.Stat[j])
		} else {
			m.P[j] = studentTail(m.Stat[j], m.DFResidual)
		}
	}
}

// setLargeVIF computes the variance inflation factors as the diagonal of
// (X'X)^-1 times the sums of squares about the mean.
func (m *Model) setLargeVIF(s *lsq.Solver, g *lsq.Gram, intercept bool) {
	m.vif = nans(g.P)
	inverse := s.Inverse()
	for j := range m.vif {
		squares := g.XX[j*g.P+j]
		if intercept {
			if j == 0 {
				continue
			}
			squares -= g.XX[j] * g.XX[j] / g.XX[0]
		}
		m.vif[j] = inverse[j][j] * squares
	}
}

// rowsOf gives a plain matrix by rows, without a copy where it is dense.
func rowsOf(x mat.Matrix) lsq.Rows {
	n, p := x.Dims()
	if d, ok := x.(*mat.Dense); ok {
		raw := d.RawMatrix()
		return lsq.Rows{N: n, P: p, Stride: raw.Stride, Data: raw.Data}
	}
	r := lsq.Rows{N: n, P: p, Stride: p, Data: make([]float64, n*p)}
	for i := range n {
		for j := range p {
			r.Data[i*p+j] = x.At(i, j)
		}
	}
	return r
}

func vectorOf(y mat.Matrix) []float64 {
	n, _ := y.Dims()
	if v, ok := y.(*mat.VecDense); ok && v.RawVector().Inc == 1 {
		return v.RawVector().Data[:n]
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = y.At(i, 0)
	}
	return out
}

// frameRows is the design of a frame as rows of float64, and the response.
func (fr *frame) frameRows() (lsq.Rows, []float64) {
	if fr.large != nil {
		return *fr.large, float64s(fr.centredResponse())
	}
	n, p := len(fr.rows), len(fr.x)
	r := lsq.Rows{N: n, P: p, Stride: p, Data: make([]float64, n*p)}
	for j, column := range fr.x {
		for i, v := range column {
			r.Data[i*p+j] = v.Hi
		}
	}
	return r, float64s(fr.centredResponse())
}

// largeGLM runs Newton's method in float64; ok is false where the columns are
// too dependent or the estimate runs away, which doubled precision decides.
func largeGLM(m *Model, f family, x lsq.Rows, y, offset []float64) (ok bool) {
	b := make([]float64, x.P)
	fast := fastFamilies[f.kind]
	var s *lsq.Solver
	first := true
	for m.Iterations = 1; m.Iterations < 30 && !halt.Halted(); m.Iterations++ {
		g := lsq.Accumulate(x, 0, func(i int, row, _ []float64) (float64, float64) {
			eta := 0.0
			if offset != nil {
				eta = offset[i]
			}
			if first {
				eta = f.start(y[i], 1)
			} else {
				for j, v := range row {
					eta += v * b[j]
				}
			}
			mu, variance := fast(eta)
			z := (y[i] - mu) / variance
			if first {
				z += eta
				if offset != nil {
					z -= offset[i]
				}
			}
			return variance, z
		})
		s, ok = g.Factor()
		if !ok || s.Condition > largeCondition {
			return false
		}
		step := s.Solve(g.XZ)
		moved := 0.0
		for j := range b {
			// In units of the standard error, to which one unit is 1/sqrt.
			moved = max(moved, math.Abs(step[j])/(math.Abs(b[j])+1/math.Sqrt(g.XX[j*x.P+j])))
			b[j] += step[j]
		}
		if moved > 1e6 || moved != moved {
			return false
		}
		if !first && moved < 1e-6 { // the step after would be below 1e-12
			m.Converged = true
			m.Coef = b
			return m.largeFinish(f, x, y, offset)
		}
		first = false
	}
	return false
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
	return largeGLM(m, f, *x, float64s(d.y), offset)
}

// largeFinish evaluates the covariance, the likelihood and the rows at the
// estimate, which takes a last step there; false if the columns are too
// dependent.
func (m *Model) largeFinish(f family, x lsq.Rows, y, offset []float64) bool {
	m.Fitted, m.Residuals = make([]float64, x.N), make([]float64, x.N)
	fast := fastFamilies[f.kind]
	g := lsq.Accumulate(x, 2, func(i int, row, sum []float64) (float64, float64) {
		eta := 0.0
		if offset != nil {
			eta = offset[i]
		}
		for j, v := range row {
			eta += v * m.Coef[j]
		}
		mu, variance := fast(eta)
		rest := 1 - mu
		if f.kind == KindLogistic {
			rest, _ = fast(-eta)
		}
		m.Fitted[i], m.Residuals[i] = mu, f.difference(dd.Of(y[i]), dd.Of(mu), dd.Of(rest)).Float64()
		sum[0] += f.deviance(m.Residuals[i], mu, rest)
		sum[1] += f.loglik(y[i], 1, mu, rest)
		return variance, m.Residuals[i] / variance
	})
	s, ok := g.Factor()
	if !ok || s.Condition > largeCondition {
		return false
	}
	for j, d := range s.Solve(g.XZ) {
		m.Coef[j] += d
	}
	m.Rank, m.N, m.Condition = x.P, x.N, s.Condition
	m.coef = make([]dd.Float, x.P)
	for j, v := range m.Coef {
		m.coef[j] = dd.Of(v)
	}
	m.setLargeCovariance(s, 1, true)
	m.setLargeVIF(s, g, m.frame.formula.Intercept)
	m.DFResidual = float64(x.N - x.P)
	m.Deviance, m.LogLik = g.Sum[0], g.Sum[1]
	m.DFNull, m.NullDeviance = float64(x.N), largeNull(f, y, offset, m.frame.formula.Intercept)
	if m.frame.formula.Intercept {
		m.DFNull--
	}
	m.setCriteria(float64(m.Rank))
	return true
}

// largeNull is the deviance of the model of an intercept (and the offset) alone,
// or of the offset alone.
func largeNull(f family, y, offset []float64, intercept bool) float64 {
	x := lsq.Rows{N: len(y), P: 1, Stride: 1, Data: make([]float64, len(y))} // the offset as a column
	copy(x.Data, offset)
	null := 0.0
	if intercept {
		mean := 0.0
		for _, v := range y {
			mean += v / float64(len(y))
		}
		if null = math.Log(mean); f.kind == KindLogistic {
			null = math.Log(mean / (1 - mean))
		}
	}
	fast := fastFamilies[f.kind]
	for range maxIRLS {
		g := lsq.Project(x, 3, func(i int, row, sum []float64) float64 {
			mu, variance := fast(null + row[0])
			rest := 1 - mu
			if f.kind == KindLogistic {
				rest, _ = fast(-null - row[0])
			}
			sum[0] += f.deviance(y[i]-mu, mu, rest)
			sum[1] += y[i] - mu
			sum[2] += variance
			return 0
		})
		step := g.Sum[1] / g.Sum[2]
		if !intercept || offset == nil || !(math.Abs(step) > 1e-8) { // the deviance is right to the square of that
			return g.Sum[0]
		}
		null += step
	}
	return math.NaN()
}

// fastFamilies are mean and variance in float64.
var fastFamilies = map[Kind]func(eta float64) (mu, variance float64){
	KindLogistic: func(eta float64) (float64, float64) {
		e := math.Exp(-math.Abs(eta))
		d := 1 / (1 + e)
		if eta < 0 {
			return e * d, e * d * d
		}
		return d, e * d * d
	},
	KindPoisson: func(eta float64) (float64, float64) {
		mu := math.Exp(eta)
		return mu, mu
	},
}
