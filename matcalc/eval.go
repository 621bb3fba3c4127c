package matcalc

import (
	"fmt"
	"sort"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Values gives numbers to variables by name: float64 or int for scalars, a
// mat.Matrix, mat.Vector, []float64 (a column) or [][]float64 (rows) for the
// others.
type Values map[string]any

// Eval is the value of the expression, a derivative included; a scalar is 1×1.
// Sizes are matched by name. It panics with *Error when a variable has no
// value or sizes disagree.
func (f *Expr) Eval(values Values) *mat.Dense {
	d, err := f.Evaluate(values)
	raise(err)
	return d
}

// Evaluate is Eval with an error (an *Error) in place of a panic.
func (f *Expr) Evaluate(values Values) (*mat.Dense, error) {
	env, err := f.environment(values)
	if err != nil {
		return nil, err
	}
	for _, sym := range f.node.Variables() {
		if env.Vars[sym] == nil {
			return nil, shape.NewError(shape.Values, sym.Name()+" has no value", "add it, as in matcalc.Values{\""+sym.Name()+"\": ...}")
		}
	}
	out, err := env.Eval(f.node)
	if err != nil {
		return nil, shape.NewError(shape.Values, err.Error(), "give sizes as whole numbers, as in matcalc.Values{\"n\": 3}")
	}
	if out.R*out.C == 0 { // mat.NewDense makes no such matrix
		d := &mat.Dense{}
		d.SetRawMatrix(blas64.General{Rows: out.R, Cols: out.C, Stride: max(out.C, 1)})
		return d, nil
	}
	return mat.NewDense(out.R, out.C, out.V), nil
}

// environment reads values and the sizes that they imply.
func (f *Expr) environment(values Values) (*check.Env, error) {
	env := &check.Env{Dims: map[string]int{}, Vars: map[*expr.Node]*check.Value{}}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		sym := f.vars.scope.Vars[name]
		if sym == nil {
			if k, ok := values[name].(int); ok && f.vars.scope.Dims[name] != shape.One {
				if err := setDim(env.Dims, name, k, "the values"); err != nil {
					return nil, err
				}
				continue
			}
			return nil, shape.NewError(shape.Values, fmt.Sprintf("%s is no declared variable", name), fmt.Sprint("declared: ", f.vars.scope.Names()))
		}
		v, err := valueOf(name, values[name])
		if err != nil {
			return nil, err
		}
		if err := matchSizes(env.Dims, sym, v); err != nil {
			return nil, err
		}
		env.Vars[sym] = v
	}
	return env, nil
}

func setDim(dims map[string]int, name string, k int, by string) error {
	if have, ok := dims[name]; ok && have != k {
		return shape.NewError(shape.Values, fmt.Sprintf("%s is %d by %s but %d before", name, k, by, have), "sizes of one name must agree")
	}
	dims[name] = k
	return nil
}

// matchSizes reads the lengths of named dimensions off a value.
func matchSizes(dims map[string]int, sym *expr.Node, v *check.Value) error {
	sh := sym.Shape()
	for _, s := range []struct {
		size shape.Size
		k    int
	}{{sh.Rows, v.R}, {sh.Cols, v.C}} {
		names, coef, ok := s.size.Factors()
		if ok && len(names) == 1 && coef == 1 {
			if err := setDim(dims, names[0], s.k, sym.Name()); err != nil {
				return err
			}
			continue
		}
		if want, err := s.size.Eval(dims); err == nil && want != s.k {
			return shape.NewError(shape.Values, fmt.Sprintf("%s is %d×%d where %s is declared", sym.Name(), v.R, v.C, sh), "")
		}
	}
	return nil
}

func valueOf(name string, x any) (*check.Value, error) {
	switch x := x.(type) {
	case float64:
		return check.Number(x), nil
	case int:
		return check.Number(float64(x)), nil
	case []float64:
		return &check.Value{R: len(x), C: 1, V: append([]float64(nil), x...)}, nil
	case [][]float64:
		v := &check.Value{R: len(x)}
		for _, row := range x {
			v.C = len(row)
			v.V = append(v.V, row...)
		}
		if v.R*v.C != len(v.V) {
			return nil, shape.NewError(shape.Values, name+" has rows of different lengths", "")
		}
		return v, nil
	case mat.Matrix:
		r, c := x.Dims()
		v := &check.Value{R: r, C: c, V: make([]float64, 0, r*c)}
		for i := 0; i < r; i++ {
			for j := 0; j < c; j++ {
				v.V = append(v.V, x.At(i, j))
			}
		}
		return v, nil
	}
	return nil, shape.NewError(shape.Values, fmt.Sprintf("%s is a %T", name, x), "give a number, []float64, [][]float64 or a gonum matrix")
}
