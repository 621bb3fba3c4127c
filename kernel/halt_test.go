package kernel

import (
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
)

// mute is an output that nobody looks at.
type mute struct{}

func (mute) Stream(string, string)                    {}
func (mute) Display(display.Bundle, string, bool)     {}
func (mute) Clear(bool)                               {}
func (mute) Payload(map[string]any)                   {}
func (mute) Comm(display.CommMessage)                 {}
func (mute) Input(string, bool) (string, error)       { return "", errors.New("no input") }
func (mute) Ask(string, any) (json.RawMessage, error) { return nil, errors.New("no answer") }

// searching tells whether some goroutine minimises.
func searching() bool {
	buf := make([]byte, 1<<20)
	return strings.Contains(string(buf[:runtime.Stack(buf, true)]), "nabla/matcalc/optimize.")
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

// TestHalt interrupts a long search, which is one call of compiled code, and
// wants it to stop, and the next one to run.
func TestHalt(t *testing.T) {
	e, err := newEngine(false)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	run := func(code string) engine.Result { return e.Execute(engine.Request{Code: code, Count: 1}, mute{}) }
	if r := run(`v := matcalc.Vars("X: m×n; w: n")
X := mat.NewDense(4000, 400, nil)
for i := range 400 { X.Set(10*i, i, 1); X.Set(i, 0, float64(i)) }
values := matcalc.Values{"X": X, "w": mat.NewVecDense(400, nil)}`); r.Err != nil {
		t.Fatal(r.Err)
	}
	done := make(chan engine.Result, 1)
	go func() {
		done <- run(`for { v.Expr("sum(log(ones(m)+exp(-(X*w))))").Minimize("w", values, matcalc.Minimizing{Method: "lbfgs", Tolerance: 1e-300, Iterations: 1 << 30}) }`)
	}()
	eventually(t, "the search does not begin", func() bool { return searching() || len(done) > 0 })
	e.Interrupt()
	if r := <-done; r.Err == nil || r.Err.Name != engine.Interrupted {
		t.Fatalf("%+v", r.Err)
	}
	eventually(t, "the search goes on", func() bool { return !searching() })
	if r := run(`v.Expr("sum(w)^2").Minimize("w", values).Converged`); r.Err != nil || r.Value.Data["text/plain"] != "true" {
		t.Errorf("afterwards: %+v", r)
	}
}
