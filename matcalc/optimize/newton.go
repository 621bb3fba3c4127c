package optimize

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// newton is Newton's method in a trust region: each step minimises the
// quadratic model within a ball, so that it works where the Hessian is not
// positive definite.
func (s *search) newton() (string, bool, error) {
	if s.p.Hessian == nil {
		return "", false, errors.New("the method newton needs the Hessian; use lbfgs")
	}
	n := len(s.x)
	h := mat.NewSymDense(n, nil)
	next, ng := make([]float64, n), make([]float64, n)
	radius := 0.0
	for {
		if reason, ok, end := s.note(largest(s.g)); end {
			return reason, ok, nil
		}
		if err := s.p.Hessian(s.x, h); err != nil {
			return "", false, err
		}
		for {
			step, bounded := ballStep(h, s.g, radius)
			length := floats.Norm(step, 2)
			if radius == 0 {
				radius = math.Max(1, 10*length) // the first region holds the whole step
			}
			predicted := -(floats.Dot(s.g, step) + 0.5*quadratic(h, step))
			if s.flat(predicted) {
				return "the function no longer falls", largest(s.g) <= 1e-4*(1+math.Abs(s.f)), nil
			}
			floats.AddTo(next, s.x, step)
			f, err := s.value(next, ng)
			if err != nil {
				return "", false, err
			}
			ratio := (s.f - f) / predicted
			if math.IsNaN(f) || math.IsInf(f, 0) {
				ratio = -1
			}
			if ratio < 0.25 {
				radius = 0.25 * length
			} else if ratio > 0.75 && bounded {
				radius = 2 * radius
			}
			if ratio > 1e-4 {
				copy(s.x, next)
				copy(s.g, ng)
				s.f = f
				break
			}
			if radius < 1e-14*(1+floats.Norm(s.x, 2)) {
				return "no step reduces the function", false, nil
			}
		}
	}
}

func quadratic(h *mat.SymDense, v []float64) float64 {
	x := mat.NewVecDense(len(v), v)
	return mat.Inner(x, h, x)
}

// ballStep minimises g'p + p'Hp/2 over |p| <= radius (0: without bound where H is
// positive definite): p = -(H + sI)^-1 g with the least s that fits (Moré and
// Sorensen). bounded tells that the ball holds it back.
func ballStep(h *mat.SymDense, g []float64, radius float64) (p []float64, bounded bool) {
	n := len(g)
	solve := func(shift float64) (*mat.Cholesky, []float64, bool) {
		m := mat.NewSymDense(n, nil)
		m.CopySym(h)
		for i := range n {
			m.SetSym(i, i, m.At(i, i)+shift)
		}
		var c mat.Cholesky
		if !c.Factorize(m) || c.Cond() > 1e15 {
			return nil, nil, false
		}
		var out mat.VecDense
		if c.SolveVecTo(&out, mat.NewVecDense(n, g)) != nil {
			return nil, nil, false
		}
		step := make([]float64, n)
		floats.SubTo(step, step, out.RawVector().Data)
		return &c, step, true
	}
	if _, step, ok := solve(0); ok && (radius == 0 || floats.Norm(step, 2) <= radius) {
		return step, false
	}
	if radius == 0 {
		radius = 1
	}
	// Gershgorin: H + low I may be indefinite, H + high I is not.
	low, high := 0.0, floats.Norm(g, 2)/radius
	for i := range n {
		sum := 0.0
		for j := range n {
			if i != j {
				sum += math.Abs(h.At(i, j))
			}
		}
		high = math.Max(high, sum-h.At(i, i)+floats.Norm(g, 2)/radius)
	}
	shift := high
	best := make([]float64, n)
	floats.AddScaled(best, -radius/math.Max(floats.Norm(g, 2), 1e-300), g)
	for range 60 {
		c, step, ok := solve(shift)
		if !ok {
			low = shift
			shift = 0.5 * (low + high)
			continue
		}
		length := floats.Norm(step, 2)
		best = step
		if math.Abs(length-radius) < 0.05*radius || high-low < 1e-12*high {
			break
		}
		if length > radius {
			low = shift
		} else {
			high = shift
		}
		// Newton's step for 1/radius - 1/length, kept inside the bracket.
		var w mat.VecDense
		w.CloneFromVec(mat.NewVecDense(n, step))
		var q mat.VecDense
		if c.SolveVecTo(&q, &w) == nil {
			shift += (length * length / mat.Dot(&w, &q)) * (length - radius) / radius
		}
		if !(shift > low && shift < high) {
			shift = 0.5 * (low + high)
		}
	}
	if length := floats.Norm(best, 2); length > radius {
		floats.Scale(radius/length, best)
	}
	return best, true
}
