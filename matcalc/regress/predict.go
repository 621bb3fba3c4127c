package regress

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
)

// A Prediction holds fitted values for new rows, with the bounds of the
// confidence interval of the mean and of the prediction interval of a new
// observation. It shows as a table. A row with a missing value has NaN.
type Prediction struct {
	Fit, SE              []float64
	ConfLower, ConfUpper []float64
	PredLower, PredUpper []float64 // nil for generalised linear models
	Level                float64

	columns []*Column // that the model reads
}

// Predict evaluates the fit at the rows of t with intervals of the given level,
// for example 0.95. For logistic and Poisson models the values are
// probabilities and means, their interval carried over from the linear
// predictor, whose standard error SE is; for nonlinear least squares intervals
// follow from the gradient of the model at the estimate.
func (m *Model) Predict(t *Table, level float64) *Prediction {
	if !(level > 0 && level < 1) {
		panic(fail(BadInput, "the level is %v; it must lie between 0 and 1", level))
	}
	fr, values, gradients, err := m.evaluateAt(t)
	must(err)
	p := &Prediction{Level: level}
	for _, name := range fr.used(false) {
		if c := t.Column(name); c != nil {
			p.columns = append(p.columns, c)
		}
	}
	k, q := 0, m.quantile(level)
	for i := range t.Rows() {
		if k < len(fr.rows) && fr.rows[k] == i {
			p.add(m, q, values[k], m.standardError(gradients[k]))
			k++
		} else {
			p.add(m, q, math.NaN(), math.NaN())
		}
	}
	return p
}

// evaluateAt returns, for each complete row of t, the linear predictor or the
// value of a nonlinear model, and its gradient by the coefficients.
func (m *Model) evaluateAt(t *Table) (fr *frame, values []float64, gradients [][]float64, err error) {
	switch m.Kind {
	case KindNLS:
		return m.curve.evaluateAt(t, m)
	case KindML:
		return nil, nil, nil, fail(BadInput, "a likelihood has no values to predict; evaluate the mean that you wrote at the coefficients")
	}
	if fr, err = buildFrame(m.Formula, t, frameSpec{noResponse: true, like: m.frame}); err != nil {
		return nil, nil, nil, err
	}
	for i := range fr.rows {
		sum := dd.Float{}
		if fr.offset != nil {
			sum = fr.offset[i]
		}
		gradient := make([]float64, len(fr.x))
		for j := range fr.x {
			sum = sum.Add(fr.x[j][i].Mul(m.coef[j]))
			gradient[j] = fr.x[j][i].Float64()
		}
		values, gradients = append(values, sum.Float64()), append(gradients, gradient)
	}
	return fr, values, gradients, nil
}

func (c *curve) evaluateAt(t *Table, m *Model) (*frame, []float64, [][]float64, error) {
	fr := &frame{table: t, formula: &formula.Formula{Source: m.Formula, Variables: m.frame.formula.Variables}}
	if err := fr.selectRows(frameSpec{noResponse: true}); err != nil {
		return nil, nil, nil, err
	}
	fr.response.y = make([]dd.Float, len(fr.rows))
	var start []Start
	for _, name := range c.params {
		start = append(start, Start{Name: name})
	}
	at, err := newCurve(fr, c.source, start)
	if err != nil {
		return nil, nil, nil, err
	}
	minus, j, ok := at.evaluate(m.coef, true)
	if !ok {
		return nil, nil, nil, fail(NonFinite, "the model is not finite at all of the rows")
	}
	var values []float64
	var gradients [][]float64
	for i := range minus {
		gradient := make([]float64, len(j))
		for k := range j {
			gradient[k] = j[k][i].Float64()
		}
		values, gradients = append(values, -minus[i].Float64()), append(gradients, gradient)
	}
	return fr, values, gradients, nil
}

// standardError is the root of g' Cov g over the coefficients that are not
// aliased.
func (m *Model) standardError(g []float64) float64 {
	if m.Cov == nil {
		return math.NaN()
	}
	at := m.estimated(len(m.Cov))
	variance := 0.0
	for a, j := range at {
		for b, k := range at {
			variance += g[j] * m.Cov[a][b] * g[k]
		}
	}
	return math.Sqrt(max(0, variance))
}

// add appends a row; q is the quantile of the level.
func (p *Prediction) add(m *Model, q, value, se float64) {
	link := func(v float64) float64 { return v }
	switch m.Kind {
	case KindLogistic:
		link = func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }
	case KindPoisson:
		link = math.Exp
	default:
		half := q * math.Hypot(se, m.ResidualSD)
		p.PredLower, p.PredUpper = append(p.PredLower, value-half), append(p.PredUpper, value+half)
	}
	p.Fit, p.SE = append(p.Fit, link(value)), append(p.SE, se)
	p.ConfLower, p.ConfUpper = append(p.ConfLower, link(value-q*se)), append(p.ConfUpper, link(value+q*se))
}

// grid is the prediction as a table: the columns that the model reads, the fit
// and the bounds.
func (p *Prediction) grid() grid {
	var header []string
	for _, c := range p.columns {
		header = append(header, c.Name)
	}
	percent := short(100*p.Level, 4) + " %"
	series := [][]float64{p.Fit, p.SE, p.ConfLower, p.ConfUpper}
	header = append(header, word("fit-value"), word("se"), word("lower")+" "+percent, word("upper")+" "+percent)
	if p.PredLower != nil {
		series = append(series, p.PredLower, p.PredUpper)
		header = append(header, word("pred-lower"), word("pred-upper"))
	}
	g := grid{header}
	for i := range p.Fit {
		if i == shownPredictions {
			break
		}
		var row []string
		for _, c := range p.columns {
			row = append(row, c.cell(i))
		}
		for _, s := range series {
			row = append(row, short(s[i], 5))
		}
		g = append(g, row)
	}
	return g
}

// shownPredictions is how many rows of a prediction are shown.
const shownPredictions = 50

func (p *Prediction) more() string {
	if n := len(p.Fit) - shownPredictions; n > 0 {
		return word("more-rows", n) + "\n"
	}
	return ""
}

// String is the prediction as an aligned table.
func (p *Prediction) String() string { return p.grid().text(false) + p.more() }

// HTML is the prediction as an HTML table.
func (p *Prediction) HTML() string {
	out := p.grid().html(false)
	if more := p.more(); more != "" {
		out += "<p><small>" + more + "</small></p>"
	}
	return out
}
