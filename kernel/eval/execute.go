package eval

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/traefik/yaegi/interp"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/rt"
)

// goCode runs Go in a goroutine of its own, which is left behind when the cell
// is interrupted while it calls something that cannot be.
func (r *run) goCode(code string) (*display.Bundle, *engine.Error) {
	if strings.TrimSpace(code) == "" {
		return nil, nil
	}
	type ended struct {
		value *display.Bundle
		fault *engine.Error
	}
	end := make(chan ended, 1)
	go func() {
		gone := true // runtime.Goexit
		defer func() {
			if p := recover(); p != nil {
				end <- ended{nil, r.panicked(p, rt.Unwound(rt.Goroutine()))}
			} else if gone {
				end <- ended{nil, r.report("FatalError", "fatal error: no goroutines (main called runtime.Goexit) - deadlock!", nil)}
			}
		}()
		value, fault := r.evaluate(code)
		gone = false
		end <- ended{value, fault}
	}()
	select {
	case e := <-end:
		if r.ctx.Err() != nil { // the interpreter has stopped in the middle
			return nil, r.interrupted()
		}
		return e.value, e.fault
	case <-r.ctx.Done():
		select { // what is interpreted ends at once, and the next cell is to see all that it wrote
		case <-end:
		case <-time.After(grace):
			r.leave()
		}
		return nil, r.interrupted()
	}
}

// leave lets go of what the call that is left behind may wait for: the port of
// a server is to be free, and a command is to end.
func (r *run) leave() {
	if !r.engine.whole || !r.alone() {
		return
	}
	if r.engine.networks.Load() {
		hangUp(r.listened)
	}
	interruptOthers()
}

// grace is the time that an interrupted cell has to end by itself before it is
// left behind.
const grace = 30 * time.Millisecond

// evaluate checks, lowers and runs Go.
func (r *run) evaluate(code string) (*display.Bundle, *engine.Error) {
	plan, call, fault := r.compile(code)
	if fault != nil {
		return nil, fault
	}
	r.result = nil
	r.line.Store(0)
	for _, n := range slices.Sorted(maps.Keys(plan.Outdated)) {
		callers := strings.Join(plan.Outdated[n], ", ")
		fmt.Fprint(r.engine.capture.err, r.say(
			fmt.Sprintf("note: %s is another one now, and the old one is still called by %s: run the cells of those again\n", n, callers),
			fmt.Sprintf("注意：%s 已重新声明，而 %s 仍调用旧的；请重新运行它们的单元格\n", n, callers)))
	}
	if call != nil {
		defer r.release() // when it panics
		start := time.Now()
		call()
		r.spent = time.Since(start)
		r.release()
		if plan.Prints && r.engine.mathematics != nil && !r.engine.printed.Swap(true) {
			fmt.Fprint(r.engine.capture.err, r.say("\n  hint: Go's builtin print writes to standard error without a line end; fmt.Println prints, and the last expression of a cell shows by itself\n",
				"\n  提示：Go 内置的 print 写到标准错误且不换行；输出用 fmt.Println，单元格最后的表达式会自动显示\n"))
		}
	}
	if plan.Result == nil || r.ctx.Err() != nil {
		return nil, nil
	}
	value, err := r.outcome(plan.Result, r.result)
	r.result = nil
	if err != nil {
		return nil, r.fail(err)
	}
	return value, nil
}

// compile makes the declarations of the code live and gives the function that
// runs its statements, nil for a constant. Until that function has begun it holds
// the engine's build.
func (r *run) compile(code string) (plan *cell.Plan, call func(), fault *engine.Error) {
	e := r.engine
	e.build.Lock()
	r.building = true
	defer func() {
		if call == nil {
			r.release()
		}
	}()
	if r.ctx.Err() != nil {
		return nil, nil, r.interrupted()
	}
	check := e.live.Check
	if r.profiled {
		check = e.live.CheckProfiled
	}
	plan, faults := check(code)
	if len(faults) > 0 {
		return nil, nil, r.hinted(code, faults, r.compileError(code, faults))
	}
	if r.ctx.Err() != nil { // what follows takes longest
		plan.Rollback()
		return nil, nil, r.interrupted()
	}
	if plan.Run == "" {
		plan.Commit()
		return plan, nil, nil
	}
	if loud(code, plan) {
		e.capture.loud.Store(true)
	}
	call, err := r.prepare(plan)
	if err != nil {
		plan.Rollback()
		return nil, nil, r.fail(err)
	}
	plan.Commit()
	e.mu.Lock()
	shown := code
	if r.shown != "" {
		shown = r.shown
	}
	e.units[plan.Number] = unit{r.req.Count, shown}
	e.mu.Unlock()
	return plan, call, nil
}

// prepare makes what a plan declares known to the interpreter and gives the
// function that runs it. The caller holds build.
func (r *run) prepare(plan *cell.Plan) (func(), error) {
	e := r.engine
	e.keepEra()
	if err := e.declare(plan); err != nil {
		return nil, err
	}
	v, err := e.eval(plan.Run)
	if err != nil {
		return nil, err
	}
	call, ok := v.Interface().(func())
	if !ok {
		return nil, fmt.Errorf("%s is a %s", plan.Run, v.Type())
	}
	return call, nil
}

// declare makes what a plan declares known to the interpreter. The caller holds
// build.
func (e *Engine) declare(plan *cell.Plan) error {
	for _, imp := range plan.Imports {
		if err := e.load(imp.Path); err != nil {
			return err
		}
		if _, err := e.eval(fmt.Sprintf("import %s %q", imp.Alias, imp.Path)); err != nil {
			return err
		}
	}
	if len(plan.Symbols) > 0 {
		e.use(runtimePath, "rt", plan.Symbols)
	}
	text := plan.Types + plan.Declarations
	if text == "" {
		return nil
	}
	if os.Getenv("NABLA_LOWERED") != "" {
		fmt.Fprintln(os.Stderr, text)
	}
	if len(plan.Recursive) > 0 {
		if _, err := e.eval(plan.Types); err != nil {
			return err
		}
		if err := e.knot(plan.Types, plan.Recursive); err != nil {
			return err
		}
		text = plan.Declarations
	}
	_, err := e.eval(text)
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

// interrupted is the error of a cell that was ended.
func (r *run) interrupted() *engine.Error {
	const text = "the cell was interrupted"
	return &engine.Error{Name: engine.Interrupted, Value: text, Traceback: []string{r.place() + text}}
}

// panicked is the error of a cell that has panicked; os.Exit(0) is none.
func (r *run) panicked(p any, calls []rt.Call) *engine.Error {
	value := rt.Panicked(p)
	if x, ok := value.(exit); ok {
		return r.exited(x, calls)
	}
	return r.report("panic", value, calls)
}

// exited is the error of a cell that has called os.Exit, nil for success.
func (r *run) exited(x exit, calls []rt.Call) *engine.Error {
	if x.code == 0 {
		return nil
	}
	return r.report("Exit", fmt.Sprintf("exit status %d", x.code), calls)
}

// fail turns what the interpreter says into the error of the cell.
func (r *run) fail(err error) *engine.Error {
	var p interp.Panic
	var f failed
	switch {
	case r.ctx.Err() != nil:
		return r.interrupted()
	case errors.As(err, &f):
		return r.report("error", f.error, nil)
	case errors.As(err, &p):
		return r.panicked(p.Value, rt.Unwound(rt.GoroutineOf(p.Stack)))
	}
	return &engine.Error{Name: "InterpreterError", Value: err.Error(), Traceback: []string{r.place() + "the interpreter cannot run this: " + err.Error()}}
}
