package display

// A Form is a value in one form, made by HTML, LaTeX and their kin. Show it, or
// make it the last expression of a cell.
type Form struct{ bundle Bundle }

// MIMEBundle is the form with its text.
func (f Form) MIMEBundle() Bundle { return f.bundle }

func form(mime string, value any) Form {
	return Form{Bundle{Data: map[string]any{mime: value}}.complete(nil)}
}

// HTML is text/html.
func HTML(source string) Form { return form(MIMEHTML, source) }

// LaTeX is a formula; $$ is added where the text has neither a delimiter nor
// an environment.
func LaTeX(source string) Form { return form(MIMELaTeX, delimited(source)) }

// Markdown is text/markdown.
func Markdown(source string) Form { return form(MIMEMarkdown, source) }

// SVG is a vector picture.
func SVG(source string) Form { return form(MIMESVG, source) }

// PNG is a picture, given as the bytes of the file.
func PNG(data []byte) Form { return form(MIMEPNG, encode(data)) }

// JPEG is a picture, given as the bytes of the file.
func JPEG(data []byte) Form { return form(MIMEJPEG, encode(data)) }

// Text is plain text, shown as it is.
func Text(s string) Form { return Form{plainBundle(s)} }

// JSON is a tree that can be opened; it panics when v is not a JSON value.
func JSON(v any) Form {
	value, err := plainJSON(v)
	if err != nil {
		panic(err)
	}
	return form(MIMEJSON, value)
}
