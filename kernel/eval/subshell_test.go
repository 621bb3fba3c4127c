package eval

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/engine"
)

// A beside is a cell of a subshell on its way.
type beside struct {
	out  *recorder
	done chan engine.Result
}

// startBeside starts a cell of a subshell and waits until it has printed.
func startBeside(t *testing.T, e *Engine, shell, code string) *beside {
	t.Helper()
	b := &beside{&recorder{}, make(chan engine.Result, 1)}
	go func() { b.done <- e.Execute(engine.Request{Code: code, Count: 1, Subshell: shell}, b.out) }()
	for end := time.Now().Add(time.Minute); b.out.String() == ""; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the cell does not print")
		}
	}
	return b
}

// TestBeside runs cells of two subshells at once: they share what lives, print
// each to its own place, and end each by itself.
func TestBeside(t *testing.T) {
	e := newEngine(t)
	play(e, "go1 := make(chan int)\nvar mu sync.Mutex\nx := 1", 1)
	b := startBeside(t, e, "sub", "fmt.Println(\"waiting\")\nn := <-go1\nfmt.Println(\"got\", n)\nn + x")
	if got := play(e, "x = 40\nfmt.Println(\"main\")\nfmt.Fprintln(os.Stderr, \"err\")\nx", 2); got != "main\n[stderr] err\n= 40\n" {
		t.Errorf("the main shell shows %q", got)
	}
	play(e, "go1 <- 2", 3)
	if r := <-b.done; r.Err != nil || r.Value.Data["text/plain"] != "42" {
		t.Errorf("the subshell gives %+v", r)
	}
	if got := b.out.String(); got != "waiting\ngot 2\n" {
		t.Errorf("the subshell shows %q", got)
	}
}

// TestBesideEnds wants what ends one cell to leave the other alone: a panic,
// also of a goroutine, os.Exit, runtime.Goexit, an error of the compiler.
func TestBesideEnds(t *testing.T) {
	for code, want := range map[string]string{
		`panic("boom")`: "panic: boom",
		"go func() { panic(\"boom\") }()\nfor { time.Sleep(time.Millisecond) }": "panic in a goroutine: boom",
		"os.Exit(3)":         "exit status 3",
		"runtime.Goexit()":   "no goroutines (main called runtime.Goexit)",
		"undefined":          "undefined: undefined",
		"var s []int\ns[3]":  "index out of range",
		"%reset":             "another subshell",
		"%unknown":           "there is no magic",
		"log.Fatal(\"sad\")": "exit status 1",
	} {
		e := newEngine(t)
		play(e, "var stop atomic.Bool", 1)
		b := startBeside(t, e, "sub", "fmt.Println(\"on\")\ni := 0\nfor !stop.Load() { i++; time.Sleep(100*time.Microsecond) }\nstop.Load()")
		if got := play(e, code, 2); !strings.Contains(got, want) {
			t.Errorf("%s shows %q", code, got)
		}
		play(e, "stop.Store(true)", 3)
		if r := <-b.done; r.Err != nil || r.Value == nil || r.Value.Data["text/plain"] != "true" {
			t.Errorf("beside %s the subshell gives %+v", code, r)
		}
	}
}

// TestBesideInterrupt wants an interrupt to end all cells, with values kept, and
// the next ones to run.
func TestBesideInterrupt(t *testing.T) {
	e := newEngine(t)
	play(e, "x := 41", 1)
	for round := range 5 {
		var all []*beside
		for i, code := range []string{"for {}", "select {}", "time.Sleep(time.Hour)", "<-make(chan int)"} {
			all = append(all, startBeside(t, e, fmt.Sprint("sub", i), "fmt.Println(\"on\")\n"+code))
		}
		e.Interrupt()
		for _, b := range all {
			if r := <-b.done; r.Err == nil || r.Err.Name != engine.Interrupted {
				t.Fatalf("round %d: %+v", round, r)
			}
		}
		if got := play(e, "x + 1", 2); got != "= 42\n" {
			t.Errorf("afterwards x+1 shows %q", got)
		}
	}
}

// TestBesideMany compiles and runs many cells of many subshells at once.
func TestBesideMany(t *testing.T) {
	e := newEngine(t)
	var wait sync.WaitGroup
	for s := range 8 {
		wait.Go(func() {
			for i := range 20 {
				code := fmt.Sprintf("v%d := %d\nfunc f%d() int { return v%d * 2 }\nfmt.Println(f%d())\nf%d()", s, i, s, s, s, s)
				out := &recorder{}
				r := e.Execute(engine.Request{Code: code, Count: i, Subshell: fmt.Sprint(s)}, out)
				if r.Err != nil || r.Value.Data["text/plain"] != fmt.Sprint(2*i) || out.String() != fmt.Sprintln(2*i) {
					t.Errorf("%+v, shows %q", r, out)
				}
			}
		})
	}
	wait.Wait()
}
