package rewrite

import "github.com/nabla-go/nabla/matcalc/expr"

// sum collects like terms, takes out what all terms have in common, and groups
// terms that share a factor where that shortens the text.
func (s *Simplifier) sum(n *expr.Node) *expr.Node {
	c := n.Context()
	terms := collect(c, n.Args())
	switch len(terms) {
	case 0:
		return c.Zeros(n.Shape().Rows, n.Shape().Cols)
	case 1:
		return terms[0]
	}
	if r := pythagoras(terms); r != nil {
		return r
	}
	if g := commonCoef(terms); !g.Equal(expr.RatOne) {
		inv := g.Inv()
		for i, t := range terms {
			terms[i] = expr.Scale(inv, t)
		}
		return expr.Scale(g, expr.Add(terms...))
	}
	if r := s.group(terms); r != nil {
		return r
	}
	if r := flipped(n, terms); r != nil {
		return r
	}
	if r := s.attempt(n, func() *expr.Node { return s.expanded(n, terms) }); r != nil {
		return r
	}
	return expr.Add(terms...)
}

// flipped turns a sum of transposes into the transpose of a sum.
func flipped(n *expr.Node, terms []*expr.Node) *expr.Node {
	if n.Shape().IsScalar() {
		return nil
	}
	flips := 0
	for _, t := range terms {
		if isTransposed(t) {
			flips++
		} else if !t.Is(expr.Symmetric) {
			return nil
		}
	}
	if flips < 2 {
		return nil
	}
	out := make([]*expr.Node, len(terms))
	for i, t := range terms {
		if isTransposed(t) {
			k, r := split(t)
			t = expr.Scale(k, r.Arg(0))
		}
		out[i] = t
	}
	return expr.T(expr.Add(out...))
}

// collect adds the coefficients of equal terms.
func collect(c *expr.Context, args []*expr.Node) []*expr.Node {
	type entry struct {
		coef expr.Rat
		rest *expr.Node
	}
	var list []entry
	at := make(map[expr.Key]int, len(args))
	for _, a := range args {
		k, r := split(a)
		if i, ok := at[r.Key()]; ok {
			list[i].coef = list[i].coef.Add(k)
			continue
		}
		at[r.Key()] = len(list)
		list = append(list, entry{k, r})
	}
	var out []*expr.Node
	for _, e := range list {
		if e.coef.Sign() != 0 {
			out = append(out, expr.Scale(e.coef, e.rest))
		}
	}
	return out
}

// commonCoef is the number that all terms share: equal up to sign, or the
// greatest common divisor of whole ones. It is negative when all terms are.
func commonCoef(terms []*expr.Node) expr.Rat {
	g := expr.RatZero
	negative, equal := true, true
	for _, t := range terms {
		k, _ := split(t)
		if k.Sign() > 0 {
			negative = false
		} else {
			k = k.Neg()
		}
		switch {
		case g.Sign() == 0:
			g = k
		case !g.Equal(k):
			equal = false
			g = gcd(g, k)
		}
	}
	if !equal && g.Cmp(expr.RatOne) <= 0 {
		g = expr.RatOne
	}
	if negative {
		g = g.Neg()
	}
	return g
}

// gcd of whole numbers, else 1.
func gcd(a, b expr.Rat) expr.Rat {
	x, ok := a.Int64()
	y, ok2 := b.Int64()
	if !ok || !ok2 {
		return expr.RatOne
	}
	for y != 0 {
		x, y = y, x%y
	}
	return expr.Int(x)
}

// pythagoras replaces sin²+cos² with equal coefficients by ones.
func pythagoras(terms []*expr.Node) *expr.Node {
	square := func(r *expr.Node, op expr.Op) *expr.Node {
		if (r.Op() == expr.OpPow || r.Op() == expr.OpHPow) && r.Arg(1).IsInt(2) && r.Arg(0).Op() == op {
			return r.Arg(0).Arg(0)
		}
		return nil
	}
	for i, t := range terms {
		k, r := split(t)
		x := square(r, expr.OpSin)
		if x == nil {
			continue
		}
		for j, u := range terms {
			l, q := split(u)
			if y := square(q, expr.OpCos); y != nil && y.Key() == x.Key() && k.Equal(l) {
				s := r.Shape()
				out := []*expr.Node{expr.Scale(k, r.Context().Ones(s.Rows, s.Cols))}
				for m, v := range terms {
					if m != i && m != j {
						out = append(out, v)
					}
				}
				return expr.Add(out...)
			}
		}
	}
	return nil
}

// factorKind says where a shared factor stands.
type factorKind uint8

const (
	leftFactor factorKind = iota
	rightFactor
	scalarFactor
	entryFactor
)

// candidate is a factor that several terms share.
type candidate struct {
	kind   factorKind
	factor *expr.Node
	terms  []int
}

// maxGroup bounds the number of terms among which shared factors are sought.
const maxGroup = 24

// group takes the shared factor that shortens the sum most.
func (s *Simplifier) group(terms []*expr.Node) *expr.Node {
	if len(terms) > maxGroup {
		return nil
	}
	before := expr.Add(terms...).Size()
	var best *expr.Node
	for _, cd := range candidates(terms) {
		var inner, rest []*expr.Node
		k := 0
		for i, t := range terms {
			if k < len(cd.terms) && cd.terms[k] == i {
				k++
				inner = append(inner, without(t, cd))
			} else {
				rest = append(rest, t)
			}
		}
		g := with(expr.Add(inner...), cd)
		if len(rest) > 0 {
			g = expr.Add(append([]*expr.Node{g}, rest...)...)
		}
		if g.Size() < before {
			best, before = g, g.Size()
		}
	}
	return best
}

// candidates lists shared factors with two terms or more.
func candidates(terms []*expr.Node) []candidate {
	type id struct {
		kind factorKind
		key  expr.Key
	}
	at := map[id]int{}
	var list []candidate
	put := func(i int, kind factorKind, f *expr.Node) {
		k := id{kind, f.Key()}
		j, ok := at[k]
		if !ok {
			j = len(list)
			at[k] = j
			list = append(list, candidate{kind: kind, factor: f})
		}
		if ts := list[j].terms; len(ts) == 0 || ts[len(ts)-1] != i {
			list[j].terms = append(ts, i)
		}
	}
	for i, t := range terms {
		p := t.Product()
		for _, f := range p.Scalars {
			b := scalarPower(f)
			if b.exp.Sign() < 0 && b.exp.IsInt() {
				put(i, scalarFactor, expr.Pow(b.base, b.base.Context().Int(-1)))
			} else if b.exp.IsInt() {
				put(i, scalarFactor, b.base)
			} else {
				put(i, scalarFactor, f)
			}
		}
		if len(p.Chain) > 1 && !t.Shape().IsScalar() {
			put(i, leftFactor, p.Chain[0])
			put(i, rightFactor, p.Chain[len(p.Chain)-1])
		}
		if len(p.Chain) == 1 && p.Chain[0].Op() == expr.OpHad {
			for _, f := range p.Chain[0].Args() {
				put(i, entryFactor, f)
			}
		}
	}
	var out []candidate
	for _, c := range list {
		if len(c.terms) > 1 {
			out = append(out, c)
		}
	}
	return out
}

// without removes the candidate's factor from a term.
func without(t *expr.Node, cd candidate) *expr.Node {
	p := t.Product()
	switch cd.kind {
	case leftFactor:
		p.Chain = p.Chain[1:]
	case rightFactor:
		p.Chain = p.Chain[:len(p.Chain)-1]
	case scalarFactor:
		fs, coef := mergeScalars(t.Context(), append(append([]*expr.Node(nil), p.Scalars...), expr.Pow(cd.factor, t.Context().Int(-1))), p.Coef)
		p.Scalars, p.Coef = fs, coef
	case entryFactor:
		var fs []*expr.Node
		done := false
		for _, f := range p.Chain[0].Args() {
			if !done && f.Key() == cd.factor.Key() {
				done = true
				continue
			}
			fs = append(fs, f)
		}
		p.Chain = []*expr.Node{expr.Had(fs...)}
	}
	return p.Node(t.Context())
}

// with puts the candidate's factor back around a sum.
func with(sum *expr.Node, cd candidate) *expr.Node {
	switch cd.kind {
	case rightFactor:
		return expr.Mul(sum, cd.factor)
	case entryFactor:
		return expr.Had(cd.factor, sum)
	}
	return expr.Mul(cd.factor, sum)
}
