package regress

import (
	"image/color"
	"math"
	"slices"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/rowwise"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// KindML is maximum likelihood of a person's own log-likelihood.
const KindML Kind = "ml"

// likelihood is the sum over the rows of a log-likelihood, with its gradient
// and Hessian by the engine.
type likelihood struct {
	*rowModel
	index       []int // rows of the table
	gradient    []*expr.Node
	hessian     [][]*expr.Node // lower triangle
	value       *rowwise.Tape
	derivatives *rowwise.Tape // the gradient and then the Hessian by rows
}

// MaxLik maximises the sum over the rows of the table of the log-likelihood of
// one row, an expression in columns and parameters:
//
//	MaxLik("-log(s) - (y-m)^2/(2*s^2)", table, Param("m", 0), Param("s", 1))
//
// Gradient and Hessian are derived symbolically, Newton's method with a line
// search finds the maximum, and standard errors come from the Hessian there.
func MaxLik(loglik string, t *Table, start ...Start) *Model {
	m, err := maxLik(loglik, t, start)
	must(err)
	return m
}

func maxLik(source string, t *Table, start []Start) (*Model, error) {
	if len(start) == 0 {
		return nil, fail(BadInput, "a likelihood needs a start value for each parameter")
	}
	n, err := formula.ParseExpr(source)
	if err != nil {
		return nil, explain(err, t.Names())
	}
	l, err := newLikelihood(n, t, start)
	if err != nil {
		return nil, err
	}
	m := newModel(&frame{formula: &formula.Formula{Source: source}, rows: l.index, dropped: t.Rows() - len(l.index), table: t}, KindML)
	m.Terms = l.params
	if m.N < len(start) {
		return nil, underdetermined(m.N, len(start))
	}
	b := make([]dd.Float, len(start))
	for k, s := range start {
		b[k] = dd.Of(s.Value)
	}
	m.likelihood = l
	return m, m.newton(l, b)
}

func newLikelihood(n formula.Node, t *Table, start []Start) (*likelihood, error) {
	fr := &frame{table: t, formula: &formula.Formula{}}
	for _, name := range formula.Names(n) {
		if slices.ContainsFunc(start, func(s Start) bool { return s.Name == name }) || name == "pi" && t.Column(name) == nil {
			continue
		}
		if t.Column(name) == nil {
			return nil, unknownParameter(name, t, startNames(start))
		}
		fr.formula.Variables = append(fr.formula.Variables, formula.Name{Ident: name})
	}
	if err := fr.selectRows(frameSpec{noResponse: true}); err != nil {
		return nil, err
	}
	m, err := newRowModel(fr, n, start)
	if err != nil {
		return nil, err
	}
	l := &likelihood{rowModel: m, index: fr.rows}
	return l, l.differentiate()
}

func startNames(start []Start) []string {
	names := make([]string, len(start))
	for i, s := range start {
		names[i] = s.Name
	}
	return names
}

func (l *likelihood) differentiate() (err error) {
	var nodes []*expr.Node
	for _, a := range l.params {
		first, err := l.derivative(l.node, a)
		if err != nil {
			return err
		}
		l.gradient = append(l.gradient, first)
	}
	nodes = append(nodes, l.gradient...)
	for i, first := range l.gradient {
		l.hessian = append(l.hessian, nil)
		for _, b := range l.params[:i+1] {
			second, err := l.derivative(first, b)
			if err != nil {
				return err
			}
			l.hessian[i] = append(l.hessian[i], second)
		}
		nodes = append(nodes, l.hessian[i]...)
	}
	if l.value, err = l.compile(l.node); err != nil {
		return err
	}
	l.derivatives, err = l.compile(nodes...)
	return err
}

// sum adds the roots of a tape over the rows at b.
func (l *likelihood) sum(t *rowwise.Tape, roots int, b []dd.Float) []dd.Float {
	total, out := make([]dd.Float, roots), make([]dd.Float, roots)
	env := slices.Clone(b)
	for _, row := range l.rows {
		t.Eval(append(env[:len(b)], row...), out)
		for k, v := range out {
			total[k] = total[k].Add(v)
		}
	}
	return total
}

// at returns the log-likelihood at b.
func (l *likelihood) at(b []dd.Float) dd.Float { return l.sum(l.value, 1, b)[0] }

// slopes returns gradient and negative Hessian at b.
func (l *likelihood) slopes(b []dd.Float) (*mat.VecDense, *mat.SymDense) {
	p := len(b)
	total := l.sum(l.derivatives, p+p*(p+1)/2, b)
	g, h := mat.NewVecDense(p, nil), mat.NewSymDense(p, nil)
	for i := range p {
		g.SetVec(i, total[i].Float64())
		for j := range i + 1 {
			h.SetSym(i, j, -total[p+i*(i+1)/2+j].Float64())
		}
	}
	return g, h
}

// direction solves (H + shift D) d = g with the least shift that makes the
// matrix positive definite, D the sizes on the diagonal.
func direction(g *mat.VecDense, h *mat.SymDense) (d *mat.VecDense, definite bool) {
	p := g.Len()
	for shift := 0.0; shift < 1e12; shift = max(1e-6, shift*10) {
		shifted := mat.NewSymDense(p, nil)
		shifted.CopySym(h)
		for i := range p {
			shifted.SetSym(i, i, h.At(i, i)+shift*(math.Abs(h.At(i, i))+1e-12))
		}
		var c mat.Cholesky
		if !c.Factorize(shifted) {
			continue
		}
		d = mat.NewVecDense(p, nil)
		if err := c.SolveVecTo(d, g); err != nil {
			continue // too ill conditioned to use
		}
		return d, shift == 0
	}
	return g, false
}

const maxNewton = 300

func (m *Model) newton(l *likelihood, b []dd.Float) error {
	value := l.at(b)
	if !value.IsFinite() {
		return fail(NonFinite, "the log-likelihood is %v at the start values; choose others", value.Hi)
	}
	m.Converged = false
	stopped := false
	for m.Iterations = 1; m.Iterations <= maxNewton && !halt.Halted(); m.Iterations++ {
		g, h := l.slopes(b)
		d, definite := direction(g, h)
		moved, accepted := 0.0, false
		next := make([]dd.Float, len(b))
		for half := range 60 {
			moved = 0
			for k := range b {
				step := math.Ldexp(d.AtVec(k), -half)
				next[k] = b[k].Add(dd.Of(step))
				moved = max(moved, math.Abs(step)/(math.Abs(b[k].Hi)+1e-8))
			}
			if v := l.at(next); v.IsFinite() && !v.Less(value) {
				b, value, accepted = next, v, true
				break
			}
		}
		if !accepted || moved < 1e-17 {
			stopped = true
			m.Converged = definite && moved < 1e-8
			break
		}
	}
	if stopped && l.flat(b) {
		return fail(SingularGradient, "the Hessian is singular where the likelihood stops growing: the data do not tell the parameters %s apart", listNames(m.Terms))
	}
	if !m.Converged {
		m.warn(NotConverged, "no maximum was reached after %d iterations; try other start values or rescale", m.Iterations)
	}
	return m.finishML(l, b, value)
}

// flat reports whether the Hessian at b, scaled to a unit diagonal, is singular
// to rounding.
func (l *likelihood) flat(b []dd.Float) bool {
	_, h := l.slopes(b)
	p := len(b)
	scaled := mat.NewSymDense(p, nil)
	for i := range p {
		for j := range i + 1 {
			scaled.SetSym(i, j, h.At(i, j)/math.Sqrt(math.Abs(h.At(i, i)*h.At(j, j))))
		}
	}
	var c mat.Cholesky
	return !c.Factorize(scaled) || c.Cond() > 1e13
}

func (m *Model) finishML(l *likelihood, b []dd.Float, value dd.Float) error {
	_, h := l.slopes(b)
	p := len(b)
	m.coef, m.Coef, m.Rank = b, float64s(b), p
	m.SE, m.Stat, m.P, m.vif = nans(p), nans(p), nans(p), nans(p)
	m.LogLik, m.DFResidual, m.Condition = value.Float64(), float64(m.N-p), math.NaN()
	m.setCriteria(float64(p))
	var c mat.Cholesky
	if !c.Factorize(h) {
		return nil
	}
	var inverse mat.SymDense
	if err := c.InverseTo(&inverse); err != nil {
		m.warn(IllConditioned, "the Hessian is nearly singular; the standard errors have few digits")
	}
	m.Cov = make([][]float64, p)
	for i := range p {
		m.Cov[i] = make([]float64, p)
		for j := range p {
			m.Cov[i][j] = inverse.At(i, j)
		}
		m.SE[i] = math.Sqrt(m.Cov[i][i])
		m.Stat[i] = m.Coef[i] / m.SE[i]
		m.P[i] = normalTail(m.Stat[i])
	}
	return nil
}

// surface is the log-likelihood relative to its maximum, over two parameters.
type surface struct {
	x, y []float64
	z    [][]float64
}

func (s *surface) Dims() (c, r int)   { return len(s.x), len(s.y) }
func (s *surface) X(c int) float64    { return s.x[c] }
func (s *surface) Y(r int) float64    { return s.y[r] }
func (s *surface) Z(c, r int) float64 { return s.z[c][r] }

// contourColors are the colours of the contours from the outermost in.
type contourColors struct{}

// Colors lists them.
func (contourColors) Colors() []color.Color {
	var out []color.Color
	for _, c := range series[:4] {
		out = append(out, c)
	}
	return out
}

// PlotLikelihood draws contours of the log-likelihood of a MaxLik model over
// two parameters, the others fixed at their estimates: at the levels that hold
// the pair with probability 50, 90, 95 and 99 %.
func (m *Model) PlotLikelihood(first, second string) *Figure {
	l := m.likelihood
	if l == nil {
		panic(fail(BadInput, "PlotLikelihood needs a model fitted with MaxLik"))
	}
	i, j := slices.Index(m.Terms, first), slices.Index(m.Terms, second)
	if i < 0 || j < 0 || i == j {
		panic(fail(UnknownName, "%s and %s are not two of the parameters %s", first, second, listNames(m.Terms)))
	}
	if m.Cov == nil {
		panic(fail(BadInput, "there is no maximum to draw contours around"))
	}
	s := &surface{}
	const cells = 60
	for k := range cells {
		u := (float64(k)/(cells-1) - 0.5) * 8
		s.x, s.y = append(s.x, m.Coef[i]+u*m.SE[i]), append(s.y, m.Coef[j]+u*m.SE[j])
	}
	b := slices.Clone(m.coef)
	var levels []float64
	shares := []float64{0.99, 0.95, 0.9, 0.5}
	for _, share := range shares {
		levels = append(levels, math.Log(1-share)) // half the quantile of chi-squared with 2 degrees
	}
	for _, x := range s.x {
		column := make([]float64, cells)
		for r, y := range s.y {
			b[i], b[j] = dd.Of(x), dd.Of(y)
			column[r] = max(-1e3, l.at(b).Float64()-m.LogLik)
			if column[r] != column[r] {
				column[r] = -1e3
			}
		}
		s.z = append(s.z, column)
	}
	p := newPlot(word("contours"), first, second)
	c := plotter.NewContour(s, levels, contourColors{})
	c.LineStyles = nil
	for k, share := range shares {
		style := draw.LineStyle{Color: series[k], Width: vg.Points(1.5)}
		c.LineStyles = append(c.LineStyles, style)
		p.Legend.Add(short(100*share, 3)+" %", legendLine{style})
	}
	p.Add(c)
	scatter(p, plotter.XYs{{X: m.Coef[i], Y: m.Coef[j]}})
	return figure(p)
}
