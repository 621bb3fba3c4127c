package cell

import (
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// A kind says what a piece of a cell at the top level is.
type kind uint8

const (
	statement kind = iota
	define         // a, b := e
	packageClause
	importDecl
	typeDecl
	constDecl
	varDecl
	funcDecl
)

// A chunk is one declaration or statement of a cell.
type chunk struct {
	kind   kind
	text   string
	offset int // bytes from the start of the cell
	names  []string
	assign int  // of a define: offset of := in text
	hidden bool // ends with a semicolon
}

type lexeme struct {
	at, end int
	tok     token.Token
	lit     string
}

// lex gives the tokens of the code; errors are the parser's to report.
func lex(code string) []lexeme {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(code))
	s.Init(file, []byte(code), func(token.Position, string) {}, 0)
	var out []lexeme
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		at := file.Offset(pos)
		end := at + len(lit)
		if lit == "" {
			end = at + len(tok.String())
		}
		switch {
		case tok == token.SEMICOLON && lit == "\n":
			end = at
		case tok == token.STRING && code[at] == '`': // its text lacks carriage returns
			if k := strings.IndexByte(code[at+1:], '`'); k >= 0 {
				end = at + 1 + k + 1
			}
		case tok == token.ILLEGAL && lit == "\uFFFD" && !strings.HasPrefix(code[at:], lit):
			end = at + 1 // a byte that is no character
		}
		end = min(end, len(code))
		out = append(out, lexeme{at, end, tok, lit})
	}
}

// chunks cuts a cell at the semicolons and line ends of its top level.
func chunks(code string) []chunk {
	var out []chunk
	var run []lexeme
	depth := 0
	header := false // of an if, for or switch: its semicolons end nothing
	finish := func(hidden bool) {
		if len(run) > 0 {
			first, last := run[0], run[len(run)-1]
			out = append(out, classify(code[first.at:last.end], first.at, run, hidden))
		}
		run = nil
	}
	for _, l := range lex(code) {
		switch l.tok {
		case token.IF, token.FOR, token.SWITCH:
			header = header || depth == 0
		case token.LPAREN, token.LBRACK, token.LBRACE:
			header = header && !(depth == 0 && l.tok == token.LBRACE)
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.SEMICOLON:
			if depth <= 0 && !header {
				finish(l.lit == ";")
				continue
			}
		}
		run = append(run, l)
	}
	finish(false)
	return joined(out, code)
}

// Parts gives the declarations of a cell and its statements, each with blanks
// where the other is, so that positions stay.
func Parts(code string) (declarations, statements string) {
	parts := [2][]byte{bytewise(code), bytewise(code)}
	for _, c := range chunks(code) {
		part := parts[0]
		if c.kind == statement || c.kind == define || c.kind == varDecl {
			part = parts[1]
		}
		copy(part[c.offset:], c.text)
		if end := c.offset + len(c.text); end < len(part) && part[end] != '\n' {
			part[end] = ';'
		}
	}
	return string(parts[0]), string(parts[1])
}

// bytewise blanks every byte but line ends.
func bytewise(code string) []byte {
	out := []byte(code)
	for i, b := range out {
		if b != '\n' {
			out[i] = ' '
		}
	}
	return out
}

// joined puts a block behind the function that it was meant to be the body of,
// for the parser to complain of the line between them.
func joined(list []chunk, code string) []chunk {
	for i := 0; i+1 < len(list); i++ {
		if f, body := &list[i], list[i+1]; f.kind == funcDecl && f.text[len(f.text)-1] != '}' && body.text[0] == '{' {
			f.text = code[f.offset : body.offset+len(body.text)]
			list = slices.Delete(list, i+1, i+2)
		}
	}
	return list
}

// openComment is where a comment begins that does not end, -1 for none.
func openComment(code string) int {
	at := -1
	if !strings.Contains(code, "/*") {
		return at
	}
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(code))
	s.Init(file, []byte(code), func(p token.Position, message string) {
		if message == "comment not terminated" {
			at = p.Offset
		}
	}, 0)
	for tok := token.ILLEGAL; tok != token.EOF; {
		_, tok, _ = s.Scan()
	}
	return at
}

var keywords = map[token.Token]kind{
	token.PACKAGE: packageClause,
	token.IMPORT:  importDecl,
	token.TYPE:    typeDecl,
	token.CONST:   constDecl,
	token.VAR:     varDecl,
}

func classify(text string, offset int, run []lexeme, hidden bool) chunk {
	c := chunk{text: text, offset: offset, hidden: hidden, kind: keywords[run[0].tok]}
	if run[0].tok == token.FUNC && isFuncDecl(run) {
		c.kind = funcDecl
	}
	if c.kind == packageClause && (len(run) != 2 || run[1].tok != token.IDENT) {
		c.kind = statement
	}
	if run[0].tok == token.IDENT {
		for i, l := range run {
			if i%2 == 0 && l.tok == token.IDENT {
				c.names = append(c.names, l.lit)
				continue
			}
			if i%2 == 1 && l.tok == token.DEFINE {
				c.kind, c.assign = define, l.at-offset
			} else if i%2 == 1 && l.tok == token.COMMA {
				continue
			}
			break
		}
	}
	return c
}

// isFuncDecl tells a function or method from a literal that is called.
func isFuncDecl(run []lexeme) bool {
	if len(run) < 3 || run[1].tok == token.IDENT {
		return len(run) >= 3
	}
	depth := 0
	for i, l := range run[1:] {
		switch l.tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			if depth--; depth == 0 {
				rest := run[i+2:]
				return len(rest) > 1 && rest[0].tok == token.IDENT && (rest[1].tok == token.LPAREN || rest[1].tok == token.LBRACK)
			}
		}
	}
	return false
}
