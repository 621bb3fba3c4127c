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
	if r := diagonals(terms); r != nil {
		return r
	}
	if r := s.group(terms); r != nil {
		return r
	}
	if r := s.flipped(n, terms); r != nil {
		return r
	}
	if r := s.attempt(n, func() *expr.Node { return s.expanded(n, terms) }); r != nil {
		return r
	}
	return expr.Add(terms...)
}

// flipped turns a sum of transposes into the transpose of a sum.
func (s *Simplifier) flipped(n *expr.Node, terms []*expr.Node) *expr.Node {
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
			t = s.Simplify(expr.T(t))
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

// diagonals gathers diagonal matrices of vectors: diag(u)+c*diag(v) is
// diag(u+c*v).
func diagonals(terms []*expr.Node) *expr.Node {
	var inside, rest []*expr.Node
	for _, t := range terms {
		p := t.Product()
		if len(p.Chain) != 1 || p.Chain[0].Op() != expr.OpDiag {
			rest = append(rest, t)
			continue
		}
		p.Chain = []*expr.Node{column(p.Chain[0].Arg(0))}
		inside = append(inside, p.Node(t.Context()))
	}
	if len(inside) < 2 {
		return nil
	}
	return expr.Add(append([]*expr.Node{expr.Diag(expr.Add(inside...))}, rest...)...)
}

// factorKind says where a shared factor stands.
type factorKind uint8

const (
	leftFactor   factorKind = iota // first of the chain
	rightFactor                    // last of the chain
	wholeChain                     // all of the chain, with scalars before it
	scalarFactor                   // a power among the scalar factors
	entryFactor                    // a power in an elementwise product
)

// candidate is a factor that several terms share: for powers the base with the
// least exponent.
type candidate struct {
	kind   factorKind
	base   *expr.Node
	exp    expr.Rat
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
		g := with(gathered(inner), cd)
		if len(rest) > 0 {
			g = expr.Add(append([]*expr.Node{g}, rest...)...)
		}
		if g.Size() < before {
			best, before = g, g.Size()
		}
	}
	return best
}

// gathered is the sum with like terms collected.
func gathered(terms []*expr.Node) *expr.Node {
	sum := expr.Add(terms...)
	if sum.Op() != expr.OpAdd {
		return sum
	}
	if got := collect(sum.Context(), sum.Args()); len(got) > 0 {
		return expr.Add(got...)
	}
	return zeroLike(sum)
}

func zeroLike(n *expr.Node) *expr.Node {
	return n.Context().Zeros(n.Shape().Rows, n.Shape().Cols)
}

// candidates lists shared factors with two terms or more.
func candidates(terms []*expr.Node) []candidate {
	type id struct {
		kind factorKind
		key  expr.Key
	}
	at := map[id]int{}
	var list []candidate
	put := func(i int, kind factorKind, p power) {
		k := id{kind, p.base.Key()}
		j, ok := at[k]
		if !ok {
			j = len(list)
			at[k] = j
			list = append(list, candidate{kind: kind, base: p.base, exp: p.exp})
		}
		if ts := list[j].terms; len(ts) == 0 || ts[len(ts)-1] != i {
			list[j].terms = append(ts, i)
		}
		if p.exp.Cmp(list[j].exp) < 0 {
			list[j].exp = p.exp
		}
	}
	for i, t := range terms {
		p := t.Product()
		for _, f := range p.Scalars {
			put(i, scalarFactor, scalarPower(f))
		}
		if len(p.Chain) > 1 && !t.Shape().IsScalar() {
			put(i, leftFactor, power{p.Chain[0], expr.RatOne})
			put(i, rightFactor, power{p.Chain[len(p.Chain)-1], expr.RatOne})
		}
		if len(p.Chain) > 0 && !t.Shape().IsScalar() {
			put(i, wholeChain, power{expr.Mul(p.Chain...), expr.RatOne})
		}
		if len(p.Chain) == 1 {
			for _, f := range entryFactors(p.Chain[0]) {
				put(i, entryFactor, entryPower(f))
			}
		}
	}
	var out []candidate
	for _, c := range list {
		if len(c.terms) > 1 {
			c.factor = c.power()
			out = append(out, c)
		}
	}
	return out
}

// entryFactors are the factors of an elementwise product; those of what is none
// are itself where it is a power or a root.
func entryFactors(n *expr.Node) []*expr.Node {
	switch n.Op() {
	case expr.OpHad:
		return n.Args()
	case expr.OpHPow, expr.OpSqrt:
		return []*expr.Node{n}
	}
	return nil
}

// power is the candidate as a node.
func (cd candidate) power() *expr.Node {
	p := power{cd.base, cd.exp}
	switch cd.kind {
	case scalarFactor:
		return expr.Mul(p.nodes(cd.base.Context())...)
	case entryFactor:
		return expr.Had(p.entries(cd.base.Context())...)
	}
	return cd.base
}

// without removes the candidate's factor from a term.
func without(t *expr.Node, cd candidate) *expr.Node {
	p := t.Product()
	c := t.Context()
	switch cd.kind {
	case leftFactor:
		p.Chain = p.Chain[1:]
	case rightFactor:
		p.Chain = p.Chain[:len(p.Chain)-1]
	case wholeChain:
		p.Chain = nil
	case scalarFactor:
		fs, coef := mergeScalars(c, append(append([]*expr.Node(nil), p.Scalars...), expr.Pow(cd.factor, c.Int(-1))), p.Coef)
		p.Scalars, p.Coef = fs, coef
	case entryFactor:
		var fs []*expr.Node
		for _, f := range entryFactors(p.Chain[0]) {
			q := entryPower(f)
			if q.base.Key() != cd.base.Key() {
				fs = append(fs, f)
				continue
			}
			q.exp = q.exp.Add(cd.exp.Neg())
			fs = append(fs, q.entries(c)...)
		}
		if len(fs) == 0 {
			fs = []*expr.Node{c.Ones(t.Shape().Rows, t.Shape().Cols)}
		}
		p.Chain = []*expr.Node{expr.Had(fs...)}
	}
	return p.Node(c)
}

// with puts the candidate's factor back around a sum.
func with(sum *expr.Node, cd candidate) *expr.Node {
	switch cd.kind {
	case rightFactor, wholeChain:
		return expr.Mul(sum, cd.factor)
	case entryFactor:
		return expr.Had(cd.factor, sum)
	}
	return expr.Mul(cd.factor, sum)
}
