package format

import (
	"fmt"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/index"
)

// indexLetters name indices, the free ones first.
var indexLetters = []string{"i", "j", "k", "l", "p", "q", "r", "s", "t", "u", "v", "w", "a", "b", "c", "d", "e", "f", "g", "h"}

// Letters gives names to the free indices of a form, of letters that name
// nothing in its factors.
func Letters(f *index.Form) []string {
	w := newIndexWriter(f)
	out := make([]string, len(f.Free))
	for k, i := range f.Free {
		out[k] = w.name[i]
	}
	return out
}

// indexWriter writes forms.
type indexWriter struct {
	ctx    *expr.Context
	name   map[*index.Index]string
	taken  map[string]bool
	latex  bool
	naming int
}

func newIndexWriter(f *index.Form) *indexWriter {
	w := &indexWriter{ctx: f.Ctx, name: map[*index.Index]string{}, taken: map[string]bool{}}
	for _, s := range f.Ctx.Symbols() {
		w.taken[s.Name()] = true
		for _, d := range append(s.Shape().Rows.Names(), s.Shape().Cols.Names()...) {
			w.taken[d] = true
		}
	}
	for _, i := range f.Free {
		w.call(i)
	}
	return w
}

// call names an index.
func (w *indexWriter) call(i *index.Index) {
	for _, l := range indexLetters {
		if !w.taken[l] {
			w.taken[l] = true
			w.name[i] = l
			return
		}
	}
	w.naming++
	w.name[i] = fmt.Sprintf("i%d", w.naming)
}

// Indexed writes a form in ASCII, as in 6*a[i]*a[j]*a[k], with sums written
// sum(p, ...).
func Indexed(f *index.Form) string { return newIndexWriter(f).sum(f.Terms) }

// IndexedLaTeX writes a form as LaTeX.
func IndexedLaTeX(f *index.Form) string {
	w := newIndexWriter(f)
	w.latex = true
	return w.sum(f.Terms)
}

func (w *indexWriter) sum(ts []index.Term) string {
	if len(ts) == 0 {
		return "0"
	}
	var b strings.Builder
	for k, t := range ts {
		negative := t.Coef.Sign() < 0
		if negative {
			t.Coef = t.Coef.Neg()
		}
		switch {
		case negative:
			b.WriteString("-")
		case k > 0:
			b.WriteString("+")
		}
		b.WriteString(w.term(t))
	}
	return b.String()
}

func (w *indexWriter) term(t index.Term) string {
	for _, i := range t.Bound {
		w.call(i)
	}
	head := w.ctx.Num(t.Coef)
	var inner []string
	for _, f := range t.Factors {
		if f.Node != nil && len(f.At) == 0 {
			head = expr.Mul(head, f.Node)
			continue
		}
		inner = append(inner, w.factor(f))
	}
	var parts []string
	if !head.IsInt(1) || len(inner) == 0 {
		parts = append(parts, w.entry(head, nil))
	}
	times := "*"
	if w.latex {
		times = " "
	}
	body := strings.Join(inner, times)
	if w.latex && len(t.Bound) > 0 {
		var under []string
		for _, i := range t.Bound {
			under = append(under, w.name[i])
		}
		body = `\sum_{` + strings.Join(under, ",") + "} " + body
	} else {
		for k := len(t.Bound) - 1; k >= 0; k-- {
			body = "sum(" + w.name[t.Bound[k]] + ", " + body + ")"
		}
	}
	for _, i := range t.Bound {
		delete(w.taken, w.name[i])
	}
	if body != "" {
		parts = append(parts, body)
	}
	return strings.Join(parts, times)
}

func (w *indexWriter) factor(f index.Factor) string {
	at := make([]string, len(f.At))
	for k, i := range f.At {
		at[k] = w.name[i]
	}
	switch {
	case f.IsDelta() && w.latex:
		return `\delta_{` + strings.Join(at, "") + "}"
	case f.IsDelta():
		return "delta[" + strings.Join(at, ",") + "]"
	case f.Fn != nil:
		return w.function(f)
	}
	return w.entry(f.Node, at)
}

func (w *indexWriter) entry(n *expr.Node, at []string) string {
	if w.latex {
		text := LaTeX(n)
		switch {
		case len(at) == 0 && (n.Op() == expr.OpAdd || n.Negative()):
			return `\left(` + text + `\right)`
		case len(at) == 0:
			return text
		case n.Op() != expr.OpSym:
			text = `\left[` + text + `\right]`
		}
		return text + "_{" + strings.Join(at, "") + "}"
	}
	if len(at) == 0 {
		return asciiSub(n, expr.PrecMul)
	}
	text := asciiSub(n, expr.PrecAtom)
	return text + "[" + strings.Join(at, ",") + "]"
}

// function writes a function of a sum that has no matrix form.
func (w *indexWriter) function(f index.Factor) string {
	arg := w.sum(f.Arg)
	if f.Fn.Op() == expr.OpPow {
		if w.latex {
			return `\left(` + arg + `\right)^{` + LaTeX(f.Fn.Arg(1)) + "}"
		}
		return "(" + arg + ")^" + asciiSub(f.Fn.Arg(1), expr.PrecPost)
	}
	name := f.Fn.Op().Info().Name
	if f.Fn.Op() == expr.OpApply {
		name = f.Fn.Name() + strings.Repeat("'", f.Fn.Order())
	}
	if w.latex {
		return `\operatorname{` + name + `}\left(` + arg + `\right)`
	}
	return name + "(" + arg + ")"
}

// IndexedNumPy writes a folded form as Python: each term an einsum over the
// arrays of its factors, vectors flattened. It is "" for a form in which a
// function of a sum is left.
func IndexedNumPy(f *index.Form) string {
	w := newIndexWriter(f)
	var free []string
	for _, i := range f.Free {
		free = append(free, w.name[i])
	}
	var terms []string
	for _, t := range f.Terms {
		text := w.einsum(t, strings.Join(free, ""))
		if text == "" {
			return ""
		}
		terms = append(terms, text)
	}
	if len(terms) == 0 {
		var sizes []string
		for _, i := range f.Free {
			sizes = append(sizes, numpySize(i.Size))
		}
		return "np.zeros((" + strings.Join(sizes, ",") + ",))"
	}
	return "(" + strings.Join(terms, "+") + ")"
}

// einsum is one term. An index of the answer that no factor has is carried by a
// vector of ones.
func (w *indexWriter) einsum(t index.Term, free string) string {
	for _, i := range t.Bound {
		w.call(i)
	}
	scale := "(" + fmt.Sprintf("%.17g", t.Coef.Float()) + ")"
	var subs, arrays []string
	for _, f := range t.Factors {
		letters := ""
		for _, i := range f.At {
			letters += w.name[i]
		}
		switch {
		case f.Fn != nil:
			return ""
		case f.IsDelta():
			subs, arrays = append(subs, letters), append(arrays, "np.eye("+f.At[0].Size.String()+")")
		case len(f.At) == 0:
			scale += "*" + numpyFactor(f.Node)
		case len(f.At) == 1:
			subs, arrays = append(subs, letters), append(arrays, "("+NumPy(f.Node)+").ravel()")
		default:
			subs, arrays = append(subs, letters), append(arrays, NumPy(f.Node))
		}
	}
	for i, name := range w.name {
		if strings.Contains(free, name) && !strings.Contains(strings.Join(subs, ""), name) {
			subs, arrays = append(subs, name), append(arrays, "np.ones("+numpySize(i.Size)+")")
		}
	}
	for _, i := range t.Bound {
		delete(w.taken, w.name[i])
	}
	if len(arrays) == 0 {
		return "(" + scale + ")"
	}
	return scale + "*np.einsum('" + strings.Join(subs, ",") + "->" + free + "'," + strings.Join(arrays, ",") + ")"
}
