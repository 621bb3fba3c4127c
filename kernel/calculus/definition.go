package calculus

import (
	"regexp"
	"strings"
	"sync"
)

// definitions are the names that the lines of a cell give to expressions, for
// use in the lines below.
type definitions []struct{ name, expr string }

// defining matches name = expression and f(x) = expression.
var defining = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*(?P<name>\pL[\pL\d_]*)\s*(?:\(\s*\pL[\pL\d_]*\s*\))?\s*:?=\s*(?P<expr>[^=].*)$`)
})

// defined parts f = expression; without a name the text is the expression.
func defined(text string) (name, expr string) {
	m := defining().FindStringSubmatch(text)
	if m == nil {
		return "", text
	}
	return m[1], m[2]
}

// add keeps a line that gives a name to an expression and asks nothing.
func (d *definitions) add(line string) bool {
	if _, wrt := cutWord(line, wrtWords); wrt != "" {
		return false
	}
	name, expr := defined(line)
	if name == "" {
		return false
	}
	*d = append(*d, struct{ name, expr string }{name, d.in(expr)})
	return true
}

// word is a name in an expression.
var word = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[\pL_][\pL\d_]*`) })

// in puts the expressions for their names; a name before an equals sign stays.
func (d definitions) in(line string) string {
	if len(d) == 0 {
		return line
	}
	head, body := "", line
	if name, expr := defined(line); name != "" {
		head, body = strings.TrimSuffix(line, expr), expr
	}
	return head + word().ReplaceAllStringFunc(body, func(name string) string {
		for i := len(d) - 1; i >= 0; i-- {
			if d[i].name == name {
				return "(" + d[i].expr + ")"
			}
		}
		return name
	})
}
