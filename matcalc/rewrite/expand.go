package rewrite

import "github.com/nabla-go/nabla/matcalc/expr"

// maxExpand bounds the size of sums that are multiplied out to look for terms
// that cancel.
const (
	maxExpand      = 400
	maxExpandTerms = 12
)

// expanded multiplies sums out and collects; nil unless that is shorter.
func (s *Simplifier) expanded(n *expr.Node, terms []*expr.Node) *expr.Node {
	if n.Size() > maxExpand || len(terms) > maxExpandTerms {
		return nil
	}
	var flat []*expr.Node
	changed := false
	for _, t := range terms {
		ts := multipliedOut(t)
		changed = changed || len(ts) > 1
		flat = append(flat, ts...)
	}
	if !changed || len(flat) > 4*maxExpandTerms {
		return nil
	}
	for i, t := range flat {
		flat[i] = s.Simplify(t)
	}
	r := expr.Add(flat...)
	if r.Op() != expr.OpAdd {
		return r
	}
	got := collect(n.Context(), r.Args())
	if len(got) >= len(flat) {
		return nil
	}
	if len(got) == 0 {
		return n.Context().Zeros(n.Shape().Rows, n.Shape().Cols)
	}
	r = expr.Add(got...)
	if r.Size() < n.Size() {
		return r
	}
	return nil
}

// multipliedOut is the list of terms of a product with one sum in it.
func multipliedOut(t *expr.Node) []*expr.Node {
	p := t.Product()
	if k := len(p.Chain); k == 1 && p.Chain[0].Op() == expr.OpT && p.Chain[0].Arg(0).Op() == expr.OpAdd {
		var out []*expr.Node
		for _, a := range p.Chain[0].Arg(0).Args() {
			q := p
			q.Chain = []*expr.Node{expr.T(a)}
			out = append(out, q.Node(t.Context()))
		}
		return out
	}
	for i, f := range p.Scalars {
		if f.Op() != expr.OpAdd {
			continue
		}
		var out []*expr.Node
		for _, a := range f.Args() {
			q := p
			q.Scalars = append(append(append([]*expr.Node(nil), p.Scalars[:i]...), a), p.Scalars[i+1:]...)
			out = append(out, q.Node(t.Context()))
		}
		return out
	}
	for i, f := range p.Chain {
		if f.Op() != expr.OpAdd {
			continue
		}
		var out []*expr.Node
		for _, a := range f.Args() {
			q := p
			q.Chain = append(append(append([]*expr.Node(nil), p.Chain[:i]...), a), p.Chain[i+1:]...)
			out = append(out, q.Node(t.Context()))
		}
		return out
	}
	if len(p.Chain) == 1 && p.Chain[0].Op() == expr.OpHad {
		h := p.Chain[0]
		for i, f := range h.Args() {
			if f.Op() != expr.OpAdd {
				continue
			}
			var out []*expr.Node
			for _, a := range f.Args() {
				args := append([]*expr.Node(nil), h.Args()...)
				args[i] = a
				q := p
				q.Chain = []*expr.Node{expr.Had(args...)}
				out = append(out, q.Node(t.Context()))
			}
			return out
		}
	}
	return []*expr.Node{t}
}

// overSum multiplies scalar factors into a sum whose terms they cancel, as in
// (a/s + b)*s.
func (s *Simplifier) overSum(q expr.Product, n *expr.Node) *expr.Node {
	if n.Size() > maxExpand {
		return nil
	}
	for i, f := range q.Scalars {
		if f.Op() != expr.OpAdd || !dividesInto(f, q.Scalars, i) {
			continue
		}
		inner := expr.Product{Coef: expr.RatOne}
		for j, g := range q.Scalars {
			if j != i {
				inner.Scalars = append(inner.Scalars, g)
			}
		}
		var terms []*expr.Node
		for _, a := range f.Args() {
			terms = append(terms, expr.Mul(a, inner.Node(n.Context())))
		}
		out := s.Simplify(expr.Mul(n.Context().Num(q.Coef), s.Simplify(expr.Add(terms...)), expr.Product{Coef: expr.RatOne, Chain: q.Chain}.Node(n.Context())))
		if out.Size() < n.Size() {
			return out
		}
	}
	return nil
}

// overEntries is overSum for elementwise products.
func (s *Simplifier) overEntries(n *expr.Node) *expr.Node {
	if n.Size() > maxExpand {
		return nil
	}
	args := n.Args()
	for i, f := range args {
		if f.Op() != expr.OpAdd || !dividesEntries(f, args, i) {
			continue
		}
		rest := append(append([]*expr.Node(nil), args[:i]...), args[i+1:]...)
		var terms []*expr.Node
		for _, a := range f.Args() {
			terms = append(terms, expr.Had(append([]*expr.Node{a}, rest...)...))
		}
		if out := s.Simplify(expr.Add(terms...)); out.Size() < n.Size() {
			return out
		}
	}
	return nil
}

func dividesEntries(sum *expr.Node, factors []*expr.Node, skip int) bool {
	for _, t := range sum.Args() {
		c := t.Product().Chain
		if len(c) != 1 {
			continue
		}
		parts := c
		if c[0].Op() == expr.OpHad {
			parts = c[0].Args()
		}
		for _, u := range parts {
			p := entryPower(u)
			for j, f := range factors {
				if p.exp.Sign() < 0 && j != skip && entryPower(f).base.Key() == p.base.Key() {
					return true
				}
			}
		}
	}
	return false
}

// dividesInto reports whether a term of the sum divides by another of the
// factors.
func dividesInto(sum *expr.Node, factors []*expr.Node, skip int) bool {
	for _, t := range sum.Args() {
		for _, u := range t.Product().Scalars {
			p := scalarPower(u)
			if p.exp.Sign() >= 0 {
				continue
			}
			for j, f := range factors {
				if j != skip && scalarPower(f).base.Key() == p.base.Key() {
					return true
				}
			}
		}
	}
	return false
}

// ratios are quotients of functions of one operand that have a name.
var ratios = []struct{ over, under, is expr.Op }{
	{expr.OpSinh, expr.OpCosh, expr.OpTanh},
	{expr.OpSin, expr.OpCos, expr.OpTan},
}

// namedRatios replaces sinh(u)/cosh(u) by tanh(u) and exp(u)/(1+exp(u)) by
// sigmoid(u) among powers of factors.
func namedRatios(ps []power) []power {
	ps = absorbed(ps)
	var under []int
	for j, p := range ps {
		if p.exp.Equal(expr.RatNeg) {
			under = append(under, j)
		}
	}
	if len(under) == 0 {
		return ps
	}
	for i := range ps {
		if !ps[i].exp.Equal(expr.RatOne) {
			continue
		}
		for _, j := range under {
			if r := namedRatio(ps[i].base, ps[j].base); r != nil {
				ps[i].base = r
				return namedRatios(append(append([]power(nil), ps[:j]...), ps[j+1:]...))
			}
		}
	}
	return ps
}

// absorbed uses what functions with kinks do to each other: powers of a step are
// the step, relu(x)*step(x) = relu(x), and sign(x)*abs(x) = x.
func absorbed(ps []power) []power {
	for i, p := range ps {
		if op := p.base.Op(); op != expr.OpStep && op != expr.OpSign || p.exp.Sign() <= 0 || !p.exp.IsInt() {
			continue
		}
		if p.base.Op() == expr.OpStep {
			ps[i].exp = expr.RatOne
		}
		for j, q := range ps {
			if len(q.base.Args()) != 1 || len(p.base.Args()) != 1 || q.base.Arg(0).Key() != p.base.Arg(0).Key() || q.exp.Sign() <= 0 {
				continue
			}
			switch {
			case p.base.Op() == expr.OpStep && q.base.Op() == expr.OpRelu:
			case p.base.Op() == expr.OpSign && q.base.Op() == expr.OpAbs && p.exp.Equal(expr.RatOne) && q.exp.Equal(expr.RatOne):
				ps[j].base = p.base.Arg(0)
			default:
				continue
			}
			return absorbed(append(append([]power(nil), ps[:i]...), ps[i+1:]...))
		}
	}
	return ps
}

func namedRatio(over, under *expr.Node) *expr.Node {
	for _, r := range ratios {
		if over.Op() == r.over && under.Op() == r.under && over.Arg(0).Key() == under.Arg(0).Key() {
			return expr.Call(r.is, over.Arg(0))
		}
	}
	if over.Op() == expr.OpExp && under.Op() == expr.OpAdd && len(under.Args()) == 2 {
		a, b := under.Arg(0), under.Arg(1)
		if a.Key() == over.Key() {
			a, b = b, a
		}
		if b.Key() == over.Key() && (a.IsInt(1) || a.Op() == expr.OpOnes) {
			return expr.Call(expr.OpSigmoid, over.Arg(0))
		}
	}
	return nil
}

// logOfProduct splits the logarithm of a product whose factors are known to be
// positive.
func logOfProduct(n *expr.Node) *expr.Node {
	a, c, sh := n.Arg(0), n.Context(), n.Shape()
	switch a.Op() {
	case expr.OpSoftmax:
		x := a.Arg(0)
		return expr.Sub(x, expr.Mul(expr.Call(expr.OpLogSumExp, x), c.Ones(sh.Rows, sh.Cols)))
	case expr.OpPow:
		if a.Arg(0).Is(expr.Positive) && sh.IsScalar() {
			return expr.Mul(a.Arg(1), expr.Call(expr.OpLog, a.Arg(0)))
		}
	case expr.OpMul:
		p := a.Product()
		if len(p.Chain) == 0 && len(p.Scalars) < 2 || len(p.Chain) > 0 && len(p.Scalars) == 0 || !p.Coef.Equal(expr.RatOne) {
			return nil
		}
		var terms []*expr.Node
		for _, f := range p.Scalars {
			if !f.Is(expr.Positive) {
				return nil
			}
			terms = append(terms, expr.Mul(expr.Call(expr.OpLog, f), c.Ones(sh.Rows, sh.Cols)))
		}
		if len(p.Chain) > 0 {
			terms = append(terms, expr.Call(expr.OpLog, expr.Mul(p.Chain...)))
		}
		return expr.Add(terms...)
	}
	return nil
}
