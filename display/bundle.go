package display

// A Bundle is one thing shown in several forms: MIME type to value. Text forms
// are strings, binary forms (image/png, ...) base64 text, application/json an
// ordinary JSON value. Every bundle that is shown has text/plain.
type Bundle struct {
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// The MIME types that the package makes.
const (
	MIMEText     = "text/plain"
	MIMEHTML     = "text/html"
	MIMELaTeX    = "text/latex"
	MIMEMarkdown = "text/markdown"
	MIMEJSON     = "application/json"
	MIMEPNG      = "image/png"
	MIMEJPEG     = "image/jpeg"
	MIMESVG      = "image/svg+xml"
)
