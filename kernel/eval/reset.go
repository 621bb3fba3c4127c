package eval

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/kernel/cell"
)

// origin is the state of the process in which an engine began.
type origin struct {
	dir    string
	env    []string
	args   []string
	prefix string
	flags  int
}

func begin() origin {
	dir, _ := os.Getwd() // without one there is none to go back to
	return origin{dir: dir, env: os.Environ(), args: slices.Clone(os.Args), prefix: log.Prefix(), flags: log.Flags()}
}

// restore brings the process back to where it began.
func (o origin) restore() {
	if o.dir != "" {
		_ = os.Chdir(o.dir) // it may have been deleted
	}
	want := map[string]bool{}
	for _, pair := range o.env {
		name, value, _ := strings.Cut(pair, "=")
		want[name] = true
		if name != "" && os.Getenv(name) != value {
			_ = os.Setenv(name, value) // it was set before
		}
	}
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); name != "" && !want[name] {
			_ = os.Unsetenv(name) // it is set
		}
	}
	os.Args = slices.Clone(o.args)
	log.SetPrefix(o.prefix)
	log.SetFlags(o.flags)
}

// magicReset forgets all names and makes a fresh interpreter in a process as it
// was in the beginning.
func magicReset(r *run, _ cell.Magic) error {
	e := r.engine
	e.capture.drain()
	e.halt()
	e.endChildren()
	e.notified.stop()
	e.origin.restore()
	e.woken.Store(false)
	e.lastDir = ""
	if e.whole {
		e.capture.redirect()
		log.SetOutput(os.Stderr)
		flag.CommandLine = flag.NewFlagSet(os.Args[0], flag.ContinueOnError)
	}
	e.live.Forget()
	if e.mathematics != nil {
		e.mathematics.Forget()
	}
	e.start()
	return nil
}

// endChildren ends the shell commands with all that they have started.
func (e *Engine) endChildren() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, pid := range e.children {
		endGroup(pid)
	}
	e.children = nil
}

// halt ends what still runs in the interpreter: an evaluation that is cancelled
// makes it stop all its goroutines at their next step.
func (e *Engine) halt() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _ = e.interp.EvalWithContext(ctx, "select {}") // it ends with the context's error
}

// A notifier remembers the channels that cells have asked signals on.
type notifier struct {
	mu       sync.Mutex
	channels []chan<- os.Signal
}

func (n *notifier) notify(c chan<- os.Signal, sig ...os.Signal) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.channels = append(n.channels, c)
	signal.Notify(c, sig...)
}

func (n *notifier) stop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.channels {
		signal.Stop(c)
	}
	n.channels = nil
}
