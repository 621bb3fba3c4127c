package index

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Index runs over a dimension. Indices are told apart by identity; their names
// are given when a form is written.
type Index struct{ Size shape.Size }

// Form is a sum of terms in the free indices of Free, in their order: no free
// index for a scalar, one for a vector, two for a matrix, and one or two more
// for each derivative.
type Form struct {
	Ctx   *expr.Context
	Free  []*Index
	Terms []Term
}

// Term is a number times a product of factors, summed over the indices of Bound.
type Term struct {
	Coef    expr.Rat
	Factors []Factor
	Bound   []*Index
}

// Factor is an entry of a node, a Kronecker delta, or a function of a sum.
type Factor struct {
	// Node is the scalar, vector or matrix of which At chooses an entry; nil for
	// a delta and for a function.
	Node *expr.Node
	// At are the indices of the entry: none, one (the entry of a row or column)
	// or two; two for a delta.
	At []*Index
	// Fn is the function, Arg what it is applied to.
	Fn  *expr.Node // an elementwise function or a power, of a stand-in
	Arg []Term
}

// IsDelta reports a Kronecker delta.
func (f Factor) IsDelta() bool { return f.Node == nil && f.Fn == nil }

func entry(n *expr.Node, at ...*Index) Factor {
	var used []*Index
	for _, i := range at {
		if i != nil {
			used = append(used, i)
		}
	}
	return Factor{Node: n, At: used}
}

func one() []Term { return []Term{{Coef: expr.RatOne}} }

func single(f Factor) []Term { return []Term{{Coef: expr.RatOne, Factors: []Factor{f}}} }

// times multiplies two sums; the terms get bound indices of their own.
func times(a, b []Term) []Term {
	var out []Term
	for _, s := range a {
		for _, t := range b {
			s := s.renewed()
			out = append(out, Term{
				Coef:    s.Coef.Mul(t.Coef),
				Factors: append(append([]Factor(nil), s.Factors...), t.Factors...),
				Bound:   append(append([]*Index(nil), s.Bound...), t.Bound...),
			})
		}
	}
	return out
}

func scaled(k expr.Rat, a []Term) []Term {
	out := make([]Term, len(a))
	for i, t := range a {
		t.Coef = t.Coef.Mul(k)
		out[i] = t
	}
	return out
}

// over sums the terms over an index, if it is one.
func over(a []Term, at ...*Index) []Term {
	out := make([]Term, len(a))
	for k, t := range a {
		t.Bound = append([]*Index(nil), t.Bound...)
		for _, i := range at {
			if i != nil {
				t.Bound = append(t.Bound, i)
			}
		}
		out[k] = t
	}
	return out
}

// renewed is the term with bound indices of its own.
func (t Term) renewed() Term {
	m := map[*Index]*Index{}
	for _, b := range t.Bound {
		m[b] = &Index{b.Size}
	}
	return t.renamed(m)
}

// renamed replaces indices.
func (t Term) renamed(m map[*Index]*Index) Term {
	if len(m) == 0 {
		return t
	}
	name := func(at []*Index) []*Index {
		out := make([]*Index, len(at))
		for i, a := range at {
			out[i] = a
			if b := m[a]; b != nil {
				out[i] = b
			}
		}
		return out
	}
	out := Term{Coef: t.Coef, Bound: name(t.Bound)}
	for _, f := range t.Factors {
		f.At = name(f.At)
		f.Arg = renamedTerms(f.Arg, m)
		out.Factors = append(out.Factors, f)
	}
	return out
}

func renamedTerms(ts []Term, m map[*Index]*Index) []Term {
	var out []Term
	for _, t := range ts {
		out = append(out, t.renamed(m))
	}
	return out
}

// uses lists the indices that the factor mentions and that are not bound within
// it, each once.
func (f Factor) uses() []*Index {
	var out []*Index
	add := func(i *Index) {
		for _, o := range out {
			if o == i {
				return
			}
		}
		out = append(out, i)
	}
	for _, i := range f.At {
		add(i)
	}
	for _, t := range f.Arg {
		inner := map[*Index]bool{}
		for _, b := range t.Bound {
			inner[b] = true
		}
		for _, g := range t.Factors {
			for _, i := range g.uses() {
				if !inner[i] {
					add(i)
				}
			}
		}
	}
	return out
}
