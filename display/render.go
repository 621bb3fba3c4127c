package display

import (
	"fmt"
	"reflect"
	"strconv"
)

// renderers are asked in this order; the first that knows the value shows it.
var renderers = []func(v any) (Bundle, bool){
	nothing,
	methods,
	matrices,
	pictures,
	fractions,
	scalars,
	listOfFormulas,
	numberGrid,
	tables,
}

// Render gives the forms of v. It never panics: a method of v that does is
// shown as a line of text that names it.
func Render(v any) (b Bundle) {
	defer func() {
		if p := recover(); p != nil {
			b = plainBundle(fmt.Sprintf("a %T that cannot be shown: %v", v, p))
		}
	}()
	if ready, ok := v.(Bundle); ok {
		return ready.clone().complete(nil)
	}
	v = addressed(dressed(v))
	for _, render := range renderers {
		if b, ok := render(v); ok {
			return b
		}
	}
	return plainBundle(textOf(v, Bundle{}))
}

// plainBundle is a bundle with a text form only.
func plainBundle(s string) Bundle {
	return Bundle{Data: map[string]any{MIMEText: s}}
}

// mathBundle is a formula, given without delimiters, and its text form.
func mathBundle(latex, text string) Bundle {
	return Bundle{Data: map[string]any{MIMELaTeX: "$$" + latex + "$$", MIMEText: text}}
}

// nothing shows nil and nil pointers, which have no methods that could be asked.
func nothing(v any) (Bundle, bool) {
	if v == nil {
		return plainBundle("<nil>"), true
	}
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
		return plainBundle("<nil>"), true
	}
	return Bundle{}, false
}

// textOf is the text form of a value whose other forms are in b: its own if it
// has one, a reading of the formula, or what %v prints, a string quoted.
func textOf(v any, b Bundle) string {
	if hasText(v) {
		return sprint(v)
	}
	if tex, ok := b.Data[MIMELaTeX].(string); ok {
		return plainMath(tex)
	}
	for _, mime := range []string{MIMEMarkdown, MIMEHTML, MIMESVG, MIMEPNG, MIMEJPEG, MIMEJSON} {
		if form, ok := b.Data[mime]; ok {
			return describe(mime, form)
		}
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.String {
		return quoted(rv.String())
	}
	return sprint(v)
}

// maxString is how many bytes of one string are shown.
const maxString = 1 << 20

func quoted(s string) string {
	if len(s) <= maxString {
		return strconv.Quote(s)
	}
	return strconv.Quote(s[:maxString/2]) + " … " + strconv.Quote(s[len(s)-1024:]) +
		fmt.Sprintf(" (%d bytes)", len(s))
}
