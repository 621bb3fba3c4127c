package cell

import "strings"

// A Magic is a line that starts with % or !, or a whole cell that starts with %%.
type Magic struct {
	Name string // time, writefile, ...; "!" for a shell line
	Args string
	Body string // the rest of the cell, of a cell magic
	Cell bool
	Line int // 1-based
}

// Split takes the magics out of a cell. The Go that is left keeps its
// positions: lines of magics are blank.
func Split(code string) (magics []Magic, goCode string) {
	if strings.HasPrefix(strings.TrimLeft(code, " \t\r\n"), "%%") {
		head, body, _ := strings.Cut(strings.TrimLeft(code, " \t\r\n"), "\n")
		name, args, _ := strings.Cut(head[2:], " ")
		return []Magic{{Name: name, Args: strings.TrimSpace(args), Body: body, Cell: true, Line: 1}}, ""
	}
	inside := rawStrings(code)
	lines := strings.SplitAfter(code, "\n")
	at := 0
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		start := at
		at += len(line)
		if inside(start) {
			continue
		}
		switch {
		case strings.HasPrefix(trimmed, "%"):
			name, args, _ := strings.Cut(trimmed[1:], " ")
			magics = append(magics, Magic{Name: name, Args: strings.TrimSpace(args), Line: i + 1})
		case strings.HasPrefix(trimmed, "!") && (len(trimmed) == 1 || trimmed[1] != '='):
			magics = append(magics, Magic{Name: "!", Args: strings.TrimSpace(trimmed[1:]), Line: i + 1})
		default:
			continue
		}
		lines[i] = blank(strings.TrimRight(line, "\r\n")) + line[len(strings.TrimRight(line, "\r\n")):]
	}
	return magics, strings.Join(lines, "")
}

// rawStrings tells whether an offset lies inside a raw string or a comment,
// or in the middle of brackets.
func rawStrings(code string) func(offset int) bool {
	tokens := lex(code)
	return func(offset int) bool {
		depth := 0
		for _, l := range tokens {
			if l.at >= offset {
				break
			}
			if l.end > offset {
				return true
			}
			switch l.tok.String() {
			case "(", "[", "{":
				depth++
			case ")", "]", "}":
				depth--
			}
		}
		return depth > 0
	}
}
