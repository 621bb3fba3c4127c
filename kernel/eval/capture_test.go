package eval

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/engine"
)

// TestOrder prints in all ways, by turns, and wants the order of the writing.
// (Two files, with nothing printed between them, are two pipes: no order.)
func TestOrder(t *testing.T) {
	e := newEngine(t)
	got := play(e, `for i := 0; i < 300; i++ {
	fmt.Println("a", i)
	fmt.Fprintln(os.Stderr, "b", i)
	log.SetFlags(0)
	log.Println("c", i)
	os.Stdout.WriteString(fmt.Sprintln("d", i))
	fmt.Printf("e %d\n", i)
}`, 1)
	var want strings.Builder
	for i := range 300 {
		fmt.Fprintf(&want, "a %d\nb %d\nc %d\nd %d\ne %d\n", i, i, i, i, i)
	}
	if got = strings.ReplaceAll(got, "[stderr] ", ""); got != want.String() {
		t.Errorf("got %.300s", got)
	}
}

// TestClosedStreams wants the next cell to print as ever.
func TestClosedStreams(t *testing.T) {
	for _, code := range []string{
		"os.Stdout.Close()\nos.Stderr.Close()",
		"os.Stdout = nil\nos.Stderr = nil",
	} {
		e := newEngine(t)
		play(e, code, 1)
		if got := play(e, `fmt.Println("a"); os.Stdout.WriteString("b\n"); log.SetFlags(0); log.Print("c")`, 2); got != "a\nb\n[stderr] c\n" {
			t.Errorf("after %s: %q", code, got)
		}
	}
}

// TestRedirected wants what a program expects that puts a pipe in the place of
// os.Stdout.
func TestRedirected(t *testing.T) {
	e := newEngine(t)
	got := play(e, `old := os.Stdout
r, w, _ := os.Pipe()
os.Stdout = w
fmt.Println("inside")
os.Stdout = old
w.Close()
data, _ := io.ReadAll(r)
fmt.Printf("%q\n", data)`, 1)
	if got != "\"inside\\n\"\n" {
		t.Errorf("got %q", got)
	}
}

// TestLateOutput wants what goroutines print and show with the cell that has
// started them.
func TestLateOutput(t *testing.T) {
	e := newEngine(t)
	first, second := &recorder{}, &recorder{}
	e.Execute(engine.Request{Code: `go func() {
	time.Sleep(100*time.Millisecond)
	fmt.Println("late")
	var wg sync.WaitGroup
	wg.Go(func() { fmt.Println("later"); display.Show("shown") })
}()`, Count: 1}, first)
	e.Execute(engine.Request{Code: `time.Sleep(300*time.Millisecond); fmt.Println("second")`, Count: 2}, second)
	for end := time.Now().Add(time.Minute); !strings.Contains(first.String(), "shown") && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	if got := first.String(); got != "late\nlater\n[display update=false] \"shown\"\n" {
		t.Errorf("the first cell shows %q", got)
	}
	if got := second.String(); got != "second\n" {
		t.Errorf("the second cell shows %q", got)
	}
}

// TestForgotten wants the outputs of cells without goroutines forgotten.
func TestForgotten(t *testing.T) {
	e := newEngine(t)
	for i := range 50 {
		play(e, "1+1", i)
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		runtime.GC()
		e.origins.mu.Lock()
		n := len(e.origins.runs)
		e.origins.mu.Unlock()
		if n < 10 {
			return
		}
	}
	t.Error("the outputs are kept")
}

func newEngine(t *testing.T) *Engine {
	t.Helper()
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}
