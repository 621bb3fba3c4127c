package calculus

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/matcalc"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// maxUnknown bounds the names whose shapes are proposed at once.
const maxUnknown = 7

// An ambiguity is the error that several shapes are equally likely.
type ambiguity struct {
	names   []string
	choices []string
}

func (a ambiguity) Error() string {
	return fmt.Sprintf(say("the shapes of %s are not clear; say which:", "%s 的形状不明确，请说明是哪一种："), strings.Join(a.names, ", ")) +
		"\n    where " + strings.Join(a.choices, "\n    where ")
}

// propose gives shapes to the names of an expression that are not declared:
// those that fit, chosen as people choose letters (capitals for matrices,
// small letters for vectors, Greek for scalars) and with as few equal sizes as
// the operators demand. It gives none when all names are declared.
func propose(text string, declared []entry) ([]entry, error) {
	v, err := variables(declared)
	if err != nil {
		return nil, err
	}
	if _, err := v.Parse(text); err == nil {
		return nil, nil
	}
	unknown := undeclared(text, v.Scope())
	if len(unknown) == 0 || len(unknown) > maxUnknown {
		return nil, nil // the parser says what is wrong
	}
	toks, err := provisional(text, declared, unknown)
	if err != nil {
		return nil, nil
	}
	best := 1 << 20
	var found [][]entry
	for kinds := range assignments(len(unknown)) {
		cost := 0
		for i, k := range kinds {
			cost += unlikely(unknown[i])[k]
		}
		if cost > best {
			continue
		}
		list, ok := fitting(text, toks, declared, unknown, kinds)
		if !ok {
			continue
		}
		if cost < best {
			best, found = cost, nil
		}
		found = append(found, list)
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	a := ambiguity{names: unknown}
	for _, f := range found[:min(len(found), 4)] {
		a.choices = append(a.choices, joined(f))
	}
	return nil, a
}

// The kinds of shape that are tried for a name.
const (
	isScalar = iota
	isVector
	isMatrix
	kindCount
)

// unlikely says how little each kind of shape fits a name as people use letters.
func unlikely(name string) [kindCount]int {
	r, _ := utf8.DecodeRuneInString(name)
	switch {
	case unicode.Is(unicode.Greek, r) && unicode.IsLower(r), greekName(name):
		return [kindCount]int{0, 2, 6}
	case unicode.IsUpper(r):
		return [kindCount]int{6, 4, 0}
	}
	return [kindCount]int{2, 0, 6}
}

func greekName(name string) bool {
	base := strings.TrimRight(name, "0123456789_")
	switch base {
	case "alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu", "nu", "rho", "sigma", "tau", "omega", "phi", "psi":
		return true
	}
	return false
}

// assignments gives every way to choose a kind for each of n names.
func assignments(n int) func(yield func([]int) bool) {
	return func(yield func([]int) bool) {
		kinds := make([]int, n)
		for {
			if !yield(kinds) {
				return
			}
			k := n - 1
			for ; k >= 0; k-- {
				if kinds[k]++; kinds[k] < kindCount {
					break
				}
				kinds[k] = 0
			}
			if k < 0 {
				return
			}
		}
	}
}

// undeclared lists the names in a text that mean nothing yet, in order.
func undeclared(text string, s *parse.Scope) []string {
	plain := !strings.Contains(text, `\`) && strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf && !shape.IsNameRune(r, false) }) < 0
	var out []string
	add := func(name string) {
		if _, function := expr.Lookup(name); function || s.Vars[name] != nil || s.Funcs[name] || s.Dims[name] != shape.One || slices.Contains(out, name) {
			return
		}
		out = append(out, name)
	}
	for i := 0; i < len(text); {
		r, w := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\\':
			end := i + 1 + leading(text[i+1:], func(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) })
			if letter, ok := cell.Signs[text[i+1:max(end, i+1)]]; ok && shape.IsName(letter) {
				add(letter)
			}
			i = max(end, i+1)
		case shape.IsNameRune(r, true):
			end := i + leading(text[i:], func(r rune) bool { return shape.IsNameRune(r, false) })
			word := text[i:end]
			before := strings.TrimRight(text[:i], "{ ")
			called := strings.HasPrefix(text[end:], "(") && plain
			switch {
			case strings.HasPrefix(word, "_"): // the subscript of a norm
			case called || strings.HasSuffix(before, "^") && (word == "T" || word == "top"):
			case plain || utf8.RuneCountInString(word) == 1 || known(word, s):
				add(word)
			default:
				for _, name := range singles(word) {
					add(name)
				}
			}
			i = end
		default:
			i += w
		}
	}
	return dropSizes(text, out)
}

func known(word string, s *parse.Scope) bool {
	_, function := expr.Lookup(word)
	return function || s.Vars[word] != nil || s.Funcs[word]
}

// leading counts the bytes at the front whose runes satisfy is.
func leading(text string, is func(rune) bool) int {
	if k := strings.IndexFunc(text, func(r rune) bool { return !is(r) }); k >= 0 {
		return k
	}
	return len(text)
}

// singles parts letters written side by side, each with what belongs to it:
// x1A gives x1 and A.
func singles(word string) []string {
	var out []string
	for _, r := range word {
		if n := len(out); n > 0 && (!unicode.IsLetter(r) || strings.HasSuffix(out[n-1], "_")) {
			out[n-1] += string(r)
		} else {
			out = append(out, string(r))
		}
	}
	return out
}

// dropSizes removes names that stand for sizes, as in eye(n).
func dropSizes(text string, names []string) []string {
	for constant := range sized {
		for rest := text; ; {
			k := strings.Index(rest, constant+"(")
			if k < 0 {
				break
			}
			inside, after, _ := strings.Cut(rest[k+len(constant)+1:], ")")
			for size := range strings.FieldsFuncSeq(inside, func(r rune) bool { return !shape.IsNameRune(r, false) }) {
				names = slices.DeleteFunc(names, func(n string) bool { return n == size })
			}
			rest = after
		}
	}
	return names
}

// provisional reads the text into tokens, with the unknown names declared as
// anything.
func provisional(text string, declared []entry, unknown []string) ([]parse.Token, error) {
	all := slices.Clone(declared)
	for _, u := range unknown {
		all = append(all, entry{u, "scalar"})
	}
	v, err := variables(all)
	if err != nil {
		return nil, err
	}
	return parse.Stream(text, v.Scope())
}

// fitting infers the sizes for one choice of kinds; ok tells that matcalc
// accepts the result.
func fitting(text string, toks []parse.Token, declared []entry, unknown []string, kinds []int) (list []entry, ok bool) {
	v, err := variables(declared)
	if err != nil {
		return nil, false
	}
	f := newInference(toks)
	for name, sym := range v.Scope().Vars {
		s := sym.Shape()
		f.vars[name] = form{f.rigid(s.Rows.String()), f.rigid(s.Cols.String())}
	}
	for name := range v.Scope().Funcs {
		f.funcs[name] = true
	}
	for i, name := range unknown {
		switch kinds[i] {
		case isScalar:
			f.vars[name] = scalar
		case isVector:
			f.vars[name] = form{f.fresh(), one}
		default:
			f.vars[name] = form{f.fresh(), f.fresh()}
		}
	}
	if !f.whole() {
		return nil, false
	}
	sizes := f.named(unknown, taken(text, v, unknown))
	for _, name := range unknown {
		list = append(list, entry{name, sizes.shape(f, f.vars[name])})
	}
	v, err = variables(append(slices.Clone(declared), list...))
	if err != nil {
		return nil, false
	}
	_, err = v.Parse(text)
	return list, err == nil
}

// taken are the names that a new dimension must not have.
func taken(text string, v *matcalc.Variables, unknown []string) map[string]bool {
	out := map[string]bool{}
	for _, u := range unknown {
		out[u] = true
	}
	for name := range v.Scope().Vars {
		out[name] = true
	}
	for name := range v.Scope().Dims {
		out[name] = true
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !shape.IsNameRune(r, false) }) {
		out[word] = true
	}
	return out
}

// sizeNames are the names of the size classes.
type sizeNames map[int]string

// dimensions are what new sizes are called, by how many there are.
var dimensions = []string{"n", "m n", "m n p", "m n p q", "m n p q r s t k l"}

// named gives a name to each size of the unknown names, those of matrices first.
func (f *inference) named(unknown []string, taken map[string]bool) sizeNames {
	var classes []int
	for _, matrices := range []bool{true, false} {
		for _, name := range unknown {
			v := f.vars[name]
			if (f.root(v.cols) != one) != matrices {
				continue
			}
			for _, k := range []int{v.rows, v.cols} {
				if k = f.root(k); k != one && f.name[k] == "" && !slices.Contains(classes, k) {
					classes = append(classes, k)
				}
			}
		}
	}
	out := sizeNames{}
	if len(classes) == 0 {
		return out
	}
	pool := strings.Fields(dimensions[min(len(classes), len(dimensions))-1])
	for _, more := range strings.Fields("m k p q d h l n1 n2 n3 n4 n5 n6 n7 n8 n9") {
		if !slices.Contains(pool, more) {
			pool = append(pool, more)
		}
	}
	for _, k := range classes {
		for i, name := range pool {
			if !taken[name] {
				out[k] = name
				pool = pool[i+1:]
				break
			}
		}
	}
	return out
}

// shape writes a form as a declaration does.
func (s sizeNames) shape(f *inference, v form) string {
	size := func(k int) string {
		if name := f.name[f.root(k)]; name != "" {
			return name
		}
		return s[f.root(k)]
	}
	switch {
	case f.root(v.rows) == one && f.root(v.cols) == one:
		return "scalar"
	case f.root(v.cols) == one:
		return size(v.rows)
	}
	return size(v.rows) + "×" + size(v.cols)
}
