package review

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/shape"
)

// typeset writes a line as LaTeX, as the person wrote it: the factors in their
// order, brackets where they stand, d and ∂ kept. ok is false for a text that
// is no formula.
func typeset(text string) (latex string, ok bool) {
	if strings.Contains(text, `\`) {
		return strings.NewReplacer("$", "", "&=", "=").Replace(text), true
	}
	var parts []string
	for _, part := range outside(text, []string{";"}) {
		var steps []string
		for _, step := range outside(part, []string{"=>", "⇒"}) {
			var sides []string
			for _, side := range outside(step, []string{":="}) {
				s, fine := typesetSides(side)
				if !fine {
					return "", false
				}
				sides = append(sides, s)
			}
			steps = append(steps, strings.Join(sides, `\mathrel{:=}`))
		}
		parts = append(parts, strings.Join(steps, `\;\Rightarrow\;`))
	}
	return strings.Join(parts, `,\quad `), true
}

func typesetSides(text string) (string, bool) {
	if a, b, ok := cutUnequal(text); ok {
		x, fine := typesetSides(a)
		y, also := typesetSides(b)
		return x + `\neq ` + y, fine && also
	}
	var out []string
	for _, side := range outside(text, []string{"="}) {
		if side == "" {
			out = append(out, "")
			continue
		}
		t := &setter{text: side}
		s := t.sum()
		if t.space(); t.bad || t.at < len(t.text) {
			return "", false
		}
		out = append(out, s)
	}
	return strings.Join(out, " = "), true
}

// setter reads one side and writes LaTeX.
type setter struct {
	text  string
	at    int
	depth int
	bad   bool
}

func (t *setter) space() {
	for t.at < len(t.text) && t.text[t.at] == ' ' {
		t.at++
	}
}

func (t *setter) take(s string) bool {
	t.space()
	if !strings.HasPrefix(t.text[t.at:], s) {
		return false
	}
	t.at += len(s)
	return true
}

func (t *setter) sum() string {
	if t.depth++; t.depth > 100 {
		t.bad = true
	}
	defer func() { t.depth-- }()
	if t.bad {
		return ""
	}
	out := t.term()
	for !t.bad {
		switch {
		case t.take("+"):
			out += " + " + t.term()
		case t.take("-"), t.take("−"):
			out += " - " + t.term()
		default:
			return out
		}
	}
	return out
}

func (t *setter) term() string {
	out, digit := t.signed()
	for !t.bad {
		join := `\,`
		switch {
		case t.take(".*"):
			join = ` \odot `
		case t.take("./"):
			join = ` \oslash `
		case t.take("*"):
		case t.take("×"):
			join = ` \times `
		case t.take("/"):
			join = "/"
		default:
			return out
		}
		next, number := t.signed()
		if join == `\,` && !digit && !number && !moved(out) && !moved(next) {
			join = " "
		}
		out, digit = out+join+next, number
	}
	return out
}

// moved reports a product that ends in, or a factor that is, dX.
func moved(latex string) bool {
	k := strings.LastIndex(latex, `\mathrm{d}`)
	return k >= 0 && utf8.RuneCountInString(strings.TrimSuffix(latex[k:], `^{\top}`)) <= len(`\mathrm{d}X`)
}

// signed is a factor with its sign; number tells a bare number.
func (t *setter) signed() (latex string, number bool) {
	if t.take("-") || t.take("−") {
		s, _ := t.signed()
		return "-" + s, false
	}
	t.space()
	number = t.at < len(t.text) && t.text[t.at] >= '0' && t.text[t.at] <= '9'
	return t.power(), number
}

func (t *setter) power() string {
	base := t.post()
	for !t.bad {
		dot := t.take(".^")
		if !dot && !t.take("^") {
			return base
		}
		e := t.post()
		if dot {
			e = `\odot ` + e
		}
		base = raise(base, e)
	}
	return base
}

// raise puts an exponent on a base, beside one that is there.
func raise(base, e string) string {
	if head, have, ok := strings.Cut(base, "^{"); ok && strings.HasSuffix(have, "}") && !strings.ContainsAny(head, " (|") {
		if have = strings.TrimSuffix(have, "}"); have == "-1" && e == `\top` {
			return head + `^{-\top}`
		}
	}
	if strings.Contains(base, "^{") {
		return "{" + base + "}^{" + e + "}"
	}
	return base + "^{" + e + "}"
}

// post is an operand with the transposes and indices behind it.
func (t *setter) post() string {
	out := t.prim()
	for !t.bad && t.at < len(t.text) {
		switch {
		case t.text[t.at] == '\'' || strings.HasPrefix(t.text[t.at:], "ᵀ"):
			_, w := utf8.DecodeRuneInString(t.text[t.at:])
			t.at += w
			out = raise(out, `\top`)
		case t.text[t.at] == '[':
			end := strings.IndexByte(t.text[t.at:], ']')
			if end < 0 {
				t.bad = true
				return ""
			}
			out += "_{" + strings.ReplaceAll(t.text[t.at+1:t.at+end], ",", "") + "}"
			t.at += end + 1
		default:
			return out
		}
	}
	return out
}

// prim is a number, a name, a call, a bracket, or what begins with ∂ or d.
func (t *setter) prim() string {
	t.space()
	if t.at >= len(t.text) {
		t.bad = true
		return ""
	}
	c, w := utf8.DecodeRuneInString(t.text[t.at:])
	switch {
	case c == '∂':
		t.at += w
		return t.quotient(`\partial `, t.post())
	case unicode.IsDigit(c):
		j := t.at
		for j < len(t.text) && (t.text[j] >= '0' && t.text[j] <= '9' || t.text[j] == '.') {
			j++
		}
		out := t.text[t.at:j]
		t.at = j
		return out
	case c == '(':
		t.at++
		out := "(" + t.sum() + ")"
		t.bad = t.bad || !t.take(")")
		return out
	case shape.IsNameRune(c, true):
		return t.word()
	}
	t.bad = true
	return ""
}

// quotient is d over d, or d alone.
func (t *setter) quotient(d, over string) string {
	back := t.at
	if t.take("/") {
		for _, sign := range []string{"∂", "d"} {
			if t.take(sign) {
				return `\frac{` + d + over + `}{` + d + t.post() + `}`
			}
		}
	}
	t.at = back
	return d + over
}

func (t *setter) word() string {
	j := wordEnd(t.text, t.at)
	name := t.text[t.at:j]
	call := j < len(t.text) && t.text[j] == '('
	k := j + primes(t.text[j:])
	rest := strings.TrimPrefix(name, "d")
	switch {
	case name == "d" && call:
		t.at = j
		return t.quotient(`\mathrm{d}`, t.post())
	case !call && name != rest && utf8.RuneCountInString(rest) == 1:
		t.at = j
		return t.quotient(`\mathrm{d}`, letter(rest))
	case call:
		t.at = j + 1
		return t.call(name)
	case k > j && k < len(t.text) && t.text[k] == '(':
		t.at = k + 1
		out := letter(name) + strings.Repeat("'", k-j) + "(" + t.sum() + ")"
		t.bad = t.bad || !t.take(")")
		return out
	}
	t.at = j
	return letter(name)
}

// typesetCalls are functions with a notation of their own; # is the operand.
var typesetCalls = map[string]string{
	"norm2": `\lVert #\rVert`, "norm1": `\lVert #\rVert_1`, "abs": `|#|`, "det": `|#|`, "tr": `\operatorname{tr}(#)`, "eye": `I_{#}`, "sqrt": `\sqrt{#}`,
	"logdet": `\ln|#|`, "exp": `\exp(#)`, "log": `\ln(#)`, "sin": `\sin(#)`, "cos": `\cos(#)`, "tanh": `\tanh(#)`, "dim": `\dim(#)`, "O": `O(#)`,
	"diag": `\operatorname{diag}(#)`, "vec": `\operatorname{vec}(#)`,
}

// call is a function after its bracket.
func (t *setter) call(name string) string {
	if name == "sum" {
		if out, ok := t.over(); ok {
			return out
		}
	}
	arg := t.sum()
	var more []string
	for !t.bad && t.take(",") {
		more = append(more, t.sum())
	}
	t.bad = t.bad || !t.take(")")
	simple := !strings.ContainsAny(arg, " +-(^")
	switch {
	case name == "kron" && len(more) == 1:
		return arg + ` \otimes ` + more[0]
	case name == "inv" && len(more) == 0:
		if simple {
			return arg + "^{-1}"
		}
		return "(" + arg + ")^{-1}"
	case name == "adj" && simple:
		return arg + "^{*}"
	case typesetCalls[name] != "" && len(more) == 0:
		return strings.Replace(typesetCalls[name], "#", arg, 1)
	}
	return letter(name) + "(" + strings.Join(append([]string{arg}, more...), ", ") + ")"
}

// over is sum(i, body) after its bracket.
func (t *setter) over() (string, bool) {
	j := wordEnd(t.text, t.at)
	if j == t.at || j >= len(t.text) || t.text[j] != ',' {
		return "", false
	}
	index := t.text[t.at:j]
	t.at = j + 1
	body := t.sum()
	t.bad = t.bad || !t.take(")")
	if bareSum(body) {
		body = "(" + body + ")"
	}
	return `\sum_{` + index + `} ` + body, true
}

// bareSum reports a + or - outside brackets.
func bareSum(latex string) bool {
	depth := 0
	for i := range latex {
		switch latex[i] {
		case '(', '{':
			depth++
		case ')', '}':
			depth--
		case '+', '-':
			if depth == 0 && i > 0 {
				return true
			}
		}
	}
	return false
}

var greek = strings.NewReplacer("α", `\alpha `, "β", `\beta `, "γ", `\gamma `, "δ", `\delta `, "λ", `\lambda `, "μ", `\mu `, "σ", `\sigma `, "φ", `\varphi `, "ω", `\omega `,
	"θ", `\theta `, "Σ", `\Sigma `, "ε", `\varepsilon `, "ρ", `\rho `, "τ", `\tau `)

// letter writes a name: one letter in italics, words upright.
func letter(name string) string {
	head, sub, lowered := strings.Cut(name, "_")
	out := greek.Replace(head)
	if utf8.RuneCountInString(head) > 1 {
		out = `\mathrm{` + head + `}`
	}
	if base := strings.TrimSuffix(head, "hat"); base != head && utf8.RuneCountInString(base) == 1 {
		out = `\hat{` + base + `}`
	}
	if lowered && sub != "" {
		out += "_{" + sub + "}"
	}
	return strings.TrimSpace(out)
}
