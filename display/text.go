package display

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
)

// delimiters are what MathJax takes for the start and end of a formula.
var delimiters = [][2]string{{"$$", "$$"}, {`\[`, `\]`}, {`\(`, `\)`}, {"$", "$"}}

// displays are the environments that are a displayed formula by themselves;
// others, such as aligned and bmatrix, stand within one.
var displays = map[string]bool{
	"equation": true, "align": true, "alignat": true, "flalign": true, "gather": true, "multline": true, "eqnarray": true, "displaymath": true, "math": true,
}

// delimited puts $$ round a formula that has no delimiter and is no environment
// that displays itself.
func delimited(latex string) string {
	t := strings.TrimSpace(latex)
	if t == "" {
		return latex
	}
	if name, inside := strings.CutPrefix(t, `\begin{`); inside {
		name, _, _ = strings.Cut(name, "}")
		if displays[strings.TrimSuffix(name, "*")] {
			return latex
		}
		return "$$" + t + "$$"
	}
	for _, d := range delimiters {
		if at := findDelimiter(t, d[0]); at >= 0 && findDelimiter(t[at+len(d[0]):], d[1]) >= 0 {
			return latex
		}
	}
	return "$$" + t + "$$"
}

// findDelimiter is the index of d in t where no backslash stands before it.
func findDelimiter(t, d string) int {
	for i := 0; i < len(t); i++ {
		if strings.HasPrefix(t[i:], d) {
			return i
		}
		if t[i] == '\\' {
			i++
		}
	}
	return -1
}

// bare is a formula without the delimiters that stand round the whole of it.
func bare(latex string) string {
	t := strings.TrimSpace(latex)
	for _, d := range delimiters {
		if len(t) < len(d[0])+len(d[1]) || !strings.HasPrefix(t, d[0]) || !strings.HasSuffix(t, d[1]) {
			continue
		}
		if body := t[len(d[0]) : len(t)-len(d[1])]; findDelimiter(body, d[1]) < 0 {
			return strings.TrimSpace(body)
		}
	}
	return t
}

// describe is the text form of what has only a form that text cannot show.
func describe(mime string, form any) string {
	s, _ := form.(string)
	switch mime {
	case MIMEMarkdown:
		return s
	case MIMEHTML:
		return textOfHTML(s)
	case MIMEJSON:
		data, err := json.MarshalIndent(form, "", "  ")
		if err != nil {
			return fmt.Sprint(form)
		}
		return string(data)
	case MIMESVG:
		return "[SVG image" + svgSize(s) + "]"
	case MIMEPNG, MIMEJPEG:
		data, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return "[" + mime + "]"
		}
		return "[" + strings.ToUpper(strings.TrimPrefix(mime, "image/")) + " image" + rasterSize(data) + "]"
	}
	return "[" + mime + "]"
}

var (
	hiddenHTML = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?is)<(script|style|head|template)\b.*?</(script|style|head|template)\s*>|<!--.*?-->`)
	})
	cellEnd  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)</(td|th)\s*>\s*`) })
	blockEnd = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)<(br|hr)\b[^>]*>|</(p|div|tr|li|h[1-6]|table|ul|ol|pre|summary|details|section|caption|thead|tbody)\s*>`)
	})
	anyTag     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)</?[a-zA-Z][^>]*>`) })
	blankLines = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\n\s*\n+`) })
)

// textOfHTML is what a page says when its tags are taken away.
func textOfHTML(source string) string {
	s := hiddenHTML().ReplaceAllString(source, "")
	s = cellEnd().ReplaceAllString(s, "  ")
	s = blockEnd().ReplaceAllString(s, "\n")
	s = html.UnescapeString(anyTag().ReplaceAllString(s, ""))
	lines := strings.Split(blankLines().ReplaceAllString(s, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	if s = strings.TrimSpace(strings.Join(lines, "\n")); s == "" {
		return "[HTML]"
	}
	return s
}

// encode is base64, as the protocol carries pictures.
func encode(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

// plainJSON makes maps, slices and numbers of a value that encoding/json knows.
func plainJSON(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("display.JSON: a %T cannot be written as JSON: %w", v, err)
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber() // digits beyond float64 stay
	var out any
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("display.JSON: %w", err)
	}
	return out, nil
}
