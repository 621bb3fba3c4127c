package eval

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik/yaegi/interp"

	"github.com/nabla-go/nabla/kernel/cell/lower"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/symbols"
)

func flawProgram(f lower.Flaw) string {
	var b strings.Builder
	b.WriteString("package main\nimport \"fmt\"\n")
	for _, path := range strings.Fields(f.Imports) {
		fmt.Fprintf(&b, "import %q\n", path)
	}
	fmt.Fprintf(&b, "%s\nfunc main() {\n%s\n}\n", f.Decls, f.Main)
	return b.String()
}

// TestFlaws holds that the bare interpreter is still wrong about every program
// of the table, and that cells are right. A row of which the interpreter is
// right can go, with the form that avoids it.
func TestFlaws(t *testing.T) {
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	names := map[string]bool{}
	for _, f := range lower.Flaws {
		t.Run(f.Name, func(t *testing.T) {
			if names[f.Name] || f.Avoided == "" {
				t.Fatal("a row without a form, or with the name of another")
			}
			names[f.Name] = true
			if got := bare(f); got == f.Prints {
				t.Errorf("the interpreter is right about it: the row can go\n%s", f.Main)
			}
			out := &recorder{joint: true}
			r := e.Execute(engine.Request{Code: flawProgram(f), Count: 1}, out)
			if r.Err != nil {
				t.Fatalf("%s: %s", r.Err.Name, r.Err.Value)
			}
			if got := out.String(); got != f.Prints {
				t.Errorf("cells print %q, want %q", got, f.Prints)
			}
		})
	}
}

// bare is what a program prints in the interpreter without Nabla, or how it
// fails.
func bare(f lower.Flaw) string {
	var out syncBuffer
	i := interp.New(interp.Options{Stdout: &out, Stderr: &out})
	for _, path := range append([]string{"fmt"}, strings.Fields(f.Imports)...) {
		if path == "unsafe" {
			continue
		}
		if err := i.Use(interp.Exports{path + "/" + symbols.Name(path): symbols.Values(path)}); err != nil {
			return err.Error()
		}
	}
	ended := make(chan string, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				ended <- fmt.Sprint("panic: ", r)
			}
		}()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if _, err := i.EvalWithContext(ctx, flawProgram(f)); err != nil {
			ended <- "error: " + err.Error()
			return
		}
		ended <- out.String()
	}()
	select {
	case s := <-ended:
		return s
	case <-time.After(20 * time.Second):
		return "does not end"
	}
}

// A syncBuffer is a buffer that goroutines share.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
