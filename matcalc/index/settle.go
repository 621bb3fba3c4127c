package index

import "github.com/nabla-go/nabla/matcalc/expr"

// Settled is the form with its nodes simplified: the scalars of a term become
// one, vectors of one index are multiplied where that shortens them, and equal
// terms are collected.
func (f *Form) Settled(simplify func(*expr.Node) *expr.Node) *Form {
	out := &Form{Ctx: f.Ctx, Free: f.Free}
	for _, t := range settled(f.Terms, simplify) {
		if t.Coef.Sign() != 0 {
			out.Terms = append(out.Terms, t)
		}
	}
	out.Terms = collected(out.Terms, out.Free)
	return out
}

func settled(ts []Term, simplify func(*expr.Node) *expr.Node) []Term {
	var out []Term
	for _, t := range ts {
		out = append(out, settledTerm(t, simplify))
	}
	return out
}

func settledTerm(t Term, simplify func(*expr.Node) *expr.Node) Term {
	var scalars []*expr.Node
	var fs []Factor
	for _, f := range t.Factors {
		if f.Node != nil {
			f.Node = simplify(f.Node)
		}
		f.Arg = settled(f.Arg, simplify)
		switch {
		case f.Node != nil && len(f.At) == 0:
			scalars = append(scalars, f.Node)
		case f.Node != nil && len(f.At) == 1:
			fs = joined(fs, f, simplify)
		default:
			fs = append(fs, f)
		}
	}
	t.Factors = fs
	if len(scalars) == 0 {
		return t
	}
	p := simplify(expr.Mul(scalars...)).Product()
	t.Coef = t.Coef.Mul(p.Coef)
	p.Coef = expr.RatOne
	if n := p.Node(scalars[0].Context()); !n.IsInt(1) {
		t.Factors = append([]Factor{entry(n)}, t.Factors...)
	}
	return t
}

// joined adds a vector, multiplied into one of the same index where that is
// shorter than the two.
func joined(fs []Factor, f Factor, simplify func(*expr.Node) *expr.Node) []Factor {
	for k, g := range fs {
		if g.Node == nil || len(g.At) != 1 || g.At[0] != f.At[0] || g.Node.Shape() != f.Node.Shape() {
			continue
		}
		if n := simplify(expr.Had(g.Node, f.Node)); n.Op() != expr.OpMul && n.Size() < g.Node.Size()+f.Node.Size() {
			fs[k].Node = n
			return fs
		}
	}
	return append(fs, f)
}
