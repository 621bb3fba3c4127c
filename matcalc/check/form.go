package check

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/index"
)

// Tensor is the value of a form: the entry at (i, j, ...) of its free indices
// stands at V[(i*Dims[1]+j)*Dims[2]+...], its derivative in one direction in D.
type Tensor struct {
	Dims []int
	V, D []float64
}

// EvalForm is the value of a form, entry by entry.
func (e *Env) EvalForm(f *index.Form) (*Tensor, error) {
	w := &formEval{env: e, at: map[*index.Index]int{}}
	out := &Tensor{}
	count := 1
	for _, i := range f.Free {
		k, err := e.size(i.Size)
		if err != nil {
			return nil, err
		}
		out.Dims = append(out.Dims, k)
		count *= k
	}
	out.V, out.D = make([]float64, count), make([]float64, count)
	for place := range out.V {
		rest := place
		for k := len(f.Free) - 1; k >= 0; k-- {
			w.at[f.Free[k]] = rest % out.Dims[k]
			rest /= out.Dims[k]
		}
		v, d := w.sum(f.Terms)
		out.V[place], out.D[place] = v, d
	}
	return out, w.err
}

// formEval holds what the indices are at.
type formEval struct {
	env *Env
	at  map[*index.Index]int
	err error
}

func (w *formEval) sum(ts []index.Term) (v, d float64) {
	for _, t := range ts {
		tv, td := w.over(t, 0)
		v, d = v+t.Coef.Float()*tv, d+t.Coef.Float()*td
	}
	return v, d
}

// over sums a term over its bound indices from the k-th on.
func (w *formEval) over(t index.Term, k int) (v, d float64) {
	if k == len(t.Bound) {
		return w.product(t.Factors)
	}
	n, err := w.env.size(t.Bound[k].Size)
	if err != nil {
		w.err = err
	}
	for i := range n {
		w.at[t.Bound[k]] = i
		a, b := w.over(t, k+1)
		v, d = v+a, d+b
	}
	return v, d
}

func (w *formEval) product(fs []index.Factor) (v, d float64) {
	v = 1
	for _, f := range fs {
		a, b := w.factor(f)
		v, d = v*a, d*a+v*b
	}
	return v, d
}

func (w *formEval) factor(f index.Factor) (v, d float64) {
	switch {
	case f.IsDelta():
		if w.at[f.At[0]] == w.at[f.At[1]] {
			return 1, 0
		}
		return 0, 0
	case f.Fn != nil:
		a, b := w.sum(f.Arg)
		return w.function(f.Fn, a, b)
	}
	m, err := w.env.Eval(f.Node)
	if err != nil {
		w.err = err
		return 0, 0
	}
	place := 0
	switch len(f.At) {
	case 1:
		place = w.at[f.At[0]]
	case 2:
		place = w.at[f.At[0]]*m.C + w.at[f.At[1]]
	}
	if m.D != nil {
		d = m.D[place]
	}
	return m.V[place], d
}

func (w *formEval) function(fn *expr.Node, v, d float64) (float64, float64) {
	args := []*Value{{R: 1, C: 1, V: []float64{v}, D: []float64{d}}}
	if fn.Op() == expr.OpPow {
		e, err := w.env.Eval(fn.Arg(1))
		if err != nil {
			w.err = err
			return 0, 0
		}
		args = append(args, e)
	}
	out, err := Apply(fn, args)
	if err != nil {
		w.err = err
		return 0, 0
	}
	if out.D == nil {
		return out.V[0], 0
	}
	return out.V[0], out.D[0]
}

// Forms checks a chain of derivatives in index form: the first form has the
// entries of f, and each other is the derivative of the one before by a
// variable.
func Forms(f *expr.Node, forms []*index.Form, by []*expr.Node) (*Report, error) {
	if usesDifferences(f) {
		return nil, errors.New("no derivative of " + f.Op().String() + " is carried along")
	}
	r := &Report{Method: "dual numbers, entry by entry"}
	vars := f.Variables()
	for _, v := range by {
		if !f.DependsOn(v) {
			vars = append(vars, v)
		}
	}
	for round := 0; round < len(sizeTable) && len(r.Dims) < rounds; round++ {
		dims := Sizes(vars, round)
		complete(dims, round, f)
		worst, seed, err := formRound(f, forms, by, vars, dims, round)
		if errors.Is(err, errNowhere) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !(worst < dualTol) {
			return nil, fmt.Errorf("relative error %.2g at sizes %v, seed %d", worst, dims, seed)
		}
		r.Dims, r.Seeds = append(r.Dims, dims), append(r.Seeds, seed)
		r.Worst = math.Max(r.Worst, worst)
	}
	if len(r.Dims) == 0 {
		return nil, errNowhere
	}
	return r, nil
}

func formRound(f *expr.Node, forms []*index.Form, by, vars []*expr.Node, dims map[string]int, round int) (worst float64, seed uint64, err error) {
	for try := range attempts {
		seed = uint64(1000*round + try + 29)
		rng := rand.New(rand.NewPCG(seed, 0x51ED270B))
		env, err := draw(rng, vars, dims, try)
		if err != nil {
			return 0, seed, err
		}
		whole, err := env.Eval(f)
		if err != nil {
			return 0, seed, err
		}
		if !whole.finite() {
			continue
		}
		first, err := env.EvalForm(forms[0])
		if err != nil {
			return 0, seed, err
		}
		worst = apart(first.V, whole.V)
		for k, v := range by {
			e, err := formStep(env, forms[k], forms[k+1], v, rng)
			if err != nil {
				return 0, seed, err
			}
			worst = math.Max(worst, e)
		}
		if !math.IsNaN(worst) {
			return worst, seed, nil
		}
	}
	return 0, seed, errNowhere
}

// formStep compares a derivative, contracted with a random direction, with what
// evaluation carries along.
func formStep(env *Env, before, after *index.Form, v *expr.Node, rng *rand.Rand) (float64, error) {
	x := env.Vars[v]
	dir := make([]float64, len(x.V))
	for i := range dir {
		dir[i] = rng.NormFloat64()
	}
	env.Vars[v] = &Value{R: x.R, C: x.C, V: x.V, D: dir}
	env.forget()
	b, err := env.EvalForm(before)
	env.Vars[v] = x
	env.forget()
	if err != nil {
		return 0, err
	}
	a, err := env.EvalForm(after)
	if err != nil {
		return 0, err
	}
	got := make([]float64, len(b.V))
	for i := range got {
		for j, d := range dir {
			got[i] += a.V[i*len(dir)+j] * d
		}
	}
	return apart(got, b.D), nil
}

// apart is the largest difference relative to the largest entry; NaN where an
// entry is none.
func apart(a, b []float64) float64 {
	scale, diff := 1e-2, 0.0
	for i := range a {
		scale = math.Max(scale, math.Max(math.Abs(a[i]), math.Abs(b[i])))
		diff = math.Max(diff, math.Abs(a[i]-b[i]))
	}
	return diff / scale
}
