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
	e := &expander{f: f, index: map[string]int{}, intercept: true}
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
	terms, err := e.expand(right)
	if err != nil {
		return nil, err
	}
	f.Intercept = e.intercept
	f.finish(terms)
	return f, nil
}

// finish takes out the terms with an offset, orders the others by degree, and
// drops variables that only removed terms mention.
func (f *Formula) finish(all []Term) {
	offset := make([]bool, len(f.Variables))
	for i, v := range f.Variables {
		if call, ok := v.(Call); ok && call.Func == "offset" {
			offset[i] = true
			f.Offsets = append(f.Offsets, call.Args[0])
		}
	}
	var terms []Term
	for _, t := range all {
		if !slices.ContainsFunc(t, func(v int) bool { return offset[v] }) {
			terms = append(terms, t)
		}
	}
	slices.SortStableFunc(terms, func(a, b Term) int { return len(a) - len(b) })
	at := make([]int, len(f.Variables))
	for i := range at {
		at[i] = -1
	}
	for _, t := range terms {
		for _, v := range t {
			at[v] = 0
		}
	}
	var kept []Node
	for i, v := range f.Variables {
		if at[i] == 0 {
			at[i] = len(kept)
			kept = append(kept, v)
		}
	}
	for _, t := range terms {
		for i := range t {
			t[i] = at[t[i]]
		}
	}
	f.Variables, f.Terms = kept, terms
}

// An expander turns the right side of a formula into terms as R's terms does:
// 0 and 1 are no terms but settle the intercept, the last one said, and the
// other way round right of a minus.
type expander struct {
	f         *Formula
	index     map[string]int
	dot       []string
	intercept bool
	removing  bool // right of a minus
}

// maxTerms bounds the expansion of powers of sums.
const maxTerms = 2000

// distinct leaves out repeated terms.
func distinct(terms []Term) []Term {
	var out []Term
	for _, t := range terms {
		if !slices.ContainsFunc(out, func(u Term) bool { return slices.Equal(t, u) }) {
			out = append(out, t)
		}
	}
	return out
}

// joined is the product of terms.
func joined(terms ...Term) Term {
	var all Term
	for _, t := range terms {
		all = append(all, t...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (e *expander) fault(n Node, reason string) error {
	return &SyntaxError{e.f.Source, 0, fmt.Sprintf("%s in %s", reason, String(n))}
}

func (e *expander) expand(n Node) ([]Term, error) {
	switch n := n.(type) {
	case Paren:
		return e.expand(n.X)
	case Number:
		v := n.Value.Float64()
		if v != 0 && v != 1 {
			return nil, e.fault(n, "only 0 and 1 may stand alone; write I(...) for arithmetic")
		}
		e.intercept = (v == 1) != e.removing
		return nil, nil
	case Name:
		if n.Ident != "." {
			return []Term{e.variable(n)}, nil
		}
		var all []Term
		for _, c := range e.dot {
			all = append(all, e.variable(Name{c}))
		}
		return all, nil
	case Call:
		if n.Func == "offset" && len(n.Args) != 1 {
			return nil, e.fault(n, "offset takes one argument")
		}
		return []Term{e.variable(n)}, nil
	case Unary:
		switch n.Op {
		case "+":
			return e.expand(n.X)
		case "-":
			return nil, e.remove(nil, n.X)
		case "!":
			return []Term{e.variable(n)}, nil
		}
	case Binary:
		return e.binary(n)
	}
	return nil, e.fault(n, "not a term")
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

// expansions are the operators between sets of terms.
var expansions = map[string]func(a, b []Term) []Term{
	"+": func(a, b []Term) []Term { return append(a, b...) },
	":": cross,
	"*": func(a, b []Term) []Term { return append(append(slices.Clone(a), b...), cross(a, b)...) },
	"%in%": func(a, b []Term) []Term {
		all := joined(b...)
		var out []Term
		for _, t := range a {
			out = append(out, joined(t, all))
		}
		return out
	},
	"/": func(a, b []Term) []Term {
		all := joined(a...)
		out := slices.Clone(a)
		for _, t := range b {
			out = append(out, joined(all, t))
		}
		return out
	},
}

func cross(a, b []Term) []Term {
	var out []Term
	for _, t := range a {
		for _, u := range b {
			out = append(out, joined(t, u))
		}
	}
	return out
}

func (e *expander) binary(n Binary) ([]Term, error) {
	switch n.Op {
	case "<", ">", "<=", ">=", "==", "!=", "&", "|":
		return []Term{e.variable(n)}, nil
	}
	a, err := e.expand(n.X)
	if err != nil {
		return nil, err
	}
	switch n.Op {
	case "^":
		return e.power(n, a)
	case "-":
		err := e.remove(&a, n.Y)
		return a, err
	}
	b, err := e.expand(n.Y)
	if err != nil {
		return nil, err
	}
	expansion := expansions[n.Op]
	if expansion == nil {
		return nil, e.fault(n, "the operator "+n.Op+" has no meaning between terms; write I(...) for arithmetic")
	}
	if len(a)*max(1, len(b)) > maxTerms {
		return nil, e.fault(n, "too many terms")
	}
	return distinct(expansion(a, b)), nil
}

// remove takes the terms of n out of a, if a is given.
func (e *expander) remove(a *[]Term, n Node) error {
	e.removing = !e.removing
	b, err := e.expand(n)
	e.removing = !e.removing
	if a != nil {
		*a = slices.DeleteFunc(slices.Clone(*a), func(t Term) bool {
			return slices.ContainsFunc(b, func(u Term) bool { return slices.Equal(t, u) })
		})
	}
	return err
}

func (e *expander) power(n Binary, a []Term) ([]Term, error) {
	k, ok := n.Y.(Number)
	times := 0
	if ok {
		times = int(k.Value.Float64())
	}
	if !ok || float64(times) != k.Value.Float64() || times < 1 {
		return nil, e.fault(n, "the exponent must be a positive whole number; write I(...) for arithmetic")
	}
	result := a
	for range min(times-1, len(a)) {
		if len(result)*len(a) > maxTerms {
			return nil, e.fault(n, "too many terms")
		}
		result = distinct(append(slices.Clone(result), cross(result, a)...))
	}
	return result, nil
}
