package display

import (
	"bytes"
	"fmt"
	"strings"
)

// A Form is a value in one form, made by HTML, LaTeX and their kin. Show it, or
// make it the last expression of a cell.
type Form struct{ bundle Bundle }

// MIMEBundle is the form with its text.
func (f Form) MIMEBundle() Bundle { return f.bundle.clone() }

func form(mime string, value any) Form {
	return Form{Bundle{Data: map[string]any{mime: value}}.complete(nil)}
}

// HTML is text/html.
func HTML(source string) Form { return form(MIMEHTML, valid(source)) }

// LaTeX is a formula; $$ is added where the text has neither a delimiter nor
// an environment. Its text form is the formula read as Unicode.
func LaTeX(source string) Form { return form(MIMELaTeX, delimited(valid(source))) }

// Markdown is text/markdown.
func Markdown(source string) Form { return form(MIMEMarkdown, valid(source)) }

// Text is plain text, shown as it is, without quotes.
func Text(s string) Form { return Form{plainBundle(valid(s))} }

// SVG is a vector picture. It panics when source has no svg element.
func SVG(source string) Form {
	if !strings.Contains(source, "<svg") {
		panic(fmt.Errorf("display.SVG: there is no <svg> element in %s", clip(quoted(source), cellWidth)))
	}
	return form(MIMESVG, valid(source))
}

// PNG is a picture, given as the bytes of the file. It panics when they are
// not those of a PNG file.
func PNG(data []byte) Form { return raster("PNG", MIMEPNG, "\x89PNG\r\n\x1a\n", data) }

// JPEG is a picture, given as the bytes of the file. It panics when they are
// not those of a JPEG file.
func JPEG(data []byte) Form { return raster("JPEG", MIMEJPEG, "\xff\xd8\xff", data) }

func raster(name, mime, signature string, data []byte) Form {
	if !bytes.HasPrefix(data, []byte(signature)) {
		panic(fmt.Errorf("display.%s: these %d bytes are no %s file, they begin with % x; an image.Image is shown without encoding it",
			name, len(data), name, data[:min(len(data), 8)]))
	}
	return form(mime, encode(data))
}

// JSON is a tree that can be opened. It panics when v cannot be written as JSON.
func JSON(v any) Form {
	value, err := plainJSON(v)
	if err != nil {
		panic(err)
	}
	return form(MIMEJSON, value)
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
