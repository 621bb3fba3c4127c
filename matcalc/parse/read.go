package parse

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Reading is an expression with the way in which its text was understood.
type Reading struct {
	Node   *expr.Node
	Syntax string   // "ascii", "unicode" or "latex"
	Notes  []string // what was assumed where the text was not plain
}

// Text parses one expression in any input syntax. Plain ASCII is read as such;
// text with mathematical signs or LaTeX commands may leave out the sign of a
// product. The error is nil or a *shape.Error.
func Text(src string, scope *Scope) (Reading, error) {
	if syntax := syntaxOf(src, scope); syntax != "ascii" {
		r, err := front(syntax, src, scope)
		return r, habitual(err, src, scope)
	}
	n, err := ASCII(src, scope)
	if err == nil {
		return Reading{Node: n, Syntax: "ascii"}, nil
	}
	if r, again := front("ascii", src, scope); again == nil {
		return r, nil
	}
	return Reading{}, habitual(err, src, scope)
}

func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// front reads with one of the forgiving front ends.
func front(syntax, src string, scope *Scope) (Reading, error) {
	if len(src) > MaxText {
		return Reading{}, shape.NewError(shape.Syntax, fmt.Sprintf("the text has %d bytes; %d at most are read", len(src), MaxText), "")
	}
	b := &builder{src: src, scope: scope, beside: syntax != "ascii", bound: map[string]bool{}}
	if syntax == "latex" {
		readLaTeX(b)
	} else {
		readUnicode(b)
	}
	toks, fault := b.tokens()
	if fault != nil {
		return Reading{}, fault
	}
	if syntax == "ascii" && b.bare {
		return Reading{}, shape.NewError(shape.Syntax, "a function stands without brackets", "write them, as in exp(x)")
	}
	n, err := Tokens(src, toks, scope)
	if err != nil {
		return Reading{}, err
	}
	return Reading{Node: n, Syntax: syntax, Notes: b.notes}, nil
}

// spelledOut writes a text with the signs of products and the brackets of
// functions that it leaves out, when it can be read so; else "".
func spelledOut(src string, scope *Scope) string {
	if len(src) > longestHabit || strings.ContainsRune(src, '[') {
		return ""
	}
	b := &builder{src: src, scope: scope, beside: true, bound: map[string]bool{}}
	readUnicode(b)
	toks, fault := b.tokens()
	if fault != nil {
		return ""
	}
	if _, err := Tokens(src, toks, scope); err != nil {
		return ""
	}
	var out strings.Builder
	for _, t := range toks {
		out.WriteString(t.Text)
	}
	if _, err := ASCII(out.String(), scope); err != nil {
		return ""
	}
	return out.String()
}

// Stream gives the tokens of the ASCII syntax that stand for a text in any
// input syntax, before shapes are looked at. The error is nil or a *shape.Error.
func Stream(src string, scope *Scope) ([]Token, error) {
	if len(src) > MaxText {
		return nil, shape.NewError(shape.Syntax, fmt.Sprintf("the text has %d bytes; %d at most are read", len(src), MaxText), "")
	}
	var toks []Token
	var fault *shape.Error
	switch syntax := syntaxOf(src, scope); syntax {
	case "ascii":
		toks, fault = scanASCII(src)
	default:
		b := &builder{src: src, scope: scope, beside: true, bound: map[string]bool{}}
		if syntax == "latex" {
			readLaTeX(b)
		} else {
			readUnicode(b)
		}
		toks, fault = b.tokens()
	}
	if fault != nil {
		return nil, fault
	}
	return toks, nil
}

// syntaxOf tells in which syntax a text is written. A raised T that is no
// declared name and bars are mathematical signs.
func syntaxOf(src string, scope *Scope) string {
	switch {
	case strings.Contains(src, `\`) || strings.Contains(src, "^{") || strings.Contains(src, "_{"):
		return "latex"
	case !plainASCII(src), strings.ContainsRune(src, '|'):
		return "unicode"
	case strings.Contains(src, "^T") || strings.Contains(src, "^-T"):
		if scope.Vars["T"] == nil && scope.Dims["T"] == shape.One {
			return "unicode"
		}
	}
	return "ascii"
}

// LaTeX parses one expression in LaTeX, in which names side by side are a
// product.
func LaTeX(src string, scope *Scope) (Reading, error) { return front("latex", src, scope) }

// Unicode parses one expression with mathematical signs, in which names side
// by side are a product.
func Unicode(src string, scope *Scope) (Reading, error) { return front("unicode", src, scope) }
