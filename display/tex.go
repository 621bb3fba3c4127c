package display

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainMath reads TeX as Unicode text: \nabla f = 2 A^{\top} x becomes
// ∇f = 2 Aᵀ x. Commands it does not know stay as words. It takes any text.
func plainMath(latex string) string {
	t := texReader{rest: bare(latex)}
	lines := strings.Split(t.until("", 0), "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// maxNesting keeps braces within braces from using up the stack.
const maxNesting = 200

// A texReader reads TeX from left to right.
type texReader struct{ rest string }

// until reads up to the text end, which is taken, or to the end of the input.
func (t *texReader) until(end string, depth int) string {
	var b strings.Builder
	for t.rest != "" {
		if end != "" && strings.HasPrefix(t.rest, end) {
			t.rest = t.rest[len(end):]
			break
		}
		b.WriteString(t.item(b.String(), depth))
	}
	return b.String()
}

// item reads the next letter, command or script. Before is what stands at its
// left.
func (t *texReader) item(before string, depth int) string {
	switch c := t.rest[0]; c {
	case '\\':
		return t.command(before, depth)
	case '{':
		return t.argument(depth)
	case '^', '_':
		t.rest = t.rest[1:]
		return script(c, strings.TrimSpace(t.argument(depth)))
	case '}', '$':
		t.rest = t.rest[1:]
		return ""
	case '&', '~':
		t.rest = t.rest[1:]
		return " "
	case '\'':
		t.rest = t.rest[1:]
		return "′"
	case '\n':
		t.rest = t.rest[1:]
		return " "
	}
	_, n := utf8.DecodeRuneInString(t.rest)
	s := t.rest[:n]
	t.rest = t.rest[n:]
	return s
}

// argument reads one letter, command or group in braces.
func (t *texReader) argument(depth int) string {
	t.rest = strings.TrimLeft(t.rest, " \n\t")
	if t.rest == "" {
		return ""
	}
	if depth > maxNesting {
		s := t.rest
		t.rest = ""
		return s
	}
	if t.rest[0] == '{' {
		t.rest = t.rest[1:]
		return t.until("}", depth+1)
	}
	return t.item("", depth+1)
}

// name takes the name of a command after its backslash.
func (t *texReader) name() string {
	t.rest = t.rest[1:]
	n := strings.IndexFunc(t.rest, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) })
	switch {
	case t.rest == "":
		return ""
	case n < 0:
		n = len(t.rest)
	case n == 0: // a sign such as \, or \{
		_, n = utf8.DecodeRuneInString(t.rest)
	}
	s := t.rest[:n]
	t.rest = t.rest[n:]
	return s
}

func (t *texReader) command(before string, depth int) string {
	name := t.name()
	if s, ok := texSymbols[name]; ok {
		if isWord(name) {
			t.space(&s)
		}
		return s
	}
	switch name {
	case "frac", "dfrac", "tfrac":
		over := t.argument(depth)
		return grouped(over) + "/" + grouped(t.argument(depth))
	case "sqrt":
		return "√" + grouped(t.argument(depth))
	case "left", "right":
		t.rest = strings.TrimPrefix(strings.TrimLeft(t.rest, " "), ".")
		return ""
	case "begin":
		return t.environment(before, depth)
	case "end", "phantom", "hphantom", "vphantom", "label":
		t.argument(depth)
		return ""
	case "hat", "widehat", "bar", "overline", "tilde", "vec", "dot", "ddot":
		return accented(t.argument(depth), texAccents[name])
	}
	if texContent[name] { // \mathbf{x} and the like are their argument
		return t.argument(depth)
	}
	s := name
	t.space(&s)
	return s
}

// space drops the space that ends the name of a command, unless it separates
// words or stands after a sign that has space on both sides.
func (t *texReader) space(s *string) {
	had := strings.HasPrefix(t.rest, " ")
	t.rest = strings.TrimLeft(t.rest, " ")
	last, _ := utf8.DecodeLastRuneInString(*s)
	next, _ := utf8.DecodeRuneInString(t.rest)
	switch {
	case t.rest == "" || strings.ContainsRune("∇∂√∑∏∫‖|⟨⌊⌈{[(¬", last):
	case unicode.IsLetter(last) && last <= unicode.MaxASCII && unicode.IsLetter(next):
		*s += " " // \sin x
	case had && (!unicode.IsLetter(last) || !strings.ContainsRune("^_{}()[],;.", next)):
		*s += " " // \lambda x, a \le b
	}
}

func isWord(name string) bool { return name != "" && unicode.IsLetter(rune(name[0])) }

// environment reads \begin{...} to its end: matrices as rows between brackets,
// others line by line.
func (t *texReader) environment(before string, depth int) string {
	kind := t.argument(depth)
	if depth > maxNesting {
		return ""
	}
	if kind == "array" {
		t.argument(depth) // the columns
	}
	body := t.until(`\end{`+kind+"}", depth+1)
	if !strings.HasSuffix(kind, "matrix") && kind != "array" {
		return body
	}
	rows := strings.Split(body, "\n")
	for i := range rows {
		rows[i] = strings.Join(strings.Fields(rows[i]), " ")
	}
	inside := strings.Join(rows, "; ")
	if open, _ := utf8.DecodeLastRuneInString(strings.TrimSpace(before)); open == '[' || open == '(' || open == '|' {
		return inside
	}
	return "[" + inside + "]"
}

// grouped puts parentheses round what is more than one factor.
func grouped(s string) string {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, " +-/·=") && !(strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")")) {
		return "(" + s + ")"
	}
	return s
}

// script writes an exponent or index with the letters that Unicode has for it.
func script(sign byte, s string) string {
	letters := texSubscripts
	if sign == '^' {
		letters = texSuperscripts
	}
	var b strings.Builder
	for _, r := range s {
		c, ok := letters[r]
		if !ok {
			if utf8.RuneCountInString(s) == 1 {
				return string(sign) + s
			}
			return string(sign) + "(" + s + ")"
		}
		b.WriteRune(c)
	}
	return b.String()
}

// accented puts a combining accent on a single letter.
func accented(s string, accent rune) string {
	if utf8.RuneCountInString(s) == 1 {
		return s + string(accent)
	}
	return s
}
