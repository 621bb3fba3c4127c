package rt

import (
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// A function that is deferred by its name or as a literal is given the panic of
// the frame. One that is deferred as a value, or as a method of an interface,
// cannot be: the frame offers its panic, and the function claims it when it
// begins, if it was called by the frame itself.

var offers struct {
	sync.Mutex
	panics map[int][]*Panicking // by goroutine, the innermost last
	count  atomic.Int64
}

// offer lets a deferred call claim the panic until withdraw is called.
func (p *Panicking) offer() (withdraw func()) {
	if !p.active {
		return func() {}
	}
	id := Goroutine()
	offers.Lock()
	defer offers.Unlock()
	if offers.panics == nil {
		offers.panics = map[int][]*Panicking{}
	}
	offers.panics[id] = append(offers.panics[id], p)
	offers.count.Add(1)
	return func() {
		offers.Lock()
		defer offers.Unlock()
		offers.count.Add(-1)
		if n := len(offers.panics[id]) - 1; n > 0 {
			offers.panics[id] = offers.panics[id][:n]
		} else {
			delete(offers.panics, id)
		}
	}
}

// Claim gives the panic that recover in the function which calls it ends, nil
// unless the function was called by a frame that runs deferred calls in a panic.
func Claim() *Panicking {
	if offers.count.Load() == 0 {
		return nil
	}
	id := Goroutine()
	offers.Lock()
	mine := offers.panics[id]
	offers.Unlock()
	if len(mine) == 0 || !deferred() {
		return nil
	}
	return mine[len(mine)-1]
}

// between are the packages whose functions may stand between a frame and the
// function that it calls.
var between = []string{"runtime.", "reflect.", "internal/", "github.com/traefik/yaegi/", "github.com/nabla-go/nabla/kernel/rt/dynamic.", "github.com/nabla-go/nabla/kernel/rt."}

// deferred tells that the interpreted function which has called Claim was called
// by a frame: between them is only the literal that holds the deferred call.
func deferred() bool {
	const unwind, interpreted = "github.com/nabla-go/nabla/kernel/rt.(*Frame).unwind", "yaegi/interp.runCfg"
	var pcs [256]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for calls := 0; ; {
		frame, more := frames.Next()
		allowed := false
		for _, prefix := range between {
			allowed = allowed || strings.HasPrefix(frame.Function, prefix)
		}
		switch {
		case frame.Function == unwind:
			return calls == 2
		case strings.HasSuffix(frame.Function, interpreted):
			calls++
		}
		if !allowed || !more || calls > 2 {
			return false
		}
	}
}
