package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// noFreedom is the 1-h below which a row determines its own fitted value, so
// that its residual says nothing.
const noFreedom = 1e-14

// diagnostics are computed on demand and kept.
type diagnostics struct {
	leverage, cooks, rstudent, rstandard []float64
}

// Leverage returns the diagonal of the hat matrix, one value a row.
func (m *Model) Leverage() []float64 { return m.diagnose().leverage }

// Cooks returns Cook's distances e_i^2 h_i / (p s^2 (1-h_i)^2); in generalised
// linear models e is the Pearson residual and s is 1.
func (m *Model) Cooks() []float64 { return m.diagnose().cooks }

// RStudent returns the externally studentised residuals; in generalised linear
// models Williams's, sign(d) sqrt(d^2 + h r^2/(1-h)) of the deviance residual d
// and the Pearson residual r.
func (m *Model) RStudent() []float64 { return m.diagnose().rstudent }

// RStandard returns the internally studentised residuals e_i/(s sqrt(1-h_i)).
func (m *Model) RStandard() []float64 { return m.diagnose().rstandard }

// needRows refuses what takes the rows of the fit where they are not kept.
func (m *Model) needRows() {
	switch {
	case m.Kind == KindML:
		panic(fail(BadInput, "a likelihood has no fitted values and residuals of its own"))
	case m.Residuals == nil:
		panic(fail(BadInput, "the rows of a stream are not kept; fit a table in memory, such as a sample of it"))
	}
}

func (m *Model) diagnose() *diagnostics {
	if m.diag != nil {
		return m.diag
	}
	m.needRows()
	if m.qr == nil {
		m.diag = m.diagnoseLarge()
		return m.diag
	}
	n := len(m.residual)
	h := m.qr.Leverage()[:n]
	d := &diagnostics{leverage: float64s(h), cooks: nans(n), rstudent: nans(n), rstandard: nans(n)}
	m.diag = d
	rss, p, df := sumSquares(m.residual), float64(m.Rank), m.DFResidual
	for i, e := range m.residual {
		if d.leverage[i] < 1e-25 {
			d.leverage[i] = 0
		}
		if m.sqrtW != nil && m.sqrtW[i].IsZero() {
			continue
		}
		free := dd.Of(1).Sub(h[i])
		if free.Hi < noFreedom {
			continue
		}
		if m.normal() { // Pearson residuals, dispersion 1
			d.cooks[i] = e.Sqr().Mul(h[i]).Div(free.Sqr().Scale(p)).Float64()
			d.rstandard[i] = e.Div(free.Sqrt()).Float64()
			square := m.rowDeviance[i] + e.Sqr().Mul(h[i]).Div(free).Float64()
			d.rstudent[i] = math.Copysign(math.Sqrt(square), e.Hi)
			continue
		}
		if df <= 0 || m.RSS == 0 {
			continue
		}
		s2 := rss.Div(dd.Of(df))
		d.cooks[i] = e.Sqr().Mul(h[i]).Div(s2.Scale(p).Mul(free.Sqr())).Float64()
		d.rstandard[i] = e.Div(s2.Mul(free).Sqrt()).Float64()
		if rest := rss.Sub(e.Sqr().Div(free)).Div(dd.Of(df - 1)); df > 1 && rest.Sign() > 0 {
			d.rstudent[i] = e.Div(rest.Mul(free).Sqrt()).Float64()
		}
	}
	return d
}
