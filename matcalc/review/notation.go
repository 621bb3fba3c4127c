package review

import (
	"regexp"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Ways to write a second derivative; all become ∂∂(f)/∂(x).
const (
	twice   = `(?:²|\^\{?2\}?)`
	aName   = `\pL[\pL\d]*`
	turned  = `(?:'|ᵀ|⊤|\^\\top|\^T|\^\{\\top\}|\^\{T\})?`
	aSign   = `(?:∂|d|\\partial)`
	between = `(?:\s|\\,)*`
)

var secondPatterns = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`\\[dt]?frac\{\s*` + aSign + twice + `\s*(` + aName + `)\s*\}\{\s*` + aSign + `\s*(` + aName + `)` + between + `(?:` + twice + `|` + aSign + `\s*` + aName + turned + `)\s*\}`),
		regexp.MustCompile(`(?:∂|\bd)` + twice + `\s*\(?(` + aName + `)\)?\s*/\s*\(?\s*(?:∂|d)\s*\(?(` + aName + `?)\)?` + between + `(?:` + twice + `|(?:∂|d)\s*` + aName + turned + `)(?:\s*\))?`),
	}
})

var secondNabla = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:∇|\\nabla\s*)(?:` + twice + `_\{?(` + aName + `)\}?|_\{?(` + aName + `)\}?` + twice + `)\s*\{?(` + aName + `)\}?`)
})

// secondOrder writes second derivatives as ∂∂(f)/∂(x).
func secondOrder(text string) string {
	for _, p := range secondPatterns() {
		text = p.ReplaceAllString(text, "∂∂($1)/∂($2)")
	}
	return secondNabla().ReplaceAllString(text, "∂∂($3)/∂($1$2)")
}

// second reads ∂∂(f)/∂(x) at i: the Hessian.
func (r *reader) second(s *side, text string, i int) (*expr.Node, int, error) {
	const sign = len("∂")
	over, end := operand(text, i+2*sign)
	rest, ok := strings.CutPrefix(text[end:], "/∂")
	if !ok {
		return nil, i, shape.NewError(shape.Syntax, "a second derivative is written as in ∂²f/∂x²", "")
	}
	under, stop := operand(rest, 0)
	x := r.scope.Vars[under]
	if x == nil {
		return nil, i, shape.NewError(shape.Unknown, "undefined "+under, "declare it")
	}
	f, err := r.inner(over)
	if err != nil {
		return nil, i, err
	}
	n, err := r.slope(s, r.expanded(f), x, under, diff.Hessian)
	return n, len(text) - len(rest) + stop, err
}

// sizedWord are words with a meaning of their own before a bracket.
var sizedWord = map[string]bool{"dim": true, "O": true, "d": true}

var calledPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*(` + aName + `)\s*\(\s*(` + aName + `)\s*\)\s*:?=`)
})

// uncalled writes f for f(x), ∂f/∂x for f'(x) and ∇f, and ∂²f/∂x² for f”(x)
// and ∇²f, where a line says f(x) = ... of a name that is not declared.
func (r *reader) uncalled(text string) string {
	if m := calledPattern().FindStringSubmatch(text); m != nil {
		name, x := m[1], m[2]
		if _, known := expr.Lookup(name); !known && !sizedWord[name] && r.scope.Vars[name] == nil && !r.scope.Funcs[name] && r.scope.Vars[x] != nil && r.defs[r.scope.Vars[x]] == nil {
			r.of[name] = x
		}
	}
	for name, x := range r.of {
		call := `(?:\(\s*` + x + `\s*\))`
		for _, p := range []struct{ from, to string }{
			{`(?:∇|\\nabla\s*)` + twice + `\s*` + name + `\b` + call + `?`, "∂∂(" + name + ")/∂(" + x + ")"},
			{`(?:∇|\\nabla\s*)` + name + `\b` + call + `?`, "∂(" + name + ")/∂(" + x + ")"},
			{`\b` + name + `(?:''|″)` + call, "∂∂(" + name + ")/∂(" + x + ")"},
			{`\b` + name + `(?:'|′)` + call, "∂(" + name + ")/∂(" + x + ")"},
			{`\b` + name + call, name},
		} {
			text = regexp.MustCompile(p.from).ReplaceAllString(text, p.to)
		}
	}
	return text
}
