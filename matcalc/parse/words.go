package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// greekLetters pairs the ASCII names of letters with the letters.
var greekLetters = func() map[string]string {
	m := map[string]string{}
	for _, p := range strings.Fields(`alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ
		iota=ι kappa=κ lambda=λ mu=μ nu=ν xi=ξ pi=π rho=ρ sigma=σ tau=τ upsilon=υ phi=φ varphi=φ chi=χ psi=ψ omega=ω
		Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω ell=ℓ`) {
		name, letter, _ := strings.Cut(p, "=")
		m[name] = letter
	}
	return m
}()

var greekNames = func() map[string]string {
	m := map[string]string{}
	for name, letter := range greekLetters {
		if !strings.HasPrefix(name, "var") {
			m[letter] = name
		}
	}
	return m
}()

// lowered and raised map small digits and letters to plain ones.
var (
	lowered = map[rune]rune{'₀': '0', '₁': '1', '₂': '2', '₃': '3', '₄': '4', '₅': '5', '₆': '6', '₇': '7', '₈': '8', '₉': '9',
		'ᵢ': 'i', 'ⱼ': 'j', 'ₖ': 'k', 'ₗ': 'l', 'ₘ': 'm', 'ₙ': 'n', 'ₚ': 'p'}
	raised = map[rune]rune{'⁰': '0', '¹': '1', '²': '2', '³': '3', '⁴': '4', '⁵': '5', '⁶': '6', '⁷': '7', '⁸': '8', '⁹': '9',
		'⁻': '-', '⁺': '+', 'ᵏ': 'k', 'ⁿ': 'n', 'ᵐ': 'm'}
)

// known reports whether a name has a meaning as a variable, dimension, index
// or function.
func (b *builder) known(name string) bool {
	return b.scope.Vars[name] != nil || b.scope.Dims[name] != shape.One || b.scope.Funcs[name] || b.bound[name]
}

// spelled finds the declared name that a written one means: itself, with Greek
// letters named or drawn, with small digits plain; "" when there is none.
func (b *builder) spelled(name string) string {
	if b.known(name) {
		return name
	}
	head, sub := name, ""
	if k := strings.IndexFunc(name, func(r rune) bool { _, low := lowered[r]; return low || r == '_' || r >= '0' && r <= '9' }); k > 0 {
		head, sub = name[:k], strings.Map(func(r rune) rune {
			if d, ok := lowered[r]; ok {
				return d
			}
			return r
		}, strings.TrimPrefix(name[k:], "_"))
	}
	heads := []string{head}
	if g, ok := greekLetters[head]; ok {
		heads = append(heads, g)
	}
	if g, ok := greekNames[head]; ok {
		heads = append(heads, g)
	}
	for _, h := range heads {
		for _, s := range []string{h + sub, h + "_" + sub, h + lowerDigits(sub)} {
			if b.known(s) && (sub != "" || s == h) {
				return s
			}
		}
	}
	return ""
}

func lowerDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '₀' + r - '0'
		}
		return r
	}, s)
}

// word reads a run of letters: a declared name, a function, or declared names
// side by side.
func (b *builder) word(w string, pos, end int) {
	if name := b.spelled(w); name != "" {
		if b.scope.Funcs[name] {
			b.function(name, pos, end)
			return
		}
		b.operand(Name, name, pos, end)
		return
	}
	if _, ok := expr.Lookup(w); ok {
		b.function(w, pos, end)
		return
	}
	if b.beside && b.special(w, pos, end) {
		return
	}
	if b.beside {
		if cut := b.split(w); cut != nil {
			b.note("%s is read as the product %s", w, strings.Join(cut, "*"))
			for _, c := range cut {
				b.operand(Name, b.spelled(c), pos, pos+len(c))
				pos += len(c)
			}
			return
		}
	}
	b.operand(Name, w, pos, end)
}

// split parts a run into declared names, longest first; nil when it cannot.
func (b *builder) split(w string) []string {
	if len(w) > 64 {
		return nil
	}
	type way struct {
		next int
		ok   bool
	}
	ways := make([]way, len(w)+1)
	ways[len(w)].ok = true
	for i := len(w) - 1; i >= 0; i-- {
		if !utf8.RuneStart(w[i]) {
			continue
		}
		for j := len(w); j > i && !ways[i].ok; j-- {
			if ways[j].ok && (j == len(w) || utf8.RuneStart(w[j])) {
				if n := b.spelled(w[i:j]); n != "" && (b.scope.Vars[n] != nil || b.scope.Dims[n] != shape.One) {
					ways[i] = way{j, true}
				}
			}
		}
	}
	if !ways[0].ok {
		return nil
	}
	var out []string
	for i := 0; i < len(w); i = ways[i].next {
		out = append(out, w[i:ways[i].next])
	}
	return out
}

// special reads I_n and the like: the identity, ones, zeros and the commutation
// matrix with their sizes lowered.
func (b *builder) special(w string, pos, end int) bool {
	head, sub, cut := strings.Cut(w, "_")
	if !cut {
		k := strings.IndexFunc(w, func(r rune) bool { return lowered[r] != 0 })
		if k <= 0 {
			return false
		}
		head, sub = w[:k], plainLow(w[k:])
	}
	return b.constant(head, sub, pos, end)
}

func plainLow(s string) string {
	return strings.Map(func(r rune) rune {
		if d, ok := lowered[r]; ok {
			return d
		}
		return r
	}, s)
}

// lowConstants are matrices named by a letter with sizes lowered.
var lowConstants = map[string]string{"I": "eye", "1": "ones", "0": "zeros", "K": "K", "𝟏": "ones", "𝟎": "zeros", "𝟙": "ones"}

// constant reads a constant matrix with the sizes in sub; false when the head
// names none or a size is not declared.
func (b *builder) constant(head, sub string, pos, end int) bool {
	name, ok := lowConstants[head]
	if !ok || b.scope.Vars[head] != nil {
		return false
	}
	sizes := strings.FieldsFunc(strings.NewReplacer(`\times`, "×", ",", "×").Replace(sub), func(r rune) bool { return r == '×' || unicode.IsSpace(r) })
	var toks []Token
	for i, s := range sizes {
		if i > 0 {
			toks = append(toks, Token{Punct, ",", pos, pos})
		}
		factors := b.factors(s)
		if factors == nil {
			return false
		}
		for j, f := range factors {
			if j > 0 {
				toks = append(toks, Token{Punct, "*", pos, pos})
			}
			kind := Name
			if f[0] >= '0' && f[0] <= '9' {
				kind = Num
			}
			toks = append(toks, Token{kind, f, pos, pos})
		}
	}
	if len(toks) == 0 {
		return false
	}
	b.begin(pos)
	at := len(b.out)
	b.put(Name, name, pos, end)
	b.put(Punct, "(", pos, pos)
	b.out = append(b.out, toks...)
	b.put(Punct, ")", end, end)
	b.finish(at)
	return true
}

// factors parts a size such as mn, m*n or 2n into declared dimensions and
// numbers.
func (b *builder) factors(s string) []string {
	var out []string
	for i := 0; i < len(s); {
		if s[i] == '*' {
			i++
			continue
		}
		if j := scanNumber(s, i); j > i {
			out = append(out, s[i:j])
			i = j
			continue
		}
		j := len(s)
		for j > i && b.scope.Dims[s[i:j]] == shape.One {
			j--
		}
		if j == i {
			return nil
		}
		out = append(out, s[i:j])
		i = j
	}
	return out
}
