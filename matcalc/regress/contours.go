package regress

import (
	"image/color"
	"math"
	"slices"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

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
			column[r] = max(-1e3, l.value(b).Float64()-m.LogLik)
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
