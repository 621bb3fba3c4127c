package regress

import (
	"fmt"
	"image/color"
	"math"
	"math/rand/v2"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
	"gonum.org/v1/plot/plotter"
)

// A RidgePath is ridge regression over a sequence of penalties.
type RidgePath struct {
	Terms       []string
	Lambda      []float64
	Coef        [][]float64 // by lambda
	DFEffective []float64
	GCV         []float64 // n RSS/(n-df)^2
	CV          []float64 // mean squared error of k-fold cross-validation
	BestGCV     float64   // the lambda with the least GCV
	BestCV      float64
}

// RidgePathOf fits ridge regressions for each lambda, with generalised
// cross-validation and k-fold cross-validation; rows are dealt to the folds at
// random by the seed.
func RidgePathOf(model string, t *Table, lambdas []float64, folds int, seed uint64) *RidgePath {
	fr, err := buildFrame(model, t, frameSpec{})
	must(err)
	n := len(fr.rows)
	if len(lambdas) == 0 {
		panic(fail(BadLambda, "there are no lambdas"))
	}
	if folds < 2 || folds > n {
		panic(fail(BadInput, "%d folds are not between 2 and the %d rows", folds, n))
	}
	fold := make([]int, n)
	for i, at := range rand.New(rand.NewPCG(seed, 0)).Perm(n) {
		fold[at] = i % folds
	}
	p := &RidgePath{Terms: fr.terms, Lambda: lambdas, CV: make([]float64, len(lambdas))}
	whole := fr.reduced(func(int) bool { return true })
	for _, lambda := range lambdas {
		m, err := fitRidge(whole, lambda)
		must(err)
		rest := float64(n) - m.DFEffective
		p.Coef = append(p.Coef, m.Coef)
		p.DFEffective = append(p.DFEffective, m.DFEffective)
		p.GCV = append(p.GCV, float64(n)*m.RSS/(rest*rest))
	}
	for k := range folds {
		others := fr.reduced(func(i int) bool { return fold[i] != k })
		for l, lambda := range lambdas {
			m, err := fitRidge(others, lambda)
			must(err)
			p.CV[l] += fr.squaredError(m.coef, func(i int) bool { return fold[i] == k }) / float64(n)
		}
	}
	p.BestGCV, p.BestCV = lambdas[least(p.GCV)], lambdas[least(p.CV)]
	return p
}

func least(v []float64) int {
	at := 0
	for i := range v {
		if v[i] < v[at] || v[at] != v[at] {
			at = i
		}
	}
	return at
}

// reduced is a frame of few rows on which a quadratic in the coefficients has the
// values that it has on the rows that are kept: the triangle of the factorisation
// of design and response.
func (fr *frame) reduced(keep func(i int) bool) *frame {
	all := append(append(lsq.Matrix(nil), fr.x...), fr.centredResponse())
	kept := make(lsq.Matrix, len(all))
	for i := range fr.rows {
		if !keep(i) {
			continue
		}
		for j := range all {
			kept[j] = append(kept[j], all[j][i])
		}
	}
	r := lsq.Factor(kept).Triangle()
	last := len(r) - 1
	return &frame{formula: fr.formula, terms: fr.terms, assign: fr.assign, x: r[:last], rows: make([]int, r.Rows()),
		response: response{name: fr.response.name, y: r[last]}}
}

// squaredError sums the squares of the errors of b over some of the rows.
func (fr *frame) squaredError(b []dd.Float, of func(i int) bool) float64 {
	total, y := 0.0, fr.centredResponse()
	for i, e := range y {
		if !of(i) {
			continue
		}
		for j := range fr.x {
			e = e.Sub(fr.x[j][i].Mul(b[j]))
		}
		total += e.Sqr().Float64()
	}
	return total
}

// Lambdas returns n penalties from low to high, evenly on a logarithmic scale.
func Lambdas(low, high float64, n int) []float64 {
	if !(low > 0) || !(high >= low) || n < 1 {
		panic(fail(BadLambda, "Lambdas needs 0 < low <= high and n >= 1, not %v, %v, %d", low, high, n))
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = low * math.Pow(high/low, float64(i)/float64(max(1, n-1)))
	}
	return out
}

func (p *RidgePath) grid() grid {
	g := grid{append([]string{"lambda", "df", "GCV", "CV"}, p.Terms...)}
	for i, l := range p.Lambda {
		row := []string{short(l, 4), short(p.DFEffective[i], 4), short(p.GCV[i], 5), short(p.CV[i], 5)}
		for _, b := range p.Coef[i] {
			row = append(row, short(b, 5))
		}
		g = append(g, row)
	}
	return g
}

// String is the path as an aligned table.
func (p *RidgePath) String() string {
	return fmt.Sprintf("%sGCV: lambda = %s, CV: lambda = %s\n", p.grid().text(true), short(p.BestGCV, 4), short(p.BestCV, 4))
}

// HTML is the path as an HTML table.
func (p *RidgePath) HTML() string {
	return p.grid().html(true) + fmt.Sprintf("<p>GCV: λ = %s, CV: λ = %s</p>", short(p.BestGCV, 4), short(p.BestCV, 4))
}

// Plot draws the coefficients, but for the intercept, against log10 lambda, with
// the lambdas that generalised and k-fold cross-validation pick.
func (p *RidgePath) Plot() *Figure {
	f := newPlot(word("path"), word("lambda"), word("coefficients"))
	k := 0
	for j, term := range p.Terms {
		if term == "(Intercept)" {
			continue
		}
		var xy plotter.XYs
		for i, l := range p.Lambda {
			if l > 0 {
				xy = append(xy, plotter.XY{X: math.Log10(l), Y: p.Coef[i][j]})
			}
		}
		if len(xy) == 0 {
			panic(fail(BadLambda, "the path has no positive lambda"))
		}
		f.Legend.Add(term, legendLine{line(f, xy, series[k%len(series)], k >= len(series)).LineStyle})
		k++
	}
	for _, best := range []struct {
		name   string
		lambda float64
		color  color.Color
	}{{"GCV", p.BestGCV, ink}, {"CV", p.BestCV, accent}} {
		if best.lambda > 0 {
			at := math.Log10(best.lambda)
			l := line(f, plotter.XYs{{X: at, Y: f.Y.Min}, {X: at, Y: f.Y.Max}}, best.color, true)
			f.Legend.Add(best.name+": λ = "+short(best.lambda, 3), legendLine{l.LineStyle})
		}
	}
	return figure(f)
}

// Constrained minimises |y - Xb|^2 subject to Ab = c, a row of a for each
// condition, by elimination: b = p + N z with the particular solution p and N
// a basis of the null space of A.
func Constrained(model string, t *Table, a [][]float64, c []float64) *Model {
	return fit(model, t, nil, false, func(fr *frame) (*Model, error) { return fitConstrained(fr, a, c) })
}

func fitConstrained(fr *frame, a [][]float64, c []float64) (*Model, error) {
	p, k := len(fr.terms), len(a)
	if len(c) != k {
		return nil, fail(Ragged, "A has %d rows and c %d values", k, len(c))
	}
	at := lsq.NewMatrix(p, k) // A' by columns
	for i, row := range a {
		if len(row) != p {
			return nil, fail(Ragged, "row %d of A has %d values for %d coefficients (%s)", i+1, len(row), p, listNames(fr.terms))
		}
		for j, v := range row {
			at[i][j] = dd.Of(v)
		}
	}
	if k >= p {
		return nil, fail(BadInput, "%d conditions leave nothing of %d coefficients to estimate", k, p)
	}
	qr := lsq.Factor(at)
	if qr.Rank < k {
		return nil, fail(BadInput, "the conditions are dependent: row %d of A follows from the others or contradicts them", qr.Pivot[qr.Rank]+1)
	}
	particular, null := qr.AffineSolution(c)
	m := newModel(fr, KindConstrained)
	m.constraint = constraint{a, c}
	reduced := make(lsq.Matrix, len(null))
	n := len(fr.rows)
	y := make([]dd.Float, n)
	lsq.Residual(y, fr.x, particular, fr.centredResponse())
	for l, direction := range null {
		minus := make([]dd.Float, p)
		for j := range minus {
			minus[j] = direction[j].Neg()
		}
		reduced[l] = make([]dd.Float, n)
		lsq.Residual(reduced[l], fr.x, minus, make([]dd.Float, n))
	}
	if n < len(null) {
		return nil, underdetermined(n, len(null))
	}
	return m, m.finishConstrained(reduced, null, particular, y)
}

func (m *Model) finishConstrained(reduced, null lsq.Matrix, particular, y []dd.Float) error {
	fr := m.frame
	m.qr = lsq.Factor(reduced)
	if m.qr.Rank < len(null) {
		return fail(BadInput, "the columns are dependent on the plane of the conditions; drop a term or add a condition")
	}
	z, r := m.qr.Solve(reduced, y)
	m.coef = append([]dd.Float(nil), particular...)
	for l, direction := range null {
		for j := range m.coef {
			m.coef[j] = m.coef[j].Add(direction[j].Mul(z[l]))
		}
	}
	m.design, m.residual, m.null, m.Coef = reduced, r, null, float64s(m.coef)
	m.Rank, m.Condition = m.qr.Rank, m.qr.Condition
	m.DFResidual = float64(m.N - m.Rank)
	m.RSS = sumSquares(r).Float64()
	m.sigma2 = dd.Of(m.RSS / m.DFResidual)
	m.ResidualSD = math.Sqrt(m.sigma2.Hi)
	p := len(m.coef)
	m.SE, m.Stat, m.P, m.Cov = nans(p), nans(p), nans(p), make([][]float64, p)
	inverse := m.qr.Inverse()
	for i := range p {
		m.Cov[i] = make([]float64, p)
		for j := range p {
			var s dd.Float
			for a, pa := range m.qr.Pivot {
				for b, pb := range m.qr.Pivot {
					s = s.Add(null[pa][i].Mul(inverse[a][b]).Mul(null[pb][j]))
				}
			}
			m.Cov[i][j] = s.Mul(m.sigma2).Float64()
		}
		if m.SE[i] = math.Sqrt(max(0, m.Cov[i][i])); m.SE[i] > 1e-15*math.Abs(m.Coef[i]) {
			m.Stat[i] = m.Coef[i] / m.SE[i]
			m.P[i] = studentTail(m.Stat[i], m.DFResidual)
		}
	}
	n := float64(m.N)
	m.LogLik = -0.5 * n * (math.Log(2*math.Pi) + 1 - math.Log(n) + math.Log(m.RSS))
	m.setCriteria(float64(m.Rank) + 1)
	m.vif = nans(p)
	m.setFitted(fr.x, fr.response.y)
	return nil
}
