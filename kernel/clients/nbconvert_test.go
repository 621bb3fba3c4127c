package clients

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const first = "../../notebooks/first.ipynb"

// nbconvert writes the notebook in a format and returns what it wrote.
func (h *home) nbconvert(t *testing.T, format, name string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	cmd := h.command(t, 3*time.Minute, "python", append([]string{"-c", pandoc, "nbconvert", "--to", format,
		"--output-dir", dir, "--output", name}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("nbconvert --to %s: %v\n%s", format, err, out)
	}
	found, err := filepath.Glob(filepath.Join(dir, name+"*"))
	if err != nil || len(found) == 0 {
		t.Fatalf("nbconvert --to %s wrote nothing", format)
	}
	for _, path := range found {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
	}
	return ""
}

// pandoc runs jupyter with the pandoc of a Python package on PATH, which
// --to latex needs for the text between the cells.
const pandoc = `
import os, sys, pypandoc
os.environ["PATH"] = os.path.dirname(pypandoc.get_pandoc_path()) + os.pathsep + os.environ["PATH"]
from nbconvert.nbconvertapp import main
main(sys.argv[2:])
`

// TestExecute runs a notebook in CI's way; its outputs are those that are committed.
func TestExecute(t *testing.T) {
	h := open(t)
	text := h.nbconvert(t, "notebook", "executed", "--execute", first)
	committed, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	want, got := plain(t, committed), plain(t, []byte(text))
	if len(got) != len(want) {
		t.Fatalf("%d outputs, committed are %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("output %d is\n%s\ncommitted is\n%s", i+1, got[i], want[i])
		}
	}
}

// plain lists the text of the outputs of a notebook.
func plain(t *testing.T, notebook []byte) (texts []string) {
	t.Helper()
	var nb struct {
		Cells []struct {
			Outputs []struct {
				Data struct {
					Text []string `json:"text/plain"`
				} `json:"data"`
				Name string `json:"ename"`
			} `json:"outputs"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(notebook, &nb); err != nil {
		t.Fatal(err)
	}
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			texts = append(texts, o.Name+strings.Join(o.Data.Text, ""))
		}
	}
	return texts
}

// TestFormats exports the committed notebook in every format that people use.
func TestFormats(t *testing.T) {
	h := open(t)
	for format, wants := range map[string][]string{
		"markdown": {"# First contact", "```go", "$$", "2"},
		"latex":    {`\documentclass`, `\section{First contact}`, `\begin{`, `\top`},
		"script":   {"greeting := \"hello, world\"", "matcalc.Vars"},
		"html":     {"<title>", "window.MathJax", "First contact", `\top`},
	} {
		t.Run(format, func(t *testing.T) {
			args := []string{first}
			if format == "html" {
				args = append(args, "--template", "nabla")
			}
			text := h.nbconvert(t, format, "first", args...)
			for _, want := range wants {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in the %d bytes of %s", want, len(text), format)
				}
			}
			if format == "html" && strings.Contains(text, "ajax/libs/mathjax") {
				t.Error("the page needs a network")
			}
		})
	}
}

// TestOffline looks at the exported page in a browser that has no network: the
// mathematics is typeset.
func TestOffline(t *testing.T) {
	h := open(t)
	chromium := browser(t)
	page := filepath.Join(t.TempDir(), "first.html")
	if err := os.WriteFile(page, []byte(h.nbconvert(t, "html", "first", "--template", "nabla", first)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--proxy-server=127.0.0.1:9", "--virtual-time-budget=30000", "--dump-dom", "file://"+page)
	dom, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(dom), "<mjx-container"); n < 5 {
		t.Errorf("%d typeset formulas, want several", n)
	}
	if strings.Contains(string(dom), `data-mjx-error="`) {
		t.Error("a formula has a TeX error")
	}
}
