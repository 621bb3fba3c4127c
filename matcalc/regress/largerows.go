package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
	"gonum.org/v1/gonum/mat"
)

// largeRows is the design of a fit in float64.
func (m *Model) largeRows() lsq.Rows {
	switch {
	case m.rows != nil:
		return *m.rows
	case m.frame.large != nil:
		return *m.frame.large
	}
	rows, _ := m.frame.frameRows()
	m.rows = &rows
	return rows
}

// largeLeverage is the leverage of a row: weight x' (X'WX)^-1 x.
func (m *Model) largeLeverage(i int, row []float64) float64 {
	h := 0.0
	for j, v := range row {
		s := 0.0
		for k, u := range row {
			s += m.inverse[j][k] * u
		}
		h += v * s
	}
	return h * m.largeVariance(i)
}

// largeVariance is the weight of a row, in generalised linear models the working
// weight.
func (m *Model) largeVariance(i int) float64 {
	switch mu := m.Fitted[i]; m.Kind {
	case KindLogistic:
		return mu * (1 - mu)
	case KindPoisson:
		return mu
	}
	return m.weight(i)
}

// diagnoseLarge computes the diagnostics of a fit in float64.
func (m *Model) diagnoseLarge() *diagnostics {
	n, p, s2 := len(m.Residuals), float64(m.Rank), m.sigma2.Hi
	d := &diagnostics{leverage: make([]float64, n), cooks: nans(n), rstudent: nans(n), rstandard: nans(n)}
	lsq.Project(m.largeRows(), 0, func(i int, row, _ []float64) float64 {
		h, e := m.largeLeverage(i, row), m.Residuals[i]
		d.leverage[i] = h
		free := 1 - h
		if free < noFreedom || m.largeVariance(i) == 0 {
			return 0
		}
		if m.normal() {
			pearson := e / math.Sqrt(m.largeVariance(i))
			f, rest := logistic, 1-m.Fitted[i]
			if m.Kind == KindPoisson {
				f = poisson
			}
			d.cooks[i] = pearson * pearson * h / (free * free * p)
			d.rstandard[i] = pearson / math.Sqrt(free)
			d.rstudent[i] = math.Copysign(math.Sqrt(f.deviance(e, m.Fitted[i], rest)+pearson*pearson*h/free), e)
			return 0
		}
		e *= math.Sqrt(m.weight(i))
		d.cooks[i] = e * e * h / (s2 * p * free * free)
		d.rstandard[i] = e / math.Sqrt(s2*free)
		if rest := (m.RSS - e*e/free) / (m.DFResidual - 1); rest > 0 {
			d.rstudent[i] = e / math.Sqrt(rest*free)
		}
		return 0
	})
	return d
}

// score is what a row of the design is multiplied by in the gradient.
func (m *Model) score(i int) float64 {
	if m.normal() {
		return m.Residuals[i] // the link is canonical
	}
	return m.weight(i) * m.Residuals[i]
}

// largeRobust is robustCovariance for a fit in float64.
func (m *Model) largeRobust(kind int) [][]float64 {
	g := lsq.Accumulate(m.largeRows(), 0, func(i int, row, _ []float64) (float64, float64) {
		e2 := m.score(i) * m.score(i)
		switch kind {
		case 1:
			e2 *= float64(m.N) / m.DFResidual
		case 2, 3:
			free := 1 - m.largeLeverage(i, row)
			if free < noFreedom {
				return nan, 0
			}
			if e2 /= free; kind == 3 {
				e2 /= free
			}
		}
		return e2, 0
	})
	return m.largeSandwich(g.XX)
}

// largeClustered is clusteredCovariance for a fit in float64; row i is of group
// at[i].
func (m *Model) largeClustered(at []int, count int, scale float64) [][]float64 {
	x := m.largeRows()
	scores := mat.NewDense(count, x.P, nil)
	for i, g := range at {
		score := scores.RawRowView(g)
		for j, v := range x.Row(i) {
			score[j] += v * m.score(i)
		}
	}
	var meat mat.Dense
	meat.Mul(scores.T(), scores)
	meat.Scale(scale, &meat)
	return m.largeSandwich(meat.RawMatrix().Data)
}

// largeSandwich is (X'WX)^-1 M (X'WX)^-1, of M the upper triangle by rows.
func (m *Model) largeSandwich(meat []float64) [][]float64 {
	p := len(m.inverse)
	bread := mat.NewSymDense(p, nil)
	for i, row := range m.inverse {
		for j := i; j < p; j++ {
			bread.SetSym(i, j, row[j])
		}
	}
	var half, cov mat.Dense
	half.Mul(bread, mat.NewSymDense(p, meat))
	cov.Mul(&half, bread)
	out := make([][]float64, p)
	for i := range out {
		out[i] = mat.Row(nil, i, &cov)
	}
	return out
}
