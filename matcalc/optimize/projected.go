package optimize

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// window is the number of past values of which a step must improve the worst.
const window = 10

// projected is the spectral projected gradient method (Birgin, Martínez and
// Raydan): steps of Barzilai and Borwein's length, projected onto the feasible
// set, accepted by a line search that need not fall each time.
func (s *search) projected() (string, bool, error) {
	if s.p.Project == nil {
		return "", false, errors.New("the projected gradient method needs a constraint; use newton or lbfgs")
	}
	n := len(s.x)
	d, next, g := make([]float64, n), make([]float64, n), make([]float64, n)
	recent := []float64{s.f}
	length := 1 / math.Max(1e-10, largest(s.unit(d)))
	for {
		if reason, ok, end := s.note(largest(s.unit(d))); end {
			return reason, ok, nil
		}
		floats.AddScaledTo(d, s.x, -length, s.g)
		s.p.Project(d)
		floats.Sub(d, s.x)
		slope := floats.Dot(d, s.g)
		worst := slices.Max(recent)
		step, stuck := 1.0, true
		for range 40 {
			floats.AddScaledTo(next, s.x, step, d)
			f, err := s.value(next, g)
			if err != nil {
				return "", false, err
			}
			if f <= worst+1e-4*step*slope {
				length = spectral(s.x, next, s.g, g)
				copy(s.x, next)
				copy(s.g, g)
				s.f, stuck = f, false
				break
			}
			step /= 2
		}
		if stuck {
			return s.still(s.result.Gradient)
		}
		if recent = append(recent, s.f); len(recent) > window {
			recent = recent[1:]
		}
	}
}

// unit is the projected step of length one, which vanishes at a solution.
func (s *search) unit(d []float64) []float64 {
	floats.SubTo(d, s.x, s.g)
	s.p.Project(d)
	floats.Sub(d, s.x)
	return d
}

// spectral is s's/s'y, within bounds.
func spectral(x, next, g, ng []float64) float64 {
	ss, sy := 0.0, 0.0
	for i := range x {
		s := next[i] - x[i]
		ss += s * s
		sy += s * (ng[i] - g[i])
	}
	if sy <= 0 {
		return 1e10
	}
	return math.Min(math.Max(ss/sy, 1e-10), 1e10)
}
