package matcalc

import (
	"context"
	"fmt"
	"html"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/optimize"
	"github.com/nabla-go/nabla/matcalc/shape"
	"github.com/nabla-go/nabla/matcalc/words"
)

// Iterate is one step of a minimisation, as Minimizing.Progress is told it.
type Iterate = optimize.Iterate

// Minimizing says how to minimise; the zero value is the default.
type Minimizing struct {
	// Method is "newton" (in a trust region, with the Hessian), "lbfgs" or
	// "projected"; "" chooses by the size and the constraint.
	Method string
	// Within keeps the variable in a convex set: "nonnegative", "simplex"
	// (nonnegative entries of sum one) or "unit ball".
	Within     string
	Tolerance  float64 // on the gradient's largest entry, relative to 1+|f| at the start or there, the lesser; 1e-8
	Iterations int     // at most; 500
	// Progress is told each iterate; false ends the search.
	Progress func(Iterate) bool
	// Context ends the search when it is done; without one an interrupt of the
	// program does, where it has one.
	Context context.Context
}

// A Minimum is where a minimisation has ended.
type Minimum struct {
	At          *mat.Dense // the variable
	Value       float64    // f there
	Gradient    float64    // largest entry of the gradient there
	Iterations  int
	Evaluations int
	Method      string
	Converged   bool
	Reason      string // why it ended
	History     []Iterate
	name        string
}

// Minimize minimises a scalar f over the named variable from the start that
// values gives it, with gradient and Hessian derived and compiled. It panics
// with *Error; a search that finds no minimum says so in its result.
func (f *Expr) Minimize(wrt string, values Values, how ...Minimizing) *Minimum {
	m, err := f.minimize(wrt, values, how)
	raise(err)
	return m
}

func (f *Expr) minimize(wrt string, values Values, how []Minimizing) (*Minimum, error) {
	if !f.node.Shape().IsScalar() {
		return nil, shape.NewError(shape.Mismatch, "only a scalar can be minimised, and this is "+f.node.Shape().String(), "minimise its squared norm, say")
	}
	set := Minimizing{}
	if len(how) > 0 {
		set = how[0]
	}
	if set.Context == nil {
		set.Context = halt.Context()
	}
	start, ok := values[wrt]
	if !ok {
		return nil, shape.NewError(shape.Values, wrt+" has no value to start from", "add it, as in matcalc.Values{\""+wrt+"\": ...}")
	}
	first, err := valueOf(wrt, start)
	if err != nil {
		return nil, err
	}
	x := append([]float64(nil), first.V...)
	if len(x) == 0 {
		return nil, shape.NewError(shape.Values, wrt+" has no entries", "start from numbers")
	}
	problem, err := f.problem(wrt, values, mat.NewDense(first.R, first.C, x), set)
	if err != nil {
		return nil, err
	}
	r, err := optimize.Minimize(set.Context, problem, x, optimize.Settings{Method: set.Method, Tolerance: set.Tolerance, Iterations: set.Iterations, Progress: set.Progress})
	if err != nil {
		return nil, shape.NewError(shape.Values, err.Error(), "")
	}
	return &Minimum{At: mat.NewDense(first.R, first.C, r.X), Value: r.Value, Gradient: r.Gradient, Iterations: r.Iterations,
		Evaluations: r.Evaluations, Method: r.Method, Converged: r.Converged, Reason: r.Reason, History: r.History, name: wrt}, nil
}

// problem compiles f; at shares the numbers of the variable with the search.
func (f *Expr) problem(wrt string, values Values, at *mat.Dense, set Minimizing) (p optimize.Problem, err error) {
	defer caught(&err)
	c := f.Compile(wrt)
	now := Values{}
	for k, v := range values {
		now[k] = v
	}
	r, cols := at.Dims()
	point := func(x []float64) { now[wrt] = mat.NewDense(r, cols, x) }
	p.Value = func(x, g []float64) (value float64, err error) {
		defer caught(&err)
		point(x)
		if g == nil {
			return c.Value(now).At(0, 0), nil
		}
		value, gradient := c.ValueGradient(now)
		copy(g, gradient.RawMatrix().Data)
		return value, nil
	}
	if r == 1 || cols == 1 { // the Hessian by a matrix is by its stacked columns
		p.Hessian = func(x []float64, h *mat.SymDense) (err error) {
			defer caught(&err)
			point(x)
			d := c.Hessian(now)
			for i := range len(x) {
				for j := i; j < len(x); j++ {
					h.SetSym(i, j, d.At(i, j))
				}
			}
			return nil
		}
	}
	if set.Within == "" {
		return p, nil
	}
	var names []string
	for _, s := range optimize.Sets {
		names = append(names, s.Name)
		if s.Name == set.Within {
			p.Project = s.Project
			return p, nil
		}
	}
	return p, shape.NewError(shape.Values, fmt.Sprintf("there is no set %q", set.Within), "known are: "+strings.Join(names, ", "))
}

// caught turns the panic of a facade call into its error.
func caught(err *error) {
	switch e := recover().(type) {
	case nil:
	case *Error:
		*err = e
	default:
		panic(e)
	}
}

// String tells where the search has ended, and why.
func (m *Minimum) String() string {
	verdict := "minimum"
	if !m.Converged {
		verdict = "no minimum"
	}
	return words.Say(fmt.Sprintf("%s: f = %.10g, largest entry of the gradient %.2g, after %d iterations (%s, %d evaluations): %s",
		verdict, m.Value, m.Gradient, m.Iterations, m.Method, m.Evaluations, m.Reason))
}

// HTML is the verdict with a picture of the search below it.
func (m *Minimum) HTML() string {
	return "<p>" + html.EscapeString(m.String()) + "</p>" + m.SVG()
}

// SVG draws how the gradient has fallen, on a logarithmic scale.
func (m *Minimum) SVG() string {
	const w, h, left, bottom = 480.0, 240.0, 60.0, 40.0
	low, high := math.Inf(1), math.Inf(-1)
	var logs []float64
	for _, it := range m.History {
		l := math.Log10(math.Max(it.Gradient, 1e-18))
		logs = append(logs, l)
		low, high = math.Min(low, math.Floor(l)), math.Max(high, math.Ceil(l))
	}
	if high <= low {
		high = low + 1
	}
	x := func(i int) float64 { return left + (w-left-10)*float64(i)/math.Max(1, float64(len(logs)-1)) }
	y := func(l float64) float64 { return 10 + (h-bottom-10)*(high-l)/(high-low) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" font-family="sans-serif" font-size="11" fill="#808080">`, w, h)
	for _, l := range []float64{low, (low + high) / 2, high} {
		fmt.Fprintf(&b, `<line x1="%g" x2="%g" y1="%.1f" y2="%.1f" stroke="#808080" stroke-opacity="0.3"/><text x="%g" y="%.1f" text-anchor="end">1e%+.0f</text>`, left, w-10, y(l), y(l), left-6, y(l)+4, l)
	}
	b.WriteString(`<polyline fill="none" stroke="#3b7dd8" stroke-width="2" points="`)
	for i, l := range logs {
		fmt.Fprintf(&b, "%.1f,%.1f ", x(i), y(l))
	}
	fmt.Fprintf(&b, `"/><text x="%g" y="%g" text-anchor="middle">iteration (of %d)</text><text x="%g" y="%g">largest entry of the gradient</text></svg>`, (w+left)/2, h-8, m.Iterations, left, 9.0)
	return b.String()
}
