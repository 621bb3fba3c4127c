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
		reason, ok, end := s.note(largest(s.g))
		if end && reason != vanishes {
			return reason, ok, nil
		}
		if err := s.p.Hessian(s.x, h); err != nil {
			return "", false, err
		}
		if end {
			if away, err := s.leaveSaddle(h); err != nil || !away {
				return reason, ok, err
			}
			continue
		}
		for {
			step, bounded := ballStep(h, s.g, radius)
			length := floats.Norm(step, 2)
			if radius == 0 {
				radius = math.Max(1, 10*length) // the first region holds the whole step
			}
			predicted := -(floats.Dot(s.g, step) + 0.5*quadratic(h, step))
			if s.flat(predicted) {
				return s.still(largest(s.g))
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

// leaveSaddle moves from a stationary point along the direction in which the
// Hessian is most negative, if the function falls there.
func (s *search) leaveSaddle(h *mat.SymDense) (away bool, err error) {
	n := len(s.x)
	shifted := mat.NewSymDense(n, nil)
	shifted.CopySym(h)
	for i := range n {
		shifted.SetSym(i, i, h.At(i, i)+1e-8*(1+math.Abs(h.At(i, i))))
	}
	var c mat.Cholesky
	var e mat.EigenSym
	if c.Factorize(shifted) || !e.Factorize(h, true) || !(e.Values(nil)[0] < 0) {
		return false, nil
	}
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	down := mat.Col(nil, 0, &vectors)
	next, g := make([]float64, n), make([]float64, n)
	for step := 1 + floats.Norm(s.x, 2); step > 1e-6; step /= 4 {
		for _, sign := range []float64{1, -1} {
			floats.AddScaledTo(next, s.x, sign*step, down)
			f, err := s.value(next, g)
			if err != nil {
				return false, err
			}
			if f < s.f && !s.flat(s.f-f) {
				copy(s.x, next)
				copy(s.g, g)
				s.f = f
				s.result.Iterations++
				return true, nil
			}
		}
	}
	return false, nil
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
	solve := func(shift float64) (*scaledCholesky, []float64, bool) {
		c, ok := factored(h, shift)
		if !ok {
			return nil, nil, false
		}
		step := c.solve(g)
		floats.Scale(-1, step)
		return c, step, true
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
		shift += (length * length / floats.Dot(step, c.solve(step))) * (length - radius) / radius
		if !(shift > low && shift < high) {
			shift = 0.5 * (low + high)
		}
	}
	if length := floats.Norm(best, 2); length > radius {
		floats.Scale(radius/length, best)
	}
	return best, true
}

// A scaledCholesky is that of a matrix whose rows and columns are scaled so that
// its diagonal is 1: variables of different units make no bad condition.
type scaledCholesky struct {
	mat.Cholesky
	scale []float64
}

// factored factors H + shift*I; ok tells whether that is safely positive definite.
func factored(h *mat.SymDense, shift float64) (c *scaledCholesky, ok bool) {
	n := h.SymmetricDim()
	c = &scaledCholesky{scale: make([]float64, n)}
	m := mat.NewSymDense(n, nil)
	for i := range n {
		d := h.At(i, i) + shift
		if !(d > 0) || math.IsInf(d, 1) {
			return nil, false
		}
		c.scale[i] = 1 / math.Sqrt(d)
	}
	for i := range n {
		m.SetSym(i, i, 1)
		for j := i + 1; j < n; j++ {
			m.SetSym(i, j, h.At(i, j)*c.scale[i]*c.scale[j])
		}
	}
	return c, c.Factorize(m) && c.Cond() <= 1e15
}

// solve is the solution of (H + shift*I) x = b.
func (c *scaledCholesky) solve(b []float64) []float64 {
	x := make([]float64, len(b))
	floats.MulTo(x, b, c.scale)
	v := mat.NewVecDense(len(x), x)
	_ = c.SolveVecTo(v, v) // its condition has been looked at
	floats.Mul(x, c.scale)
	return x
}
