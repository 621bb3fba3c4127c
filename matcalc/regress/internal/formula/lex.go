package formula

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A SyntaxError is a text that is not a formula.
type SyntaxError struct {
	Source string
	Pos    int // byte offset in Source
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("cannot read %q at position %d: %s", e.Source, utf8.RuneCountInString(e.Source[:e.Pos])+1, e.Reason)
}

type kind int

const (
	endToken kind = iota
	numberToken
	nameToken
	textToken
	opToken
)

type token struct {
	kind kind
	text string
	pos  int
}

// operators, longest first, so that <= is not read as <.
var operators = []string{"%in%", "%/%", "%%", "**", "<=", ">=", "==", "!=", "+", "-", "*", "/", "^", ":", "~", "(", ")", ",", "<", ">", "=", "!", "&", "|"}

func lex(src string) ([]token, error) {
	var tokens []token
	for pos := 0; ; {
		for pos < len(src) {
			r, size := utf8.DecodeRuneInString(src[pos:])
			if !unicode.IsSpace(r) {
				break
			}
			pos += size
		}
		if pos == len(src) {
			return append(tokens, token{endToken, "", pos}), nil
		}
		t, next, err := lexOne(src, pos)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		pos = next
	}
}

func lexOne(src string, pos int) (token, int, error) {
	r, _ := utf8.DecodeRuneInString(src[pos:])
	switch {
	case r >= '0' && r <= '9' || r == '.' && pos+1 < len(src) && isDigit(src[pos+1]):
		end := scanNumber(src, pos)
		return token{numberToken, src[pos:end], pos}, end, nil
	case r == '`' || r == '"' || r == '\'':
		end := strings.IndexByte(src[pos+1:], src[pos])
		if end < 0 {
			return token{}, 0, &SyntaxError{src, pos, fmt.Sprintf("the quote %c is not closed", r)}
		}
		kind := textToken
		if r == '`' {
			kind = nameToken
			if end == 0 {
				return token{}, 0, &SyntaxError{src, pos, "an empty name"}
			}
		}
		return token{kind, src[pos+1 : pos+1+end], pos}, pos + end + 2, nil
	case nameStart(r):
		end := pos
		for end < len(src) {
			r, size := utf8.DecodeRuneInString(src[end:])
			if !nameStart(r) && !unicode.IsDigit(r) {
				break
			}
			end += size
		}
		return token{nameToken, src[pos:end], pos}, end, nil
	}
	for _, op := range operators {
		if strings.HasPrefix(src[pos:], op) {
			text := op
			if op == "**" {
				text = "^"
			}
			return token{opToken, text, pos}, pos + len(op), nil
		}
	}
	return token{}, 0, &SyntaxError{src, pos, fmt.Sprintf("unexpected %q", string(r))}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func nameStart(r rune) bool {
	return unicode.IsLetter(r) || r == '.' || r == '_'
}

func plainName(s string) bool {
	if s == "" {
		return false
	}
	for i, r := range s {
		if !nameStart(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return true
}

func scanNumber(src string, pos int) int {
	for pos < len(src) && isDigit(src[pos]) {
		pos++
	}
	if pos < len(src) && src[pos] == '.' {
		pos++
		for pos < len(src) && isDigit(src[pos]) {
			pos++
		}
	}
	if pos < len(src) && (src[pos] == 'e' || src[pos] == 'E') {
		end := pos + 1
		if end < len(src) && (src[end] == '+' || src[end] == '-') {
			end++
		}
		if end < len(src) && isDigit(src[end]) {
			for end < len(src) && isDigit(src[end]) {
				end++
			}
			pos = end
		}
	}
	return pos
}
