package assist

import (
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/kernel/symbols"
)

// inString completes mathematics where the function that is called takes it,
// else file names.
func (a *Assistant) inString(p place) (list []candidate, start, end int) {
	call, receiver := calledAt(p)
	if a.live.IsMathematics(call) && call != "" && (len(symbols.ByName(receiver)) == 0 || receiver == "matcalc") {
		return a.words(a.spot(p, call, receiver)), p.start, p.end
	}
	list, start = files(p.literal[1:], p.cursor, opens().MatchString(call))
	return list, start, max(p.cursor, p.end)
}

// opens are the functions whose first string is the name of a file.
var opens = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`Open|Read|Load|Create|Write|File|Dir|CSV|Stat|Save|Glob|Remove`)
})

// spot describes the string at a place to mathematics.
func (a *Assistant) spot(p place, call, receiver string) Spot {
	code := p.code
	if _, source := a.live.Declaration(receiver); source != "" {
		code = source + "\n" + code
	}
	return Spot{Text: p.literal[1:], Code: code, Call: call}
}

// words makes candidates of what mathematics proposes.
func (a *Assistant) words(s Spot) []candidate {
	var list []candidate
	for _, w := range a.live.Words(s) {
		rank := rankLanguage
		if w.First {
			rank = rankNear
		}
		list = append(list, candidate{w.Text, w.Kind, w.About, rank})
	}
	return list
}

// calledAt gives the function in whose brackets the string at the place
// stands, and what is before its dot.
func calledAt(p place) (function, receiver string) {
	tokens, _ := tokenize(p.code[:p.cursor-len(p.literal)])
	depth := 0
	for i := len(tokens) - 1; i > 0; i-- {
		switch tokens[i].kind {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LBRACK, token.LBRACE:
			depth--
		case token.LPAREN:
			if depth--; depth >= 0 {
				continue
			}
			if tokens[i-1].kind != token.IDENT {
				return "", ""
			}
			if i > 2 && tokens[i-2].kind == token.PERIOD {
				receiver = tokens[i-3].text
			}
			return tokens[i-1].text, receiver
		case token.SEMICOLON:
			if depth <= 0 {
				return "", ""
			}
		}
	}
	return "", ""
}

// files completes the path that a text ends in. Nothing typed gives the files
// of the working directory only where a path is expected.
func files(text string, cursor int, expected bool) (list []candidate, start int) {
	dir, base := filepath.Split(text)
	start = cursor - len(base)
	if base == "" && dir == "" && !expected || strings.ContainsAny(text, "\n\x00") {
		return nil, start
	}
	folder := dir
	switch {
	case folder == "":
		folder = "."
	case strings.HasPrefix(folder, "~/"):
		if home, err := os.UserHomeDir(); err == nil {
			folder = home + folder[1:]
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, start
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(base, ".") {
			continue
		}
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		list = append(list, candidate{name, "path", "", rankNear})
	}
	return list, start
}
