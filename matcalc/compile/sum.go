package compile

import (
	"github.com/nabla-go/nabla/matcalc/expr"
)

// accumulating reports a term that is a product of matrices, which can be added
// to what is there as it is computed.
func (b *builder) accumulating(t *expr.Node) bool {
	return t.Op() == expr.OpMul && len(t.Product().Chain) > 1 && !t.Shape().IsScalar() && b.uses[t] <= 1 && b.known(t) == nil
}

// accumulates reports a sum with such a term.
func (b *builder) accumulates(sum *expr.Node) bool {
	for _, t := range sum.Args() {
		if b.accumulating(t) {
			return true
		}
	}
	return false
}

// sum adds: terms that work entry by entry in one loop, then each product of
// matrices into the same array.
func (b *builder) sum(n *expr.Node) *array {
	if a := b.expanded(n); a != nil {
		return a
	}
	if !b.accumulates(n) {
		if a := b.plusTranspose(n); a != nil {
			return a
		}
		return b.fuse(n)
	}
	var products, rest []*expr.Node
	for _, t := range n.Args() {
		if b.accumulating(t) {
			products = append(products, t)
		} else {
			rest = append(rest, t)
		}
	}
	var out *array
	switch len(rest) { // the loop comes first: products are added to it
	case 0:
	case 1:
		out = b.copied(b.value(rest[0]))
	default:
		out = b.fuse(expr.Add(rest...))
	}
	for _, t := range products {
		p := t.Product()
		if alt := b.distributed(t, p); alt != nil {
			out = b.addTo(out, b.value(alt))
			continue
		}
		if out == nil {
			out = b.chainInto(p, nil, false)
			if b.shared(out) {
				out = b.copied(out)
			}
			continue
		}
		b.chainInto(p, out, true)
	}
	return out
}

// shared reports an array that stands for a node or a partial product, which
// others may read.
func (b *builder) shared(a *array) bool {
	for f := b; f != nil; f = f.parent {
		for _, k := range f.memo {
			if k.mem == a.mem {
				return true
			}
		}
		for _, products := range f.partials {
			for _, p := range products {
				if p.a.mem == a.mem {
					return true
				}
			}
		}
	}
	return a.mem.fixed
}

func (b *builder) addTo(out, a *array) *array {
	if out == nil {
		return b.copied(a)
	}
	return b.scaled(a, nil, out, true)
}

// plusTranspose is A + A' in tiles, without the transpose on its own; nil for
// another sum.
func (b *builder) plusTranspose(n *expr.Node) *array {
	if len(n.Args()) != 2 {
		return nil
	}
	x, y := n.Arg(0), n.Arg(1)
	if x.Op() == expr.OpT {
		x, y = y, x
	}
	if y.Op() != expr.OpT || y.Arg(0) != x || b.known(y) != nil {
		return nil
	}
	a := b.value(x)
	out := b.array(a.r, a.c)
	return b.emit("matrix + its transpose", out, float64(a.size()), func(s *source) { s.call("addTranspose", out, a, a.r) }, moved(a.r, a.c/2+1, func(first, end int) {
		from, to, n := a.v(), out.v(), a.r
		for i0 := first; i0 < end; i0 += tile {
			for j0 := i0; j0 < n; j0 += tile {
				for i := i0; i < min(i0+tile, end); i++ {
					for j := max(j0, i); j < min(j0+tile, n); j++ {
						s := from[i*n+j] + from[j*n+i]
						to[i*n+j], to[j*n+i] = s, s
					}
				}
			}
		}
	}), a)
}
