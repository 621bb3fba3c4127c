package formula

import (
	"fmt"
	"slices"
	"strings"
)

// A Formula is a parsed `response ~ terms`.
type Formula struct {
	Source    string
	Response  Node   // nil for a one-sided formula
	Variables []Node // factors of the terms, in order of appearance
	Terms     []Term // by degree, then by appearance; without the intercept
	Intercept bool
	Offsets   []Node // arguments of offset(...)
}

// A Term is a product of variables: ascending indices into Variables.
type Term []int

// Label returns the term as R names it, `a:b`.
func (f *Formula) Label(t Term) string {
	parts := make([]string, len(t))
	for i, v := range t {
		parts[i] = String(f.Variables[v])
	}
	return strings.Join(parts, ":")
}

// Parse reads a formula. columns are the names that `.` stands for: all
// columns of the table; those of the response are left out.
func Parse(src string, columns []string) (*Formula, error) {
	n, err := ParseExpr(src)
	if err != nil {
		return nil, err
	}
	f := &Formula{Source: src}
	var right Node
	switch n := n.(type) {
	case Binary:
		if n.Op == "~" {
			f.Response, right = n.X, n.Y
		}
	case Unary:
		if n.Op == "~" {
			right = n.X
		}
	}
	if right == nil {
		return nil, &SyntaxError{src, 0, "a formula has a tilde, as in y ~ x"}
	}
	e := &expander{f: f, index: map[string]int{}}
	if f.Response != nil {
		used := Names(f.Response)
		for _, c := range columns {
			if !slices.Contains(used, c) {
				e.dot = append(e.dot, c)
			}
		}
	} else {
		e.dot = columns
	}
	set, err := e.expand(right)
	if err != nil {
		return nil, err
	}
	f.finish(set, e)
	return f, nil
}

// finish orders the terms and drops variables that only offsets or removed
// terms mention.
func (f *Formula) finish(set termSet, e *expander) {
	f.Intercept = set.intercept == on || set.intercept == unsaid
	slices.SortStableFunc(set.terms, func(a, b Term) int { return len(a) - len(b) })
	used := make([]int, len(f.Variables))
	for _, t := range set.terms {
		for _, v := range t {
			used[v] = 1
		}
	}
	var kept []Node
	for i, v := range f.Variables {
		if used[i] == 1 {
			used[i] = len(kept)
			kept = append(kept, v)
		}
	}
	for _, t := range set.terms {
		for i := range t {
			t[i] = used[t[i]]
		}
	}
	f.Variables, f.Terms = kept, set.terms
}

// An intercept is what a part of the formula says about the constant column.
type intercept int

const (
	unsaid intercept = iota
	on
	off
)

type termSet struct {
	terms     []Term
	intercept intercept
}

type expander struct {
	f     *Formula
	index map[string]int
	dot   []string
}

// maxTerms bounds the expansion of powers of sums.
const maxTerms = 2000

func (s *termSet) add(t Term) {
	for _, have := range s.terms {
		if slices.Equal(have, t) {
			return
		}
	}
	s.terms = append(s.terms, t)
}

func union(a, b Term) Term {
	t := append(slices.Clone(a), b...)
	slices.Sort(t)
	return slices.Compact(t)
}

func (e *expander) fault(n Node, reason string) error {
	return &SyntaxError{e.f.Source, 0, fmt.Sprintf("%s in %s", reason, String(n))}
}

func (e *expander) expand(n Node) (termSet, error) {
	switch n := n.(type) {
	case Paren:
		return e.expand(n.X)
	case Number:
		switch n.Value.Float64() {
		case 0:
			return termSet{intercept: off}, nil
		case 1:
			return termSet{intercept: on}, nil
		}
		return termSet{}, e.fault(n, "only 0 and 1 may stand alone; write I(...) for arithmetic")
	case Name:
		if n.Ident == "." {
			var s termSet
			for _, c := range e.dot {
				s.add(e.variable(Name{c}))
			}
			return s, nil
		}
		return termSet{terms: []Term{e.variable(n)}}, nil
	case Call:
		if n.Func == "offset" {
			if len(n.Args) != 1 {
				return termSet{}, e.fault(n, "offset takes one argument")
			}
			e.f.Offsets = append(e.f.Offsets, n.Args[0])
			return termSet{}, nil
		}
		return termSet{terms: []Term{e.variable(n)}}, nil
	case Unary:
		s, err := e.expand(n.X)
		if n.Op == "-" && err == nil {
			return remove(termSet{}, s), nil
		}
		if n.Op != "+" && err == nil {
			err = e.fault(n, "unexpected "+n.Op)
		}
		return s, err
	case Binary:
		return e.binary(n)
	}
	return termSet{}, e.fault(n, "not a term")
}

func (e *expander) variable(n Node) Term {
	key := String(n)
	i, ok := e.index[key]
	if !ok {
		i = len(e.f.Variables)
		e.index[key] = i
		e.f.Variables = append(e.f.Variables, n)
	}
	return Term{i}
}

func (e *expander) binary(n Binary) (termSet, error) {
	a, err := e.expand(n.X)
	if err != nil {
		return a, err
	}
	if n.Op == "^" {
		return e.power(n, a)
	}
	b, err := e.expand(n.Y)
	if err != nil {
		return b, err
	}
	if len(a.terms)*max(1, len(b.terms)) > maxTerms {
		return a, e.fault(n, "too many terms")
	}
	switch n.Op {
	case "+":
		return merge(a, b), nil
	case "-":
		return remove(a, b), nil
	case ":", "%in%":
		return cross(a, b), nil
	case "*":
		return merge(merge(a, b), cross(a, b)), nil
	case "/":
		var all Term
		for _, t := range a.terms {
			all = union(all, t)
		}
		return merge(a, cross(termSet{terms: []Term{all}}, b)), nil
	}
	return a, e.fault(n, "the operator "+n.Op+" has no meaning between terms; write I(...) for arithmetic")
}

func (e *expander) power(n Binary, a termSet) (termSet, error) {
	k, ok := n.Y.(Number)
	times := 0
	if ok {
		times = int(k.Value.Float64())
	}
	if !ok || float64(times) != k.Value.Float64() || times < 1 {
		return a, e.fault(n, "the exponent must be a positive whole number; write I(...) for arithmetic")
	}
	result := a
	for range min(times-1, len(a.terms)) {
		if len(result.terms)*len(a.terms) > maxTerms {
			return a, e.fault(n, "too many terms")
		}
		result = merge(result, cross(result, a))
	}
	return result, nil
}

func merge(a, b termSet) termSet {
	s := termSet{terms: slices.Clone(a.terms), intercept: a.intercept}
	for _, t := range b.terms {
		s.add(t)
	}
	if b.intercept != unsaid {
		s.intercept = b.intercept
	}
	return s
}

func remove(a, b termSet) termSet {
	s := termSet{intercept: a.intercept}
	for _, t := range a.terms {
		if !slices.ContainsFunc(b.terms, func(u Term) bool { return slices.Equal(t, u) }) {
			s.terms = append(s.terms, t)
		}
	}
	switch b.intercept {
	case on:
		s.intercept = off
	case off:
		s.intercept = on
	}
	return s
}

func cross(a, b termSet) termSet {
	s := termSet{intercept: a.intercept}
	for _, t := range a.terms {
		for _, u := range b.terms {
			s.add(union(t, u))
		}
	}
	return s
}
