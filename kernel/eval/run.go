package eval

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/rt"
)

// A run is one cell on its way.
type run struct {
	engine *Engine
	ctx    context.Context
	cancel context.CancelCauseFunc
	req    engine.Request
	out    engine.Output
	tracer engine.Tracer // nil when nobody wants the lines
	line   atomic.Int64  // of the statement that runs, 0 before the first
	result []any         // what the last expression gave
	depth  int           // of cells that run cells

	profiled bool          // lines are counted
	shown    string        // stands in errors for the Go that runs, which a magic has made of it
	spent    time.Duration // on the last Go, without compiling it

	listened map[socket]bool // what waited for connections before

	building bool // the goroutine that runs the Go holds the engine's build
	asking   bool // a magic asks what lives, and no Go of the run goes on; the engine's mu guards it

	elsewhere []goroutinePanic // of its goroutines; the engine's mu guards it
}

// Execute runs one cell.
func (e *Engine) Execute(req engine.Request, out engine.Output) engine.Result {
	r := e.begin(req, out)
	defer e.end(r)
	stop := r.watch()
	value, fault := r.code(req.Code)
	stop()
	fault = r.because(fault)
	if elsewhere := r.goroutineFault(); elsewhere != nil {
		if fault == nil {
			value, fault = nil, elsewhere
		} else {
			fmt.Fprintln(e.capture.err, elsewhere.Traceback[0])
		}
	}
	e.capture.drain()
	result := engine.Result{Value: value, Err: fault}
	if fault == nil && len(req.UserExpressions) > 0 {
		result.UserExpressions = map[string]engine.Evaluated{}
		for name, text := range req.UserExpressions {
			value, fault := r.code(text)
			result.UserExpressions[name] = engine.Evaluated{Bundle: value, Err: fault}
		}
	}
	return result
}

// begin makes this goroutine, and all that it starts, those of a run.
func (e *Engine) begin(req engine.Request, out engine.Output) *run {
	r := &run{engine: e, req: req, out: out}
	r.ctx, r.cancel = context.WithCancelCause(context.Background())
	r.tracer, _ = out.(engine.Tracer)
	if req.Subshell != "" {
		e.shared.Store(true)
	}
	if e.networks.Load() {
		r.listened = listeners()
	}
	e.mu.Lock()
	alone := len(e.runs) == 0
	e.runs = append(e.runs, r)
	e.latest.Store(r)
	e.mu.Unlock()
	display.SetSink(sink{e})
	if alone {
		rt.ForgetPanics()
		e.capture.renew()
	}
	e.origins.label(r)
	return r
}

// end takes a run's leave: what belongs to no goroutine belongs to another one
// that still runs, if there is one.
func (e *Engine) end(r *run) {
	e.origins.unlabel()
	e.mu.Lock()
	e.runs = slices.DeleteFunc(e.runs, func(x *run) bool { return x == r })
	if n := len(e.runs); n > 0 && e.latest.Load() == r {
		e.latest.Store(e.runs[n-1])
	}
	e.mu.Unlock()
	r.cancel(nil)
}

// alone tells that no other cell runs.
func (r *run) alone() bool {
	r.engine.mu.Lock()
	defer r.engine.mu.Unlock()
	return len(r.engine.runs) == 1
}

// abort ends this run and no other. The interpreter stops only when it runs
// nothing else; otherwise what the run has called ends at the next statement of
// the cell. The caller holds the engine's mu.
func (r *run) abort(cause error) {
	r.cancel(cause)
	if e := r.engine; len(e.runs) == 1 && e.runs[0] == r {
		e.endEra()
	}
}

// at notes the line of the statement that begins to run.
func (r *run) at(line int) {
	r.release()
	if r.ctx.Err() != nil {
		panic(aborted{})
	}
	r.line.Store(int64(line))
	if r.tracer != nil {
		r.tracer.At(line)
	}
}

// release lets others change the interpreter: the code that was compiled has its
// frame.
func (r *run) release() {
	if r.building {
		r.building = false
		r.engine.build.Unlock()
	}
}

// aborted is the panic that ends what an ended run has left in the interpreter.
type aborted struct{}

// Uncaught keeps recover from seeing it.
func (aborted) Uncaught() {}

// code runs text with magics and gives the bundle of its result.
func (r *run) code(text string) (*display.Bundle, *engine.Error) {
	var value *display.Bundle
	for _, p := range cell.Pieces(text) {
		var fault *engine.Error
		if value = nil; p.Magic != nil {
			fault = r.magic(*p.Magic)
		} else {
			value, fault = r.goCode(p.Go)
		}
		if fault != nil {
			return nil, fault
		}
	}
	return value, nil
}

// Value is what a live variable holds, while no Go of a cell runs.
func (e *Engine) Value(name string) (value any, ok bool) {
	e.mu.Lock()
	busy := slices.ContainsFunc(e.runs, func(r *run) bool { return !r.asking })
	e.mu.Unlock()
	if busy || !e.build.TryLock() {
		return nil, false
	}
	defer e.build.Unlock()
	return e.value(name)
}

// value is what a live variable holds. The caller holds build.
func (e *Engine) value(name string) (any, bool) {
	plan := e.live.Value(name)
	if plan == nil {
		return nil, false
	}
	e.keepEra()
	if e.declare(plan) != nil {
		return nil, false
	}
	v, err := e.eval(plan.Run)
	if err != nil {
		return nil, false
	}
	return plain(v)
}
