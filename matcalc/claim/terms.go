package claim

import (
	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// mostTerms bounds what is multiplied out; longer sums stay as they are.
const mostTerms = 64

// terms multiplies a node out into a sum of products.
func terms(n *expr.Node) []*expr.Node {
	out, ok := expand(n, 0)
	if !ok {
		return []*expr.Node{n}
	}
	return out
}

// linear are the functions of one operand that pass through a sum.
var linear = map[expr.Op]bool{expr.OpT: true, expr.OpTr: true, expr.OpSum: true, expr.OpVec: true, expr.OpDiag: true, expr.OpDiagOf: true}

// bilinear are the products that distribute over sums.
var bilinear = map[expr.Op]bool{expr.OpMul: true, expr.OpHad: true, expr.OpKron: true}

func expand(n *expr.Node, depth int) (out []*expr.Node, ok bool) {
	if depth > 40 || n.Size() > 4000 {
		return nil, false
	}
	switch {
	case n.Op() == expr.OpAdd:
		for _, a := range n.Args() {
			ts, ok := expand(a, depth+1)
			if !ok || len(out)+len(ts) > mostTerms {
				return nil, false
			}
			out = append(out, ts...)
		}
		return out, true
	case n.Op() == expr.OpPow && n.Arg(1).IsInt(2) && n.Arg(0).Op() == expr.OpAdd:
		return distribute(expr.OpMul, []*expr.Node{n.Arg(0), n.Arg(0)}, depth)
	case n.Op() == expr.OpPow && n.Arg(1).IsInt(2) && n.Arg(0).Op() == expr.OpNorm2:
		return expand(square(n.Arg(0).Arg(0)), depth+1)
	case linear[n.Op()]:
		ts, ok := expand(n.Arg(0), depth+1)
		if !ok {
			return nil, false
		}
		for _, t := range ts {
			c, rest := coefficient(t)
			out = append(out, expr.Scale(c, turned(expr.Call(n.Op(), rest))))
		}
		return out, true
	case bilinear[n.Op()]:
		return distribute(n.Op(), n.Args(), depth)
	}
	return []*expr.Node{n}, true
}

// square is the inner product of a vector or matrix with itself.
func square(u *expr.Node) *expr.Node {
	switch {
	case u.Shape().IsScalar():
		return expr.Mul(u, u)
	case u.Shape().IsRow():
		return expr.Mul(u, expr.T(u))
	case u.Shape().IsColumn():
		return expr.Mul(expr.T(u), u)
	}
	return expr.Call(expr.OpTr, expr.Mul(expr.T(u), u))
}

// turned moves a transpose inside a product.
func turned(n *expr.Node) *expr.Node {
	if n.Op() != expr.OpT || n.Arg(0).Op() != expr.OpMul {
		return n
	}
	p := n.Arg(0).Product()
	var args []*expr.Node
	for i := len(p.Chain) - 1; i >= 0; i-- {
		args = append(args, expr.T(p.Chain[i]))
	}
	p.Chain = args
	return p.Node(n.Context())
}

func distribute(op expr.Op, args []*expr.Node, depth int) ([]*expr.Node, bool) {
	rows := [][]*expr.Node{nil}
	for _, a := range args {
		ts, ok := expand(a, depth+1)
		if !ok || len(ts)*len(rows) > mostTerms {
			return nil, false
		}
		var next [][]*expr.Node
		for _, r := range rows {
			for _, t := range ts {
				next = append(next, append(append([]*expr.Node(nil), r...), t))
			}
		}
		rows = next
	}
	out := make([]*expr.Node, len(rows))
	for i, r := range rows {
		out[i] = expr.Call(op, r...)
	}
	return out, true
}

// coefficient parts a term into its number and the rest.
func coefficient(t *expr.Node) (expr.Rat, *expr.Node) {
	if t.IsNum() {
		return t.Rat(), t.Context().Int(1)
	}
	p := t.Product()
	c := p.Coef
	p.Coef = expr.RatOne
	return c, p.Node(t.Context())
}

// difference lists the terms of the right form that the claim lacks, and those
// of the claim that do not belong; like terms are collected by value, so that
// x'Ay and y'A'x are one.
func (ps points) difference(claimed, truth *expr.Node) (missing, extra []*expr.Node) {
	env := ps[len(ps)-1]
	var bag []entry
	for side, n := range []*expr.Node{truth, claimed} {
		for _, t := range terms(n) {
			if bag = ps.gather(env, bag, t, side); bag == nil {
				return nil, nil
			}
		}
	}
	for _, e := range bag {
		if e.coef[0].Equal(e.coef[1]) {
			continue
		}
		if e.coef[0].Sign() != 0 {
			missing = append(missing, expr.Scale(e.coef[0], e.node))
		}
		if e.coef[1].Sign() != 0 {
			extra = append(extra, expr.Scale(e.coef[1], e.node))
		}
	}
	return missing, extra
}

// entry is a term with its numbers on the two sides.
type entry struct {
	node *expr.Node
	coef [2]expr.Rat
}

// gather adds a term of one side to those seen; nil when it has no value.
func (ps points) gather(env *check.Env, bag []entry, t *expr.Node, side int) []entry {
	c, rest := coefficient(t)
	if v, err := env.Eval(rest); err != nil || !v.Finite() {
		return nil
	}
	for i := range bag {
		if _, ok := ratio(env, rest, bag[i].node); !ok {
			continue
		}
		if k, ok := ps.multiple(rest, bag[i].node); ok {
			bag[i].coef[side] = bag[i].coef[side].Add(c.Mul(k))
			return bag
		}
	}
	e := entry{node: rest, coef: [2]expr.Rat{expr.RatZero, expr.RatZero}}
	e.coef[side] = c
	return append(bag, e)
}
