package assist

import (
	"os"
	"strings"

	"github.com/nabla-go/nabla/kernel/cell"
)

// A command is the line of a magic or of the shell that the cursor is on, or
// the body of a cell magic.
type command struct {
	row  cell.Command
	text string // behind the name, up to the cursor
	at   int    // where the code behind the name begins
}

// commandAt finds the command at the cursor; ok is false where Go is typed, and
// on the name itself.
func (a *Assistant) commandAt(code string, cursor int) (c command, ok bool) {
	head := len(code) - len(strings.TrimLeft(code, " \t\r\n"))
	if strings.HasPrefix(code[head:], "%%") && cursor > head {
		lineEnd := len(code)
		if k := strings.IndexByte(code[head:], '\n'); k >= 0 {
			lineEnd = head + k
		}
		c, ok = a.named(code[head+2:lineEnd], head+2, cursor)
		if cursor > lineEnd {
			c, ok = a.named(code[head+2:lineEnd], head+2, lineEnd)
			if !ok {
				c, ok = a.named(code[head+2:lineEnd]+" ", head+2, lineEnd+1)
			}
			c.at = lineEnd + 1
			c.text = code[strings.LastIndexByte(code[:cursor], '\n')+1 : cursor]
		}
		return c, ok
	}
	start := strings.LastIndexByte(code[:cursor], '\n') + 1
	line := code[start:cursor]
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	text := line[indent:]
	if !strings.HasPrefix(text, "%") && !strings.HasPrefix(text, "!") {
		return c, false
	}
	if tokens, _ := tokenize(blankCommands(code[:start])); !startsStatement(tokens, start+indent) {
		return c, false
	}
	if text[0] == '!' {
		row, known := a.row("!")
		return command{row, text[1:], start + indent + 1}, known
	}
	return a.named(text[1:], start+indent+1, cursor)
}

// named finds the magic whose name a text begins with, when the cursor is
// behind it.
func (a *Assistant) named(text string, at, cursor int) (c command, ok bool) {
	name, _, behind := strings.Cut(text, " ")
	if !behind || cursor <= at+len(name) {
		return c, false
	}
	row, known := a.row(name)
	from := len(name) + 1
	return command{row, text[from:max(from, min(cursor-at, len(text)))], at + from}, known
}

func (a *Assistant) row(name string) (cell.Command, bool) {
	for _, row := range a.live.Magics() {
		if row.Named(name) {
			return row, true
		}
	}
	return cell.Command{}, false
}

// onCommand completes what stands behind the name of a magic; done is false
// where Go is typed.
func (a *Assistant) onCommand(p place) (list []candidate, start, end int, done bool) {
	c, ok := a.commandAt(p.code, p.cursor)
	if !ok || c.row.Takes == cell.GoCode {
		return nil, 0, 0, false
	}
	start, end = p.start, p.end
	switch c.row.Takes {
	case cell.Files:
		word := c.text[strings.LastIndexAny(c.text, " \t\"'")+1:]
		list, start = files(word, p.cursor, true)
		end = max(end, p.cursor)
	case cell.Expression:
		for start > 0 && p.code[start-1] == '-' && start > c.at {
			start-- // of an option
		}
		list = a.words(Spot{Text: c.text, Code: p.code})
		fallthrough
	case cell.Values:
		for _, w := range c.row.Words {
			list = append(list, candidate{w, "keyword", "", rankExpected})
		}
	case cell.MagicName:
		list = a.magicNames()
	case cell.Variable:
		for _, pair := range os.Environ() {
			name, value, _ := strings.Cut(pair, "=")
			list = append(list, candidate{name, "variable", value, rankNear})
		}
	}
	return list, start, end, true
}

// goOnly blanks the name of a magic that Go stands behind, so that the rest is
// looked at as Go.
func (a *Assistant) goOnly(code string, cursor int) string {
	c, ok := a.commandAt(code, cursor)
	if !ok || c.row.Takes != cell.GoCode {
		return code
	}
	if c.at > len(code) {
		return code
	}
	line := strings.LastIndexByte(code[:max(c.at-1, 0)], '\n') + 1
	return code[:line] + strings.Repeat(" ", max(c.at-1-line, 0)) + code[max(c.at-1, line):]
}

// magicNames lists the magics with their help.
func (a *Assistant) magicNames() (list []candidate) {
	for _, row := range a.live.Magics() {
		if row.Name != "!" && row.Name[0] != '?' {
			list = append(list, candidate{row.Name, "magic", row.Help.In(a.live.Language()), rankNear})
		}
	}
	return list
}
