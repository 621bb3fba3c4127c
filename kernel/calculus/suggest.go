package calculus

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/nabla-go/nabla/matcalc"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// mathematical recognises what Go does not have and mathematics does: a
// transpose, LaTeX, signs, functions of matcalc, a quotient of differentials.
var mathematical = regexp.MustCompile(`[\p{L}\p{N})\]]'([^\p{L}\p{N}]|$)|\\[a-zA-Z]+|[ᵀ⊤⁻⊙⊗‖∂∇√²³·×]|\\\||\.\*|\./|\.\^|\.T\b|\S\s*@\s*\S|[\p{L})]\^[-\p{N}\p{L}({]|\bd/d|` +
	`\b(norm1|norm2|logdet|nucnorm|sigmamax|logsumexp|softmax|softplus|sigmoid|relu|kron|inv|pinv|det|tr|vec|diag|expm)\(`)

// fences surround pasted LaTeX.
var fences = strings.NewReplacer(`\[`, " ", `\]`, " ", `\(`, " ", `\)`, " ", "$", " ", `\begin{equation}`, " ", `\end{equation}`, " ", `\begin{align*}`, " ", `\end{align*}`, " ", "&", " ")

// longestSuggestion bounds the text that is looked at.
const longestSuggestion = 500

// Suggest gives the one line that works for a cell that is no Go but reads as
// mathematics: a magic or, where all its names are Go variables with values, a
// call of matcalc. Kind tells what a Go variable is: "scalar", "vector",
// "matrix" or "" for anything else. It is "" for any other cell.
func (n *Notebook) Suggest(code string, kind func(name string) string) string {
	text := strings.Join(strings.Fields(fences.Replace(code)), " ")
	if text == "" || len(text) > longestSuggestion || strings.ContainsAny(text, "\"`;") || strings.Contains(text, ":=") && !assigned().MatchString(text) {
		return ""
	}
	if m := assigned().FindStringSubmatch(text); m != nil { // only what gives a Go value can be kept
		if line := n.Suggest(m[2], kind); strings.HasPrefix(line, "matcalc.") {
			return m[1] + " := " + line
		}
		return ""
	}
	if !mathematical.MatchString(text) {
		return n.product(text, kind)
	}
	if left, right, ok := cutEquation(text); ok {
		return n.suggestEquation(left, right, kind)
	}
	q, err := read(text)
	if err != nil || q.expr == "" {
		return ""
	}
	where, f := n.readable(q.expr)
	for _, meant := range spellings {
		if f != nil {
			break
		}
		if other := meant(text); other != text {
			if q, err = read(other); err != nil || q.expr == "" {
				return ""
			}
			text = other
			where, f = n.readable(q.expr)
		}
	}
	if f == nil {
		return ""
	}
	if q.wrt == "" && len(q.where) == 0 {
		if line := evaluation(f, where, text, kind); line != "" {
			return line
		}
	}
	line := "%derive " + text
	if q.wrt == "" {
		wrt := likely(f)
		if wrt == "" {
			return ""
		}
		line += " wrt " + wrt
	}
	return line + declaring(where)
}

// assigned is a Go definition whose right side may be mathematics.
var assigned = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\p{L}[\p{L}\p{N}_]*) := ([^:=]+)$`) })

// product is the call that computes what Go has no operators for: a term of
// live matrices and vectors, as A*x + b.
func (n *Notebook) product(text string, kind func(string) string) string {
	known := false
	for name := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' }) {
		if k := kind(name); k == "matrix" || k == "vector" {
			known = true
		}
	}
	if !known || !strings.ContainsAny(text, "*+-/^") || strings.ContainsAny(text, ".[]{}=<>&|!%,") {
		return ""
	}
	where, f := n.readable(text)
	if f == nil {
		return ""
	}
	return evaluation(f, where, text, kind)
}

// spellings rewrite what is no syntax of matcalc as people mean it: NumPy's
// products and transposes, then factors side by side.
var spellings = []func(text string) string{
	func(text string) string { return numpy.Replace(text) },
	func(text string) string {
		return beside().ReplaceAllString(beside().ReplaceAllString(text, "$1*$3"), "$1*$3")
	},
}

var numpy = strings.NewReplacer(" @ ", "*", "@", "*", ".T", "'")

// beside are two factors with a blank between them.
var beside = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`([\p{L}\p{N})\]'])( +)([\p{L}(])`) })

// readable parses the expression with the declarations of the notebook and
// proposed shapes, the first of several when they are not clear; f is nil when
// it is no expression.
func (n *Notebook) readable(expr string) (where []entry, f *matcalc.Expr) {
	declared := n.declaredIn(nil)
	where, err := propose(expr, declared)
	if a, ok := err.(ambiguity); ok {
		where, err = entriesOf(a.choices[0])
	}
	if err != nil {
		return nil, nil
	}
	v, err := variables(merged(declared, where))
	if err != nil {
		return nil, nil
	}
	f, err = v.Parse(expr)
	if err != nil {
		return nil, nil
	}
	return where, f
}

// suggestEquation is the magic for a cell with a sign of equality: a claim to
// check, or the definition of a function whose right side is derived.
func (n *Notebook) suggestEquation(left, right string, kind func(string) string) string {
	if m := definition().FindStringSubmatch(left); m != nil && !isFunction(m[1]) {
		return n.Suggest(right, kind)
	}
	q, err := read(left)
	if err != nil {
		return ""
	}
	where, f := n.readable(both(q.expr, right, q.wrt == ""))
	if f == nil {
		return ""
	}
	return "%check " + left + " = " + right + declaring(where)
}

// definition is a left side that only names a function: f, f(x), L(w, b).
var definition = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\\?(\p{L}+\w*)\s*(\([\p{L}\p{N}_,\s\\]*\))?$`) })

func isFunction(name string) bool {
	_, ok := expr.Lookup(name)
	return ok
}

func declaring(where []entry) string {
	if len(where) == 0 {
		return ""
	}
	return " where " + joined(where)
}

// likely is the variable that people differentiate by: x and its like, else
// the first vector, matrix or scalar.
func likely(f *matcalc.Expr) string {
	have := names(f)
	for _, name := range []string{"x", "w", "θ", "theta", "β", "beta", "X", "W"} {
		if slices.Contains(have, name) {
			return name
		}
	}
	scope := f.Vars().Scope()
	for _, fits := range []func(name string) bool{
		func(name string) bool { return scope.Vars[name].Shape().IsColumn() },
		func(name string) bool { return !scope.Vars[name].Shape().IsScalar() },
		func(string) bool { return true },
	} {
		if k := slices.IndexFunc(have, fits); k >= 0 {
			return have[k]
		}
	}
	return ""
}

// evaluation is the call that computes an expression whose names are all Go
// variables of fitting kinds.
func evaluation(f *matcalc.Expr, where []entry, text string, kind func(string) string) string {
	have := names(f)
	scope := f.Vars().Scope()
	if len(have) == 0 {
		return ""
	}
	var values []string
	for _, name := range have {
		shape := scope.Vars[name].Shape()
		want := "matrix"
		switch {
		case shape.IsScalar():
			want = "scalar"
		case shape.IsColumn():
			want = "vector"
		}
		if k := kind(name); k != want && !(want == "vector" && k == "matrix") {
			return ""
		}
		values = append(values, fmt.Sprintf("%q: %s", name, name))
	}
	if len(where) == 0 {
		for _, name := range have {
			where = append(where, entry{name, scope.Vars[name].Shape().String()})
		}
	}
	return fmt.Sprintf("matcalc.Vars(%q).Expr(%q).Eval(matcalc.Values{%s})", joined(where), text, strings.Join(values, ", "))
}
