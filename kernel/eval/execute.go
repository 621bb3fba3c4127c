package eval

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/traefik/yaegi/interp"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
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
	for _, imp := range plan.Imports {
		if err := e.load(imp.Path); err != nil {
			return nil, &engine.Error{Name: "ImportError", Value: err.Error()}
		}
		if _, err := e.interp.Eval(fmt.Sprintf("import %s %q", imp.Alias, imp.Path)); err != nil {
			return nil, r.fail(err)
		}
	}
	if plan.Declarations != "" {
		if _, err := r.eval(plan.Declarations); err != nil {
			return nil, r.fail(err)
		}
	}
	plan.Commit()
	var value *display.Bundle
	for _, step := range plan.Steps {
		r.line = step.Line
		if t, ok := r.out.(engine.Tracer); ok {
			t.At(step.Line)
		}
		got, err := r.step(step)
		if err != nil {
			return nil, r.fail(err)
		}
		value = got
	}
	return value, nil
}

// step evaluates a statement; a bundle is the result of the cell.
func (r *run) step(s cell.Step) (*display.Bundle, error) {
	if s.Result == nil {
		_, err := r.eval(s.Code)
		return nil, err
	}
	if s.Result.Const != nil && isBasic(s.Result.Types[0]) {
		return rendered(constantValue(s.Result.Const, s.Result.Types[0])), nil
	}
	v, err := r.eval(s.Code)
	if err != nil {
		return nil, err
	}
	if s.Result.Names == nil {
		return r.single(v)
	}
	return r.several(s.Result)
}

// single renders one value; nil and handles are none.
func (r *run) single(v reflect.Value) (*display.Bundle, error) {
	value, ok := plain(v)
	if !ok {
		return nil, nil
	}
	if _, handle := value.(interface{ IsHandle() }); handle {
		return nil, nil
	}
	return rendered(value), nil
}

// several applies the rules for a call with more than one result: a last error
// that is not nil fails the cell, (n int, err error) shows nothing, (value, error) the
// value, anything else all of them.
func (r *run) several(res *cell.Result) (*display.Bundle, error) {
	values := make([]any, len(res.Names))
	for i, n := range res.Names {
		v, err := r.eval(n)
		if err != nil {
			return nil, err
		}
		values[i], _ = plain(v)
	}
	last := len(values) - 1
	if isError(res.Types[last]) {
		if err, ok := values[last].(error); ok && err != nil {
			return nil, failed{err}
		}
		values = values[:last]
		if len(values) == 1 && res.Count && isInt(res.Types[0]) {
			return nil, nil
		}
	}
	if len(values) == 1 {
		if values[0] == nil {
			return nil, nil
		}
		return rendered(values[0]), nil
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprint(display.Render(v).Data[display.MIMEText])
	}
	return rendered(display.Text("(" + strings.Join(texts, ", ") + ")")), nil
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
		return r.report("error", f.error)
	case errors.As(err, &p):
		if x, ok := p.Value.(exit); ok {
			if x.code == 0 {
				return nil
			}
			return r.report("Exit", fmt.Sprintf("exit status %d", x.code))
		}
		return r.report("panic", p.Value)
	}
	return &engine.Error{Name: "InterpreterError", Value: err.Error(), Traceback: []string{r.place() + "the interpreter cannot run this: " + err.Error()}}
}

// Value is what a live variable holds.
func (e *Engine) Value(name string) (value any, ok bool) {
	internal := e.live.Internal(name)
	if internal == "" || !e.running.TryLock() {
		return nil, false
	}
	defer e.running.Unlock()
	v, err := e.interp.Eval(internal)
	if err != nil {
		return nil, false
	}
	return plain(v)
}
