package display

import (
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
)

// A type that implements one of these has that form. An empty form counts as
// none. In JupyterLab HTML wins over Markdown, Markdown over LaTeX, LaTeX over
// pictures: a value that should be seen as a formula has no HTML beside it.
type (
	// MIMEBundler gives all forms at once; the other interfaces are then not asked.
	MIMEBundler interface{ MIMEBundle() Bundle }
	// HTMLer gives text/html.
	HTMLer interface{ HTML() string }
	// Markdowner gives text/markdown.
	Markdowner interface{ Markdown() string }
	// LaTeXer gives text/latex; $$ is added where there is no delimiter.
	LaTeXer interface{ LaTeX() string }
	// SVGer gives image/svg+xml.
	SVGer interface{ SVG() string }
	// PNGer gives image/png, not encoded in base64.
	PNGer interface{ PNG() []byte }
	// JPEGer gives image/jpeg, not encoded in base64.
	JPEGer interface{ JPEG() []byte }
	// JSONer gives application/json, a value that encoding/json can write.
	JSONer interface{ JSON() any }
	// Texter gives text/plain, before String and Error are asked.
	Texter interface{ Text() string }
)

// A capability is one form that a value may have by a method.
type capability struct {
	mime, method string
	// form asks v for the form; has is false when v lacks the method.
	form func(v any) (form any, has bool)
}

// capabilities are asked in this order, each on its own: one that panics does
// not take the others with it.
var capabilities = []capability{
	{MIMEHTML, "HTML", func(v any) (any, bool) {
		return text(v, HTMLer.HTML)
	}},
	{MIMEMarkdown, "Markdown", func(v any) (any, bool) {
		return text(v, Markdowner.Markdown)
	}},
	{MIMELaTeX, "LaTeX", func(v any) (any, bool) {
		s, has := text(v, LaTeXer.LaTeX)
		if s != nil {
			s = delimited(s.(string))
		}
		return s, has
	}},
	{MIMESVG, "SVG", func(v any) (any, bool) {
		return text(v, SVGer.SVG)
	}},
	{MIMEPNG, "PNG", func(v any) (any, bool) {
		return binary(v, PNGer.PNG)
	}},
	{MIMEJPEG, "JPEG", func(v any) (any, bool) {
		return binary(v, JPEGer.JPEG)
	}},
	{MIMEJSON, "JSON", func(v any) (any, bool) {
		j, has := v.(JSONer)
		if !has {
			return nil, false
		}
		value, err := plainJSON(j.JSON())
		if err != nil {
			panic(err)
		}
		return value, true
	}},
	{MIMEText, "Text", func(v any) (any, bool) {
		return text(v, Texter.Text)
	}},
}

// text asks for a form that is a string; nil when it is empty.
func text[T any](v any, method func(T) string) (any, bool) {
	t, has := v.(T)
	if !has {
		return nil, false
	}
	if s := method(t); s != "" {
		return strings.ToValidUTF8(s, "\uFFFD"), true
	}
	return nil, true
}

// binary asks for a form that is bytes and encodes it; nil when it is empty.
func binary[T any](v any, method func(T) []byte) (any, bool) {
	t, has := v.(T)
	if !has {
		return nil, false
	}
	if data := method(t); len(data) > 0 {
		return encode(data), true
	}
	return nil, true
}

// methods renders a value that implements one of the interfaces above.
func methods(v any) (Bundle, bool) {
	if m, ok := v.(MIMEBundler); ok {
		b, failed := Bundle{}, ""
		guard(v, "MIMEBundle", &failed, func() { b = m.MIMEBundle().clone() })
		if failed != "" {
			return plainBundle(failed), true
		}
		return b.complete(v), true
	}
	b, found := Bundle{Data: map[string]any{}}, false
	var failures []string
	for _, c := range capabilities {
		var failed string
		guard(v, c.method, &failed, func() {
			form, has := c.form(v)
			found = found || has
			if form != nil {
				b.Data[c.mime] = form
			}
		})
		if failed != "" {
			failures = append(failures, failed)
		}
	}
	switch {
	case len(failures) > 0:
		// The failure must be seen, so no form may cover it.
		return plainBundle(strings.Join(append(failures, textOf(v, Bundle{})), "\n")), true
	case !found || len(b.Data) == 0:
		return Bundle{}, false
	}
	return b.complete(v), true
}

// guard runs call, which calls a method of v, and turns a panic into a line
// that names the method.
func guard(v any, method string, failed *string, call func()) {
	defer func() {
		if p := recover(); p != nil {
			*failed = fmt.Sprintf("the %s method of %T panicked: %v", method, v, p)
			if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
				*failed = fmt.Sprintf("the %s method of a nil %T panicked: %v", method, v, p)
			}
		}
	}()
	call()
}

// complete gives b the text form that every bundle has.
func (b Bundle) complete(v any) Bundle {
	if b.Data == nil {
		b.Data = map[string]any{}
	}
	if _, ok := b.Data[MIMEText].(string); !ok {
		b.Data[MIMEText] = textOf(v, b)
	}
	return b
}

// clone copies the maps of b, so that filling them in does not change the
// bundle that a program keeps.
func (b Bundle) clone() Bundle {
	c := Bundle{Data: make(map[string]any, len(b.Data)+1)}
	for k, v := range b.Data {
		c.Data[k] = v
	}
	if b.Metadata != nil {
		c.Metadata = make(map[string]any, len(b.Metadata))
		for k, v := range b.Metadata {
			c.Metadata[k] = v
		}
	}
	return c
}

// hasText reports whether fmt prints v by a method of its own.
func hasText(v any) bool {
	switch v.(type) {
	case fmt.Formatter, error, fmt.Stringer:
		return true
	}
	return false
}

var dresser atomic.Pointer[func(any) any]

// SetDresser gives a function that is asked about every value before it is
// shown, also inside slices, maps and structs. An interpreter uses it for types
// whose methods reflection does not see: it returns a value that has them as
// ordinary methods, or v itself. nil takes the function away.
func SetDresser(dress func(v any) any) {
	if dress == nil {
		dresser.Store(nil)
		return
	}
	dresser.Store(&dress)
}

func dressed(v any) any {
	if d := dresser.Load(); d != nil && v != nil {
		return (*d)(v)
	}
	return v
}
