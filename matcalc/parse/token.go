// Package parse turns text into expressions: the ASCII syntax, Unicode, LaTeX
// and declarations of variables. Every front end makes tokens; one parser reads
// them.
package parse

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/nabla-go/nabla/matcalc/shape"
)

// Kind is what a token is.
type Kind uint8

// The kinds of token.
const (
	End   Kind = iota
	Num        // Text is a decimal number
	Name       // Text is a name
	Punct      // Text is one of the operators and brackets of the ASCII syntax
)

// Token is a word of the input; Pos and End are byte offsets into the source.
type Token struct {
	Kind Kind
	Text string
	Pos  int
	End  int
}

// asciiPunct lists the signs of the ASCII syntax, longest first.
var asciiPunct = []string{".*", "./", ".^", "+", "-", "*", "/", "^", "'", "(", ")", ",", "[", "]", ";", ":"}

// scanASCII splits ASCII text into tokens.
func scanASCII(src string) ([]Token, *shape.Error) {
	toks := make([]Token, 0, len(src)/2+2)
	for i := 0; i < len(src); {
		r, w := utf8.DecodeRuneInString(src[i:])
		switch {
		case unicode.IsSpace(r):
			i += w
		case r >= '0' && r <= '9':
			j := scanNumber(src, i)
			toks = append(toks, Token{Num, src[i:j], i, j})
			i = j
		case shape.IsNameRune(r, true):
			j := scanName(src, i)
			toks = append(toks, Token{Name, src[i:j], i, j})
			i = j
		default:
			p := punctAt(src, i)
			if p == "" {
				return nil, strange(src, i, r, w)
			}
			toks = append(toks, Token{Punct, p, i, i + len(p)})
			i += len(p)
		}
	}
	return append(toks, Token{End, "", len(src), len(src)}), nil
}

func punctAt(src string, i int) string {
	for _, p := range asciiPunct {
		if len(src)-i >= len(p) && src[i:i+len(p)] == p {
			return p
		}
	}
	return ""
}

// scanNumber ends after digits, a fraction and an exponent. A point that
// begins .*, ./ or .^ belongs to the operator.
func scanNumber(src string, i int) int {
	digits := func(j int) int {
		for j < len(src) && src[j] >= '0' && src[j] <= '9' {
			j++
		}
		return j
	}
	j := digits(i)
	if j+1 < len(src) && src[j] == '.' && src[j+1] >= '0' && src[j+1] <= '9' {
		j = digits(j + 1)
	}
	if j < len(src) && (src[j] == 'e' || src[j] == 'E') {
		k := j + 1
		if k < len(src) && (src[k] == '+' || src[k] == '-') {
			k++
		}
		if m := digits(k); m > k {
			j = m
		}
	}
	return j
}

func scanName(src string, i int) int {
	for i < len(src) {
		r, w := utf8.DecodeRuneInString(src[i:])
		if !shape.IsNameRune(r, false) {
			break
		}
		i += w
	}
	return i
}

// strangeHints says what to write instead of a sign that has no meaning here.
var strangeHints = map[rune]string{
	'@': "a matrix product is written A*B",
	'=': "an expression is expected here, not an equation: write lhs - rhs, or check the two sides",
	'<': "an expression is expected here, not an inequality",
	'>': "an expression is expected here, not an inequality",
	'!': "there is no factorial or negation in expressions",
	'.': "write a number with a digit on both sides of the point, elementwise operators as .* ./ .^",
	'"': "a transpose is written A'",
	'{': "brackets are ( and )",
	'}': "brackets are ( and )",
	'|': "write det(A), abs(x) or norm2(x)",
	'%': "there is no remainder; notes start with //",
}

func strange(src string, i int, r rune, w int) *shape.Error {
	what := fmt.Sprintf("unknown character %q", r)
	if r == utf8.RuneError && w == 1 {
		what = "the text is not valid UTF-8"
	}
	if r == '=' {
		what = "an equation where an expression is expected"
	}
	hint := strangeHints[r]
	if hint == "" {
		hint = "operators are + - * / ^ ' .* ./ .^ and brackets ( )"
	}
	return &shape.Error{Class: shape.Syntax, Message: what, Hint: hint, Expr: src, Pos: i, End: i + w}
}
