package regress

import (
	"math"
	"slices"

	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"gonum.org/v1/plot/plotter"
)

// contourShares are the probabilities with which the contours hold the pair of
// parameters, asymptotically.
var contourShares = []float64{0.5, 0.9, 0.95, 0.99}

// contourRays is how many points a contour has, and contourReach where the search
// for it ends, in standard deviations (0.99 lies at 3.03 of a normal likelihood).
const contourRays, contourReach = 120, 20

// PlotLikelihood draws contours of the log-likelihood of a MaxLik model over
// two parameters, the others fixed at their estimates: at the levels that hold
// the pair with probability 50, 90, 95 and 99 %. A contour is open where the
// likelihood does not fall so far.
func (m *Model) PlotLikelihood(first, second string) *Figure {
	if m.likelihood == nil {
		panic(fail(BadInput, "PlotLikelihood needs a model fitted with MaxLik"))
	}
	i, j := slices.Index(m.Terms, first), slices.Index(m.Terms, second)
	if i < 0 || j < 0 || i == j {
		panic(fail(UnknownName, "%s and %s are not two of the parameters %s", first, second, listNames(m.Terms)))
	}
	if m.Cov == nil {
		panic(fail(BadInput, "there is no maximum to draw contours around"))
	}
	p := newPlot(word("contours"), first, second)
	curves := m.contours(i, j)
	for k, share := range contourShares {
		var l *plotter.Line
		for _, xy := range curves[k] {
			l = line(p, xy, series[k], false)
		}
		if l != nil {
			p.Legend.Add(short(100*share, 3)+" %", legendLine{l.LineStyle})
		}
	}
	scatter(p, plotter.XYs{{X: m.Coef[i], Y: m.Coef[j]}})
	return figure(p)
}

// contours follows rays from the maximum, evenly in the coordinates in which a
// normal likelihood is round, to where the likelihood has fallen to each level.
// A contour is one or more runs of points.
func (m *Model) contours(i, j int) [][]plotter.XYs {
	_, h := m.likelihood.slopes(m.coef)
	// With h = R'R the circle is the image of an ellipse under R.
	r11 := math.Sqrt(h.At(i, i))
	r12 := h.At(i, j) / r11
	r22 := math.Sqrt(max(0, h.At(j, j)-r12*r12))
	runs := make([][]plotter.XYs, len(contourShares))
	open := make([]bool, len(contourShares)) // whether the last point belongs to a run that goes on
	for k := range contourRays + 1 {
		if halt.Halted() {
			break
		}
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / contourRays)
		dy := sin / r22
		dx := (cos - r12*dy) / r11
		from := 0.0
		for s, share := range contourShares {
			radius, ok := m.fall(i, j, dx, dy, from, math.Log(1-share)) // half the quantile of chi-squared with 2 degrees
			if !ok {
				open[s] = false
				continue
			}
			if !open[s] {
				runs[s], open[s] = append(runs[s], nil), true
			}
			last := len(runs[s]) - 1
			runs[s][last] = append(runs[s][last], plotter.XY{X: m.Coef[i] + radius*dx, Y: m.Coef[j] + radius*dy})
			from = radius
		}
	}
	return runs
}

// fall is how far along a direction, beyond from, the log-likelihood is level
// below its maximum; false if it does not fall so far within reach.
func (m *Model) fall(i, j int, dx, dy, from, level float64) (radius float64, ok bool) {
	b := slices.Clone(m.coef)
	above := func(r float64) float64 {
		b[i], b[j] = dd.Of(m.Coef[i]+r*dx), dd.Of(m.Coef[j]+r*dy)
		v := m.likelihood.value(b).Float64() - m.LogLik - level
		if v != v {
			return math.Inf(-1) // outside of where it is defined
		}
		return v
	}
	low, high := from, max(math.Sqrt(-2*level), from*1.01)
	for above(high) > 0 {
		if low, high = high, high*1.3; high > contourReach {
			return 0, false
		}
	}
	for high-low > 1e-3*high {
		if middle := (low + high) / 2; above(middle) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2, true
}
