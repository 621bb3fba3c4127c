package assist

import (
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A place is where the cursor stands.
type place struct {
	code       string
	cursor     int // byte offset
	start, end int // of the name under the cursor, which a match replaces
	kind       placeKind
	literal    string // inside a string: its text from the quote to the cursor
}

type placeKind uint8

const (
	nowhere    placeKind = iota // in a comment, a number, a rune
	name                        // at a bare name
	member                      // after a dot
	importPath                  // in the string of an import
	inString                    // in any other string
	magic                       // after % at the start of a line
)

// locate finds out where the cursor stands.
func locate(code string, cursor int) place {
	p := place{code: code, cursor: cursor, start: cursor, end: cursor, kind: name}
	for p.start > 0 {
		r, n := utf8.DecodeLastRuneInString(code[:p.start])
		if !wordRune(r) {
			break
		}
		p.start -= n
	}
	for p.end < len(code) {
		r, n := utf8.DecodeRuneInString(code[p.end:])
		if !wordRune(r) {
			break
		}
		p.end += n
	}
	lineStart := strings.LastIndexByte(code[:cursor], '\n') + 1
	line := strings.TrimLeft(code[lineStart:p.start], " \t")
	tokens, _ := tokenize(code[:cursor])
	if line == "%" || line == "%%" {
		if startsStatement(tokens, lineStart) {
			p.kind = magic
			return p
		}
	}
	return p.within(tokens)
}

func wordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// within looks at the tokens before the cursor.
func (p place) within(tokens []tok) place {
	for len(tokens) > 0 && tokens[len(tokens)-1].auto {
		tokens = tokens[:len(tokens)-1]
	}
	if len(tokens) == 0 {
		return p
	}
	last := tokens[len(tokens)-1]
	inside := last.end >= p.cursor
	switch {
	case inside && last.kind == token.COMMENT && !(strings.HasPrefix(last.text, "/*") && strings.HasSuffix(last.text, "*/")):
		p.kind = nowhere
	case inside && last.kind == token.STRING && !closed(last.text):
		p.kind, p.literal = inString, p.code[last.start:p.cursor]
		if inImport(tokens[:len(tokens)-1]) {
			p.kind, p.start = importPath, last.start+1
		}
	case inside && last.kind == token.STRING, inside && (last.kind == token.INT || last.kind == token.FLOAT || last.kind == token.IMAG || last.kind == token.CHAR):
		p.kind = nowhere
	default:
		i := len(tokens) - 1
		if inside && (last.kind == token.IDENT || last.kind.IsKeyword()) {
			i--
		}
		for i >= 0 && tokens[i].auto {
			i--
		}
		if i >= 0 && tokens[i].kind == token.PERIOD {
			p.kind = member
		}
	}
	return p
}

// closed reports whether a string literal has its end quote.
func closed(text string) bool {
	if len(text) < 2 || text[len(text)-1] != text[0] {
		return false
	}
	if text[0] == '`' {
		return true
	}
	slashes := 0
	for i := len(text) - 2; i > 0 && text[i] == '\\'; i-- {
		slashes++
	}
	return slashes%2 == 0
}

// inImport reports whether the tokens are the beginning of an import.
func inImport(tokens []tok) bool {
	depth := 0
	for i := len(tokens) - 1; i >= 0; i-- {
		switch t := tokens[i]; t.kind {
		case token.IMPORT:
			return true
		case token.LPAREN:
			depth++
		case token.STRING, token.IDENT, token.PERIOD, token.SEMICOLON, token.COMMENT:
			if t.kind == token.SEMICOLON && depth > 0 {
				return false
			}
		default:
			return false
		}
	}
	return false
}

// marked gives the code up to the cursor with the marker for the name under it,
// closed so that it parses as far as possible.
func (p place) marked() string {
	text := p.code[:p.start] + marker
	tokens, _ := tokenize(text)
	open, broken := closers(tokens)
	if broken {
		return text
	}
	var b strings.Builder
	b.WriteString(text)
	if tail := statementTail(tokens); tail != "" && (len(open) == 0 || open[0] == "}") {
		b.WriteString(tail)
	}
	for i, c := range open {
		b.WriteString(c)
		next := i+1 == len(open) || open[i+1] == "}"
		if c != "}" && next {
			b.WriteString(statementTail(beforeOpen(tokens, i+1)))
		}
	}
	return blankCommands(b.String())
}

// beforeOpen drops the tokens from the n-th open bracket from the inside on.
func beforeOpen(tokens []tok, n int) []tok {
	depth := 0
	for i := len(tokens) - 1; i >= 0; i-- {
		switch tokens[i].kind {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth--; depth == -n {
				return tokens[:i]
			}
		}
	}
	return nil
}

// statementTail is what an unfinished if, for, switch or case still needs.
func statementTail(tokens []tok) string {
	depth := 0
	for i := len(tokens) - 1; i >= 0; i-- {
		t := tokens[i]
		switch t.kind {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth--; depth < 0 {
				return ""
			}
		}
		if depth > 0 {
			continue
		}
		switch t.kind {
		case token.IF, token.FOR, token.SWITCH, token.SELECT:
			return " {}"
		case token.CASE:
			return ":"
		case token.SEMICOLON:
			if t.auto {
				return ""
			}
		}
	}
	return ""
}
