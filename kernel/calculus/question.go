package calculus

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A question is what a magic of mathematics asks: an expression, by what it is
// differentiated, declarations of its own, options.
type question struct {
	expr    string
	wrt     string
	order   int     // of a derivative written as d/dx: 1 or 2; 0 when not written so
	where   []entry // declared for this question only
	options options
}

// The words before the variable and before the declarations.
var (
	wrtWords   = []string{"wrt", "w.r.t.", "关于", "对"}
	whereWords = []string{"where", "with", "其中"}
)

// read takes the text after the name of a magic apart.
func read(text string) (question, error) {
	var q question
	text, tail := gathered(text)
	var err error
	if q.options, err = readOptions(tail); err != nil {
		return q, err
	}
	body, where := cutWord(text, whereWords)
	if q.where, err = entriesOf(where); err != nil {
		return q, err
	}
	if q.options.vars != "" {
		more, err := entriesOf(q.options.vars)
		if err != nil {
			return q, err
		}
		q.where = merged(more, q.where)
	}
	q.expr, q.wrt = cutWord(body, wrtWords)
	q.leibniz()
	if q.wrt == "" {
		q.wrt = q.options.wrt
	}
	q.wrt = strings.TrimSpace(q.wrt)
	return q, nil
}

// gathered parts a text into the question and its options, which may stand
// before wrt and where as well.
func gathered(text string) (body, options string) {
	for text != "" {
		before, after := splitOptions(text)
		body += before
		text = ""
		at := len(after)
		for _, w := range append(slices.Clone(wrtWords), whereWords...) {
			if _, rest := cutWord(after, []string{w}); rest != "" {
				at = min(at, strings.LastIndex(after[:len(after)-len(rest)], w))
			}
		}
		options += " " + after[:at]
		text = after[at:]
	}
	return body, strings.TrimSpace(options)
}

// cutWord parts a text at the last of the words that stands outside brackets,
// by itself.
func cutWord(text string, words []string) (before, after string) {
	best, size := -1, 0
	for _, w := range words {
		for at := 0; ; {
			k := strings.Index(text[at:], w)
			if k < 0 {
				break
			}
			k += at
			at = k + len(w)
			if k > best && alone(text, k, at, w) {
				best, size = k, len(w)
			}
		}
	}
	if best < 0 {
		return strings.TrimSpace(text), ""
	}
	return strings.TrimSpace(text[:best]), strings.TrimSpace(text[best+size:])
}

// alone reports that text[from:to] is a word of its own: no letter touches it.
// A Chinese word needs blanks around it only where it could be part of a name.
func alone(text string, from, to int, word string) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	first, _ := utf8.DecodeRuneInString(word)
	if unicode.Is(unicode.Han, first) {
		return from == 0 || unicode.IsSpace(before) || !unicode.Is(unicode.Han, before)
	}
	return (from == 0 || !unicode.IsLetter(before) && before != '_') && (to == len(text) || unicode.IsSpace(after))
}

// The ways in which a derivative is written as a quotient. Each pattern has the
// groups order, of, by: what is missing in front stands behind.
var quotients = sync.OnceValue(func() []*regexp.Regexp {
	const d = `(?:d|∂|\\partial|\\mathrm\{d\})`
	const order = `(?:\^?\{?(?P<order>2|²)\}?)?`
	const name = `(?P<by>[\p{L}_\\][\p{L}\d_₀-₉]*)`
	const power = `(?:\^?\{?(?:2|²)\}?)?`
	var out []*regexp.Regexp
	for _, p := range []string{
		`^` + d + order + `\s*/\s*` + d + `\s*` + name + power + `(?:'|ᵀ|\^T)?(?:\s+|\s*(?P<open>[(\[]))(?P<of>.+)$`,
		`^` + d + order + `\s*(?P<of>[(\[].*[)\]]|[^/]+?)\s*/\s*` + d + `\s*` + name + power + `$`,
		`^\\d?frac\{` + d + order + `\}\{` + d + `\s*` + name + power + `\}\s*(?P<of>.+)$`,
		`^\\d?frac\{` + d + order + `\s*(?P<of>.+)\}\{` + d + `\s*` + name + power + `\}$`,
		`^(?:∇|\\nabla|grad)` + order + `_?\{?` + name + `\}?(?:\s+|\s*(?P<open>[(\[]))(?P<of>.+)$`,
	} {
		out = append(out, regexp.MustCompile(p))
	}
	return out
})

// leibniz reads d/dx f, ∂(f)/∂x, ∇_x f and their like: the variable moves to
// wrt and the expression is what is left.
func (q *question) leibniz() {
	for _, p := range quotients() {
		m := p.FindStringSubmatch(q.expr)
		if m == nil {
			continue
		}
		group := func(name string) string {
			if k := p.SubexpIndex(name); k >= 0 {
				return m[k]
			}
			return ""
		}
		by := strings.TrimPrefix(group("by"), `\`)
		if by == "" || q.wrt != "" && q.wrt != by {
			continue
		}
		of := group("open") + group("of")
		if !balanced(of) {
			continue
		}
		q.expr, q.wrt, q.order = strings.TrimSpace(of), by, 1
		if group("order") != "" {
			q.order = 2
		}
		return
	}
}

// balanced reports that brackets pair.
func balanced(text string) bool {
	depth := 0
	for _, r := range text {
		switch r {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}

// lines joins the lines of a cell that belong to one question: one that ends
// with an operator or an open bracket goes on in the next, and so does one
// before a line that begins with a word or sign that cannot begin a question.
func lines(body string) []string {
	var out []string
	open := false
	for line := range strings.SplitSeq(body, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "#") {
			open = false
			continue
		}
		if n := len(out); n > 0 && (open || continues(line)) {
			out[n-1] += " " + line
		} else {
			out = append(out, line)
		}
		last := out[len(out)-1]
		open = strings.ContainsAny(last[len(last)-1:], "+-*/^,;:([{") || !balanced(last)
	}
	return out
}

// continues tells a line that goes on with the one before.
func continues(line string) bool {
	for _, w := range append(append([]string{"+", "*", "/", ".*", "./", "--", ")"}, wrtWords...), whereWords...) {
		if strings.HasPrefix(line, w) && alone(line+" ", 0, len(w), w) {
			return true
		}
	}
	return strings.ContainsAny(line[:1], "+*/)")
}
