package matcalc

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/compile"
	"github.com/nabla-go/nabla/matcalc/compressed"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A Function is an expression with its first and second derivative, compiled to
// programs over BLAS. Sizes are those of the values that it is given; for sizes
// that it has seen, a call allocates nothing. What a method returns is
// overwritten by its next call: keep it with mat.DenseCopyOf. Methods may be
// called from any goroutine, but one runs at a time. Func, Grad and Hess give
// plain Go functions of the variable's entries.
type Function struct {
	*programs
	now func() context.Context // ends evaluations
}

// programs are what the copies of a Function by WithContext share.
type programs struct {
	f     *Expr
	wrt   string
	first *Expr // gradient of a scalar, else the Jacobian

	mu     sync.Mutex
	ready  map[string]*evaluation
	order2 *Expr
}

// An evaluation is one program with its inputs and what it returned last.
type evaluation struct {
	program *compile.Program
	vars    []*expr.Node
	dims    map[string]int
	out     []*mat.Dense
	kept    *compressed.Matrix // of the root that stays compressed
}

// Compile prepares f and its derivative by the named variable for fast
// evaluation. It panics with *Error where there is no derivative. A program that
// can be interrupted, such as a kernel, ends an evaluation between two steps of its
// plan.
func (f *Expr) Compile(wrt string) *Function {
	return &Function{programs: &programs{f: f, wrt: wrt, first: f.Diff(wrt), ready: map[string]*evaluation{}}, now: halt.Context}
}

// WithContext is the same function, whose evaluations end when the context is
// done, between two steps of the plan: the method then panics with an *Error
// that says so.
func (c *Function) WithContext(ctx context.Context) *Function {
	return &Function{programs: c.programs, now: func() context.Context { return ctx }}
}

// second is the Hessian, derived when it is first asked for.
func (c *Function) second() *Expr {
	if c.order2 == nil {
		c.order2 = c.f.Hessian(c.wrt)
	}
	return c.order2
}

// Value is f. It panics with *Error, as all methods do, when a value is missing
// or sizes disagree.
func (c *Function) Value(values Values) *mat.Dense { return c.run("value", values)[0] }

// Gradient is the gradient of a scalar f, with the shape of the variable.
func (c *Function) Gradient(values Values) *mat.Dense { return c.run("gradient", values)[0] }

// Jacobian is that of a vector f.
func (c *Function) Jacobian(values Values) *mat.Dense { return c.run("gradient", values)[0] }

// Hessian is that of a scalar f.
func (c *Function) Hessian(values Values) *mat.Dense { return c.run("hessian", values)[0] }

// ValueGradient computes both at once; what they share is computed once.
func (c *Function) ValueGradient(values Values) (value float64, gradient *mat.Dense) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.results("value gradient", values)
	return out[0].At(0, 0), out[1]
}

// All computes value, gradient and Hessian at once.
func (c *Function) All(values Values) (value float64, gradient, hessian *mat.Dense) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.results("value gradient hessian", values)
	return out[0].At(0, 0), out[1], out[2]
}

// String names the function and its derivative.
func (c *Function) String() string {
	return fmt.Sprintf("f = %s\n∂f/∂%s = %s", c.f, c.wrt, c.first)
}

// run evaluates the wanted results.
func (c *Function) run(want string, values Values) []*mat.Dense {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.results(want, values)
}

// results evaluates the wanted results, the lock held; what is kept compressed is
// nil.
func (c *Function) results(want string, values Values) []*mat.Dense {
	e, plan := c.execute(want, values)
	for i := range e.out {
		if kept := plan.Compressed(i); kept != nil {
			e.kept = kept
			continue
		}
		rows, cols, entries := plan.Result(i)
		if e.out[i] == nil {
			e.out[i] = &mat.Dense{}
		}
		raw := e.out[i].RawMatrix()
		raw.Rows, raw.Cols, raw.Stride, raw.Data = rows, cols, cols, entries
		e.out[i].SetRawMatrix(raw)
	}
	return e.out
}

// execute runs the plan for the wanted results.
func (c *Function) execute(want string, values Values) (*evaluation, *compile.Plan) {
	e := c.evaluation(want)
	plan, err := e.bind(c.f.vars, values)
	raise(err)
	if err := plan.RunContext(c.now()); err != nil {
		raise(shape.NewError(shape.Values, err.Error(), "look at the values"))
	}
	return e, plan
}

// wanted are the results that a method asks for by name; a Hessian that stays
// compressed is the last one.
var wanted = map[string]struct {
	roots    []func(c *Function) *Expr
	compress bool
}{
	"value":                     {roots: []func(*Function) *Expr{(*Function).value}},
	"gradient":                  {roots: []func(*Function) *Expr{(*Function).derivative}},
	"hessian":                   {roots: []func(*Function) *Expr{(*Function).second}},
	"value gradient":            {roots: []func(*Function) *Expr{(*Function).value, (*Function).derivative}},
	"value gradient hessian":    {roots: []func(*Function) *Expr{(*Function).value, (*Function).derivative, (*Function).second}},
	"compressed gradient":       {roots: []func(*Function) *Expr{(*Function).derivative}, compress: true},
	"compressed hessian":        {roots: []func(*Function) *Expr{(*Function).second}, compress: true},
	"value gradient compressed": {roots: []func(*Function) *Expr{(*Function).value, (*Function).derivative, (*Function).second}, compress: true},
}

func (c *Function) value() *Expr      { return c.f }
func (c *Function) derivative() *Expr { return c.first }

// evaluation is the program for some results.
func (c *Function) evaluation(want string) *evaluation {
	if e := c.ready[want]; e != nil {
		return e
	}
	row := wanted[want]
	var roots []*expr.Node
	for _, root := range row.roots {
		roots = append(roots, root(c).node)
	}
	e := &evaluation{program: compile.New(roots...), dims: map[string]int{}, out: make([]*mat.Dense, len(roots))}
	if row.compress {
		e.program.Compress(len(roots) - 1)
	}
	for _, r := range roots {
		for _, v := range r.Variables() {
			if !slices.Contains(e.vars, v) {
				e.vars = append(e.vars, v)
			}
		}
	}
	c.ready[want] = e
	return e
}

// bind finds the sizes of the values and hands their entries to the plan.
func (e *evaluation) bind(vars *Variables, values Values) (*compile.Plan, error) {
	clear(e.dims)
	for name, x := range values {
		sym := vars.scope.Vars[name]
		if sym == nil {
			if k, ok := x.(int); ok && vars.scope.Dims[name] != shape.One {
				if err := setDim(e.dims, name, k, "the values"); err != nil {
					return nil, err
				}
				continue
			}
			return nil, shape.NewError(shape.Values, fmt.Sprintf("%s is no declared variable", name), fmt.Sprint("declared: ", vars.scope.Names()))
		}
		if r, c, ok := dimsOf(x); ok {
			if err := matchSizes(e.dims, sym, &check.Value{R: r, C: c}); err != nil {
				return nil, err
			}
		}
	}
	plan, err := e.program.Plan(e.dims)
	if err != nil {
		return nil, shape.NewError(shape.Values, err.Error(), "give sizes as whole numbers, as in matcalc.Values{\"n\": 3}")
	}
	for _, sym := range e.vars {
		x, ok := values[sym.Name()]
		if !ok {
			return nil, shape.NewError(shape.Values, sym.Name()+" has no value", "add it, as in matcalc.Values{\""+sym.Name()+"\": ...}")
		}
		entries, err := entriesOf(sym.Name(), x)
		if err != nil {
			return nil, err
		}
		if err := plan.Set(sym, entries); err != nil {
			return nil, shape.NewError(shape.Values, err.Error(), "")
		}
	}
	return plan, nil
}

// dimsOf reads rows and columns off a value.
func dimsOf(x any) (r, c int, ok bool) {
	switch x := x.(type) {
	case float64, int:
		return 1, 1, true
	case []float64:
		return len(x), 1, true
	case [][]float64:
		if len(x) == 0 {
			return 0, 0, true
		}
		return len(x), len(x[0]), true
	case mat.Matrix:
		r, c = x.Dims()
		return r, c, true
	}
	return 0, 0, false
}

// entriesOf are the entries by rows, the value's own where it has them so.
func entriesOf(name string, x any) ([]float64, error) {
	switch x := x.(type) {
	case []float64:
		return x, nil
	case *mat.Dense:
		if raw := x.RawMatrix(); raw.Stride == raw.Cols {
			return raw.Data[:raw.Rows*raw.Cols], nil
		}
	case *mat.VecDense:
		if raw := x.RawVector(); raw.Inc == 1 {
			return raw.Data[:raw.N], nil
		}
	}
	v, err := valueOf(name, x)
	if err != nil {
		return nil, err
	}
	return v.V, nil
}
