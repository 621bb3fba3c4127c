package eval

import (
	"context"
	"encoding/json"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"unsafe"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
)

// Goroutines inherit the profiler's labels of the one that starts them, through
// compiled code as well. A label for each cell tells whose goroutine it is.

// goroutineLabels is the set of labels of the goroutine that calls. The run time
// promises to keep it.
//
//go:linkname goroutineLabels runtime/pprof.runtime_getProfLabel
func goroutineLabels() unsafe.Pointer

// origins find the run of the cell that has started a goroutine.
type origins struct {
	mu   sync.RWMutex
	runs map[uintptr]*run // by the address of the labels
}

// label makes this goroutine, and all that it starts from now on, one of the
// run. The run is forgotten when the last of them has ended.
func (o *origins) label(r *run) {
	labels := pprof.Labels("cell", strconv.Itoa(r.req.Count))
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), labels))
	at := goroutineLabels()
	key := uintptr(at)
	o.mu.Lock()
	o.runs[key] = r
	o.mu.Unlock()
	runtime.AddCleanup((*byte)(at), func(r *run) {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.runs[key] == r { // else new labels have got the address already
			delete(o.runs, key)
		}
	}, r)
}

// unlabel makes this goroutine nobody's.
func (o *origins) unlabel() { pprof.SetGoroutineLabels(context.Background()) }

// here is the run that this goroutine belongs to, nil if it belongs to none.
func (o *origins) here() *run {
	key := uintptr(goroutineLabels())
	if key == 0 {
		return nil
	}
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.runs[key]
}

// here is where the goroutine that calls shows: the cell that has started it,
// else the one that runs or ran last.
func (e *Engine) here() engine.Output {
	r := e.origins.here()
	if r == nil {
		r = e.latest.Load()
	}
	if r == nil {
		return nil
	}
	return r.out
}

// sink sends what display shows to the cell of the goroutine, after the text
// printed before it.
type sink struct{ engine *Engine }

func (s sink) out() engine.Output {
	s.engine.capture.drain()
	return s.engine.here()
}

func (s sink) Display(b display.Bundle, id string, update bool) { s.out().Display(b, id, update) }
func (s sink) Clear(wait bool)                                  { s.out().Clear(wait) }
func (s sink) Payload(p map[string]any)                         { s.out().Payload(p) }
func (s sink) Comm(m display.CommMessage)                       { s.out().Comm(m) }
func (s sink) Input(prompt string, password bool) (string, error) {
	return s.out().Input(prompt, password)
}
func (s sink) Ask(question string, argument any) (json.RawMessage, error) {
	return s.out().Ask(question, argument)
}
