package eval

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
)

var update = flag.Bool("update", false, "rewrite what the transcripts expect")

// recorder keeps what a cell shows, as text.
type recorder struct {
	mu    sync.Mutex
	text  strings.Builder
	plain bool // leave out what goes to stderr
	joint bool // take stderr like stdout
}

func (r *recorder) add(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(&r.text, format, args...)
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func (r *recorder) Stream(name, text string) {
	if name == "stderr" {
		if r.plain {
			return
		}
		if !r.joint {
			r.add("[stderr] ")
		}
	}
	r.add("%s", text)
}
func (r *recorder) Display(b display.Bundle, _ string, update bool) {
	r.add("[display update=%v] %v\n", update, b.Data[display.MIMEText])
}
func (r *recorder) Clear(wait bool) { r.add("[clear wait=%v]\n", wait) }
func (r *recorder) Input(prompt string, _ bool) (string, error) {
	if prompt == "none" {
		return "", errors.New("no input")
	}
	return "answer to " + prompt, nil
}
func (r *recorder) Payload(p map[string]any)   { r.add("[payload %v]\n", p["source"]) }
func (r *recorder) Comm(m display.CommMessage) { r.add("[%s]\n", m.Type) }
func (r *recorder) Ask(string, any) (json.RawMessage, error) {
	return json.RawMessage("[]"), nil
}

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// play runs one cell and gives what a person would see.
func play(e *Engine, code string, count int) string {
	out := &recorder{}
	result := e.Execute(engine.Request{Code: code, Count: count}, out)
	switch {
	case result.Err != nil && result.Err.Traceback != nil:
		out.add("%s\n", colour.ReplaceAllString(strings.Join(result.Err.Traceback, "\n"), ""))
	case result.Err != nil:
		out.add("%s: %s\n", result.Err.Name, result.Err.Value)
	case result.Value != nil:
		out.add("= %v\n", result.Value.Data[display.MIMEText])
	}
	return out.String()
}

const (
	cellMark = "---- cell"
	wantMark = "---- shows"
)

// TestTranscripts plays testdata/*.txt, each in one engine: cells, each with
// what it shows.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			e, err := New(Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			var again strings.Builder
			for i, part := range strings.Split(string(data), cellMark+"\n") {
				if i == 0 {
					again.WriteString(part)
					continue
				}
				code, want, _ := strings.Cut(part, wantMark+"\n")
				got := play(e, strings.TrimSuffix(code, "\n"), i)
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
		})
	}
}

// TestInterrupt ends cells that would not end, with values kept.
func TestInterrupt(t *testing.T) {
	for _, code := range []string{"for {}", "time.Sleep(time.Hour)", "select {}", "<-make(chan int)",
		"for { next() }", "var mu sync.Mutex; mu.Lock(); mu.Lock()", "var wg sync.WaitGroup; wg.Add(1); wg.Wait()",
		"go func() { for { time.Sleep(time.Millisecond) } }(); select {}"} {
		e, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		play(e, "x := 41\nnext := func() func() int { n := 0; return func() int { n++; return n } }()", 1)
		go func() {
			time.Sleep(200 * time.Millisecond)
			e.Interrupt()
		}()
		if got := play(e, code, 2); !strings.Contains(got, "interrupted") {
			t.Errorf("%s: %s", code, got)
		}
		if got := play(e, "x + 1", 3); got != "= 42\n" {
			t.Errorf("after %s: x+1 shows %s", code, got)
		}
		if got := play(e, "next() > 0", 4); got != "= true\n" {
			t.Errorf("after %s: a kept function shows %s", code, got)
		}
		e.Close()
	}
}

// BenchmarkCell is what small cells cost in a session.
func BenchmarkCell(b *testing.B) {
	for _, code := range []string{"1+1", "x + 1", "y := x", "for i := range 3 { x += i }", "func f(n int) int { return n + x }"} {
		b.Run(code, func(b *testing.B) {
			e, err := New(Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer e.Close()
			play(e, "x := 1", 1)
			for b.Loop() {
				play(e, code, 2)
			}
		})
	}
}

// BenchmarkFirstCell is what the first cell of a session costs.
func BenchmarkFirstCell(b *testing.B) {
	for _, code := range []string{"1+1", "x := []int{1}", `fmt.Println("hello")`} {
		b.Run(code, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				e, err := New(Options{})
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				play(e, code, 1)
				b.StopTimer()
				e.Close()
			}
		})
	}
}
