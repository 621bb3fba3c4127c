package optimize

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// memory is the number of past steps that lbfgs remembers.
const memory = 12

// A pair is a past step and the change of the gradient along it.
type pair struct {
	s, y []float64
	rho  float64 // 1/(y's)
}

// lbfgs is the limited-memory BFGS method with a line search for the strong
// Wolfe conditions.
func (s *search) lbfgs() (string, bool, error) {
	n := len(s.x)
	var past []pair
	for {
		if reason, ok, end := s.note(largest(s.g)); end {
			return reason, ok, nil
		}
		d := twoLoops(past, s.g)
		slope := floats.Dot(d, s.g)
		if past == nil || !(slope < 0) { // the first step, or rounding has spoiled the memory
			past = nil
			length := floats.Norm(s.g, 2)
			floats.ScaleTo(d, -1/math.Max(1, length), s.g)
			slope = -length * math.Min(1, length)
		}
		oldX, oldG := append([]float64(nil), s.x...), append([]float64(nil), s.g...)
		err := s.wolfe(d, slope)
		if err == errStuck {
			if past != nil {
				past = nil
				continue
			}
			return s.still(largest(s.g))
		}
		if err != nil {
			return "", false, err
		}
		step, change := make([]float64, n), make([]float64, n)
		floats.SubTo(step, s.x, oldX)
		floats.SubTo(change, s.g, oldG)
		if sy := floats.Dot(step, change); sy > 1e-12*floats.Norm(step, 2)*floats.Norm(change, 2) {
			past = append(past, pair{step, change, 1 / sy})
			if len(past) > memory {
				past = past[1:]
			}
		}
	}
}

// twoLoops is -H g for the BFGS approximation H of the inverse Hessian.
func twoLoops(past []pair, g []float64) []float64 {
	q := append([]float64(nil), g...)
	alpha := make([]float64, len(past))
	for i := len(past) - 1; i >= 0; i-- {
		alpha[i] = past[i].rho * floats.Dot(past[i].s, q)
		floats.AddScaled(q, -alpha[i], past[i].y)
	}
	if len(past) > 0 {
		last := past[len(past)-1]
		length := floats.Norm(last.y, 2)
		floats.Scale(1/(last.rho*length)/length, q)
	}
	for i, p := range past {
		floats.AddScaled(q, alpha[i]-p.rho*floats.Dot(p.y, q), p.s)
	}
	floats.Scale(-1, q)
	return q
}

// wolfe moves x along d to a point where f has fallen and the slope is small
// (strong Wolfe conditions, by bisection and cubic interpolation).
func (s *search) wolfe(d []float64, slope float64) error {
	const fall, curve = 1e-4, 0.9
	n, step := len(s.x), 1.0
	next, g := make([]float64, n), make([]float64, n)
	low, high := 0.0, math.Inf(1)
	lowF, lowSlope := s.f, slope
	for range 50 {
		floats.AddScaledTo(next, s.x, step, d)
		f, err := s.value(next, g)
		if err != nil {
			return err
		}
		at := floats.Dot(g, d)
		switch {
		case math.IsNaN(f) || f > s.f+fall*step*slope || f >= lowF && low > 0:
			high = step
		case math.Abs(at) <= -curve*slope:
			copy(s.x, next)
			copy(s.g, g)
			s.f = f
			return nil
		case at >= 0:
			high = step
		default:
			low, lowF, lowSlope = step, f, at
		}
		if math.IsInf(high, 1) {
			step *= 2.5
			continue
		}
		middle := low + 0.5*(high-low)
		if !math.IsNaN(f) && step == high { // the parabola through two values and a slope
			width := high - low
			if c := f - lowF - lowSlope*width; c > 0 {
				middle = low - lowSlope*width*width/(2*c)
			}
			middle = math.Min(math.Max(middle, low+0.1*width), low+0.9*width)
		}
		step = middle
		if high-low < 1e-16*(1+low) {
			break
		}
	}
	if low > 0 && lowF < s.f { // it has fallen at least
		floats.AddScaled(s.x, low, d)
		f, err := s.value(s.x, s.g)
		s.f = f
		return err
	}
	return errStuck
}
