package cell

import (
	"go/scanner"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Magic is a line that starts with % or !, a line that asks for help with ?,
// or a whole cell that starts with %%.
type Magic struct {
	Name   string // time, writefile, ...; "!" for a shell line, "?" and "??" for help
	Args   string
	Body   string // the rest of the cell, of a cell magic
	Cell   bool
	Line   int // 1-based
	Column int // of Args, 1-based, in bytes
}

// A Piece is a stretch of a cell: one magic, or Go.
type Piece struct {
	Magic *Magic
	Go    string // as long as the cell up to its end: what comes before is blank
}

// Pieces takes a cell apart in the order in which it runs. Go keeps its
// positions: the lines of magics and of what came before are blank.
func Pieces(code string) []Piece {
	if head := strings.TrimLeft(code, " \t\r\n\uFEFF"); strings.HasPrefix(head, "%%") {
		first, body, _ := strings.Cut(head, "\n")
		m := command(strings.TrimRight(first, "\r"), 2)
		m.Body, m.Cell, m.Line = body, true, strings.Count(code[:len(code)-len(head)], "\n")+1
		return []Piece{{Magic: m}}
	}
	var out []Piece
	blanks := ""     // in the place of what stands before the Go that is gathered
	from, at := 0, 0 // that Go, and where the line begins
	flush := func() {
		text := code[from:at]
		if strings.TrimSpace(text) != "" {
			out = append(out, Piece{Go: blanks + text})
		}
		blanks += blank(text)
	}
	number := 0
	for line := range strings.SplitAfterSeq(code, "\n") {
		number++
		if m := lineMagic(strings.TrimRight(line, "\r\n")); m != nil && !inside(code[from:at]) {
			flush()
			m.Line = number
			out = append(out, Piece{Magic: m})
			blanks += blank(line)
			from = at + len(line)
		}
		at += len(line)
	}
	flush()
	return out
}

// lineMagic reads one line; nil when it is Go.
func lineMagic(line string) *Magic {
	trimmed := strings.TrimSpace(line)
	at := strings.Index(line, trimmed)
	switch {
	case strings.HasPrefix(trimmed, "%%"):
		return nil // only the first line of a cell may say so: Go's parser complains
	case strings.HasPrefix(trimmed, "%") && startsWithLetter(trimmed[1:]):
		m := command(trimmed, 1)
		m.Column += at
		return m
	case strings.HasPrefix(trimmed, "!") && (len(trimmed) == 1 || trimmed[1] != '='):
		return &Magic{Name: "!", Args: strings.TrimSpace(trimmed[1:]), Column: at + 2}
	}
	if name := asked().FindStringSubmatch(trimmed); name != nil {
		if strings.HasPrefix(name[1], "??") || strings.HasPrefix(name[3], "??") {
			return &Magic{Name: "??", Args: name[2], Column: at + 1}
		}
		if name[1]+name[3] != "" {
			return &Magic{Name: "?", Args: name[2], Column: at + 1}
		}
	}
	return nil
}

func startsWithLetter(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(r)
}

// asked is a name with question marks before or behind it.
var asked = newPattern(`^(\?{0,2})\s*([\p{L}_%!][\p{L}\p{N}_.!\[\]()-]*)\s*(\?{0,2})$`)

// command reads the name and the arguments after n percent signs.
func command(text string, n int) *Magic {
	name, args := text[n:], ""
	if k := strings.IndexAny(name, " \t"); k >= 0 {
		name, args = name[:k], name[k:]
	}
	args = strings.TrimSpace(args)
	column := len(text) + 1
	if args != "" {
		column = strings.LastIndex(text, args) + 1
	}
	if help, ok := strings.CutSuffix(name, "?"); ok && args == "" {
		return &Magic{Name: "?", Args: "%" + strings.TrimSuffix(help, "?"), Column: 1}
	}
	return &Magic{Name: name, Args: args, Column: column}
}

// inside tells that a line after the text goes on with something open: a raw
// string, a comment or a bracket.
func inside(text string) bool {
	if !strings.ContainsAny(text, "`([{*") {
		return false
	}
	depth, open := 0, false
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(text)), []byte(text), func(_ token.Position, message string) {
		open = open || strings.Contains(message, "raw string literal not terminated") || strings.Contains(message, "comment not terminated")
	}, 0)
	for {
		switch _, tok, _ := s.Scan(); tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.EOF:
			return open || depth > 0
		}
	}
}

// blank replaces everything but line ends by spaces, so that positions stay.
func blank(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}, text)
}
