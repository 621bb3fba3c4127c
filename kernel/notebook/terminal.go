package notebook

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/display"
)

// A terminal shows a notebook as it runs: text and mathematics as Unicode, in
// colours where the writer is a terminal and NO_COLOR is not set.
type terminal struct {
	w       io.Writer
	columns int // 0: as wide as it gets
	color   bool
	column0 bool // the last text ended with a newline
}

func newTerminal(f *os.File) *terminal {
	t := &terminal{w: f, column0: true}
	if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		t.color = os.Getenv("NO_COLOR") == ""
		t.columns = 100
		if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
			t.columns = n
		}
	}
	return t
}

func (t *terminal) markdown(source string) {
	t.paragraph(display.Terminal(display.Bundle{Data: map[string]any{display.MIMEMarkdown: source}}, t.columns, t.color))
}

func (t *terminal) source(code string) {
	bar := "  ┃ "
	if t.color {
		bar = "\x1b[36m  ┃\x1b[0m "
	}
	t.paragraph(bar + strings.ReplaceAll(code, "\n", "\n"+bar))
}

// paragraph is text with an empty line before it.
func (t *terminal) paragraph(text string) {
	t.newline()
	fmt.Fprintf(t.w, "\n%s\n", text)
}

// newline ends the line that a cell has begun.
func (t *terminal) newline() {
	if !t.column0 {
		fmt.Fprintln(t.w)
	}
	t.column0 = true
}

// output shows one output of a cell.
func (t *terminal) output(out map[string]any) {
	switch out["output_type"] {
	case "stream":
		s, _ := out["text"].(text)
		fmt.Fprint(t.w, string(s))
		t.column0 = s == "" || strings.HasSuffix(string(s), "\n")
	case "error":
		t.newline()
		lines, _ := out["traceback"].([]any)
		for _, l := range lines {
			line := fmt.Sprint(l)
			if !t.color {
				line = ansi.ReplaceAllString(line, "")
			}
			fmt.Fprintln(t.w, line)
		}
	default:
		t.newline()
		b := display.Bundle{Data: map[string]any{}}
		data, _ := out["data"].(map[string]any)
		for mime, v := range data {
			if s, ok := v.(text); ok {
				v = string(s)
			}
			b.Data[mime] = v
		}
		fmt.Fprintln(t.w, display.Terminal(b, t.columns, t.color))
	}
}

// ask shows a prompt and reads a line.
func (t *terminal) ask(prompt string, lines *bufio.Reader) (string, error) {
	fmt.Fprint(t.w, prompt)
	line, err := lines.ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}
