package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
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

func (m *Model) diagnose() *diagnostics {
	if m.diag != nil {
		return m.diag
	}
	m.materialise()
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

// RobustSE returns heteroscedasticity-consistent standard errors: kind 0 to 3
// for HC0 to HC3 (the sandwich with e^2, n/(n-p) e^2, e^2/(1-h), e^2/(1-h)^2); HC2 and HC3
// are NaN if a row determines its own fitted value.
func (m *Model) RobustSE(kind int) []float64 {
	m.materialise()
	n := float64(m.N)
	h := m.qr.Leverage()
	weight := func(i int) dd.Float {
		e2, free := m.residual[i].Sqr(), dd.Of(1).Sub(h[i])
		if kind >= 2 && free.Hi < noFreedom {
			return dd.Of(math.NaN())
		}
		switch kind {
		case 1:
			return e2.Scale(n).Div(dd.Of(m.DFResidual))
		case 2:
			return e2.Div(free)
		case 3:
			return e2.Div(free.Sqr())
		}
		return e2
	}
	rows := len(m.residual)
	scores := lsq.NewMatrix(rows, m.Rank)
	for i := range rows {
		root := weight(i).Sqrt()
		for k := range m.Rank {
			scores[k][i] = m.design[m.qr.Pivot[k]][i].Mul(root)
		}
	}
	return m.sandwich(scores)
}

// ClusteredSE returns standard errors that are robust to dependence within
// the groups: the sandwich of the sums of scores by group, scaled by
// g/(g-1) (n-1)/(n-p). groups has one label for each row of the fit.
func (m *Model) ClusteredSE(groups []string) []float64 {
	m.materialise()
	if len(groups) != len(m.residual) {
		panic(fail(Ragged, "there are %d group labels for %d rows", len(groups), len(m.residual)))
	}
	index := map[string]int{}
	for _, g := range groups {
		if _, ok := index[g]; !ok {
			index[g] = len(index)
		}
	}
	count := float64(len(index))
	if count < 2 {
		panic(fail(BadInput, "clustered standard errors need at least two groups"))
	}
	n := float64(m.N)
	root := dd.Of(count / (count - 1) * (n - 1) / m.DFResidual).Sqrt()
	scores := lsq.NewMatrix(len(index), m.Rank)
	for i, g := range groups {
		for k := range m.Rank {
			s := &scores[k][index[g]]
			*s = s.Add(m.design[m.qr.Pivot[k]][i].Mul(m.residual[i]).Mul(root))
		}
	}
	return m.sandwich(scores)
}

// sandwich returns the square roots of the diagonal of
// (X'X)^-1 S'S (X'X)^-1, S given by columns.
func (m *Model) sandwich(scores lsq.Matrix) []float64 {
	se := nans(len(m.Terms))
	inverse := m.qr.Inverse()
	for k := range m.Rank {
		var total dd.Float
		for i := range scores.Rows() {
			var s dd.Float
			for l := range m.Rank {
				s = s.Add(scores[l][i].Mul(inverse[k][l]))
			}
			total = total.Add(s.Sqr())
		}
		if v := total.Sqrt().Float64(); !math.IsInf(v, 0) {
			se[m.qr.Pivot[k]] = v
		}
	}
	return se
}

// materialise factors the design of a large fit in doubled precision, which
// the fit itself did without.
func (m *Model) materialise() {
	if m.qr != nil {
		return
	}
	if m.rows != nil {
		m.design = make(lsq.Matrix, m.rows.P)
		for j := range m.design {
			m.design[j] = make([]dd.Float, m.rows.N)
			for i := range m.design[j] {
				m.design[j][i] = dd.Of(m.rows.Row(i)[j])
			}
		}
	} else {
		m.design = m.frame.x
	}
	if m.Kind == KindLogistic || m.Kind == KindPoisson {
		panic(fail(BadInput, "diagnostics by row are not kept for a fit of %d rows in float64; fit a sample", m.N))
	}
	m.residual = make([]dd.Float, len(m.Residuals))
	for i, r := range m.Residuals {
		m.residual[i] = dd.Of(r)
	}
	m.qr = lsq.Factor(m.design)
}
