package regress

import (
	"math"
	"slices"
	"sort"
)

// Lowess smooths y over x by locally weighted regression (Cleveland 1979): at
// each point a line through the nearest share of the points, with tricube
// weights of the distance, and again with bisquare weights of the residuals as
// often as rounds says. x is returned in ascending order with the smoothed y.
// R's panels use a share of 2/3 and three rounds.
func Lowess(x, y []float64, share float64, rounds int) (sorted, smoothed []float64) {
	if len(x) != len(y) {
		panic(fail(Ragged, "x has %d values, y %d", len(x), len(y)))
	}
	if !(share > 0 && share <= 1) {
		panic(fail(BadInput, "the share is %v; it must lie above 0 and not above 1", share))
	}
	s := &smoother{x: slices.Clone(x), y: slices.Clone(y)}
	sort.Sort(s)
	n := len(x)
	if n < 2 {
		return s.x, s.y
	}
	s.fit = make([]float64, n)
	s.robust = slices.Repeat([]float64{1}, n)
	s.span = max(min(int(share*float64(n)+1e-7), n), 2)
	s.skip = 0.01 * (s.x[n-1] - s.x[0])
	for round := range rounds + 1 {
		s.pass()
		if round == rounds || !s.reweight() {
			break
		}
	}
	return s.x, s.fit
}

// A smoother is the state of Lowess.
type smoother struct {
	x, y, fit, robust []float64
	span              int     // points of a local fit
	skip              float64 // within this distance the fit is interpolated
}

func (s *smoother) Len() int           { return len(s.x) }
func (s *smoother) Less(i, j int) bool { return s.x[i] < s.x[j] }
func (s *smoother) Swap(i, j int) {
	s.x[i], s.x[j] = s.x[j], s.x[i]
	s.y[i], s.y[j] = s.y[j], s.y[i]
}

// pass fits at points more than skip apart and interpolates between them.
func (s *smoother) pass() {
	n := len(s.x)
	left, last := 0, -1
	for i := 0; i < n; {
		for left+s.span < n && s.x[i]-s.x[left] > s.x[left+s.span]-s.x[i] {
			left++
		}
		if !s.local(i, left) {
			s.fit[i] = s.y[i]
		}
		if last >= 0 {
			for j := last + 1; j < i; j++ {
				a := (s.x[j] - s.x[last]) / (s.x[i] - s.x[last])
				s.fit[j] = a*s.fit[i] + (1-a)*s.fit[last]
			}
		}
		last = i
		next := i + 1
		for ; next < n && s.x[next] <= s.x[last]+s.skip; next++ {
			if s.x[next] == s.x[last] { // the same place, the same fit
				s.fit[next] = s.fit[last]
				last = next
			}
		}
		if last == n-1 {
			break
		}
		i = max(last+1, next-1)
	}
}

// local fits at x[i] by the span points from left on; false if no weight is
// left there.
func (s *smoother) local(i, left int) bool {
	at := s.x[i]
	right := left + s.span - 1
	h := max(at-s.x[left], s.x[right]-at)
	total := 0.0
	weights := make([]float64, 0, s.span+8)
	for j := left; j < len(s.x); j++ { // past the span while the distance ties
		r := math.Abs(s.x[j] - at)
		w := 0.0
		if r <= 0.999*h {
			w = 1.0
			if r > 0.001*h {
				c := r / h
				c = 1 - c*c*c
				w = c * c * c
			}
			w *= s.robust[j]
		} else if s.x[j] > at {
			break
		}
		weights = append(weights, w)
		total += w
	}
	if total <= 0 {
		return false
	}
	centre := 0.0
	for k := range weights {
		weights[k] /= total
		centre += weights[k] * s.x[left+k]
	}
	if h > 0 {
		spread := 0.0
		for k, w := range weights {
			d := s.x[left+k] - centre
			spread += w * d * d
		}
		if b := at - centre; math.Sqrt(spread) > 0.001*(s.x[len(s.x)-1]-s.x[0]) {
			b /= spread
			for k := range weights {
				weights[k] *= 1 + b*(s.x[left+k]-centre)
			}
		}
	}
	s.fit[i] = 0
	for k, w := range weights {
		s.fit[i] += w * s.y[left+k]
	}
	return true
}

// reweight sets the bisquare weights of the residuals; false if there is
// nothing left to weigh.
func (s *smoother) reweight() bool {
	n := len(s.x)
	r, scale := make([]float64, n), 0.0
	for i := range r {
		r[i] = math.Abs(s.y[i] - s.fit[i])
		scale += r[i]
	}
	scale /= float64(n)
	sorted := slices.Clone(r)
	slices.Sort(sorted)
	cut := 3 * (sorted[n/2] + sorted[n-n/2-1]) // six times the median
	if cut < 1e-7*scale {
		return false
	}
	for i, v := range r {
		switch {
		case v <= 0.001*cut:
			s.robust[i] = 1
		case v > 0.999*cut:
			s.robust[i] = 0
		default:
			u := v / cut
			s.robust[i] = (1 - u*u) * (1 - u*u)
		}
	}
	return true
}
