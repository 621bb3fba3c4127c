package shape

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// Size is a symbolic length: a polynomial with positive whole coefficients in
// dimension names, such as n, m*n, 3 or m+p. Equal sizes compare equal with
// ==, and the zero Size is the length 1.
type Size struct{ p *poly }

// poly is an interned polynomial; its text is unique for its value.
type poly struct {
	text  string
	terms []term
}

// term is coef times the product of sorted names.
type term struct {
	coef  int
	names []string
}

func (t term) key() string { return strings.Join(t.names, "*") }

func (t term) text() string {
	switch {
	case len(t.names) == 0:
		return strconv.Itoa(t.coef)
	case t.coef == 1:
		return t.key()
	}
	return strconv.Itoa(t.coef) + "*" + t.key()
}

// One is the length of a scalar's rows and columns.
var One = Size{}

var sizes struct {
	sync.Mutex
	m map[string]*poly
}

// intern returns the Size of a sum of terms, like terms collected.
func intern(ts []term) Size {
	sum := map[string]term{}
	for _, t := range ts {
		k := t.key()
		s := sum[k]
		s.names = t.names
		s.coef += t.coef
		sum[k] = s
	}
	out := make([]term, 0, len(sum))
	for _, t := range sum {
		if t.coef != 0 {
			out = append(out, t)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if (len(a.names) == 0) != (len(b.names) == 0) {
			return len(b.names) == 0
		}
		return a.key() < b.key()
	})
	if len(out) == 1 && out[0].coef == 1 && len(out[0].names) == 0 {
		return One
	}
	parts := make([]string, len(out))
	for i, t := range out {
		parts[i] = t.text()
	}
	text := strings.Join(parts, "+")
	if text == "" {
		text = "0"
	}
	sizes.Lock()
	defer sizes.Unlock()
	if sizes.m == nil {
		sizes.m = map[string]*poly{}
	}
	p := sizes.m[text]
	if p == nil {
		p = &poly{text, out}
		sizes.m[text] = p
	}
	return Size{p}
}

// Name is the size that carries a dimension name.
func Name(name string) Size { return intern([]term{{1, []string{name}}}) }

// Int is a size known as a number; k must be positive.
func Int(k int) Size { return intern([]term{{k, nil}}) }

func (s Size) terms() []term {
	if s.p == nil {
		return []term{{1, nil}}
	}
	return s.p.terms
}

// Mul is the product of two sizes.
func (s Size) Mul(t Size) Size {
	if s == One {
		return t
	}
	if t == One {
		return s
	}
	var out []term
	for _, a := range s.terms() {
		for _, b := range t.terms() {
			names := append(append([]string{}, a.names...), b.names...)
			sort.Strings(names)
			out = append(out, term{a.coef * b.coef, names})
		}
	}
	return intern(out)
}

// Add is the sum of two sizes, as in stacked blocks.
func (s Size) Add(t Size) Size {
	return intern(append(append([]term{}, s.terms()...), t.terms()...))
}

// IsOne reports whether the size is the number 1.
func (s Size) IsOne() bool { return s.p == nil }

// String writes the size as it parses: n, m*n, m+p.
func (s Size) String() string {
	if s.p == nil {
		return "1"
	}
	return s.p.text
}

// Names lists the dimension names in the size, sorted, without repetition.
func (s Size) Names() []string {
	seen := map[string]bool{}
	var out []string
	for _, t := range s.terms() {
		for _, n := range t.names {
			if !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	sort.Strings(out)
	return out
}

// Factors splits a size that is one product into its names (with a leading
// number when the coefficient is not 1); ok is false for a sum.
func (s Size) Factors() (names []string, coef int, ok bool) {
	ts := s.terms()
	if len(ts) != 1 {
		return nil, 0, false
	}
	return ts[0].names, ts[0].coef, true
}

// Eval is the number that the size has under an assignment of its names.
func (s Size) Eval(dims map[string]int) (int, error) {
	total := 0
	for _, t := range s.terms() {
		v := t.coef
		for _, n := range t.names {
			d, ok := dims[n]
			if !ok {
				return 0, fmt.Errorf("the size of dimension %s is not known", n)
			}
			v *= d
		}
		total += v
	}
	return total, nil
}

// Parse reads a size: names and whole numbers joined by * and +.
func Parse(text string) (Size, error) {
	var sum []term
	for _, part := range strings.Split(text, "+") {
		t := term{coef: 1}
		for _, f := range strings.FieldsFunc(part, func(r rune) bool { return r == '*' || r == ' ' || r == '·' }) {
			k, err := strconv.Atoi(f)
			switch {
			case err == nil && k > 0 && k < 1<<31:
				t.coef *= k
			case err == nil || !IsName(f):
				return Size{}, fmt.Errorf("%q is not a size: a size is a name, a positive whole number or a product such as m*n", text)
			default:
				t.names = append(t.names, f)
			}
		}
		if strings.TrimSpace(part) == "" {
			return Size{}, fmt.Errorf("%q is not a size: a size is a name, a positive whole number or a product such as m*n", text)
		}
		sort.Strings(t.names)
		sum = append(sum, t)
	}
	return intern(sum), nil
}
