package review

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/shape"
)

// subscripted is a name with a lowered letter or two: x_i, A_ij, A_{i,j}.
var subscripted = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(\pL)_(?:([a-z])([a-z])?\b|\{\s*[a-z]\s*(?:,?\s*[a-z])?\s*\})`)
})

// indexed tells whether a side speaks of entries: x[i], sum(i, ...), ∑, or a
// declared name with an index.
func (r *reader) indexed(text string) bool {
	if strings.Contains(text, "[") || sumsIndex(text) || strings.Contains(text, "∑") || strings.Contains(text, "Σ_") || strings.Contains(text, `\sum_`) {
		return true
	}
	for _, m := range subscripted().FindAllStringSubmatch(text, -1) {
		if v := r.scope.Vars[m[1]]; v != nil && !v.Shape().IsScalar() && r.scope.Vars[m[0]] == nil {
			return true
		}
	}
	return false
}

var (
	entrySpaces = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\\(?:left|right|big|Big|,|;|!|quad|displaystyle|limits)\b|\\[,;! ]`)
	})
	entryNames = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\\([A-Za-z]+)`) })
	greekNames = map[string]string{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "lambda": "λ", "mu": "μ", "sigma": "σ", "phi": "φ", "varphi": "φ", "omega": "ω", "theta": "θ", "epsilon": "ε", "rho": "ρ", "tau": "τ"}
)

// latexEntries writes LaTeX in the syntax of entries.
func latexEntries(text string) string {
	if !strings.Contains(text, `\`) && !strings.Contains(text, "^{") {
		return text
	}
	text = latexQuotients(text)
	text = entrySpaces().ReplaceAllString(text, " ")
	text = strings.NewReplacer(`\sum`, "∑", `\cdot`, "*", `\times`, "*", `\partial`, "∂").Replace(text)
	text = entryNames().ReplaceAllStringFunc(text, func(m string) string {
		if g := greekNames[m[1:]]; g != "" {
			return g
		}
		return m[1:]
	})
	return strings.NewReplacer("^{2}", "^2", "^{3}", "^3").Replace(text)
}

// beside reports an operand that follows without a sign, as in x_i A_ij.
func (p *entryParser) beside() bool {
	p.space()
	if p.at >= len(p.text) || p.at == 0 {
		return false
	}
	c, _ := utf8.DecodeRuneInString(p.text[p.at:])
	return c == '(' || c == '∂' || c == '∑' || shape.IsNameRune(c, true)
}

// lowered is a sum written ∑_i or ∑_{i=1}^{n}, over the term that follows.
func (p *entryParser) lowered() (*entryExpr, error) {
	index := ""
	for p.take("_") || p.is("^") {
		raised := p.take("^")
		text := p.group()
		if !raised {
			index, _, _ = strings.Cut(text, "=")
			index = strings.TrimSpace(index)
		}
	}
	if !shape.IsName(index) {
		return nil, p.fail("the index of a sum is missing")
	}
	body, err := p.term()
	if err != nil {
		return nil, err
	}
	if !body.uses(index) {
		p.unused = append(p.unused, index)
	}
	return &entryExpr{kind: entrySum, index: index, args: []*entryExpr{body}}, nil
}

// group is what stands in braces, or one letter.
func (p *entryParser) group() string {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == '{' {
		end := strings.IndexByte(p.text[p.at:], '}')
		if end < 0 {
			end = len(p.text) - p.at - 1
		}
		out := p.text[p.at+1 : p.at+end]
		p.at += end + 1
		return out
	}
	_, w := utf8.DecodeRuneInString(p.text[p.at:])
	out := p.text[p.at : p.at+w]
	p.at += w
	return out
}

// subscript reads x_k and A_{ij} as entries: the variable, its indices and the
// end; the end is 0 where the name is one of its own.
func (p *entryParser) subscript(name string, after int) (head string, idx []string, end int) {
	head, sub, ok := strings.Cut(name, "_")
	if !ok || p.r.scope.Vars[name] != nil || p.r.scope.Vars[head] == nil && p.r.scope.Vars[strings.TrimPrefix(head, "d")] == nil {
		return "", nil, 0
	}
	end = after
	if sub == "" {
		if after >= len(p.text) || p.text[after] != '{' {
			return "", nil, 0
		}
		k := strings.IndexByte(p.text[after:], '}')
		if k < 0 {
			return "", nil, 0
		}
		sub, end = p.text[after+1:after+k], after+k+1
	}
	for _, c := range sub {
		if c == ',' || c == ' ' {
			continue
		}
		idx = append(idx, string(c))
	}
	return head, idx, end
}
