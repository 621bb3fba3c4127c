package assist

import (
	"go/token"
	"strings"

	"github.com/nabla-go/nabla/kernel/engine"
)

// indent is one level of indentation.
const indent = "\t"

// IsComplete says whether the code can run as it stands, as a person at a
// terminal expects: open brackets, raw strings, comments and operators that wait
// for an operand ask for another line, an empty last line ends a cell magic.
func (a *Assistant) IsComplete(code string) engine.Completeness {
	trimmed := strings.TrimSpace(code)
	if strings.HasPrefix(trimmed, "%%") {
		if strings.HasSuffix(code, "\n\n") || !strings.Contains(trimmed, "\n") && strings.HasPrefix(trimmed, "%%help") {
			return engine.Completeness{Status: "complete"}
		}
		return engine.Completeness{Status: "incomplete"}
	}
	if trimmed == "" || strings.HasSuffix(trimmed, "?") {
		return engine.Completeness{Status: "complete"}
	}
	code = blankCommands(code)
	tokens, unfinished := tokenize(code)
	if unfinished != token.ILLEGAL {
		return engine.Completeness{Status: "incomplete"}
	}
	open, broken := closers(tokens)
	switch {
	case broken:
		return engine.Completeness{Status: "invalid"}
	case len(open) > 0:
		return engine.Completeness{Status: "incomplete", Indent: strings.Repeat(indent, len(open))}
	case waits(tokens):
		return engine.Completeness{Status: "incomplete"}
	}
	if _, err := parseCell(code); err != nil {
		return engine.Completeness{Status: "invalid"}
	}
	return engine.Completeness{Status: "complete"}
}

// blankCommands replaces magic and shell lines by blanks of the same length, so
// that offsets stay.
func blankCommands(code string) string {
	lines := strings.SplitAfter(code, "\n")
	start := 0
	tokens, _ := tokenize(code)
	for i, line := range lines {
		text := strings.TrimLeft(line, " \t")
		if (strings.HasPrefix(text, "%") || strings.HasPrefix(text, "!")) && startsStatement(tokens, start+len(line)-len(text)) {
			body := strings.TrimSuffix(line, "\n")
			lines[i] = strings.Repeat(" ", len(body)) + line[len(body):]
		}
		start += len(line)
	}
	return strings.Join(lines, "")
}

// startsStatement reports whether what begins at offset may begin a statement:
// the token before it ends one and no bracket is open.
func startsStatement(tokens []tok, offset int) bool {
	last := -1
	for i, t := range tokens {
		if t.start >= offset {
			break
		}
		if t.kind != token.COMMENT {
			last = i
		} else if t.end > offset {
			return false
		}
	}
	if last < 0 {
		return true
	}
	if tokens[last].end > offset {
		return false
	}
	open, broken := closers(tokens[:last+1])
	return tokens[last].kind == token.SEMICOLON && len(open) == 0 && !broken
}

// waits reports whether the last token asks for something after it.
func waits(tokens []tok) bool {
	for i := len(tokens) - 1; i >= 0; i-- {
		t := tokens[i]
		if t.kind == token.COMMENT || t.auto {
			continue
		}
		switch t.kind {
		case token.INC, token.DEC, token.RPAREN, token.RBRACK, token.RBRACE, token.SEMICOLON, token.COLON,
			token.BREAK, token.CONTINUE, token.RETURN, token.FALLTHROUGH, token.ILLEGAL:
			return false
		}
		return t.kind.IsOperator() || t.kind.IsKeyword()
	}
	return false
}
