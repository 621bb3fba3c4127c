package regress

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// maxPoints bounds a scatter; of more points an even sample is drawn.
const maxPoints = 4000

func thinned(xy plotter.XYs) plotter.XYs {
	if len(xy) <= maxPoints {
		return xy
	}
	var some plotter.XYs
	for k := range maxPoints {
		some = append(some, xy[k*len(xy)/maxPoints])
	}
	return some
}

func scatter(p *plot.Plot, xy plotter.XYs) {
	s, err := plotter.NewScatter(thinned(xy))
	must(err)
	s.GlyphStyle = draw.GlyphStyle{Color: points, Radius: vg.Points(2.4), Shape: draw.CircleGlyph{}}
	p.Add(s)
}

func line(p *plot.Plot, xy plotter.XYs, c color.Color, dashed bool) *plotter.Line {
	l, err := plotter.NewLine(xy)
	must(err)
	l.LineStyle = draw.LineStyle{Color: c, Width: vg.Points(1.5)}
	if dashed {
		l.Width, l.Dashes = vg.Points(1), []vg.Length{vg.Points(4), vg.Points(3)}
	}
	p.Add(l)
	return l
}

// pairs joins x and y, leaving out what is not finite.
func pairs(x, y []float64) plotter.XYs {
	var xy plotter.XYs
	for i := range x {
		if s := x[i] + y[i]; !math.IsNaN(s) && !math.IsInf(s, 0) {
			xy = append(xy, plotter.XY{X: x[i], Y: y[i]})
		}
	}
	if len(xy) == 0 {
		panic(fail(BadInput, "there is nothing to draw: no value is finite"))
	}
	return xy
}

// smooth is the trend of a diagnostic plot, R's lowess; of many points, that of
// an even sample.
func smooth(xy plotter.XYs) plotter.XYs {
	xy = thinned(xy)
	x, y := make([]float64, len(xy)), make([]float64, len(xy))
	for i, v := range xy {
		x[i], y[i] = v.X, v.Y
	}
	x, y = Lowess(x, y, 2.0/3, 3)
	return pairs(x, y)
}

// PlotResiduals draws residuals against fitted values.
func (m *Model) PlotResiduals() *Figure {
	m.needRows()
	p := newPlot(word("resfit"), word("fitted"), word("residuals"))
	xy := pairs(m.Fitted, m.Residuals)
	scatter(p, xy)
	zeroLine(p, xy)
	line(p, smooth(xy), accent, false)
	return figure(p)
}

func zeroLine(p *plot.Plot, xy plotter.XYs) {
	low, high := extent(xy)
	line(p, plotter.XYs{{X: low, Y: 0}, {X: high, Y: 0}}, ink, true)
}

func extent(xy plotter.XYs) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range xy {
		low, high = min(low, v.X), max(high, v.X)
	}
	return low, high
}

// PlotQQ draws the standardised residuals against normal quantiles, with the
// line through the quartiles.
func (m *Model) PlotQQ() *Figure {
	p := newPlot(word("qq"), word("theoretical"), word("standardised"))
	r := m.finiteStandardised()
	slices.Sort(r)
	n := float64(len(r))
	x := make([]float64, len(r))
	for i := range x {
		shift := 0.5
		if n <= 10 {
			shift = 0.375
		}
		x[i] = mathext.NormalQuantile((float64(i) + 1 - shift) / (n + 1 - 2*shift))
	}
	xy := pairs(x, r)
	scatter(p, xy)
	quartile := quantiles(r, []float64{0.25, 0.75})
	slope := (quartile[1] - quartile[0]) / (2 * mathext.NormalQuantile(0.75))
	middle := (quartile[1] + quartile[0]) / 2
	low, high := extent(xy)
	line(p, plotter.XYs{{X: low, Y: middle + slope*low}, {X: high, Y: middle + slope*high}}, accent, true)
	return figure(p)
}

func (m *Model) finiteStandardised() []float64 {
	var r []float64
	for _, v := range m.RStandard() {
		if v == v {
			r = append(r, v)
		}
	}
	if len(r) == 0 {
		panic(fail(BadInput, "there are no standardised residuals: the fit leaves no variance"))
	}
	return r
}

// PlotScaleLocation draws the square roots of the standardised residuals
// against fitted values.
func (m *Model) PlotScaleLocation() *Figure {
	p := newPlot(word("scale-location"), word("fitted"), word("sqrtstd"))
	y := make([]float64, len(m.Fitted))
	for i, v := range m.RStandard() {
		y[i] = math.Sqrt(math.Abs(v))
	}
	xy := pairs(m.Fitted, y)
	scatter(p, xy)
	line(p, smooth(xy), accent, false)
	return figure(p)
}

// PlotLeverage draws standardised residuals against leverage, with the
// contours of Cook's distance 0.5 and 1.
func (m *Model) PlotLeverage() *Figure {
	p := newPlot(word("reslev"), word("leverage"), word("standardised"))
	xy := pairs(m.Leverage(), m.RStandard())
	scatter(p, xy)
	zeroLine(p, xy)
	_, high := extent(xy)
	p.X.Min = 0
	top := 0.0
	for _, v := range xy {
		top = max(top, math.Abs(v.Y))
	}
	high = min(0.999, high*1.05)
	for _, d := range []float64{0.5, 1} {
		for _, sign := range []float64{1, -1} {
			var contour plotter.XYs
			for k := 1; k <= 100; k++ {
				h := high * float64(k) / 100
				if r := math.Sqrt(d * float64(m.Rank) * (1 - h) / h); r <= top*1.3 {
					contour = append(contour, plotter.XY{X: h, Y: sign * r})
				}
			}
			if len(contour) > 1 {
				l := line(p, contour, accent, true)
				if sign > 0 {
					p.Legend.Add(word("cook", formatShort(d)), legendLine{l.LineStyle})
				}
			}
		}
	}
	return figure(p)
}

// PlotFit draws the data and the fit over the numeric column named x, other
// columns at their means or base levels, with the confidence band of the
// given level.
func (m *Model) PlotFit(x string, level float64) *Figure {
	m.needRows()
	if m.frame == nil || m.frame.table == nil {
		panic(fail(BadInput, "PlotFit needs a model that was fitted to a table"))
	}
	column := m.frame.table.Column(x)
	if column == nil {
		panic(unknownColumn(x, m.frame.table.Names()))
	}
	if column.IsFactor() {
		panic(fail(BadInput, "column %s holds text; PlotFit draws over numbers", x))
	}
	var at, y []float64
	for k, i := range m.frame.rows {
		at, y = append(at, column.Numbers[i]), append(y, m.Fitted[k]+m.Residuals[k])
	}
	xy := pairs(at, y)
	low, high := extent(xy)
	grid := make([]float64, 101)
	for k := range grid {
		grid[k] = low + (high-low)*float64(k)/100
	}
	q := m.Predict(m.slice(x, grid), level)
	p := newPlot(fmt.Sprintf(word("fit"), int(math.Round(level*100))), x, m.frame.response.name)
	var band plotter.XYs
	for k := range grid {
		band = append(band, plotter.XY{X: grid[k], Y: q.ConfUpper[k]})
	}
	for k := len(grid) - 1; k >= 0; k-- {
		band = append(band, plotter.XY{X: grid[k], Y: q.ConfLower[k]})
	}
	if !math.IsNaN(band[0].Y) {
		area, err := plotter.NewPolygon(band)
		must(err)
		area.Color, area.LineStyle.Width = shade, 0
		p.Add(area)
	}
	scatter(p, xy)
	line(p, pairs(grid, q.Fit), accent, false)
	return figure(p)
}

// slice is a table that runs over x and holds all other columns.
func (m *Model) slice(x string, grid []float64) *Table {
	t := NewTable()
	for _, c := range m.frame.table.columns {
		if c.Name != x && !slices.Contains(m.frame.used(false), c.Name) {
			continue
		}
		switch {
		case c.Name == x:
			t.Add(x, grid)
		case c.IsFactor():
			v := slices.Repeat([]string{presentLevels(c, m.frame.rows)[0]}, len(grid))
			t.AddFactor(c.Name, v)
		default:
			sum := 0.0
			for _, i := range m.frame.rows {
				sum += c.Numbers[i]
			}
			t.Add(c.Name, slices.Repeat([]float64{sum / float64(len(m.frame.rows))}, len(grid)))
		}
	}
	return t
}
