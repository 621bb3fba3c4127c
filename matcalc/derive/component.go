package derive

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// ByComponents derives f by x entry by entry: f as sums over entries, product
// and chain rule, Kronecker's delta, and back to matrices. It refuses where the
// entries of a part, such as the inverse of an unknown matrix, are no sums and
// products of those of x. Every line is compared with derivatives carried along
// by dual numbers.
func ByComponents(f, x, result *expr.Node, q diff.Request) (*Derivation, error) {
	w := &indexer{x: x, taken: map[string]bool{"k": true, "l": true}}
	d := &Derivation{F: f, Wrt: x, D: symbolOf(f, x), Result: result, Layout: q.Layout}
	d.add(Function, f, "given")
	k, l := w.of(x, "k", "l")
	a, b := w.of(f, "i", "j")
	whole := w.entry(f, a, b)
	if w.err != nil {
		return nil, w.err
	}
	d.entryForms = map[Side]leftForm{
		Entry:   {subscripts("f", a, b, false), subscripts("f", a, b, true)},
		Partial: {"∂" + subscripts("f", a, b, false) + "/∂" + subscripts("X", k, l, false), `\frac{\partial ` + subscripts("f", a, b, true) + `}{\partial ` + subscripts("X", k, l, true) + `}`},
	}
	first := Entry
	if f.Shape().IsScalar() {
		first = Same // f has one entry
	}
	raw := w.partial(whole, k, l)
	flat := collapse(raw)
	v := &valuer{f: f, x: x, a: a, b: b, k: k, l: l}
	for _, e := range []struct {
		left    Side
		e       entry
		partial bool
		id      string
	}{{first, whole, false, "entries"}, {Partial, raw, true, "entry rule"}, {Same, flat, true, "delta"}} {
		if e.id == "delta" && equalText(raw, flat) {
			continue
		}
		if err := v.check(e.e, e.partial); err != nil {
			return nil, err
		}
		d.entries(e.left, e.e, e.id)
		if e.partial {
			d.worth(result)
		} else {
			d.worth(f)
		}
	}
	if f.Shape().IsScalar() && q.Structure == diff.Free && (k != nil || l != nil) {
		text, tex := "("+format.Shown(free(result, x, q))+")", `\left(`+format.LaTeX(free(result, x, q))+`\right)`
		d.add(Same, result, "matrices")
		last := &d.Lines[len(d.Lines)-1]
		d.worth(result)
		last.Text, last.TeX = subscripts(text, k, l, false), subscripts(tex, k, l, true)
	}
	d.add(Derivative, result, "read")
	return d, nil
}

// free is the gradient in the shape of x.
func free(result, x *expr.Node, q diff.Request) *expr.Node {
	if result.Shape() != x.Shape() && q.Layout == diff.Numerator {
		return expr.T(result)
	}
	return result
}

func equalText(a, b entry) bool { return printer{}.write(a) == printer{}.write(b) }

func (d *Derivation) entries(left Side, e entry, id string) {
	d.add(left, nil, id)
	last := &d.Lines[len(d.Lines)-1]
	last.Text, last.TeX = printer{}.write(e), printer{latex: true}.write(e)
}

// of names the indices of a node's entries.
func (w *indexer) of(n *expr.Node, row, column string) (i, j *index) {
	if !n.Shape().Rows.IsOne() {
		i = &index{row, n.Shape().Rows}
		w.taken[row] = true
	}
	if !n.Shape().Cols.IsOne() {
		j = &index{column, n.Shape().Cols}
		w.taken[column] = true
	}
	return i, j
}

func subscripts(name string, i, j *index, latex bool) string {
	sub := ""
	for _, k := range []*index{i, j} {
		if k != nil {
			sub += k.name
		}
	}
	switch {
	case sub == "":
		return name
	case latex:
		return name + "_{" + sub + "}"
	}
	return name + "_" + sub
}

// A valuer evaluates entries and compares them with f.
type valuer struct {
	f, x       *expr.Node
	a, b, k, l *index
	env        *check.Env
}

// check compares an entry, or its derivative, with f at random points.
func (v *valuer) check(e entry, partial bool) error {
	compared := 0
	for round := range 2 {
		for try := range 6 {
			env, err := check.Draw(v.f.Variables(), round, try, v.f)
			if err != nil {
				continue
			}
			v.env = env
			ok, finite := v.compare(e, partial)
			if !finite {
				continue
			}
			if !ok {
				return shape.NewError(shape.Unverified, "a line in components did not pass its numeric check, so it is not shown", "please report the expression")
			}
			compared++
			break
		}
	}
	if compared == 0 {
		return shape.NewError(shape.Unverified, "a line in components could not be checked: no point is in the domain", "")
	}
	return nil
}

// compare evaluates for all values of the free indices.
func (v *valuer) compare(e entry, partial bool) (ok, finite bool) {
	at := v.env.Vars[v.x]
	scale, worst := 1e-9, 0.0
	for k := range at.R {
		for l := range at.C {
			want, slope, err := v.wanted(k, l, partial)
			if err != nil || !want.Finite() {
				return false, false
			}
			if partial {
				want = slope
			}
			for a := range want.R {
				for b := range want.C {
					got := v.value(e, map[*index]int{v.k: k, v.l: l, v.a: a, v.b: b})
					if math.IsNaN(got) || math.IsInf(got, 0) {
						return false, false
					}
					scale = math.Max(scale, math.Abs(want.At(a, b)))
					worst = math.Max(worst, math.Abs(got-want.At(a, b)))
				}
			}
		}
	}
	return worst <= 1e-7*math.Max(scale, 1), true
}

// wanted is f, and its derivative by entry (k,l) of x.
func (v *valuer) wanted(k, l int, partial bool) (value, slope *check.Value, err error) {
	at := v.env.Vars[v.x]
	if !partial {
		value, err = v.env.Eval(v.f)
		return value, nil, err
	}
	dir := check.Zero(at.R, at.C)
	dir.V[k*at.C+l] = 1
	return v.env.Slope(v.f, v.x, at, dir)
}

// value is an entry for given indices.
func (v *valuer) value(e entry, at map[*index]int) float64 {
	place := func(i *index) int {
		if i == nil {
			return 0
		}
		return at[i]
	}
	switch e := e.(type) {
	case number:
		return e.value.Float()
	case atom:
		m, err := v.env.Eval(e.node)
		if err != nil {
			return math.NaN()
		}
		return m.At(place(e.i), place(e.j))
	case delta:
		if place(e.i) == place(e.j) {
			return 1
		}
		return 0
	case total:
		n, err := e.over.size.Eval(v.env.Dims)
		if err != nil {
			return math.NaN()
		}
		sum := 0.0
		old, had := at[e.over]
		for k := range n {
			at[e.over] = k
			sum += v.value(e.body, at)
		}
		if delete(at, e.over); had {
			at[e.over] = old
		}
		return sum
	case plus:
		sum := 0.0
		for _, t := range e.terms {
			sum += v.value(t, at)
		}
		return sum
	case times:
		p := 1.0
		for _, t := range e.factors {
			p *= v.value(t, at)
		}
		return p
	case raised:
		return math.Pow(v.value(e.base, at), v.value(e.exponent, at))
	case applied:
		return v.function(e, v.value(e.arg, at))
	}
	return math.NaN()
}

// function is the value of an operator at a number.
func (v *valuer) function(e applied, x float64) float64 {
	ctx := v.f.Context()
	z := ctx.Sym("argument", ctx.Int(1).Shape(), 0)
	var n *expr.Node
	if e.op == expr.OpApply {
		n = expr.Apply(e.name, e.order, z)
	} else {
		n = expr.Call(e.op, z)
	}
	out, err := check.Apply(n, []*check.Value{check.Number(x)})
	if err != nil {
		return math.NaN()
	}
	return out.V[0]
}
