package eval

import (
	"context"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// An era is the time between two interrupts: the interpreter can only stop all
// that it runs at once.
type era struct {
	ctx   context.Context
	end   context.CancelFunc
	over  chan struct{} // closed when the interpreter has been stopped
	brake *brake

	settled chan struct{} // closed when nothing more is to be woken
	quit    chan struct{} // closed when waking has ended
}

// patience is how long a cell after an interrupt waits for what the interrupted
// ones have left running.
const patience = 250 * time.Millisecond

// stop ends what the interpreter runs, at its next step; what waits for a
// channel is woken.
func (a *era) stop() {
	a.end()
	atomic.AddUint64(a.brake.id, 1)
	close(a.over)
	go func() {
		defer close(a.quit)
		for {
			select {
			case a.brake.done <- struct{}{}:
			case <-a.settled:
				return
			}
		}
	}()
}

// settle waits until nothing of a stopped era runs, and then, if it is to be
// continued, lets the functions that it has left in variables run again. When
// something stays, in a call that cannot be interrupted, they do not: it would go
// on as well.
func (a *era) settle(continued bool) {
	quiet := interpreting() == 0
	for wait, end := time.Millisecond, time.Now().Add(patience); !quiet && time.Now().Before(end); wait *= 2 {
		time.Sleep(wait)
		quiet = interpreting() == 0
	}
	close(a.settled)
	<-a.quit
	if quiet && continued {
		atomic.AddUint64(a.brake.id, ^uint64(0))
	}
}

// locked is the state of a goroutine that only a cell could wake.
var locked = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(semacquire|sync\.(Mutex\.Lock|RWMutex\.R?Lock|Cond\.Wait|WaitGroup\.Wait))(, |$)`)
})

// interpreting counts the goroutines, besides the one that asks, that run
// interpreted code or are about to, but not those that wait for a lock.
func interpreting() int {
	buffer := make([]byte, mostStack)
	n := runtime.Stack(buffer, true)
	if n == len(buffer) {
		return 1 // too many to tell
	}
	_, stacks, _ := strings.Cut(string(buffer[:n]), "\n\n")
	count := 0
	for block := range strings.SplitSeq(stacks, "\n\n") {
		if head := goroutineHead().FindStringSubmatch(block); head != nil && locked().MatchString(head[2]) {
			continue
		}
		if strings.Contains(block, "traefik/yaegi/interp.runCfg(") || strings.Contains(block, "eval.(*Engine).spawn in goroutine") {
			count++
		}
	}
	return count
}

// keepEra makes sure that an era lasts. The caller holds build.
func (e *Engine) keepEra() {
	e.mu.Lock()
	a, last := e.era, e.lastEra
	e.lastEra = nil
	e.mu.Unlock()
	if a != nil {
		return
	}
	if last != nil {
		last.settle(last.brake == e.brake) // else %reset
	}
	e.globals.grow()
	a = &era{brake: e.brake, over: make(chan struct{}), settled: make(chan struct{}), quit: make(chan struct{})}
	a.ctx, a.end = context.WithCancel(context.Background())
	e.mu.Lock()
	e.era = a
	e.mu.Unlock()
}

// endEra stops all that the interpreter runs, at its next step. The caller holds
// mu.
func (e *Engine) endEra() {
	if e.era != nil {
		e.era.stop()
		e.era, e.lastEra = nil, e.era
	}
}

// Context is done when what cells compute now is to end.
func (e *Engine) Context() context.Context {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.era != nil:
		return e.era.ctx
	case e.lastEra != nil:
		return e.lastEra.ctx
	}
	return context.Background()
}
