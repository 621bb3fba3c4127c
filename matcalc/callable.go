package matcalc

import (
	"fmt"
	"maps"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Func is a scalar f as a plain Go function of the variable's entries, those of a
// matrix by rows; the other variables keep the values given here. With Grad and
// Hess it makes a problem of gonum's package optimize:
//
//	c := f.Compile("w")
//	p := optimize.Problem{Func: c.Func(data), Grad: c.Grad(data), Hess: c.Hess(data)}
//
// The three may be called from any goroutine. They panic with *Error as Value
// does, and where f is no scalar or the entries do not fit the variable.
func (c *Function) Func(values Values) func(x []float64) float64 {
	p := c.at(values)
	return func(x []float64) float64 {
		c.mu.Lock()
		defer c.mu.Unlock()
		p.move(x)
		return c.results("value", p.values)[0].At(0, 0)
	}
}

// Grad is the gradient as a plain Go function, which writes it to its first
// argument.
func (c *Function) Grad(values Values) func(grad, x []float64) {
	p := c.at(values)
	return func(grad, x []float64) {
		c.mu.Lock()
		defer c.mu.Unlock()
		p.move(x)
		g := c.results("gradient", p.values)[0].RawMatrix().Data
		if len(grad) != len(g) {
			raise(shape.NewError(shape.Values, fmt.Sprintf("the gradient has %d entries, and there is room for %d", len(g), len(grad)), "give it the length of x"))
		}
		copy(grad, g)
	}
}

// Hess is the Hessian as a plain Go function, which writes it to its first
// argument. Its rows and columns are in the order of x: that of a matrix by rows,
// where Hessian stacks columns.
func (c *Function) Hess(values Values) func(hess *mat.SymDense, x []float64) {
	p := c.at(values)
	return func(hess *mat.SymDense, x []float64) {
		c.mu.Lock()
		defer c.mu.Unlock()
		p.move(x)
		h := c.results("hessian", p.values)[0]
		if hess.IsEmpty() && len(x) > 0 {
			*hess = *mat.NewSymDense(len(x), nil)
		}
		if n := hess.SymmetricDim(); n != len(x) {
			raise(shape.NewError(shape.Values, fmt.Sprintf("the Hessian has %d rows, and there is room for %d", len(x), n), "give it one for each entry of x"))
		}
		rows, cols := p.variable.Dims()
		stacked := func(k int) int { return k%cols*rows + k/cols }
		for i := range len(x) {
			for j := i; j < len(x); j++ {
				hess.SetSym(i, j, h.At(stacked(i), stacked(j)))
			}
		}
	}
}

// A position is where plain functions evaluate: the values, with the variable in
// place of its own.
type position struct {
	sym      *expr.Node
	values   Values
	variable *mat.Dense
	dims     map[string]int // of the others
}

func (c *Function) at(values Values) *position {
	if !c.scalar() {
		raise(shape.NewError(shape.Mismatch, "only a scalar is a function of plain numbers, and this is "+c.f.node.Shape().String(), "use Value and Jacobian"))
	}
	p := &position{sym: c.f.vars.scope.Vars[c.wrt], values: maps.Clone(values), variable: &mat.Dense{}, dims: map[string]int{}}
	if p.values == nil {
		p.values = Values{}
	}
	for name, x := range values {
		sym := c.f.vars.scope.Vars[name]
		if k, ok := x.(int); ok && sym == nil {
			p.dims[name] = k
		} else if rows, cols, ok := dimsOf(x); ok && sym != nil {
			raise(matchSizes(p.dims, sym, &check.Value{R: rows, C: cols}))
		}
	}
	p.values[c.wrt] = p.variable
	return p
}

// move takes the entries of the variable, without a copy.
func (p *position) move(x []float64) {
	rows, cols := len(x), 1
	switch sh := p.sym.Shape(); {
	case sh.Cols == shape.One:
	case sh.Rows == shape.One:
		rows, cols = 1, len(x)
	default:
		r, err1 := sh.Rows.Eval(p.dims)
		k, err2 := sh.Cols.Eval(p.dims)
		if err1 != nil || err2 != nil {
			raise(shape.NewError(shape.Values, "the size of "+p.sym.Name()+" is not known", "give "+p.sym.Name()+" a value of that size beside the others"))
		}
		rows, cols = r, k
	}
	if rows*cols != len(x) {
		raise(shape.NewError(shape.Values, fmt.Sprintf("%s is %d×%d, and %d entries are given", p.sym.Name(), rows, cols, len(x)), ""))
	}
	p.variable.SetRawMatrix(blas64.General{Rows: rows, Cols: cols, Stride: max(cols, 1), Data: x})
}
