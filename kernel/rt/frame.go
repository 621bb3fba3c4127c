package rt

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// A Frame holds the deferred calls of one call of a function.
type Frame struct{ deferred []func(*Panicking) }

// NewFrame is a frame without deferred calls.
func NewFrame() *Frame { return &Frame{} }

// Push defers a call. It is given the panic that the frame is in, which recover
// inside of it ends.
func Push(f *Frame, call func(*Panicking)) { f.deferred = append(f.deferred, call) }

// A Panicking is the state of a frame while its deferred calls run.
type Panicking struct {
	value     any
	active    bool
	recovered bool
	calls     []Call // on their way when the panic began
}

// Uncaught is a panic that recover does not see: what ends a cell.
type Uncaught interface{ Uncaught() }

// Recover ends the panic and gives its value, nil when there is none or p is
// nil: the caller was not called by defer.
func Recover(p *Panicking) any {
	if p == nil || !p.active || p.recovered {
		return nil
	}
	if _, ok := p.value.(Uncaught); ok {
		return nil
	}
	p.recovered = true
	if f, ok := p.value.(Fault); ok {
		return f.explained(p.calls)
	}
	return p.value
}

// DeferredRecover is a recover that is itself deferred, by a function whose frame
// is in the panic own: it is called by that function, so it ends the panic outer
// that the function was given, unless a panic of the function's own has called it.
func DeferredRecover(own, outer *Panicking) any {
	if own != nil && own.active {
		return nil
	}
	return Recover(outer)
}

// Guard is Run for a function that defers one call, first of all.
func Guard(call func(*Panicking), body func()) {
	Run(&Frame{deferred: []func(*Panicking){call}}, body)
}

// Run calls the body of a function, then what it deferred, and goes on with the
// panic that nothing recovered.
func Run(f *Frame, body func()) {
	p, returns := &Panicking{}, false
	defer func() {
		if !returns { // runtime.Goexit
			f.unwind(p)
			p.goOn()
		}
	}()
	p.guard(body)
	f.unwind(p)
	returns = true
	p.goOn()
}

// unwind runs what was deferred, the last first.
func (f *Frame) unwind(p *Panicking) {
	returns := false
	defer func() {
		if !returns {
			f.unwind(p)
		}
	}()
	for len(f.deferred) > 0 {
		last := len(f.deferred) - 1
		call := f.deferred[last]
		f.deferred = f.deferred[:last]
		p.run(call)
		if p.recovered {
			*p = Panicking{}
		}
	}
	returns = true
}

// run makes a deferred call.
func (p *Panicking) run(call func(*Panicking)) {
	defer p.offer()()
	p.guard(func() { call(p) })
}

// goOn panics again with what nothing has recovered.
func (p *Panicking) goOn() {
	if !p.active {
		return
	}
	if p.calls != nil {
		keep(Goroutine(), p.calls)
	}
	panic(p.value)
}

// guard calls f and notes how it ended. A new panic takes the place of the one
// before.
func (p *Panicking) guard(f func()) {
	ended := false
	defer func() {
		if ended {
			return
		}
		if r := recover(); r != nil {
			*p = Panicking{value: Panicked(r), active: true, calls: caught()}
		} else { // runtime.Goexit
			*p = Panicking{}
		}
	}()
	f()
	ended = true
}

// Panic panics with the value. A nil value is an error of its own, as in Go.
func Panic(v any) {
	if v == nil {
		panic(new(runtime.PanicNilError))
	}
	panic(v)
}

// A Fault is a run-time error in the words of Go's run time.
type Fault string

// Error is the message with the run time's prefix.
func (f Fault) Error() string { return "runtime error: " + string(f) }

// RuntimeError marks run-time errors.
func (Fault) RuntimeError() {}

// explained adds the values that the error is about, as Go's run time does.
func (f Fault) explained(calls []Call) Fault {
	explain := explain.Load()
	if explain == nil || len(calls) == 0 {
		return f
	}
	text, _ := strings.CutPrefix((*explain)(f.Error(), calls), "runtime error: ")
	return Fault(text)
}

// Nil is the panic of a nil dereference.
const Nil = Fault("invalid memory address or nil pointer dereference")

// spoken are words of package reflect and of the interpreter, with what Go's
// run time says.
var spoken = []struct {
	part string
	says Fault
}{
	{"slice index out of range", "index out of range"},
	{"array index out of range", "index out of range"},
	{"string index out of range", "index out of range"},
	{"index out of range", "index out of range"},
	{"slice bounds out of range", "slice bounds out of range"},
	{"slice index out of bounds", "slice bounds out of range"},
	{"string slice index out of bounds", "slice bounds out of range"},
	{"slice3 bounds out of range", "slice bounds out of range"},
	{"slice overflow", "growslice: len out of range"},
	{"negative len", "makeslice: len out of range"},
	{"reflect.MakeSlice: negative cap", "makeslice: cap out of range"},
	{"reflect.MakeSlice: len > cap", "makeslice: cap out of range"},
	{"reflect.MakeChan: negative buffer size", "makechan: size out of range"},
	{"call of nil function", Nil},
	{"call of reflect.Value.Call on zero Value", Nil},
	{"on zero Value", Nil},
	{"Call using zero Value argument", Nil},
	{"Method on nil interface value", Nil},
	{"nil pointer dereference", Nil},
	{"reflect.Value.Set using unaddressable value", Nil},
	{"hash of unhashable type", "hash of unhashable type"},
	{"assignment to entry in nil map", "assignment to entry in nil map"},
}

// Panicked gives the value of a panic as the program knows it: the interpreter
// panics with the words of package reflect where Go has run-time errors.
func Panicked(v any) any {
	if r, ok := v.(reflect.Value); ok && r.IsValid() && r.CanInterface() {
		v = r.Interface()
	}
	var text string
	switch e := v.(type) {
	case runtime.Error:
		// Package reflect has words of its own for a key that cannot be one.
		if name, ok := strings.CutPrefix(e.Error(), "hash of unhashable type: "); ok {
			return Fault("hash of unhashable type " + name)
		}
		return v
	case *reflect.ValueError:
		return Nil
	case string:
		if !strings.HasPrefix(e, "reflect") {
			return v
		}
		text = e
	case error:
		if name := fmt.Sprintf("%T", e); !strings.HasSuffix(name, "interp.cfgError") {
			return v
		}
		text = e.Error()
		if i := strings.Index(text, "interface conversion"); i >= 0 {
			return wrongType(text[i:])
		}
	default:
		return v
	}
	for _, s := range spoken {
		if strings.Contains(text, s.part) {
			return s.says
		}
	}
	return v
}

// wrongType is a failed type assertion that the interpreter found.
type wrongType string

func (w wrongType) Error() string { return string(w) }
func (wrongType) RuntimeError()   {}
