package eval

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"log"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/rt"
)

// An exit is the panic by which os.Exit and log.Fatal end a cell.
type exit struct{ code int }

// Uncaught keeps recover from seeing it.
func (exit) Uncaught() {}

// exits replaces what would end the process, and the standard streams.
var exits = map[string]func(c *capture) map[string]reflect.Value{
	"os": func(c *capture) map[string]reflect.Value {
		return map[string]reflect.Value{
			"Exit":   reflect.ValueOf(func(code int) { panic(exit{code}) }),
			"Stdout": reflect.ValueOf(c.out.seen).Elem(),
			"Stderr": reflect.ValueOf(c.err.seen).Elem(),
			"Args":   reflect.ValueOf(&os.Args).Elem(),
		}
	},
	"syscall": func(*capture) map[string]reflect.Value {
		return map[string]reflect.Value{"Exit": reflect.ValueOf(func(code int) { panic(exit{code}) })}
	},
	"log":      replacedLog,
	"log/slog": func(c *capture) map[string]reflect.Value { log.SetOutput(c.err); return nil },
	"encoding/gob": func(*capture) map[string]reflect.Value {
		return map[string]reflect.Value{"Register": reflect.ValueOf(register)}
	},
}

// replacedLog is package log with the logger that log/slog writes to as well;
// the interpreter has one of its own.
func replacedLog(c *capture) map[string]reflect.Value {
	log.SetOutput(c.err)
	fatal := func(text string) {
		log.Print(text)
		panic(exit{1})
	}
	return map[string]reflect.Value{
		"Fatal":     reflect.ValueOf(func(v ...any) { fatal(fmt.Sprint(v...)) }),
		"Fatalln":   reflect.ValueOf(func(v ...any) { fatal(fmt.Sprintln(v...)) }),
		"Fatalf":    reflect.ValueOf(func(format string, v ...any) { fatal(fmt.Sprintf(format, v...)) }),
		"Print":     reflect.ValueOf(log.Print),
		"Println":   reflect.ValueOf(log.Println),
		"Printf":    reflect.ValueOf(log.Printf),
		"Panic":     reflect.ValueOf(log.Panic),
		"Panicln":   reflect.ValueOf(log.Panicln),
		"Panicf":    reflect.ValueOf(log.Panicf),
		"Output":    reflect.ValueOf(log.Output),
		"Default":   reflect.ValueOf(log.Default),
		"Writer":    reflect.ValueOf(log.Writer),
		"SetOutput": reflect.ValueOf(log.SetOutput),
		"Flags":     reflect.ValueOf(log.Flags),
		"SetFlags":  reflect.ValueOf(log.SetFlags),
		"Prefix":    reflect.ValueOf(log.Prefix),
		"SetPrefix": reflect.ValueOf(log.SetPrefix),
	}
}

// registered counts the types that gob knows by a name with a number.
var registered atomic.Int64

// register is gob.Register for types of which cells may declare several with one
// name: all but the first are known by the name with a number.
func register(value any) {
	defer func() {
		if r := recover(); r != nil {
			gob.RegisterName(fmt.Sprintf("%T·%d", value, registered.Add(1)), value)
		}
	}()
	gob.Register(value)
}

// reportGoroutine says that a goroutine of a cell has panicked: in the error of
// the cell, or in its output when the cell has ended.
func (e *Engine) reportGoroutine(value any, calls []rt.Call) {
	if _, ok := value.(aborted); ok {
		return
	}
	r := e.origins.here()
	e.mu.Lock()
	during := slices.Contains(e.runs, r)
	if during {
		r.elsewhere = append(r.elsewhere, goroutinePanic{value, calls})
		r.abort(errElsewhere)
	}
	e.mu.Unlock()
	if during {
		return
	}
	if x, ok := value.(exit); ok {
		fmt.Fprintf(e.capture.err, "a goroutine called os.Exit(%d); it has ended, the kernel goes on\n", x.code)
		return
	}
	text := "panic in a goroutine: " + message(value)
	for _, line := range (&run{engine: e}).stack(calls, 0) {
		text += "\n" + line
	}
	fmt.Fprintln(e.capture.err, text)
}

// A goroutinePanic is what a goroutine of a cell has panicked with, and where.
type goroutinePanic struct {
	value any
	calls []rt.Call
}

// errElsewhere is why a cell was ended one of whose goroutines has panicked.
var errElsewhere = errors.New("a goroutine has panicked")

// because is the error of a cell that was ended by something else than the
// person's interrupt.
func (r *run) because(fault *engine.Error) *engine.Error {
	if fault == nil || fault.Name != engine.Interrupted {
		return fault
	}
	switch cause := context.Cause(r.ctx); {
	case errors.Is(cause, errDeadlock):
		return r.deadlock()
	case errors.Is(cause, errElsewhere):
		return nil // see goroutineFault
	}
	return fault
}

// goroutineFault is the error of a cell one of whose goroutines has panicked.
func (r *run) goroutineFault() *engine.Error {
	r.engine.mu.Lock()
	values := r.elsewhere
	r.elsewhere = nil
	r.engine.mu.Unlock()
	if len(values) == 0 {
		return nil
	}
	for _, v := range values[1:] {
		fmt.Fprintf(r.engine.capture.err, "panic in a goroutine: %s\n", message(v.value))
	}
	if x, ok := values[0].value.(exit); ok {
		return r.exited(x, values[0].calls)
	}
	r.line.Store(0) // the statement that runs is not the one that has failed
	f := r.report("panic", values[0].value, values[0].calls)
	f.Value += " (in a goroutine)"
	f.Traceback[0] = strings.Replace(f.Traceback[0], red+bold+"panic"+reset, red+bold+"panic in a goroutine"+reset, 1)
	return f
}
