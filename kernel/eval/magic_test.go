package eval

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/calculus"
	"github.com/nabla-go/nabla/kernel/engine"
)

// varying is what differs from run to run: times, temporary folders.
var varying = []struct {
	pattern *regexp.Regexp
	write   string
}{
	{regexp.MustCompile(`\d+(\.\d+)?(e\+\d+)? (ns|µs|ms|s)\b`), "TIME"},
	{regexp.MustCompile(`[\d,]+ loops? each`), "LOOPS each"},
	{regexp.MustCompile(` +TIME +[\d.]+  `), " TIME SHARE  "},
	{regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d`), "DATE"},
}

// A talk is one engine with the history that a session would keep.
type talk struct {
	*recorder
	history []input
}

func (t *talk) Ask(question string, _ any) (json.RawMessage, error) {
	if question == "subshells" {
		return json.RawMessage(`["one"]`), nil
	}
	var list []input
	for _, in := range t.history {
		if question == "history" || in.OK {
			list = append(list, in)
		}
	}
	return json.Marshal(list)
}

// say plays one cell and gives what a person would see.
func (t *talk) say(e *Engine, code string, count int) string {
	t.recorder = &recorder{}
	result := e.Execute(engine.Request{Code: code, Count: count}, t)
	entry := input{Line: count, Input: code, OK: result.Err == nil}
	switch {
	case result.Err != nil && result.Err.Traceback != nil:
		t.add("%s\n", colour.ReplaceAllString(strings.Join(result.Err.Traceback, "\n"), ""))
	case result.Err != nil:
		t.add("%s: %s\n", result.Err.Name, result.Err.Value)
	case result.Value != nil:
		text := fmt.Sprint(result.Value.Data[display.MIMEText])
		entry.Output = &text
		t.add("= %s\n", text)
	}
	t.history = append(t.history, entry)
	text := t.text.String()
	for _, v := range varying {
		text = v.pattern.ReplaceAllString(text, v.write)
	}
	return text
}

// TestMagics plays testdata/magics/*.txt, each in one engine with mathematics
// and in a folder of its own, called FOLDER in the transcript.
func TestMagics(t *testing.T) {
	files, err := filepath.Glob("testdata/magics/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			path, err := filepath.Abs(file)
			if err != nil {
				t.Fatal(err)
			}
			playFile(t, path)
		})
	}
}

func playFile(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	t.Setenv("LANG", "en_US.UTF-8")
	e, err := New(Options{Mathematics: calculus.NewNotebook()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	defer play(e, "%lang en", 0)
	talk := &talk{}
	var again strings.Builder
	for i, part := range strings.Split(string(data), cellMark+"\n") {
		if i == 0 {
			again.WriteString(part)
			continue
		}
		code, want, _ := strings.Cut(part, wantMark+"\n")
		got := strings.ReplaceAll(talk.say(e, strings.TrimSuffix(code, "\n"), i), folder, "FOLDER")
		if strings.TrimRight(got, "\n") != strings.TrimRight(want, "\n") && !*update {
			t.Errorf("cell %d:\n%sshows\n%swant\n%s", i, code, got, want)
		}
		again.WriteString(cellMark + "\n" + code + wantMark + "\n" + strings.TrimRight(got, "\n") + "\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(again.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMagicTexts: no row lacks a text in either language, no name is there
// twice, and every row is explained.
func TestMagicTexts(t *testing.T) {
	e, err := New(Options{Mathematics: calculus.NewNotebook()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	seen := map[string]bool{}
	for _, m := range e.table() {
		if m.Help.En == "" || m.Help.Zh == "" || (m.More.En == "") != (m.More.Zh == "") || m.Usage == "" || m.run == nil {
			t.Errorf("%s lacks a text", m.Name)
		}
		for _, name := range append(m.Alias, m.Name) {
			if seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
	}
	for name, text := range foreign {
		if text.En == "" || text.Zh == "" || seen[name] {
			t.Errorf("%s: %v", name, text)
		}
	}
}
