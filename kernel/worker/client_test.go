package worker

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
)

// A fake is an engine that does what the code says: a call of a function in
// its table.
type fake struct {
	cells map[string]func(req engine.Request, out engine.Output) engine.Result
}

func (f fake) Execute(req engine.Request, out engine.Output) engine.Result {
	return f.cells[req.Code](req, out)
}
func (fake) Interrupt() {}
func (fake) Complete(code string, cursor int) engine.Completion {
	return engine.Completion{Matches: []engine.Match{{Text: code, Type: "function", Signature: "()"}}, Start: 1, End: cursor}
}
func (fake) Inspect(code string, cursor, detail int) engine.Inspection {
	return engine.Inspection{Found: detail == 1, Bundle: &display.Bundle{Data: map[string]any{display.MIMEText: code}}}
}
func (fake) IsComplete(code string) engine.Completeness {
	if code == "panic" {
		panic(code)
	}
	return engine.Completeness{Status: "incomplete", Indent: "\t"}
}
func (fake) Comm(m display.CommMessage, out engine.Output) bool {
	out.Comm(m)
	if m.TargetName == "panic" {
		panic("handler")
	}
	return m.TargetName == "known"
}
func (fake) Close() error { return nil }

// near is a worker in this process.
type near struct {
	io.Reader
	io.Writer
	end func()
	how ending
}

func (m *near) Hang()                      { m.end() }
func (m *near) Kill()                      { m.end() }
func (m *near) Wait() ending               { return m.how }
func (m *near) Printed()                   {}
func (m *near) Print(func(string, string)) {}
func (m *near) Line(uint64) int            { return 0 }

// inMemory makes a client whose workers serve the engine in this process; with
// none they read and do not answer. Kill ends the worker that lives and waits
// until it has.
func inMemory(t *testing.T, e engine.Engine) (c *Client, kill func(how ending)) {
	t.Helper()
	var mu sync.Mutex
	var last *near
	c = newClient(func() (process, error) {
		in, requests := io.Pipe()
		replies, out := io.Pipe()
		m := &near{Reader: replies, Writer: requests, how: ending{status: "exit status 1"}}
		m.end = func() { requests.Close(); in.Close(); out.Close() }
		go func() {
			if e == nil {
				io.Copy(io.Discard, in)
			} else {
				Serve(e, in, out, nil)
			}
			out.Close()
		}()
		mu.Lock()
		defer mu.Unlock()
		last = m
		return m, nil
	})
	t.Cleanup(func() { c.Close() })
	return c, func(how ending) {
		l, err := c.worker()
		if err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		last.how = how
		last.end()
		mu.Unlock()
		<-l.ended
	}
}

// TestCells wants all that a cell shows, in its order, and the result.
func TestCells(t *testing.T) {
	plot := &display.Bundle{Data: map[string]any{display.MIMEText: "plot", "application/json": map[string]any{"n": json.Number("12345678901234567890")}}}
	f := fake{cells: map[string]func(engine.Request, engine.Output) engine.Result{
		"show": func(req engine.Request, out engine.Output) engine.Result {
			out.Stream("stdout", "é\x00one\n")
			out.Stream("stderr", "two\n")
			out.Stream("stdout", "three\n")
			out.Display(display.Bundle{Data: map[string]any{"x": 1.5, "y": math.Inf(1)}}, "id", true)
			out.Clear(true)
			out.Payload(map[string]any{"source": "page"})
			out.Comm(display.CommMessage{Type: "comm_open", ID: "c", Buffers: [][]byte{{0, 255}, {}}})
			name, err := out.Input("name?", true)
			out.Stream("stdout", fmt.Sprintln(name, err))
			answer, err := out.Ask("history", 3)
			out.Stream("stdout", fmt.Sprintln(string(answer), err))
			_, err = out.Ask("fail", nil)
			out.Stream("stdout", fmt.Sprintln(err))
			return engine.Result{Value: plot, Metadata: map[string]any{"req": fmt.Sprint(req)}}
		},
	}}
	c, _ := inMemory(t, f)
	out := &recorder{input: func(prompt string, password bool) (string, error) { return fmt.Sprint(prompt, password), nil }}
	req := engine.Request{Code: "show", Count: 7, Subshell: "s", CellID: "c", Silent: true, AllowStdin: true, UserExpressions: map[string]string{"a": "b"}}
	got := c.Execute(req, out)
	if want := (engine.Result{Value: plot, Metadata: map[string]any{"req": fmt.Sprint(req)}}); !reflect.DeepEqual(got, want) {
		t.Errorf("the result is %+v", got)
	}
	want := `é` + "\x00" + `one
[two
]three
<map[x:1.5 y:+Inf] id true><clear true><payload page><comm_open c ["\x00\xff" ""]>name?true <nil>
{"argument":3,"question":"history"} <nil>
no answer
`
	if out.String() != want {
		t.Errorf("it shows %q\nwant %q", out, want)
	}
}

// TestEndOfInput keeps io.EOF what it is.
func TestEndOfInput(t *testing.T) {
	f := fake{cells: map[string]func(engine.Request, engine.Output) engine.Result{
		"read": func(_ engine.Request, out engine.Output) engine.Result {
			if _, err := out.Input("", false); err != io.EOF {
				return engine.Result{Err: &engine.Error{Name: fmt.Sprint(err)}}
			}
			return engine.Result{}
		},
	}}
	c, _ := inMemory(t, f)
	out := &recorder{input: func(string, bool) (string, error) { return "", io.EOF }}
	if r := c.Execute(engine.Request{Code: "read"}, out); r.Err != nil {
		t.Error(r.Err.Name)
	}
}

// TestQuestions makes the calls that are no cells, from many goroutines.
func TestQuestions(t *testing.T) {
	c, _ := inMemory(t, fake{})
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			code := fmt.Sprint("code", i)
			if got := c.Complete(code, i); len(got.Matches) != 1 || got.Matches[0].Text != code || got.End != i {
				t.Errorf("completion %+v", got)
			}
			if got := c.Inspect(code, 0, i%2); got.Found != (i%2 == 1) || got.Bundle.Data[display.MIMEText] != code {
				t.Errorf("inspection %+v", got)
			}
			if got := c.IsComplete(code); got.Status != "incomplete" || got.Indent != "\t" {
				t.Errorf("completeness %+v", got)
			}
		})
	}
	all.Wait()
	if got := c.IsComplete("panic"); got.Status != "unknown" {
		t.Errorf("after a panic: %+v", got)
	}
	out := &recorder{}
	if !c.Comm(display.CommMessage{Type: "comm_open", TargetName: "known", ID: "1"}, out) || c.Comm(display.CommMessage{Type: "comm_msg", TargetName: "panic", ID: "2"}, out) {
		t.Error("comm messages are known and unknown")
	}
	if got := out.String(); !strings.Contains(got, `<comm_open 1 []><comm_msg 2 []>[panic in the handler`) {
		t.Errorf("the handlers show %q", got)
	}
}

// TestBadCells wants an error of what an engine should not do.
func TestBadCells(t *testing.T) {
	f := fake{cells: map[string]func(engine.Request, engine.Output) engine.Result{
		"panic":  func(engine.Request, engine.Output) engine.Result { panic("broken") },
		"goexit": func(engine.Request, engine.Output) engine.Result { runtime.Goexit(); return engine.Result{} },
		"nan": func(engine.Request, engine.Output) engine.Result {
			return engine.Result{Value: &display.Bundle{Data: map[string]any{"x": math.NaN()}}}
		},
	}}
	c, _ := inMemory(t, f)
	for code, want := range map[string]string{"panic": "broken", "goexit": "runtime.Goexit"} {
		if r := c.Execute(engine.Request{Code: code}, &recorder{}); r.Err == nil || !strings.Contains(r.Err.Value, want) {
			t.Errorf("%s gives %+v", code, r.Err)
		}
	}
	if r := c.Execute(engine.Request{Code: "nan"}, &recorder{}); r.Value == nil || r.Value.Data["x"] != "NaN" {
		t.Errorf("NaN arrives as %+v", r.Value)
	}
}

// TestIdleDeath tells once that the values are gone: with the last cell, or
// before the first.
func TestIdleDeath(t *testing.T) {
	f := fake{cells: map[string]func(engine.Request, engine.Output) engine.Result{
		"": func(engine.Request, engine.Output) engine.Result { return engine.Result{} },
	}}
	c, kill := inMemory(t, f)
	kill(ending{text: "fatal error: early\n\ngoroutine 1 [running]:\n"})
	first, second := &recorder{}, &recorder{}
	c.Execute(engine.Request{}, first)
	c.Execute(engine.Request{}, second)
	if got := first.String(); !strings.HasPrefix(got, "[fatal error: early\n") || strings.Count(got, "%run-all") != 1 {
		t.Errorf("the first cell shows %q", got)
	}
	kill(ending{text: "panic: late\n"})
	second.await(t, "panic: late")
	third := &recorder{}
	c.Execute(engine.Request{}, third)
	if third.String() != "" {
		t.Errorf("it is told again: %q", third)
	}
}

// TestStartFails names what is wrong.
func TestStartFails(t *testing.T) {
	c := newClient(func() (process, error) { return nil, errors.New("no such file") })
	defer c.Close()
	if r := c.Execute(engine.Request{}, &recorder{}); r.Err == nil || !strings.Contains(r.Err.Value, "no such file") {
		t.Errorf("the error is %+v", r.Err)
	}
	if got := c.IsComplete("x"); got.Status != "unknown" {
		t.Errorf("completeness %+v", got)
	}
}

// TestRelease forgets the outputs of cells that nobody can print to.
func TestRelease(t *testing.T) {
	f := fake{cells: map[string]func(engine.Request, engine.Output) engine.Result{
		"": func(engine.Request, engine.Output) engine.Result { return engine.Result{} },
	}}
	c, _ := inMemory(t, f)
	for range 100 {
		c.Execute(engine.Request{}, &recorder{})
	}
	l := c.current()
	for end := time.Now().Add(long); time.Now().Before(end); time.Sleep(time.Millisecond) {
		runtime.GC()
		l.mu.Lock()
		n := len(l.outputs)
		l.mu.Unlock()
		if n < 5 {
			return
		}
	}
	t.Error("the outputs are kept")
}

// TestGarbage wants a worker that speaks nonsense replaced.
func TestGarbage(t *testing.T) {
	for _, said := range []string{"garbage that is no frame at all", string([]byte{255, 255, 255, 255, byte(kindStdout), 0, 0, 0, 0, 0, 0, 0, 1}), "\x00\x00"} {
		var closed sync.Once
		in, requests := io.Pipe()
		m := &near{Reader: bytes.NewReader([]byte(said)), Writer: requests}
		m.end = func() { closed.Do(func() { in.Close() }) }
		l := newLife(m, nil, func(bool) {})
		_, fault := l.do(&call{kind: kindExecute, out: &recorder{}}, nil)
		if fault == nil || !strings.Contains(fault.Value, "could not be read") {
			t.Errorf("%q: %+v", said, fault)
		}
	}
}
