package assist

import (
	"strings"
	"unicode/utf8"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
)

// latexName completes \beta to its letter; the beginning of a name gives the
// names. Also \_1 and \^2.
func latexName(code string, cursor int) (start int, matches []engine.Match, ok bool) {
	start = cursor
	for start > 0 && latexByte(code[start-1]) && cursor-start < longestName {
		start--
	}
	if start == 0 || code[start-1] != '\\' {
		return 0, nil, false
	}
	typed := code[start:cursor]
	start--
	if sign, whole := cell.Signs[typed]; whole {
		return start, []engine.Match{{Text: sign, Type: "text", Signature: `\` + typed}}, true
	}
	for _, name := range cell.SignNames() {
		if strings.HasPrefix(name, typed) {
			matches = append(matches, engine.Match{Text: `\` + name, Type: "text", Signature: cell.Signs[name]})
		}
	}
	if len(matches) == 1 { // nothing else it could become
		matches[0] = engine.Match{Text: matches[0].Signature, Type: "text", Signature: matches[0].Text}
	}
	return start, matches, len(matches) > 0 && utf8.ValidString(typed)
}

// longestName bounds how far back a backslash is looked for.
const longestName = 24

func latexByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '^' || b == '-'
}
