package eval

import (
	"context"
	"encoding/json"
	"errors"
	"os/signal"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nabla-go/nabla/kernel/engine"
)

// The run time finds a deadlock only when no goroutine of the process can go on;
// here there are always some that wait for the front end. So a cell that runs
// for long is looked at from outside: when all goroutines that cells have
// started wait for one another, twice with a while between, it is ended in Go's
// words. What may yet wake them, a timer, a signal, a cell of a subshell,
// forbids the verdict; subshells that have run no cell, such as those that front
// ends make for widgets, delay it.

// errDeadlock is why a cell was ended.
//
//lint:ignore ST1005 these are the words of Go
var errDeadlock = errors.New("all goroutines are asleep - deadlock!")

const (
	firstLook = time.Second
	lastLook  = 8 * time.Second // between two looks
	likeness  = 10              // equal looks for a verdict where a subshell may run a cell
	mostStack = 1 << 20         // the bytes of stacks that are read
)

// watch looks for a deadlock until stop is called.
func (r *run) watch() (stop func()) {
	e := r.engine
	var stopped atomic.Bool
	var timer *time.Timer
	wait, before, alike := e.firstLook, "", 0
	look := func() {
		now := e.asleep()
		if stopped.Load() {
			return
		}
		switch alike++; {
		case now == "":
			wait = min(2*wait, lastLook)
			alike = 0
		case now != before:
			alike = 1
		case alike >= likeness, !r.subshells():
			e.mu.Lock()
			r.abort(errDeadlock)
			e.mu.Unlock()
			return
		}
		before = now
		timer.Reset(wait)
	}
	timer = time.AfterFunc(time.Hour, look)
	timer.Reset(wait)
	return func() {
		stopped.Store(true)
		timer.Stop()
	}
}

// subshells tells whether cells could run beside this one.
func (r *run) subshells() bool {
	data, err := r.out.Ask("subshells", nil)
	var ids []string
	return err == nil && json.Unmarshal(data, &ids) == nil && len(ids) > 0
}

// asleep lists the goroutines that cells have started when all of them wait for
// one another; "" when one can go on or may be woken.
func (e *Engine) asleep() string {
	if e.woken.Load() || e.shared.Load() {
		return ""
	}
	buffer := make([]byte, mostStack)
	n := runtime.Stack(buffer, true)
	if n == len(buffer) {
		return "" // too many to tell
	}
	return asleep(string(buffer[:n]))
}

// hopeless are the states out of which only another goroutine helps.
var hopeless = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(chan receive|chan send|select|semacquire|sync\.(Mutex\.Lock|RWMutex\.R?Lock|Cond\.Wait|WaitGroup\.Wait))( \((nil chan|no cases)\))?(, |$)`)
})

var (
	goroutineHead = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^goroutine (\d+) (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[([^\]]*)\]`)
	})
	// own are the goroutines of the kernel itself, by who has started them.
	own = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^(created by (github\.com/nabla-go/nabla/kernel/[^.\n]*\.[^\n]*|github\.com/traefik/yaegi/interp\.\(\*Interpreter\)\.EvalWithContext[^\n]*|os/signal\.[^\n]*|runtime[./][^\n]*|testing\.[^\n]*)|main\.main\(\))`)
	})
	// spawned are goroutines of cells although the kernel or testing.Benchmark has
	// started them.
	spawned = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^created by github\.com/nabla-go/nabla/kernel/(eval\.\(\*(Engine\)\.(spawn|Spawn)|run\)\.goCode)|rt\.)|^created by testing\.\(\*B\)`)
	})
	// outside are waits for the front end, another process, the clock or, in
	// functions such as runtime.GC, the run time.
	outside = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^github\.com/nabla-go/nabla/(kernel/(worker|session|notebook)\.|display\.|kernel/eval\.\(\*Engine\)\.sleep\()|\Agoroutine [^\n]*\nruntime\.[A-Z]\w*\(`)
	})
)

// waits are the functions that may be the innermost of a goroutine that only
// another one wakes. A wait in another compiled function may end by a clock of its
// own, as that of net.Pipe or http.Server.Shutdown does.
var (
	waits = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(github\.com/(traefik/yaegi|nabla-go/nabla)/|(io|context|iter|testing|bufio|log|fmt|main)\.|golang\.org/x/sync/)`)
	})
	plumbing = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(runtime|reflect|sync|internal/[a-z/]+)\.`) })
)

// knownWait tells a goroutine whose innermost function is one of waits.
func knownWait(block string) bool {
	for line := range strings.Lines(block) {
		if strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "goroutine ") || plumbing().MatchString(line) {
			continue
		}
		return waits().MatchString(line)
	}
	return true
}

// asleep reads the stacks of all goroutines, of which the first is the one that
// looks.
func asleep(stacks string) string {
	var found []string
	_, stacks, _ = strings.Cut(stacks, "\n\n")
	for block := range strings.SplitSeq(stacks, "\n\n") {
		head := goroutineHead().FindStringSubmatch(block)
		if head == nil || own().MatchString(block) && !spawned().MatchString(block) {
			continue
		}
		if !hopeless().MatchString(head[2]) || outside().MatchString(block) || !knownWait(block) {
			return ""
		}
		state, _, _ := strings.Cut(head[2], ",")
		found = append(found, head[1]+" "+state)
	}
	return strings.Join(found, "\n")
}

// deadlock is the error of a cell that was ended.
func (r *run) deadlock() *engine.Error {
	f := r.report("FatalError", "fatal error: "+errDeadlock.Error(), nil)
	f.Traceback = append(f.Traceback, "The values stay.")
	return f
}

// sleep is time.Sleep, which an interrupt ends.
func (e *Engine) sleep(d time.Duration) {
	e.mu.Lock()
	a := e.era
	e.mu.Unlock()
	if a == nil {
		return // the interpreter stops
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-a.over:
	}
}

// wakers are the functions after whose use goroutines may be woken by the
// clock, by the collector or by a signal, so that no verdict is possible.
func (e *Engine) wakers(path string) map[string]reflect.Value {
	table := map[string]map[string]any{
		"time":      {"After": time.After, "AfterFunc": time.AfterFunc, "NewTicker": time.NewTicker, "NewTimer": time.NewTimer, "Tick": time.Tick},
		"context":   {"WithDeadline": context.WithDeadline, "WithDeadlineCause": context.WithDeadlineCause, "WithTimeout": context.WithTimeout, "WithTimeoutCause": context.WithTimeoutCause},
		"runtime":   {"SetFinalizer": runtime.SetFinalizer},
		"os/signal": {"Notify": e.notified.notify, "NotifyContext": signal.NotifyContext},
	}
	values := map[string]reflect.Value{}
	if path == "time" {
		values["Sleep"] = reflect.ValueOf(e.sleep)
	}
	for name, f := range table[path] {
		v := reflect.ValueOf(f)
		values[name] = reflect.MakeFunc(v.Type(), func(args []reflect.Value) []reflect.Value {
			e.woken.Store(true)
			if v.Type().IsVariadic() {
				return v.CallSlice(args)
			}
			return v.Call(args)
		})
	}
	return values
}
