package assist

import (
	"go/scanner"
	"go/token"
	"strings"
)

// A tok is one token of a cell, [start, end) in bytes.
type tok struct {
	kind       token.Token
	start, end int
	text       string
	auto       bool // a semicolon that the line's end stands for
}

// tokenize scans Go text of any kind; unfinished is the token that the end of
// the text cuts off: a raw string or a comment.
func tokenize(code string) (tokens []tok, unfinished token.Token) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(code))
	var s scanner.Scanner
	unfinished = token.ILLEGAL
	s.Init(file, []byte(code), func(_ token.Position, msg string) {
		switch {
		case strings.Contains(msg, "raw string literal not terminated"):
			unfinished = token.STRING
		case strings.Contains(msg, "comment not terminated"):
			unfinished = token.COMMENT
		}
	}, scanner.ScanComments)
	for {
		pos, kind, lit := s.Scan()
		start := file.Offset(pos)
		if kind == token.EOF {
			return tokens, unfinished
		}
		t := tok{kind: kind, start: start, text: lit}
		switch {
		case kind == token.SEMICOLON && lit == "\n":
			t.auto, t.end = true, start
		case lit != "":
			t.end = min(start+len(lit), len(code))
			if kind == token.COMMENT || kind == token.STRING {
				t.end = literalEnd(code, start, lit)
			}
		default:
			t.text = kind.String()
			t.end = min(start+len(t.text), len(code))
		}
		tokens = append(tokens, t)
	}
}

// literalEnd finds where a literal ends: the scanner drops carriage returns from
// raw strings and comments, so that its text may be shorter than the code.
func literalEnd(code string, start int, lit string) int {
	end, rest := start, len(lit)
	for end < len(code) && rest > 0 {
		if code[end] != '\r' || lit[len(lit)-rest] == '\r' {
			rest--
		}
		end++
	}
	return end
}

// closers gives what closes the brackets that the tokens leave open, innermost
// first, and whether one closes that was never opened, or another kind.
func closers(tokens []tok) (open []string, broken bool) {
	var stack []token.Token
	match := map[token.Token]token.Token{token.RPAREN: token.LPAREN, token.RBRACK: token.LBRACK, token.RBRACE: token.LBRACE}
	for _, t := range tokens {
		switch t.kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			stack = append(stack, t.kind)
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(stack) == 0 || stack[len(stack)-1] != match[t.kind] {
				return nil, true
			}
			stack = stack[:len(stack)-1]
		}
	}
	text := map[token.Token]string{token.LPAREN: ")", token.LBRACK: "]", token.LBRACE: "}"}
	for i := len(stack) - 1; i >= 0; i-- {
		open = append(open, text[stack[i]])
	}
	return open, false
}
