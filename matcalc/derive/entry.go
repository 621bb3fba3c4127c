package derive

import (
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// An index runs over the rows or columns of something; nil is the only row or
// column of what has but one.
type index struct {
	name string
	size shape.Size
}

// An entry is an expression in entries: the nodes of this small language. All
// are immutable.
type entry interface{ isEntry() }

type (
	// number is a rational constant.
	number struct{ value expr.Rat }
	// atom is the entry (i,j) of a variable, or of a part without the variable.
	atom struct {
		node *expr.Node
		i, j *index
	}
	// delta is Kronecker's: 1 where the indices are equal.
	delta struct{ i, j *index }
	// total is the sum over an index.
	total struct {
		over *index
		body entry
	}
	// plus and times are flat.
	plus  struct{ terms []entry }
	times struct{ factors []entry }
	// raised is a power.
	raised struct{ base, exponent entry }
	// applied is a function of one number: an operator, or a declared function
	// with primes.
	applied struct {
		op    expr.Op
		name  string
		order int
		arg   entry
	}
)

func (number) isEntry()  {}
func (atom) isEntry()    {}
func (delta) isEntry()   {}
func (total) isEntry()   {}
func (plus) isEntry()    {}
func (times) isEntry()   {}
func (raised) isEntry()  {}
func (applied) isEntry() {}

var one, nought = number{expr.RatOne}, number{expr.Int(0)}

func whole(k int64) number { return number{expr.Int(k)} }

// sum adds, flat and without zeros.
func sum(terms ...entry) entry {
	var out []entry
	for _, t := range terms {
		switch t := t.(type) {
		case plus:
			out = append(out, t.terms...)
		case number:
			if t.value.Sign() != 0 {
				out = append(out, t)
			}
		default:
			out = append(out, t)
		}
	}
	switch len(out) {
	case 0:
		return nought
	case 1:
		return out[0]
	}
	return plus{out}
}

// prod multiplies, flat, numbers gathered in front.
func prod(factors ...entry) entry {
	k := expr.RatOne
	var out []entry
	var gather func(f entry)
	gather = func(f entry) {
		switch f := f.(type) {
		case times:
			for _, g := range f.factors {
				gather(g)
			}
		case number:
			k = k.Mul(f.value)
		default:
			out = append(out, f)
		}
	}
	for _, f := range factors {
		gather(f)
	}
	switch {
	case k.Sign() == 0:
		return nought
	case len(out) == 0:
		return number{k}
	case !k.Equal(expr.RatOne):
		out = append([]entry{number{k}}, out...)
	}
	if len(out) == 1 {
		return out[0]
	}
	return times{out}
}

// power is base^k; roots of squares and the like become one power.
func power(base entry, k expr.Rat) entry {
	if inner, ok := base.(raised); ok {
		if e, ok := inner.exponent.(number); ok && (e.value.Mul(k).Equal(expr.RatOne) && k.IsInt()) {
			return inner.base
		}
	}
	switch {
	case k.Equal(expr.RatOne):
		return base
	case k.Sign() == 0:
		return one
	}
	return raised{base, number{k}}
}

// rename puts an index for another.
func rename(e entry, from, to *index) entry {
	at := func(i *index) *index {
		if i == from {
			return to
		}
		return i
	}
	switch e := e.(type) {
	case atom:
		return atom{e.node, at(e.i), at(e.j)}
	case delta:
		return delta{at(e.i), at(e.j)}
	case total:
		return total{e.over, rename(e.body, from, to)}
	case plus:
		return sum(each(e.terms, func(t entry) entry { return rename(t, from, to) })...)
	case times:
		return prod(each(e.factors, func(t entry) entry { return rename(t, from, to) })...)
	case raised:
		return raised{rename(e.base, from, to), rename(e.exponent, from, to)}
	case applied:
		e.arg = rename(e.arg, from, to)
		return e
	}
	return e
}

func each(list []entry, f func(entry) entry) []entry {
	out := make([]entry, len(list))
	for i, e := range list {
		out[i] = f(e)
	}
	return out
}

// walk visits an expression from the outside in.
func walk(e entry, visit func(entry)) {
	visit(e)
	switch e := e.(type) {
	case total:
		walk(e.body, visit)
	case plus:
		for _, t := range e.terms {
			walk(t, visit)
		}
	case times:
		for _, t := range e.factors {
			walk(t, visit)
		}
	case raised:
		walk(e.base, visit)
		walk(e.exponent, visit)
	case applied:
		walk(e.arg, visit)
	}
}

// collapse works out deltas under sums, takes what does not run out of a sum,
// and splits sums of sums.
func collapse(e entry) entry {
	switch e := e.(type) {
	case plus:
		return sum(each(e.terms, collapse)...)
	case times:
		return prod(each(e.factors, collapse)...)
	case raised:
		return raised{collapse(e.base), collapse(e.exponent)}
	case applied:
		e.arg = collapse(e.arg)
		return e
	case total:
		return collapseSum(e.over, collapse(e.body))
	}
	return e
}

func collapseSum(over *index, body entry) entry {
	if !hasDelta(body) {
		return total{over, body}
	}
	switch b := body.(type) {
	case delta:
		if b.i == over || b.j == over {
			return one
		}
	case plus:
		return sum(each(b.terms, func(t entry) entry { return collapseSum(over, t) })...)
	case times:
		return collapseProduct(over, b)
	}
	return total{over, body}
}

func collapseProduct(over *index, b times) entry {
	for k, f := range b.factors {
		rest := append(append([]entry{}, b.factors[:k]...), b.factors[k+1:]...)
		switch f := f.(type) {
		case delta:
			switch {
			case f.i == over:
				return rename(prod(rest...), over, f.j)
			case f.j == over:
				return rename(prod(rest...), over, f.i)
			}
			return prod(f, collapseSum(over, prod(rest...))) // it does not run
		case plus:
			if hasDelta(f) { // multiply out
				return sum(each(f.terms, func(t entry) entry {
					return collapseSum(over, collapse(prod(append(append([]entry{}, rest...), t)...)))
				})...)
			}
		case total:
			if hasDelta(f) { // exchange the sums
				return total{f.over, collapse(total{over, prod(append(append([]entry{}, rest...), f.body)...)})}
			}
		}
	}
	return total{over, b}
}

func hasDelta(e entry) bool {
	found := false
	walk(e, func(e entry) {
		_, ok := e.(delta)
		found = found || ok
	})
	return found
}
