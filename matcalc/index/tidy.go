package index

import (
	"fmt"
	"sort"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// tidy contracts deltas and collects equal terms.
func (f *Form) tidy() {
	var terms []Term
	for _, t := range f.Terms {
		if t.Coef.Sign() != 0 {
			terms = append(terms, contracted(t))
		}
	}
	f.Terms = collected(terms, f.Free)
}

// contracted replaces a bound index that a delta ties to another.
func contracted(t Term) Term {
	for k, d := range t.Factors {
		if !d.IsDelta() {
			continue
		}
		a, b := d.At[0], d.At[1]
		rest := Term{Coef: t.Coef, Bound: t.Bound, Factors: append(append([]Factor(nil), t.Factors[:k]...), t.Factors[k+1:]...)}
		switch {
		case a == b:
			return contracted(rest)
		case bound(t, b):
			rest.Bound = without(t.Bound, b)
			return contracted(rest.renamed(map[*Index]*Index{b: a}))
		case bound(t, a):
			rest.Bound = without(t.Bound, a)
			return contracted(rest.renamed(map[*Index]*Index{a: b}))
		}
	}
	return t
}

func bound(t Term, i *Index) bool {
	for _, b := range t.Bound {
		if b == i {
			return true
		}
	}
	return false
}

func without(list []*Index, i *Index) []*Index {
	var out []*Index
	for _, b := range list {
		if b != i {
			out = append(out, b)
		}
	}
	return out
}

// collected adds the coefficients of terms that are equal up to the names of
// bound indices and the order of factors.
func collected(ts []Term, free []*Index) []Term {
	at := map[string]int{}
	var out []Term
	for _, t := range ts {
		k := signature(t, free)
		if i, ok := at[k]; ok {
			out[i].Coef = out[i].Coef.Add(t.Coef)
			continue
		}
		at[k] = len(out)
		out = append(out, t)
	}
	kept := out[:0]
	for _, t := range out {
		if t.Coef.Sign() != 0 {
			kept = append(kept, t)
		}
	}
	return kept
}

// signature writes a term so that equal terms have equal texts: the colours of
// bound indices are refined by the places at which they stand, as in a test of
// isomorphism. Terms that it tells apart may still be equal.
func signature(t Term, free []*Index) string {
	colour := map[*Index]string{}
	for k, i := range free {
		colour[i] = fmt.Sprint("f", k)
	}
	return coloured(t, colour)
}

// refinements is how often colours are refined.
const refinements = 3

func coloured(t Term, outer map[*Index]string) string {
	colour := map[*Index]string{}
	for i, c := range outer {
		colour[i] = c
	}
	for _, b := range t.Bound {
		colour[b] = "b" + b.Size.String()
	}
	for range refinements {
		next := map[*Index][]string{}
		for _, f := range t.Factors {
			text := factorText(f, colour)
			for _, u := range f.uses() {
				if bound(t, u) {
					mark := map[*Index]string{}
					for i, c := range colour {
						mark[i] = c
					}
					mark[u] = "*"
					next[u] = append(next[u], text+factorText(f, mark))
				}
			}
		}
		for _, b := range t.Bound {
			sort.Strings(next[b])
			colour[b] = short("b" + b.Size.String() + strings.Join(next[b], "|"))
		}
	}
	parts := make([]string, 0, len(t.Factors)+len(t.Bound))
	for _, f := range t.Factors {
		parts = append(parts, factorText(f, colour))
	}
	for _, b := range t.Bound {
		parts = append(parts, "Σ"+colour[b])
	}
	sort.Strings(parts)
	return strings.Join(parts, ";")
}

// short keeps colours from growing: a hash of the text.
func short(s string) string {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return fmt.Sprintf("%x", h)
}

func factorText(f Factor, colour map[*Index]string) string {
	names := make([]string, len(f.At))
	for i, a := range f.At {
		names[i] = colour[a]
	}
	switch {
	case f.Fn != nil:
		var parts []string
		for _, t := range f.Arg {
			parts = append(parts, t.Coef.String()+coloured(t, colour))
		}
		sort.Strings(parts)
		return fmt.Sprintf("%d(%s)", f.Fn.Op(), functionName(f.Fn)+strings.Join(parts, "+"))
	case f.IsDelta():
		sort.Strings(names)
		return "δ" + strings.Join(names, ",")
	}
	if len(names) == 2 && f.Node.Is(expr.Symmetric) {
		sort.Strings(names)
	}
	k := f.Node.Key()
	return fmt.Sprintf("%x%x[%s]", k[0], k[1], strings.Join(names, ","))
}

// functionName tells functions of one operator apart.
func functionName(fn *expr.Node) string {
	if fn.Op() == expr.OpPow {
		k := fn.Arg(1).Key()
		return fmt.Sprintf("%x%x", k[0], k[1])
	}
	return fmt.Sprint(fn.Name(), fn.Order())
}
