package eval

import (
	"testing"

	"github.com/nabla-go/nabla/kernel/engine"
)

// TestLoud says for cells whether a print must look at the pipes first.
func TestLoud(t *testing.T) {
	for code, want := range map[string]bool{
		`fmt.Println(strings.Repeat("a", 3), math.Pi)`:       false,
		`os.Getenv("HOME")`:                                  false,
		`mat.NewDense(2, 2, nil)`:                            false,
		`os.Stdout.WriteString("x")`:                         true,
		`w := bufio.NewWriter(os.Stderr); w.Flush()`:         true,
		`exec.Command("true").Run()`:                         true,
		`log.Print("x")`:                                     true,
		`optimize.NewPrinter()`:                              true,
		`slog.Info("x")`:                                     true,
		`import . "os"` + "\n" + `fmt.Fprintln(Stdout, "x")`: true,
	} {
		e := newEngine(t)
		e.Execute(engine.Request{Code: code, Count: 1}, &recorder{})
		if got := e.capture.loud.Load(); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
}
