package compile

import (
	"github.com/nabla-go/nabla/matcalc/expr"
)

// A scalar is the factor of a product: a number times scalars known at run time.
type scalar struct {
	k       float64
	factors []*array
}

// at is its value while the plan runs; that of nil is 1.
func (s *scalar) at() float64 {
	if s == nil {
		return 1
	}
	x := s.k
	for _, f := range s.factors {
		x *= f.v()[0]
	}
	return x
}

// Number is the value, for package compressed.
func (s *scalar) Number() float64 { return s.at() }

// reads are the arrays that the scalar needs, before others.
func (s *scalar) reads(others ...*array) []*array {
	if s == nil {
		return others
	}
	return append(append([]*array{}, s.factors...), others...)
}

// scaling is the scalar of a product, nil for 1.
func (b *builder) scaling(p expr.Product) *scalar {
	s := &scalar{k: p.Coef.Float()}
	for _, f := range p.Scalars {
		s.factors = append(s.factors, b.value(f))
	}
	if s.k == 1 && len(s.factors) == 0 {
		return nil
	}
	return s
}

// product lowers a product: of scalars and at most one matrix it is a loop,
// otherwise a chain.
func (b *builder) product(n *expr.Node) *array {
	p := n.Product()
	if a := b.expanded(n); a != nil {
		return a
	}
	if len(p.Chain) <= 1 {
		return b.fuse(n)
	}
	if alt := b.distributed(n, p); alt != nil {
		return b.value(alt)
	}
	return b.chainInto(p, nil, false)
}

// chainInto computes a product into out, or a new array.
func (b *builder) chainInto(p expr.Product, out *array, accumulate bool) *array {
	var ops []operand
	for _, f := range mixed(p.Chain) {
		if f.Op() != expr.OpEye {
			ops = append(ops, b.operand(f))
		}
	}
	alpha := b.scaling(p)
	if len(ops) == 0 {
		return b.scaled(b.value(p.Chain[0]), alpha, out, accumulate)
	}
	o := newChain(b, ops).multiply(0, len(ops)-1, alpha, out, accumulate)
	if o.kind == diagonal { // of diagonal factors only
		return b.spread(o.a)
	}
	return b.entries(o)
}

// distributed is the product multiplied out at the sum among its factors where
// that is cheaper, as 2*(U*V'-T)*V is at U*(V'*V) - T*V; nil otherwise.
func (b *builder) distributed(n *expr.Node, p expr.Product) *expr.Node {
	if b.depth > 2 {
		return nil
	}
	r, c := b.extent(n)
	r1 := r == 1 || c == 1 // (A+B)x may be cheaper as Ax + Bx
	for i, f := range p.Chain {
		if f.Op() != expr.OpAdd || b.known(f) != nil || b.uses[f] > 1 || len(f.Args()) > 4 || !r1 && !b.lowRank(f) {
			continue
		}
		var terms []*expr.Node
		for _, t := range f.Args() {
			replaced := p
			replaced.Chain = append(append(append([]*expr.Node{}, p.Chain[:i]...), t), p.Chain[i+1:]...)
			terms = append(terms, replaced.Node(n.Context()))
		}
		alt := expr.Add(terms...)
		plain, out := b.fork(), b.fork()
		plain.chainInto(p, nil, false)
		out.value(alt)
		if out.cost < plain.cost {
			return alt
		}
	}
	return nil
}

// lowRank reports a sum with a term that is a product through a smaller size.
func (b *builder) lowRank(sum *expr.Node) bool {
	for _, t := range sum.Args() {
		r, c := b.extent(t)
		for _, f := range t.Product().Chain {
			if fr, fc := b.extent(f); min(fr, fc) < min(r, c) {
				return true
			}
		}
	}
	return false
}
