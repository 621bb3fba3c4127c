package eval

import (
	"errors"
	"flag"
	"log"
	"net/http"
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
	http.DefaultServeMux = http.NewServeMux()
}

// magicReset forgets all names and makes a fresh interpreter in a process as it
// was in the beginning.
func magicReset(r *run, _ cell.Magic) error {
	e := r.engine
	if !r.alone() {
		return errors.New(r.say("a cell runs in another subshell; interrupt it first", "另一个子外壳中有单元格在运行；请先中断它"))
	}
	e.build.Lock()
	defer e.build.Unlock()
	e.capture.drain()
	e.mu.Lock()
	e.endEra()
	e.lastDir = ""
	e.mu.Unlock()
	e.endChildren()
	if e.whole {
		endOthers()
	}
	if e.networks.Load() {
		hangUp(nil)
	}
	e.notified.stop()
	e.origin.restore()
	e.woken.Store(false)
	e.shared.Store(false)
	e.capture.loud.Store(false)
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
