package display

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// environments that MathJax typesets without delimiters around them.
const environment = `\begin{`

// delimited puts $$ round a formula that has no delimiter and is no environment.
func delimited(latex string) string {
	t := strings.TrimSpace(latex)
	if strings.Contains(t, "$") || strings.HasPrefix(t, `\(`) || strings.HasPrefix(t, `\[`) || strings.HasPrefix(t, environment) {
		return latex
	}
	return "$$" + t + "$$"
}

// plainMath is the text form of a formula that has no other: its source
// without the delimiters.
func plainMath(latex string) string {
	t := strings.TrimSpace(latex)
	for _, d := range [][2]string{{"$$", "$$"}, {"$", "$"}, {`\[`, `\]`}, {`\(`, `\)`}} {
		if len(t) >= len(d[0])+len(d[1]) && strings.HasPrefix(t, d[0]) && strings.HasSuffix(t, d[1]) {
			return strings.TrimSpace(t[len(d[0]) : len(t)-len(d[1])])
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
	case MIMEJSON:
		data, err := json.MarshalIndent(form, "", "  ")
		if err != nil {
			return fmt.Sprint(form)
		}
		return string(data)
	case MIMEHTML:
		return fmt.Sprintf("<HTML, %d characters>", utf8.RuneCountInString(s))
	case MIMESVG:
		return fmt.Sprintf("<SVG image, %d bytes>", len(s))
	}
	return fmt.Sprintf("<%s, %d bytes>", mime, base64.StdEncoding.DecodedLen(len(s)))
}

// clip shortens s to width characters with dots at the end.
func clip(s string, width int) string {
	if utf8.RuneCountInString(s) <= width || width < 1 {
		return s
	}
	return string([]rune(s)[:width-1]) + "…"
}

// encode is base64, as the protocol carries pictures.
func encode(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

// plainJSON makes maps, slices and numbers of a value that encoding/json knows.
func plainJSON(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("not a JSON value: %w", err)
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, err
	}
	return out, nil
}
