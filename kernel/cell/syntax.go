package cell

import (
	"errors"
	"fmt"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Syntax errors are told in the words of the Go compiler, whose parser is not to
// be had as a library: package go/parser finds the place, and the table below
// says what the compiler says there.

// A spot is where the parser of one chunk stopped.
type spot struct {
	chunk  chunk
	tokens []lexeme // of the chunk
	at     int      // offset in the chunk
	found  string   // the token there as the compiler calls it
	groups map[string]string
}

// wording is a row: the words of go/parser, and those of the compiler, in which
// {found} is the token at the place and other names are groups of the pattern.
// Where gives the offset, when the compiler tells another.
type wording struct {
	pattern pattern
	says    func(s *spot) string
	where   func(s *spot) int
}

func say(words, text string) wording {
	return wording{newPattern(words), func(s *spot) string { return s.fill(text) }, nil}
}

func (w wording) at(where func(s *spot) int) wording {
	w.where = where
	return w
}

// syntaxPrefix begins the message of all but the scanner's errors.
const syntaxPrefix = "syntax error: "

var wordings = []wording{
	// The scanner.
	{newPattern(`^illegal character U\+\S+ '(?P<mark>.+)' in escape sequence`), (*spot).escape, nil},
	{newPattern(`^illegal character (?P<what>U\+.*)`), (*spot).character, nil},
	{newPattern(`^illegal rune literal`), (*spot).runeLiteral, (*spot).emptyRune},
	say(`^rune literal not terminated`, "newline in rune literal").at((*spot).lineEnd),
	say(`^string literal not terminated`, "newline in string").at((*spot).lineEnd),
	say(`^curly quotation mark '(?P<mark>.)'`, "invalid character {code} '{mark}'").at((*spot).code),
	say(`^raw string literal not terminated`, "string not terminated"),
	say(`^comment not terminated`, "comment not terminated"),
	say(`^unknown escape sequence`, "unknown escape"),
	say(`^(?P<all>(hexadecimal|octal|binary) .*|invalid digit .*|'_' must .*|.*exponent.*|.*escape.*|.*mantissa.*)$`, "{all}"),
	// Lists.
	say(`^missing ',' before newline in (?P<list>argument list|parameter list)`, syntaxPrefix+"unexpected newline in {list}; possibly missing comma or )"),
	say(`^missing ',' before newline in (?P<list>.*)`, syntaxPrefix+"unexpected newline in {list}; possibly missing comma or }"),
	say(`^missing ',' in (?P<list>argument list|parameter list|type parameter list|type argument list)`, syntaxPrefix+"unexpected {found} in {list}; possibly missing comma or )"),
	say(`^missing ',' in (?P<list>.*)`, syntaxPrefix+"unexpected {found} in {list}; possibly missing comma or }"),
	say(`^unexpected comma; expecting (?P<what>.*)`, syntaxPrefix+"unexpected comma; expected {what}"),
	// Imports and declarations.
	{newPattern(`^(import path must be a string|missing import path)`), (*spot).importPath, nil},
	say(`^expected 'IDENT'`, syntaxPrefix+"unexpected {found}, expected name"),
	{newPattern(`^expected type`), (*spot).typeExpected, nil},
	say(`^expected if statement or block`, syntaxPrefix+"else must be followed by if or statement block"),
	say(`^unexpected semicolon or newline before \{`, syntaxPrefix+"unexpected semicolon or newline before {"),
	say(`^expected declaration`, syntaxPrefix+"non-declaration statement outside function body").at(func(s *spot) int { return max(strings.LastIndexByte(s.chunk.text, '}'), 0) }),
	// Statements.
	say(`^illegal label declaration`, syntaxPrefix+"unexpected :, expected {"),
	say(`^expected (boolean|boolean or range|switch) expression, found`, syntaxPrefix+"cannot use {assignment} as value").at((*spot).assignment),
	say(`^expected at most 2 expressions`, "range clause permits at most two iteration variables"),
	say(`^(?P<all>can only use \.\.\. with final parameter)`, "{all}"),
	say(`^unexpected newline, expecting \{ after (?P<rest>.*)`, syntaxPrefix+"unexpected newline, expected { after {rest}"),
	say(`^missing condition in (?P<what>\w+) statement`, syntaxPrefix+"missing condition in {what} statement"),
	say(`^(?P<all>expression in (go|defer) must be function call)`, "{all}").at((*spot).operand),
	say(`^(?P<all>(middle|final) index required in 3-index slice)`, "{all}").at(func(s *spot) int { return s.at + 1 }),
	{newPattern(`^expected '\{', found`), (*spot).braceExpected, nil},
	{newPattern(`^expected (';|statement|newline)`), (*spot).statementEnds, nil},
	{newPattern(`^expected '\}', found`), (*spot).clauseExpected, nil},
	say(`^expected 1 expression`, syntaxPrefix+"unexpected newline, expected := or = or comma").at((*spot).listEnd),
	// Expressions.
	{newPattern(`^expected (operand|expression)`), (*spot).operandExpected, nil},
	say(`^expected selector or type assertion`, syntaxPrefix+"unexpected {found}, expected name or ("),
	{newPattern(`^expected '(\)|==)', found`), (*spot).closingExpected, nil},
	{newPattern(`^expected '\]', found`), (*spot).bracketExpected, nil},
	say(`^expected '(?P<what>[^']+)', found`, syntaxPrefix+"unexpected {found}, expected {what}"),
	say(`^expected (?P<what>[^,]+), found`, syntaxPrefix+"unexpected {found}, expected {what}"),
	say(`^(?P<all>.*)`, syntaxPrefix+"{all}"),
}

// follows are errors that come of an earlier one.
var follows = newPattern(`^expected 1 expression|found 'ILLEGAL'`)

// code keeps the number of the character at the spot.
func (s *spot) code() int {
	r, _ := utf8.DecodeRuneInString(s.chunk.text[s.at:])
	s.groups["code"] = fmt.Sprintf("%U", r)
	return s.at
}

// listEnd is where a list of expressions ends that is no statement.
func (s *spot) listEnd() int {
	for _, l := range s.tokens {
		if l.at > s.at && l.tok == token.SEMICOLON {
			return l.at
		}
	}
	return len(s.chunk.text)
}

// syntaxErrors are those of the chunks of a cell, each parsed alone so that the
// fault of one spoils no other.
func syntaxErrors(code string, chunks []chunk) (out []Error) {
	lines := lineStarts(code)
	for _, c := range chunks {
		out = append(out, c.faults(code, lines)...)
	}
	return out
}

// faults are the syntax errors of a chunk: those of the scanner and one more for
// each line, without those that only follow from an end that came too early.
func (c chunk) faults(code string, lines []int) (out []Error) {
	head, tail := "package p\nfunc _() {\n", "\n}"
	if c.kind >= packageClause {
		head, tail = "package p\n", ""
	}
	if c.kind == packageClause {
		head = ""
	}
	fset := token.NewFileSet()
	_, err := parser.ParseFile(fset, "", head+c.text+tail, parser.SkipObjectResolution|parser.AllErrors)
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return nil
	}
	list = slices.DeleteFunc(slices.Clone(list), func(e *scanner.Error) bool {
		return len(list) > 1 && follows().MatchString(e.Msg) || c.kind == funcDecl && e != list[0] && strings.HasPrefix(e.Msg, "expected declaration") || strings.HasPrefix(e.Msg, "expected ';', found 'EOF'") &&
			slices.ContainsFunc(list, func(x *scanner.Error) bool { return x.Pos == e.Pos && !strings.HasPrefix(x.Msg, "expected ';'") })
	})
	tokens := lex(c.text)
	for _, e := range list {
		at := e.Pos.Offset - len(head)
		s := &spot{chunk: c, tokens: tokens, at: min(max(at, 0), len(c.text)), groups: map[string]string{}}
		s.found = s.token(code)
		if s.at == len(c.text) && len(out) > 0 {
			break
		}
		text, where := s.words(e.Msg)
		if s.found == "semicolon" && where == len(c.text) {
			rest := code[c.offset+where:]
			where += len(rest) - len(strings.TrimLeft(rest, " \t\r")) // the one that ended the chunk
		}
		line, column := place(lines, min(c.offset+where, len(code)))
		if scanned := !strings.HasPrefix(text, syntaxPrefix); len(out) == 0 || out[len(out)-1].Line != line || scanned {
			out = append(out, Error{line, column, text})
		}
		if strings.HasPrefix(e.Msg, "illegal label declaration") {
			break // the block that is meant has no braces
		}
	}
	return out
}

// words is what the compiler says for the words of go/parser, and where.
func (s *spot) words(message string) (text string, at int) {
	for _, w := range wordings {
		if !matched(w.pattern, message, s.groups) {
			continue
		}
		at = s.at
		if w.where != nil {
			at = w.where(s)
		}
		return w.says(s), at
	}
	return syntaxPrefix + message, s.at
}

func (s *spot) fill(text string) string {
	return expanded(strings.ReplaceAll(text, "{found}", s.found), s.groups)
}

// token is what stands at the spot, in the compiler's words.
func (s *spot) token(code string) string {
	for _, l := range s.tokens {
		if l.at >= s.at {
			return l.words()
		}
	}
	switch rest := code[s.chunk.offset+len(s.chunk.text):]; {
	case strings.HasPrefix(strings.TrimLeft(rest, " \t\r"), ";"):
		return "semicolon"
	case strings.TrimSpace(rest) != "":
		return "newline"
	}
	return "EOF"
}

// words is a token as the compiler calls it.
func (l lexeme) words() string {
	switch {
	case l.tok == token.SEMICOLON && l.lit == "\n":
		return "newline"
	case l.tok == token.SEMICOLON:
		return "semicolon"
	case l.tok == token.COMMA:
		return "comma"
	case l.tok == token.IDENT:
		return "name " + l.lit
	case l.tok.IsKeyword():
		return "keyword " + l.tok.String()
	case l.tok.IsLiteral():
		return "literal " + l.lit
	}
	return l.tok.String()
}

// before lists the tokens in front of the spot.
func (s *spot) before() []lexeme {
	k := slices.IndexFunc(s.tokens, func(l lexeme) bool { return l.at >= s.at })
	if k < 0 {
		return s.tokens
	}
	return s.tokens[:k]
}

// around is the token before the bracket that is open at the spot, ILLEGAL when
// none is, and the keyword with which the statement begins.
func (s *spot) around() (owner, statement token.Token) {
	type open struct{ owner, statement token.Token }
	stack := []open{{token.ILLEGAL, token.ILLEGAL}}
	previous := token.SEMICOLON
	for _, l := range s.before() {
		top := &stack[len(stack)-1]
		if (previous == token.SEMICOLON || previous == token.LBRACE || previous == token.COLON) && l.tok != token.SEMICOLON {
			if top.statement != token.FOR || previous != token.SEMICOLON {
				top.statement = l.tok
			}
		}
		switch l.tok {
		case token.LPAREN, token.LBRACK:
			owner := l.tok
			if slices.Contains(groups, previous) {
				owner = previous
			}
			stack = append(stack, open{owner, token.ILLEGAL})
		case token.LBRACE:
			owner := previous
			if owner != token.STRUCT && owner != token.INTERFACE {
				owner = token.LBRACE
			}
			top.statement = token.ILLEGAL // its header is over
			stack = append(stack, open{owner, token.ILLEGAL})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
		}
		previous = l.tok
	}
	top := stack[len(stack)-1]
	return top.owner, top.statement
}

// groups are declarations that may stand in brackets.
var groups = []token.Token{token.VAR, token.CONST, token.TYPE, token.IMPORT}

const inGroup = "unexpected {found} in grouped declaration; possibly missing semicolon or newline or )"

// opener tells that the bracket which is open at the spot stands behind one of
// the tokens.
func (s *spot) opener(before ...token.Token) bool {
	depth := 0
	list := s.before()
	for i := len(list) - 1; i > 0; i-- {
		switch list[i].tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth--; depth < 0 {
				return slices.Contains(before, list[i-1].tok)
			}
		}
	}
	return false
}

// bracketExpected is for an index, which may go on, or the length of an array.
func (s *spot) bracketExpected() string {
	list := s.before()
	open := 0
	for i, l := range list {
		if l.tok == token.LBRACK {
			open = i
		}
	}
	sliced := slices.ContainsFunc(list[open:], func(l lexeme) bool { return l.tok == token.COLON })
	if sliced || !s.opener(token.IDENT, token.RPAREN, token.RBRACK) || s.chunk.kind == varDecl {
		return s.fill(syntaxPrefix + "unexpected {found}, expected ]")
	}
	return s.fill(syntaxPrefix + "unexpected {found}, expected comma, : or ]")
}

func (s *spot) operandExpected() string {
	if _, statement := s.around(); statement == token.FOR && s.found == "{" {
		return s.fill(syntaxPrefix + "unexpected {, expected for loop condition")
	}
	return s.fill(syntaxPrefix + "unexpected {found}, expected expression")
}

// closingExpected is for what stands in brackets behind what should be all.
func (s *spot) closingExpected() string {
	owner, _ := s.around()
	if slices.Contains(groups, owner) {
		return s.fill(syntaxPrefix + inGroup)
	}
	if s.found == "=" && s.opener(token.IDENT) {
		return s.fill(syntaxPrefix + "unexpected = in argument list; possibly missing comma or )")
	}
	return s.fill(syntaxPrefix + "unexpected {found}, expected )")
}

var headers = []token.Token{token.IF, token.FOR, token.SWITCH, token.SELECT}

// statementEnds is for what stands where a statement should have ended, or
// should begin.
func (s *spot) statementEnds() string {
	owner, statement := s.around()
	list := s.before()
	begins := len(list) == 0 || slices.Contains([]token.Token{token.SEMICOLON, token.LBRACE, token.COLON}, list[len(list)-1].tok)
	switch {
	case s.at == len(s.chunk.text):
		return s.fill(syntaxPrefix + "unexpected EOF, expected }")
	case slices.Contains(groups, owner):
		return s.fill(syntaxPrefix + inGroup)
	case s.chunk.kind == varDecl && s.found == ":":
		return s.fill(syntaxPrefix + "unexpected :, expected type")
	case owner == token.STRUCT:
		return s.fill(syntaxPrefix + "unexpected {found} in struct type; possibly missing semicolon or newline or }")
	case owner == token.INTERFACE:
		return s.fill(syntaxPrefix + "unexpected {found} in interface type; possibly missing semicolon or newline or }")
	case statement == token.FOR && s.found == "{":
		return s.fill(syntaxPrefix + "unexpected {, expected semicolon or newline")
	case slices.Contains(headers, statement) && !begins:
		return s.fill(syntaxPrefix + "unexpected {found}, expected {")
	case begins:
		return s.fill(syntaxPrefix + "unexpected {found}, expected }")
	case owner == token.ILLEGAL && s.chunk.kind >= packageClause:
		return s.fill(syntaxPrefix + "unexpected {found} after top level declaration")
	case statement == token.RETURN && strings.HasPrefix(s.found, "keyword") && list[len(list)-1].tok == token.RETURN:
		return s.fill(syntaxPrefix + "unexpected {found}, expected expression")
	}
	return s.fill(syntaxPrefix + "unexpected {found} at end of statement")
}

// braceExpected is for a header that the line's end cuts off.
func (s *spot) braceExpected() string {
	text := s.fill(syntaxPrefix + "unexpected {found}, expected {")
	_, statement := s.around()
	whole := slices.ContainsFunc(s.before(), func(l lexeme) bool { return l.tok == token.RANGE || l.tok == token.SEMICOLON })
	if slices.Contains(headers, statement) && (s.found == "newline" || statement == token.FOR && whole) {
		text += " after " + statement.String() + " clause"
	}
	return text
}

// clauseExpected is for what stands in a switch outside of its clauses.
func (s *spot) clauseExpected() string {
	if len(s.before()) == 0 || s.at == len(s.chunk.text) {
		return s.statementEnds()
	}
	return s.fill(syntaxPrefix + "unexpected {found}, expected case or default or }")
}

func (s *spot) typeExpected() string {
	if s.chunk.kind == typeDecl {
		if owner, _ := s.around(); owner == token.ILLEGAL || owner == token.TYPE {
			return s.fill(syntaxPrefix + "unexpected {found} in type declaration")
		}
	}
	if owner, _ := s.around(); owner == token.LBRACK {
		return s.fill(syntaxPrefix + "unexpected {found}, expected ]")
	}
	return s.fill(syntaxPrefix + "unexpected {found}, expected type")
}

// runeLiteral tells what is wrong with a rune literal.
func (s *spot) runeLiteral() string {
	if strings.HasPrefix(s.chunk.text[s.at:], "''") {
		return "empty rune literal or unescaped '"
	}
	return "more than one character in rune literal"
}

func (s *spot) emptyRune() int {
	if strings.HasPrefix(s.chunk.text[s.at:], "''") {
		return s.at + 1
	}
	return s.at
}

// character tells of a character that no token begins with, or that an
// identifier cannot hold.
func (s *spot) character() string {
	here, _ := utf8.DecodeRuneInString(s.chunk.text[s.at:])
	before := s.chunk.text[:s.at]
	word := before[len(strings.TrimRightFunc(before, func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) })):]
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case word != "" && !unicode.IsDigit(first) && here >= utf8.RuneSelf:
		return s.fill("invalid character {what} in identifier")
	case unicode.IsDigit(here):
		return s.fill("identifier cannot begin with digit {what}")
	}
	return s.fill("invalid character {what}")
}

// importPath tells of an import that is no string.
func (s *spot) importPath() string {
	if strings.HasPrefix(s.found, "literal ") {
		return "import path must be a string"
	}
	return syntaxPrefix + "missing import path"
}

// escape tells of a character that does not belong to an escape sequence.
func (s *spot) escape() string {
	kind := "octal"
	if k := strings.LastIndexByte(s.chunk.text[:s.at], '\\'); k >= 0 && k+1 < s.at && strings.IndexByte("xuU", s.chunk.text[k+1]) >= 0 {
		kind = "hexadecimal"
	}
	r, _ := utf8.DecodeRuneInString(s.groups["mark"])
	return fmt.Sprintf("invalid character %q in %s escape", r, kind)
}

// lineEnd is the end of the line that the spot is on.
func (s *spot) lineEnd() int {
	if k := strings.IndexByte(s.chunk.text[s.at:], '\n'); k >= 0 {
		return s.at + k
	}
	return len(s.chunk.text)
}

// operand is where the operand begins that ends at the spot.
func (s *spot) operand() int {
	list := s.before()
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].tok == token.GO || list[i].tok == token.DEFER {
			if i+1 < len(s.tokens) {
				return s.tokens[i+1].at
			}
		}
	}
	return s.at
}

// assignment is where the sign of an assignment stands that was meant as a
// condition; its text is kept.
func (s *spot) assignment() int {
	text := s.chunk.text[s.at:]
	if k := strings.IndexAny(text, "{\n"); k >= 0 {
		text = text[:k]
	}
	s.groups["assignment"] = strings.TrimSpace(text)
	if k := strings.Index(text, ":="); k >= 0 {
		return s.at + k
	}
	s.groups["assignment"] = "assignment " + s.groups["assignment"]
	return s.at + max(strings.IndexByte(text, '='), 0)
}
