package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
	"gonum.org/v1/gonum/mat"
)

// RobustSE returns heteroscedasticity-consistent standard errors: kind 0 to 3
// for HC0 to HC3 (the sandwich with e^2, n/(n-p) e^2, e^2/(1-h), e^2/(1-h)^2); HC2 and HC3
// are NaN if a row determines its own fitted value. It panics with an *Error for
// another kind, and for fits without standard errors or rows.
func (m *Model) RobustSE(kind int) []float64 { return m.standardErrors(m.robustCovariance(kind)) }

// ClusteredSE returns standard errors that are robust to dependence within
// the groups: the sandwich of the sums of scores by group, scaled by
// g/(g-1) (n-1)/(n-p). groups has one label for each row of the fit.
func (m *Model) ClusteredSE(groups []string) []float64 {
	cov, _ := m.clusteredCovariance(groups)
	return m.standardErrors(cov)
}

// Robust returns the fit with the standard errors of RobustSE in its summary,
// tests, intervals and predictions; F is Wald's.
func (m *Model) Robust(kind int) *Model {
	return m.withErrors(m.robustCovariance(kind), word("robust", kind))
}

// Clustered is Robust with the standard errors of ClusteredSE, the groups being
// the values of a column of the table.
func (m *Model) Clustered(column string) *Model {
	m.needRows()
	if m.frame.table == nil {
		panic(fail(BadInput, "Clustered needs a model that was fitted to a table"))
	}
	c := m.frame.table.Column(column)
	if c == nil {
		panic(unknownColumn(column, m.frame.table.Names()))
	}
	c = c.factorOf()
	groups := make([]string, len(m.frame.rows))
	for k, i := range m.frame.rows {
		if c.missing(i) {
			panic(fail(BadInput, "column %s has no value in row %d, which the fit uses", column, i+1))
		}
		groups[k] = c.Text[i]
	}
	cov, count := m.clusteredCovariance(groups)
	return m.withErrors(cov, word("clustered", column, count))
}

// estimable refuses fits that have no standard errors to make robust.
func (m *Model) estimable() {
	m.needRows()
	if m.Kind == KindRidge {
		panic(fail(BadInput, "a ridge regression has no standard errors: its estimate is biased"))
	}
}

func (m *Model) robustCovariance(kind int) [][]float64 {
	if kind < 0 || kind > 3 {
		panic(fail(BadInput, "there is no HC%d; there are HC0 to HC3", kind))
	}
	m.estimable()
	if m.Cov == nil {
		return nil
	}
	if m.qr == nil {
		return m.largeRobust(kind)
	}
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

// clusteredCovariance returns the number of groups too.
func (m *Model) clusteredCovariance(groups []string) (cov [][]float64, count int) {
	m.estimable()
	if len(groups) != len(m.Residuals) {
		panic(fail(Ragged, "there are %d group labels for %d rows", len(groups), len(m.Residuals)))
	}
	index, at := map[string]int{}, make([]int, len(groups))
	for i, g := range groups {
		if _, ok := index[g]; !ok {
			index[g] = len(index)
		}
		at[i] = index[g]
	}
	if count = len(index); count < 2 {
		panic(fail(BadInput, "clustered standard errors need at least two groups"))
	}
	if m.Cov == nil {
		return nil, count
	}
	g, n := float64(count), float64(m.N)
	scale := g / (g - 1) * (n - 1) / m.DFResidual
	if m.qr == nil {
		return m.largeClustered(at, count, scale), count
	}
	root := dd.Of(scale).Sqrt()
	scores := lsq.NewMatrix(count, m.Rank)
	for i, g := range at {
		for k := range m.Rank {
			s := &scores[k][g]
			*s = s.Add(m.design[m.qr.Pivot[k]][i].Mul(m.residual[i]).Mul(root))
		}
	}
	return m.sandwich(scores), count
}

// sandwich returns (X'X)^-1 S'S (X'X)^-1, S given by columns, over the
// coefficients as Cov is.
func (m *Model) sandwich(scores lsq.Matrix) [][]float64 {
	inverse := m.qr.Inverse()
	half := lsq.NewMatrix(scores.Rows(), m.Rank)
	for k := range half {
		for i := range half[k] {
			var s dd.Float
			for l := range m.Rank {
				s = s.Add(scores[l][i].Mul(inverse[k][l]))
			}
			half[k][i] = s
		}
	}
	// Row by row of half is what a row moves the coefficients by; under
	// constraints these are coordinates on the plane that is left.
	places := m.places()
	moves := make(lsq.Matrix, len(places))
	for a, i := range places {
		moves[a] = half[i]
	}
	if m.null != nil {
		moves = lsq.NewMatrix(scores.Rows(), len(m.Terms))
		for j := range moves {
			for k, at := range m.qr.Pivot {
				for i, v := range half[k] {
					moves[j][i] = moves[j][i].Add(m.null[at][j].Mul(v))
				}
			}
		}
	}
	cov := make([][]float64, len(moves))
	for a := range moves {
		cov[a] = make([]float64, len(moves))
		for b := range a + 1 {
			var s dd.Float
			for i := range moves[a] {
				s = s.Add(moves[a][i].Mul(moves[b][i]))
			}
			cov[a][b], cov[b][a] = s.Float64(), s.Float64()
		}
	}
	return cov
}

// standardErrors are the roots of the diagonal, NaN for aliased coefficients and
// where there is no covariance.
func (m *Model) standardErrors(cov [][]float64) []float64 {
	se := nans(len(m.Terms))
	for a, j := range m.estimated(len(cov)) {
		if v := math.Sqrt(cov[a][a]); !math.IsInf(v, 0) {
			se[j] = v
		}
	}
	return se
}

// estimated are the terms of the rows of a covariance of the given size.
func (m *Model) estimated(size int) []int {
	var at []int
	for j, c := range m.Coef {
		if c == c && len(at) < size {
			at = append(at, j)
		}
	}
	return at
}

// withErrors is a copy of the fit with another covariance of the estimate.
func (m *Model) withErrors(cov [][]float64, label string) *Model {
	out := *m
	out.Cov, out.SE, out.errors = cov, m.standardErrors(cov), label
	out.Stat, out.P = nans(len(m.Terms)), nans(len(m.Terms))
	for j, se := range out.SE {
		if !(se > 0) {
			continue
		}
		if out.Stat[j] = m.Coef[j] / se; m.normal() {
			out.P[j] = normalTail(out.Stat[j])
		} else {
			out.P[j] = studentTail(out.Stat[j], m.DFResidual)
		}
	}
	out.F, out.FP = nan, nan
	if f := out.wald(); m.F == m.F {
		out.F, out.FP = f, fisherTail(f, m.FDF[0], m.FDF[1])
	}
	return &out
}

// wald is b' V^-1 b / q over the q coefficients beside the intercept, NaN where V
// is singular.
func (m *Model) wald() float64 {
	var at []int
	for a, j := range m.estimated(len(m.Cov)) {
		if m.frame.assign[j] >= 0 || !m.frame.formula.Intercept {
			at = append(at, a)
		}
	}
	if len(at) == 0 {
		return nan
	}
	terms := m.estimated(len(m.Cov))
	v, b := mat.NewSymDense(len(at), nil), mat.NewVecDense(len(at), nil)
	for r, a := range at {
		b.SetVec(r, m.Coef[terms[a]]/m.SE[terms[a]])
		for c, d := range at[:r+1] {
			v.SetSym(r, c, m.Cov[a][d]/m.SE[terms[a]]/m.SE[terms[d]])
		}
	}
	var chol mat.Cholesky
	var x mat.VecDense
	if !chol.Factorize(v) || chol.SolveVecTo(&x, b) != nil {
		return nan
	}
	return mat.Dot(b, &x) / float64(len(at))
}
