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

// computing tells whether some goroutine is in the package.
func computing(pkg string) bool {
	buf := make([]byte, 1<<20)
	return strings.Contains(string(buf[:runtime.Stack(buf, true)]), "nabla/matcalc/"+pkg+".")
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

// TestHalt interrupts long computations in compiled code and wants them to stop,
// the values to be kept, and the next cell to run.
func TestHalt(t *testing.T) {
	e, err := newEngine(false)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	run := func(code string) engine.Result { return e.Execute(engine.Request{Code: code, Count: 1}, mute{}) }
	if r := run(`v := matcalc.Vars("X: m×n; w: n; A: k×k")
X := mat.NewDense(4000, 400, nil)
for i := range 400 { X.Set(10*i, i, 1); X.Set(i, 0, float64(i)) }
values := matcalc.Values{"X": X, "w": mat.NewVecDense(400, nil)}
loss := v.Expr("sum(log(ones(m)+exp(-(X*w))))")
f := loss.Compile("w")
g := f.Func(values)
big := v.Expr("logdet(A'*A + eye(k))").Compile("A")
A := mat.NewDense(2000, 2000, nil)
for i := range 2000 { A.Set(i, i, 1) }
calls, kept := 0, 41`); r.Err != nil {
		t.Fatal(r.Err)
	}
	for _, c := range []struct{ code, pkg string }{
		{`for { loss.Minimize("w", values, matcalc.Minimizing{Method: "lbfgs", Tolerance: 1e-300, Iterations: 1 << 30}) }`, "optimize"},
		{`for { f.Hessian(values); calls++ }`, "compile"},
		{`for { big.Gradient(matcalc.Values{"A": A}); calls++ }`, "compile"},
		{`for { calls += int(g(make([]float64, 400))) }`, "compile"},
		{`%timeit -r 1000 -n 1000 f.Hessian(values)`, "compile"},
	} {
		done := make(chan engine.Result, 1)
		go func() { done <- run(c.code) }()
		eventually(t, c.code+" does not begin", func() bool { return computing(c.pkg) || len(done) > 0 })
		begun := time.Now()
		e.Interrupt()
		if r := <-done; r.Err == nil || r.Err.Name != engine.Interrupted {
			t.Fatalf("%s: %+v", c.code, r.Err)
		}
		t.Logf("%s: the reply came after %v", c.code, time.Since(begun))
		eventually(t, c.code+" goes on", func() bool { return !computing(c.pkg) })
		t.Logf("%s: ended after %v", c.code, time.Since(begun))
	}
	if r := run(`kept == 41 && calls >= 0`); r.Err != nil || r.Value.Data["text/plain"] != "true" {
		t.Errorf("afterwards: %+v", r)
	}
	if r := run(`v.Expr("sum(w)^2").Minimize("w", values).Converged`); r.Err != nil || r.Value.Data["text/plain"] != "true" {
		t.Errorf("afterwards: %+v", r)
	}
}
