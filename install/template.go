package install

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed template template-latex
var templateFolder embed.FS

// templateName is what `jupyter nbconvert --template` is given.
const templateName = "nabla"

// mathJaxFile is where the pinned package keeps MathJax, below site-packages.
var mathJaxFile = filepath.Join("sphinx-mathjax-offline", "static", "mathjax", "tex-svg-full.js")

// templatePath is the template's folder below a Jupyter data folder.
func templatePath(data string) string {
	return filepath.Join(data, "nbconvert", "templates", templateName)
}

// WriteTemplate writes nbconvert's templates, for HTML with the given script of
// MathJax and, named nabla-latex, for LaTeX, below the Jupyter data folder data, and returns the folder. Pages made
// with it hold MathJax (2 MB) and need no network.
func WriteTemplate(data string, mathJax []byte) (string, error) {
	folder := templatePath(data)
	static := filepath.Join(folder, "static")
	if err := os.MkdirAll(static, 0o755); err != nil {
		return "", err
	}
	for source, to := range map[string]string{"template": folder, "template-latex": folder + "-latex"} {
		if err := copyTemplate(source, to); err != nil {
			return "", err
		}
	}
	return folder, replaceFile(filepath.Join(static, "mathjax.js"), mathJax)
}

// copyTemplate writes an embedded folder.
func copyTemplate(source, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	entries, err := fs.ReadDir(templateFolder, source)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		content, err := templateFolder.ReadFile(source + "/" + entry.Name())
		if err != nil {
			return err
		}
		if err := replaceFile(filepath.Join(folder, entry.Name()), content); err != nil {
			return err
		}
	}
	return nil
}

// RemoveTemplate removes what WriteTemplate wrote; none is no error.
func RemoveTemplate(data string) error {
	return errors.Join(os.RemoveAll(templatePath(data)), os.RemoveAll(templatePath(data)+"-latex"))
}
