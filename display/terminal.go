package display

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// Terminal writes b for a terminal of so many columns (0: as wide as it gets),
// with ANSI colours if color: Markdown simply formatted, else the text form,
// in which mathematics is Unicode and a picture one line with its size. The
// text does not end with a newline.
func Terminal(b Bundle, columns int, color bool) string {
	text, _ := b.Data[MIMEText].(string)
	if md, ok := b.Data[MIMEMarkdown].(string); ok {
		text = markdown(md, columns, color)
	} else if text == "" && len(b.Data) > 0 {
		text, _ = b.clone().complete(nil).Data[MIMEText].(string)
	}
	return strings.TrimRight(fit(text, columns), "\n")
}

// fit breaks lines that are wider than a terminal; drawings (lines with box
// characters or brackets of matrices) are cut instead, to keep their columns.
func fit(text string, columns int) string {
	if columns <= 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if width(l) > columns && strings.ContainsAny(l, "⎡⎢⎣─│") {
			lines[i] = clip(l, columns)
		}
	}
	return strings.Join(lines, "\n")
}

const (
	bold      = "\x1b[1m"
	underline = "\x1b[1;4m"
	dim       = "\x1b[2m"
	cyan      = "\x1b[36m"
	plain     = "\x1b[0m"
)

var (
	heading    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*$`) })
	bullet     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\s*)[-*+]\s+`) })
	fence      = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^\\s*(```|~~~)") })
	codeSpan   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("`([^`]+)`") })
	blockMath  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)\$\$(.+?)\$\$`) })
	inlineMath = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$([^$\s](?:[^$\n]*[^$\s\\])?)\$`) })
	strong     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\*\*([^*\n]+)\*\*|__([^_\n]+)__`) })
	emphasis   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\*([^*\s][^*\n]*)\*`) })
	link       = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`!?\[([^\]\n]*)\]\(([^)\s]*)[^)]*\)`) })
)

// markdown formats the parts of Markdown that people use in notebooks:
// headings, lists, code, emphasis, links and mathematics.
func markdown(source string, columns int, color bool) string {
	paint := func(style, s string) string {
		if !color {
			return s
		}
		return style + s + plain
	}
	source = blockMath().ReplaceAllStringFunc(source, func(m string) string {
		return "    " + strings.ReplaceAll(plainMath(m), "\n", "\n    ")
	})
	var out []string
	inCode := false
	for _, l := range strings.Split(source, "\n") {
		switch m := heading().FindStringSubmatch(l); {
		case fence().MatchString(l):
			inCode = !inCode
		case inCode:
			out = append(out, "    "+paint(cyan, l))
		case m != nil:
			style := bold
			if len(m[1]) == 1 {
				style = underline
			}
			out = append(out, paint(style, spans(m[2], func(_, s string) string { return s })))
		default:
			l = bullet().ReplaceAllString(l, "$1• ")
			out = append(out, wrap(spans(l, paint), columns)...)
		}
	}
	return strings.Trim(strings.Join(out, "\n"), "\n")
}

// spans formats one line. Code is taken out first, so that nothing in it is
// read as mathematics or emphasis.
func spans(l string, paint func(style, s string) string) string {
	var b strings.Builder
	for l != "" {
		at := codeSpan().FindStringSubmatchIndex(l)
		if at == nil {
			b.WriteString(prose(l, paint))
			break
		}
		b.WriteString(prose(l[:at[0]], paint))
		b.WriteString(paint(cyan, l[at[2]:at[3]]))
		l = l[at[1]:]
	}
	return b.String()
}

func prose(s string, paint func(style, s string) string) string {
	s = inlineMath().ReplaceAllStringFunc(s, plainMath)
	s = link().ReplaceAllStringFunc(s, func(m string) string {
		parts := link().FindStringSubmatch(m)
		if parts[1] == "" || parts[1] == parts[2] {
			return parts[2]
		}
		return parts[1] + " (" + parts[2] + ")"
	})
	s = strong().ReplaceAllStringFunc(s, func(m string) string { return paint(bold, strings.Trim(m, "*_")) })
	return emphasis().ReplaceAllStringFunc(s, func(m string) string { return paint(bold, strings.Trim(m, "*")) })
}

// wrap breaks a line of prose between words, the following lines as far in as
// the text of the first. Columns 0 leaves it whole.
func wrap(l string, columns int) []string {
	if columns <= 0 || width(l) <= columns {
		return []string{l}
	}
	text := strings.TrimLeft(l, " •")
	indent := strings.Repeat(" ", utf8.RuneCountInString(l)-utf8.RuneCountInString(text))
	var out []string
	current := strings.TrimSuffix(l, text)
	empty := true
	for _, word := range strings.Fields(text) {
		if !empty && width(current)+1+width(word) > columns {
			out, current, empty = append(out, current), indent, true
		}
		if !empty {
			current += " "
		}
		current, empty = current+word, false
	}
	return append(out, current)
}
