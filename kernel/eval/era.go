package eval

import (
	"context"
	"reflect"
	"runtime"

	"github.com/nabla-go/nabla/kernel/cell"
)

// An era is the time between two interrupts. The interpreter can only stop all
// that it runs at once, through the context of an evaluation; so one evaluation,
// which does nothing but wait, lasts as long as the era, and cells that run at the
// same time are called beside it.
type era struct {
	ctx  context.Context
	end  context.CancelFunc
	over chan struct{} // closed when the interpreter has been stopped
}

// newEra begins one.
func (e *Engine) newEra() *era {
	ctx, cancel := context.WithCancel(context.Background())
	a := &era{ctx: ctx, end: cancel, over: make(chan struct{})}
	waiting := make(chan struct{})
	e.use(runtimePath, "rt", map[string]reflect.Value{"Wait": reflect.ValueOf(func() {
		close(waiting)
		<-ctx.Done()
		runtime.Goexit() // a return would touch the frame that later cells use
	})})
	i := e.interp
	go func() {
		defer close(a.over)
		_, _ = i.EvalWithContext(ctx, cell.Runtime+".Wait()") // it ends with the context's error
	}()
	<-waiting
	return a
}

// keepEra makes sure that an era lasts. The caller holds build.
func (e *Engine) keepEra() {
	e.mu.Lock()
	a, last := e.era, e.lastEra
	e.mu.Unlock()
	if a != nil {
		return
	}
	if last != nil {
		<-last.over
	}
	e.globals.grow()
	a = e.newEra()
	e.mu.Lock()
	e.era = a
	e.mu.Unlock()
}

// endEra stops all that the interpreter runs, at its next step. The caller holds
// mu.
func (e *Engine) endEra() {
	if e.era != nil {
		e.era.end()
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
