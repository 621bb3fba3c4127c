package eval

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/traefik/yaegi/interp"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/rt"
)

// Execute runs one cell.
func (e *Engine) Execute(req engine.Request, out engine.Output) engine.Result {
	e.running.Lock()
	defer e.running.Unlock()
	ctx, cancel := context.WithCancelCause(context.Background())
	e.mu.Lock()
	e.cancel = cancel
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		e.cancel = nil
		e.mu.Unlock()
		cancel(nil)
	}()
	e.output.Store(&out)
	rt.ForgetPanics()
	display.SetSink(sink{e})
	e.capture.renew()
	e.origins.label(req.Count, out)
	defer e.origins.unlabel()
	r := &run{engine: e, ctx: ctx, req: req, out: out}
	stop := r.watch(cancel)
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

// A run is one cell on its way.
type run struct {
	engine *Engine
	ctx    context.Context
	req    engine.Request
	out    engine.Output
	line   int // of the statement that runs
	depth  int // of cells that run cells
}

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

func (r *run) goCode(code string) (*display.Bundle, *engine.Error) {
	if strings.TrimSpace(code) == "" {
		return nil, nil
	}
	plan, faults := r.engine.live.Check(code)
	if len(faults) > 0 {
		return nil, r.hinted(code, faults, compileError(code, r.req.Count, faults))
	}
	e := r.engine
	if plan.Run == "" { // a constant
		plan.Commit()
		value, err := r.outcome(plan.Result, nil)
		if err != nil {
			return nil, r.fail(err)
		}
		return value, nil
	}
	if err := r.prepare(plan); err != nil {
		plan.Rollback()
		return nil, r.fail(err)
	}
	plan.Commit()
	e.units[plan.Number] = unit{r.req.Count, code}
	e.result = nil
	e.line.Store(0)
	if t, ok := r.out.(engine.Tracer); ok {
		e.tracer.Store(&t)
		defer e.tracer.Store(nil)
	}
	_, err := r.eval(plan.Run)
	r.line = int(e.line.Load())
	if err != nil {
		return nil, r.fail(err)
	}
	if plan.Result == nil {
		return nil, nil
	}
	value, err := r.outcome(plan.Result, e.result)
	e.result = nil
	if err != nil {
		return nil, r.fail(err)
	}
	return value, nil
}

// prepare makes what the cell declares known to the interpreter.
func (r *run) prepare(plan *cell.Plan) error {
	e := r.engine
	for _, imp := range plan.Imports {
		if err := e.load(imp.Path); err != nil {
			return err
		}
		if _, err := e.interp.Eval(fmt.Sprintf("import %s %q", imp.Alias, imp.Path)); err != nil {
			return err
		}
	}
	if len(plan.Symbols) > 0 {
		e.use(runtimePath, "rt", plan.Symbols)
	}
	if plan.Declarations == "" {
		return nil
	}
	if os.Getenv("NABLA_LOWERED") != "" {
		fmt.Fprintln(os.Stderr, plan.Declarations)
	}
	_, err := r.eval(plan.Declarations)
	return err
}

// outcome renders the result of a cell: one value, or a call's several, of which
// a last error that is not nil fails the cell, (n int, err error) shows nothing,
// (value, error) the value, anything else all of them.
func (r *run) outcome(res *cell.Result, values []any) (*display.Bundle, error) {
	if res.Const != nil && isBasic(res.Types[0]) {
		return rendered(constantValue(res.Const, res.Types[0])), nil
	}
	if len(values) == 0 {
		return nil, nil
	}
	if last := len(values) - 1; last > 0 {
		if isError(res.Types[last]) {
			if err, ok := values[last].(error); ok && err != nil {
				return nil, failed{err}
			}
			values = values[:last]
			if len(values) == 1 && res.Count && isInt(res.Types[0]) {
				return nil, nil
			}
		}
	}
	if len(values) == 1 {
		return r.single(values[0])
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprint(display.Render(v).Data[display.MIMEText])
	}
	return rendered(display.Text("(" + strings.Join(texts, ", ") + ")")), nil
}

// single renders one value; nil and handles are none.
func (r *run) single(v any) (*display.Bundle, error) {
	value, ok := plain(reflect.ValueOf(v))
	if !ok {
		return nil, nil
	}
	if _, handle := value.(interface{ IsHandle() }); handle {
		return nil, nil
	}
	return rendered(value), nil
}

// failed is an error that a call at the end of a cell returned.
type failed struct{ error }

func (r *run) eval(code string) (reflect.Value, error) {
	v, err := r.engine.interp.EvalWithContext(r.ctx, code)
	if err != nil && r.ctx.Err() != nil {
		return v, context.Canceled
	}
	return v, err
}

func rendered(value any) *display.Bundle {
	b := display.Render(value)
	return &b
}

// plain takes a value out of the interpreter's wrapping; ok is false for none.
func plain(v reflect.Value) (value any, ok bool) {
	for v.IsValid() && (v.Kind() == reflect.Interface) {
		if v.IsNil() {
			return nil, false
		}
		v = v.Elem()
	}
	if !v.IsValid() || !v.CanInterface() {
		return nil, false
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		if v.IsNil() && v.Kind() != reflect.Slice && v.Kind() != reflect.Map {
			return nil, false
		}
	}
	value = v.Interface()
	if inner, wrapped := value.(reflect.Value); wrapped {
		return plain(inner)
	}
	return value, true
}

var errInterrupted = &engine.Error{Name: engine.Interrupted, Value: "the cell was interrupted"}

// fail turns what the interpreter says into the error of the cell.
func (r *run) fail(err error) *engine.Error {
	var p interp.Panic
	var f failed
	switch {
	case errors.Is(err, context.Canceled) && r.ctx.Err() != nil:
		return &engine.Error{Name: errInterrupted.Name, Value: errInterrupted.Value, Traceback: []string{r.place() + errInterrupted.Value}}
	case errors.As(err, &f):
		return r.report("error", f.error, nil)
	case errors.As(err, &p):
		calls := rt.Unwound(rt.GoroutineOf(p.Stack))
		if x, ok := rt.Panicked(p.Value).(exit); ok {
			if x.code == 0 {
				return nil
			}
			return r.report("Exit", fmt.Sprintf("exit status %d", x.code), calls)
		}
		return r.report("panic", rt.Panicked(p.Value), calls)
	}
	return &engine.Error{Name: "InterpreterError", Value: err.Error(), Traceback: []string{r.place() + "the interpreter cannot run this: " + err.Error()}}
}

// Value is what a live variable holds.
func (e *Engine) Value(name string) (value any, ok bool) {
	if !e.running.TryLock() {
		return nil, false
	}
	defer e.running.Unlock()
	return (&run{engine: e, ctx: context.Background()}).value(name)
}
