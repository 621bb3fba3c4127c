package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// A Kind names a sort of model.
type Kind string

// The sorts of models.
const (
	KindOLS      Kind = "ols"
	KindWLS      Kind = "wls"
	KindGLS      Kind = "gls"
	KindRidge    Kind = "ridge"
	KindLogistic Kind = "logistic"
	KindPoisson  Kind = "poisson"
	KindNLS      Kind = "nls"
	// KindConstrained is least squares subject to linear equations.
	KindConstrained Kind = "constrained"
)

// A Model is a fitted regression. Slices over coefficients have the length of
// Terms; NaN stands for what is not defined, as the coefficient of an aliased
// column or the standard error of a saturated fit.
type Model struct {
	Kind     Kind
	Formula  string
	Terms    []string
	Coef     []float64
	SE       []float64
	Stat     []float64   // t, or z where the dispersion is known
	P        []float64   // two-sided
	Cov      [][]float64 // over the coefficients that are not aliased
	Rank     int
	Aliased  []string
	Warnings Warnings

	N, Dropped int
	DFResidual float64
	RSS        float64 // weighted residual sum of squares
	ResidualSD float64
	RSquared   float64
	AdjR2      float64
	F, FP      float64
	FDF        [2]float64
	LogLik     float64
	AIC, BIC   float64
	Condition  float64 // of the design with columns of length one

	Deviance, NullDeviance float64
	DFNull                 float64
	Dispersion             float64
	Iterations             int
	Converged              bool

	Lambda      float64 // of ridge
	DFEffective float64 // of ridge: trace of the hat matrix

	Fitted, Residuals []float64

	frame       *frame
	sqrtW       []dd.Float // square roots of the working weights; nil if all one
	coef        []dd.Float
	residual    []dd.Float // whitened; Pearson residuals in generalised linear models
	rowDeviance []float64  // contributions to the deviance in generalised linear models
	design      lsq.Matrix // whitened
	qr          *lsq.QR
	sigma2      dd.Float
	diag        *diagnostics
	vif         []float64 // of a large fit, whose design is not kept
	rows        *lsq.Rows // of a large fit on a plain matrix
	rowsY       []float64
	likelihood  likelihood  // of MaxLik
	curve       *curve      // of NLS
	glm         *glmData    // of logistic and Poisson regression
	rho         float64     // of GLS
	constraint  constraint  // of Constrained
	null        lsq.Matrix  // basis of the plane that constraints leave, else nil
	inverse     [][]float64 // (X'WX)^-1 of a fit in float64
	errors      string      // what the standard errors are, if not those of the model
}

func (m *Model) warn(class Class, format string, args ...any) {
	m.Warnings = append(m.Warnings, Warning{class, phrase(format, args...)})
}

// Warnings that several kinds of model give.
const (
	constantResponse = "the response %s is constant: there is nothing to explain, and R squared is not defined"
	saturated        = "as many coefficients as rows (%d): the fit passes through every point and nothing is left to estimate an error from"
)

var nan = math.NaN()

func nans(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = nan
	}
	return v
}

func float64s(v []dd.Float) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = x.Float64()
	}
	return out
}

// setCovariance fills SE, Cov, Stat and P from (X'X)^-1 and the variance
// sigma2. normal says that the statistic is z rather than t.
func (m *Model) setCovariance(sigma2 dd.Float, defined, normal bool) {
	p := len(m.Terms)
	m.SE, m.Stat, m.P = nans(p), nans(p), nans(p)
	if !defined {
		return
	}
	inverse := m.qr.Inverse()
	place := m.places()
	m.Cov = make([][]float64, len(place))
	for a, i := range place {
		m.Cov[a] = make([]float64, len(place))
		for b, j := range place {
			m.Cov[a][b] = inverse[i][j].Mul(sigma2).Float64()
		}
	}
	for a, i := range place {
		column := m.qr.Pivot[i]
		se := inverse[i][i].Mul(sigma2).Sqrt()
		m.SE[column] = se.Float64()
		if se.Sign() > 0 {
			m.Stat[column] = m.coef[column].Div(se).Float64()
			if normal {
				m.P[column] = normalTail(m.Stat[column])
			} else {
				m.P[column] = studentTail(m.Stat[column], m.DFResidual)
			}
		}
		_ = a
	}
}

// places lists the positions in the factorisation of the independent columns,
// in the order of the terms.
func (m *Model) places() []int {
	at := make([]int, len(m.Terms))
	for i := range at {
		at[i] = -1
	}
	for i := range m.qr.Rank {
		at[m.qr.Pivot[i]] = i
	}
	var places []int
	for _, i := range at {
		if i >= 0 {
			places = append(places, i)
		}
	}
	return places
}

// setCoef stores the estimate, exact zeros where only the noise of doubled
// precision is left, and names the aliased columns.
func (m *Model) setCoef(b []dd.Float, x lsq.Matrix, scale float64) {
	m.coef = b
	m.Coef = float64s(b)
	for j := range b {
		length := 0.0
		for _, v := range x[j] {
			length = math.Hypot(length, v.Hi)
		}
		if math.Abs(b[j].Hi)*length <= noise*scale {
			b[j], m.Coef[j] = dd.Float{}, 0
		}
	}
	m.Rank = m.qr.Rank
	for _, j := range m.qr.Pivot[m.qr.Rank:] {
		m.Coef[j] = math.NaN()
	}
	for j, c := range m.Coef {
		if c != c {
			m.Aliased = append(m.Aliased, m.Terms[j])
		}
	}
	if len(m.Aliased) > 0 {
		m.warn(Aliased, "the data determine %s from the columns before; its coefficient is left out", listNames(m.Aliased))
	}
	m.Condition = m.qr.Condition
	if m.Condition > illConditioned {
		m.warn(IllConditioned, "the columns are nearly dependent (condition number %.3g): small changes of the data change the coefficients much; centre, rescale or drop columns", m.Condition)
	}
}

// noise is the relative size below which a number computed in doubled
// precision is taken for zero, with room for the conditioning of the problem.
const noise = 1e-24

// illConditioned is the condition number of the scaled design from which on a
// warning is given.
const illConditioned = 1e5
