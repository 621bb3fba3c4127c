package worker

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/engine"
)

// started runs a cell in the background and waits until it has printed "begun".
func started(t *testing.T, c *Client, code string, out *recorder) chan engine.Result {
	t.Helper()
	done := make(chan engine.Result, 1)
	go func() {
		done <- c.Execute(engine.Request{Code: "print := fmt.Println\nprint(\"begun\")\n" + code, Count: 1}, out)
	}()
	out.await(t, "begun")
	return done
}

// result waits for the end of a cell.
func result(t *testing.T, done chan engine.Result) engine.Result {
	t.Helper()
	select {
	case r := <-done:
		return r
	case <-time.After(long):
		t.Fatal("the cell does not end")
		panic("unreachable")
	}
}

// TestInterrupts ends cells that would not end, and keeps the values.
func TestInterrupts(t *testing.T) {
	if testing.Short() {
		t.Skip("after an interrupt yaegi's abandoned goroutine reads a field that the next Eval writes: the race detector, run with -short, stops at it")
	}
	c := living(t)
	play(c, "x := 41")
	waiting := make(chan struct{})
	for _, code := range []string{
		"for {}",
		"time.Sleep(time.Hour)",
		"select {}",
		"<-make(chan int)",
		"for { fmt.Println(1) }",
		"var mu sync.Mutex; mu.Lock(); mu.Lock()",
		"r, _, _ := os.Pipe(); r.Read(make([]byte, 1))",
		`exec.Command("sleep", "1000").Run()`,
		`display.Input("name")`,
	} {
		out := &recorder{input: func(string, bool) (string, error) {
			<-waiting
			return "", errors.New("interrupted")
		}}
		done := started(t, c, code, out)
		time.Sleep(20 * time.Millisecond)
		c.Interrupt()
		if r := result(t, done); r.Err == nil || r.Err.Name != engine.Interrupted {
			t.Errorf("%s ends with %+v", code, r.Err)
		}
		if err, out := play(c, "x + 1"); err != nil || out != "= 42" {
			t.Errorf("after %s: %v %q", code, err, out)
		}
	}
	close(waiting)
}

// TestIdleInterrupt wants an interrupt without a cell to do nothing.
func TestIdleInterrupt(t *testing.T) {
	c := living(t)
	for range 20 {
		c.Interrupt()
	}
	if err, out := play(c, "40 + 2"); err != nil || out != "= 42" {
		t.Errorf("afterwards: %v %q", err, out)
	}
}

// stubborn is an engine whose cells do not end.
type stubborn struct {
	fake
	interrupts chan bool
}

func (s stubborn) Execute(engine.Request, engine.Output) engine.Result { select {} }
func (s stubborn) Interrupt()                                          { s.interrupts <- true }

// TestSecondInterrupt replaces a worker whose cell does not end.
func TestSecondInterrupt(t *testing.T) {
	s := stubborn{interrupts: make(chan bool, 100)}
	c, _ := inMemory(t, s)
	out := &recorder{}
	done := make(chan engine.Result, 1)
	go func() { done <- c.Execute(engine.Request{Code: "for {}"}, out) }()
	for len(s.interrupts) == 0 {
		time.Sleep(time.Millisecond)
		c.Interrupt()
	}
	c.Interrupt() // counts as the first
	out.await(t, "has not ended this cell yet")
	select {
	case r := <-done:
		t.Fatalf("the cell ended with %+v", r.Err)
	default:
	}
	c.Interrupt()
	r := result(t, done)
	if r.Err == nil || !strings.Contains(r.Err.Value, "second interrupt") || r.Err.Name != engine.Interrupted {
		t.Errorf("the cell ended with %+v", r.Err)
	}
}

// TestDeaf replaces a worker that does not answer an interrupt.
func TestDeaf(t *testing.T) {
	c, _ := inMemory(t, nil)
	done := make(chan engine.Result, 1)
	go func() { done <- c.Execute(engine.Request{Code: "for {}"}, &recorder{}) }()
	for running := false; !running; time.Sleep(time.Millisecond) {
		if l := c.current(); l != nil {
			l.mu.Lock()
			running = len(l.calls) > 0
			l.mu.Unlock()
		}
	}
	c.Interrupt()
	if r := result(t, done); r.Err == nil || !strings.Contains(r.Err.Value, "did not answer an interrupt") {
		t.Errorf("the cell ended with %+v", r.Err)
	}
}
