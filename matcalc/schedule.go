package matcalc

import (
	"github.com/nabla-go/nabla/matcalc/compile"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A Schedule is a plan as text, a step a line.
type Schedule string

// Text is the schedule as it is.
func (s Schedule) Text() string { return string(s) }

// Plan shows the steps that compute value, gradient and Hessian together for
// the sizes of the values, with their operations and bytes. For a function that
// is not a scalar they are those of its value and Jacobian.
func (c *Function) Plan(values Values) Schedule {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Schedule(c.plan(values).String())
}

// Source prints the same plan as a Go file that compiles outside Nabla, with
// gonum alone: a function New that makes the buffers and gives the function of
// the variables. It panics with *Error where a step has no form in plain Go.
func (c *Function) Source(values Values, pkg string) Schedule {
	c.mu.Lock()
	defer c.mu.Unlock()
	var file compile.Source
	names := []string{"value", "derivative"}
	if c.scalar() {
		names = []string{"value", "gradient", "hessian"}
	}
	if err := file.Add(c.plan(values), "New", names...); err != nil {
		raise(shape.NewError(shape.Domain, err.Error(), "evaluate it within Nabla"))
	}
	return Schedule(file.Text(pkg))
}

// plan is that of all results.
func (c *Function) plan(values Values) *compile.Plan {
	want := "value gradient"
	if c.scalar() {
		want = "value gradient hessian"
	}
	plan, err := c.evaluation(want).bind(c.f.vars, values)
	raise(err)
	return plan
}

func (c *Function) scalar() bool { return c.f.node.Shape().IsScalar() }
