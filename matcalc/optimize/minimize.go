package optimize

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// A Problem is a function of n numbers.
type Problem struct {
	// Value is f(x), and its gradient written to g unless that is nil.
	Value func(x, g []float64) (float64, error)
	// Hessian writes the n×n second derivative at x; nil if there is none.
	Hessian func(x []float64, h *mat.SymDense) error
	// Project replaces x by the nearest point of the feasible set; nil if
	// every x is feasible.
	Project func(x []float64)
}

// Settings change how Minimize works; the zero value is the default.
type Settings struct {
	Method string // "newton", "lbfgs" or "projected"; "" chooses
	// Tolerance is that of the largest entry of the gradient, relative to 1+|f|, f
	// being the value at the start or where it is, whichever is nearer 0: a function
	// that falls without bound has no gradient that is small beside it. Default 1e-8.
	Tolerance  float64
	Iterations int // at most; default 500
	// Progress is told each iterate; false ends the search.
	Progress func(Iterate) bool
}

// An Iterate is one step of a search: the value and the largest entry of the
// gradient (of the projected step, where there is a constraint).
type Iterate struct {
	Iteration int
	Value     float64
	Gradient  float64
}

// A Result is where a search has ended.
type Result struct {
	X           []float64
	Value       float64
	Gradient    float64 // largest entry, as in Iterate
	Iterations  int
	Evaluations int
	Method      string
	Converged   bool
	Reason      string // why it ended
	History     []Iterate
}

// method is one way to search from x; it returns why it ended and whether at a
// minimum.
type method struct {
	name     string
	run      func(s *search) (reason string, converged bool, err error)
	projects bool // keeps to the feasible set
}

var methods = []method{
	{"newton", (*search).newton, false},
	{"lbfgs", (*search).lbfgs, false},
	{"projected", (*search).projected, true},
}

// newtonLimit is the number of unknowns up to which Newton's method is chosen.
const newtonLimit = 1200

// Minimize searches from x, which it changes, until the gradient vanishes. The
// error is that of the function, or the context's.
func Minimize(ctx context.Context, p Problem, x []float64, set Settings) (*Result, error) {
	if set.Tolerance == 0 {
		set.Tolerance = 1e-8
	}
	if set.Iterations == 0 {
		set.Iterations = 500
	}
	name := set.Method
	switch {
	case name != "":
	case p.Project != nil:
		name = "projected"
	case p.Hessian != nil && len(x) <= newtonLimit:
		name = "newton"
	default:
		name = "lbfgs"
	}
	for _, m := range methods {
		if m.name != name {
			continue
		}
		if p.Project != nil && !m.projects {
			return nil, fmt.Errorf("the method %s does not keep to a set; leave the method out, or take projected", name)
		}
		s := &search{ctx: ctx, p: p, set: set, x: x, g: make([]float64, len(x)), result: &Result{Method: name}}
		if p.Project != nil {
			p.Project(x)
		}
		var err error
		if s.f, err = s.value(x, s.g); err != nil {
			return nil, err
		}
		if math.IsNaN(s.f) || math.IsInf(s.f, 0) {
			return nil, fmt.Errorf("the function is %v at the start; start elsewhere", s.f)
		}
		s.start = math.Abs(s.f)
		r := s.result
		if r.Reason, r.Converged, err = m.run(s); err != nil {
			return nil, err
		}
		r.X, r.Value = s.x, s.f
		return r, nil
	}
	return nil, fmt.Errorf("there is no method %q; the methods are newton, lbfgs and projected", name)
}

// A search is the state that the methods share.
type search struct {
	ctx    context.Context
	p      Problem
	set    Settings
	x, g   []float64
	f      float64
	start  float64 // |f| at the start
	result *Result
}

// value evaluates the function and counts.
func (s *search) value(x, g []float64) (float64, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	s.result.Evaluations++
	return s.p.Value(x, g)
}

// note records an iterate; end says that the search is over, and why.
func (s *search) note(gradient float64) (reason string, converged, end bool) {
	r := s.result
	r.Gradient = gradient
	at := Iterate{r.Iterations, s.f, gradient}
	r.History = append(r.History, at)
	switch {
	case s.f < -1e30:
		return "the function falls without bound", false, true
	case gradient <= s.set.Tolerance*s.scale():
		return vanishes, true, true
	case s.set.Progress != nil && !s.set.Progress(at):
		return "stopped", false, true
	case r.Iterations >= s.set.Iterations:
		return fmt.Sprintf("no minimum after %d iterations", r.Iterations), false, true
	}
	r.Iterations++
	return "", false, false
}

// vanishes is why a search ends at a stationary point.
const vanishes = "the gradient vanishes"

// scale is what the gradient is compared with.
func (s *search) scale() float64 { return 1 + math.Min(s.start, math.Abs(s.f)) }

// still is how a search ends that finds no better point.
func (s *search) still(gradient float64) (string, bool, error) {
	return "the function no longer falls", gradient <= 1e-4*s.scale(), nil
}

func largest(g []float64) float64 { return floats.Norm(g, math.Inf(1)) }

var errStuck = errors.New("no step reduces the function")

// flat says how small a predicted decrease is lost in the rounding of f.
func (s *search) flat(decrease float64) bool { return decrease <= 1e-15*(1+math.Abs(s.f)) }
