package assist

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A parsed is a cell turned into a file: its declarations, and one function _
// with its statements.
type parsed struct {
	fset *token.FileSet
	file *ast.File
}

// parseCell parses a cell of declarations and statements, with the imports given
// in front. The file is there also when there is an error.
func parseCell(code string, imports ...string) (parsed, error) {
	return parseParts(code, nil, imports)
}

// parseParts is parseCell where late tells that a type is of an earlier cell:
// the checker takes its methods only as functions.
func parseParts(code string, late func(typeName string) bool, imports []string) (parsed, error) {
	decls, stmts := split(code)
	if late != nil {
		for i, d := range decls {
			decls[i] = asFunction(d, late)
		}
	}
	var b strings.Builder
	b.WriteString("package cell\n")
	for _, path := range imports {
		fmt.Fprintf(&b, "import %s\n", path)
	}
	// Imports come first in a file, wherever the cell has them.
	slices.SortStableFunc(decls, func(x, y string) int { return importRank(x) - importRank(y) })
	for _, d := range decls {
		b.WriteString(d + "\n")
	}
	b.WriteString("func _() {\n" + strings.Join(stmts, "\n") + "\n}\n")
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "cell", b.String(), parser.SkipObjectResolution|parser.AllErrors)
	return parsed{fset, file}, err
}

func importRank(decl string) int {
	if strings.HasPrefix(decl, "import") {
		return 0
	}
	return 1
}

// split separates the top-level declarations of functions, types and imports
// from the statements. A package clause is dropped.
func split(code string) (decls, stmts []string) {
	tokens, _ := tokenize(code)
	depth, begin, first := 0, 0, -1
	end := func(i, at int) {
		text := strings.TrimRight(code[begin:at], ";\n")
		if strings.TrimSpace(text) != "" && first >= 0 {
			switch kind := declaration(tokens[first : i+1]); kind {
			case token.PACKAGE:
			case token.FUNC, token.TYPE, token.IMPORT:
				decls = append(decls, strings.TrimLeft(text, " \t\r\n"))
			default:
				stmts = append(stmts, text)
			}
		}
		begin, first = at, -1
	}
	for i, t := range tokens {
		if t.kind == token.COMMENT {
			continue
		}
		if first < 0 && !(t.kind == token.SEMICOLON) {
			first = i
		}
		switch t.kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.SEMICOLON:
			if depth <= 0 {
				end(i, t.end)
			}
		}
	}
	if first >= 0 {
		end(len(tokens)-1, len(code))
	}
	return decls, stmts
}

// declaration gives FUNC, TYPE, IMPORT or PACKAGE for the tokens of such a
// declaration, ILLEGAL for a statement: a function literal that is called is one.
func declaration(tokens []tok) token.Token {
	kind := tokens[0].kind
	if kind != token.FUNC {
		if kind == token.TYPE || kind == token.IMPORT || kind == token.PACKAGE {
			return kind
		}
		return token.ILLEGAL
	}
	if len(tokens) > 1 && tokens[1].kind == token.IDENT {
		return token.FUNC
	}
	depth := 0
	for i, t := range tokens[1:] { // func (recv) Name: the name follows the first group
		switch t.kind {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
			if depth == 0 {
				rest := tokens[i+2:]
				if len(rest) > 1 && rest[0].kind == token.IDENT && rest[1].kind == token.LPAREN {
					return token.FUNC
				}
				return token.ILLEGAL
			}
		}
	}
	return token.ILLEGAL
}

// method is the head of a method, up to the bracket of its parameters.
var method = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^func\s*\(\s*((?:[\p{L}_][\p{L}\p{N}_]*\s+)?\*?\s*([\p{L}_][\p{L}\p{N}_]*))\s*\)\s*([\p{L}_][\p{L}\p{N}_]*)\s*\(`)
})

// asFunction makes a method of a late type a function that takes the receiver.
func asFunction(decl string, late func(string) bool) string {
	m := method().FindStringSubmatchIndex(decl)
	if m == nil || !late(decl[m[4]:m[5]]) {
		return decl
	}
	rest := decl[m[1]:]
	separator := ", "
	if strings.HasPrefix(strings.TrimSpace(rest), ")") {
		separator = ""
	}
	receiver := decl[m[2]:m[3]]
	if m[2] == m[4] || receiver[0] == '*' {
		receiver = "_ " + receiver
	}
	return "func " + own + decl[m[6]:m[7]] + "(" + receiver + separator + rest
}
