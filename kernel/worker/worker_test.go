package worker

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/eval"
)

// TestMain lets the test program be the worker of its own tests.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		os.Exit(Command(func() (engine.Engine, error) { return eval.New(eval.Options{WholeProcess: true}) }))
	}
	Adopt()
	os.Setenv("NABLA_MEMORY_LIMIT", "1500MB") // more than the largest stack takes
	os.Exit(m.Run())
}

// long bounds what should take no time.
const long = time.Minute

// recorder keeps what a cell shows, as text.
type recorder struct {
	mu    sync.Mutex
	text  strings.Builder
	input func(prompt string, password bool) (string, error)
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

// await waits until the recorder holds some text.
func (r *recorder) await(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(long); !strings.Contains(r.String(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%q does not come, only %q", text, r.String())
		}
	}
}

func (r *recorder) Stream(name, text string) {
	if name == "stderr" {
		text = "[" + text + "]"
	}
	r.add("%s", text)
}

func (r *recorder) Display(b display.Bundle, id string, update bool) {
	r.add("<%v %s %v>", b.Data, id, update)
}

func (r *recorder) Clear(wait bool)            { r.add("<clear %v>", wait) }
func (r *recorder) Payload(p map[string]any)   { r.add("<payload %v>", p["source"]) }
func (r *recorder) Comm(m display.CommMessage) { r.add("<%s %s %q>", m.Type, m.ID, m.Buffers) }

func (r *recorder) Input(prompt string, password bool) (string, error) {
	if r.input == nil {
		return "", errors.New("no input")
	}
	return r.input(prompt, password)
}

func (r *recorder) Ask(text string, argument any) (json.RawMessage, error) {
	if text == "fail" {
		return nil, errors.New("no answer")
	}
	return json.Marshal(map[string]any{"question": text, "argument": argument})
}

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// play runs one cell and gives its error, nil if there was none, with all that
// it showed.
func play(e engine.Engine, code string) (*engine.Error, string) {
	out := &recorder{}
	result := e.Execute(engine.Request{Code: code, Count: 3}, out)
	if result.Value != nil {
		out.add("= %v", result.Value.Data[display.MIMEText])
	}
	if result.Err != nil {
		for i, line := range result.Err.Traceback {
			result.Err.Traceback[i] = colour.ReplaceAllString(line, "")
		}
	}
	return result.Err, out.String()
}

// living makes a client with a worker, which is closed after the test.
func living(t *testing.T) *Client {
	t.Helper()
	c := New()
	t.Cleanup(func() { c.Close() })
	return c
}
