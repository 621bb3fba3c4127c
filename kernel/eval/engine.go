package eval

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/traefik/yaegi/interp"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/module"
	"github.com/nabla-go/nabla/kernel/rt"
	"github.com/nabla-go/nabla/kernel/symbols"
)

// An Assistant answers what a person asks while typing.
type Assistant interface {
	Complete(code string, cursor int) engine.Completion
	Inspect(code string, cursor, detail int) engine.Inspection
	IsComplete(code string) engine.Completeness
}

// Options say what an Engine works with.
type Options struct {
	// Assistant makes the assistant of the engine; without one nothing is
	// completed.
	Assistant func(e *Engine) Assistant
	// WholeProcess redirects os.Stdout and os.Stderr of the process too: for a
	// process that does nothing else.
	WholeProcess bool
	// Mathematics answers the magics of mathematics; nil for none.
	Mathematics Mathematics
}

// An Engine interprets cells. It implements engine.Engine; cells of different
// subshells run at the same time, and share all that lives.
type Engine struct {
	assistant Assistant
	live      *cell.Live

	build   sync.Mutex // held while live or interp change
	interp  *interp.Interpreter
	globals *globals
	brake   *brake
	loaded  map[string]bool
	capture *capture
	units   map[int]unit // guarded by mu
	modules module.Set   // that %get has brought

	mathematics Mathematics
	whole       bool   // the process is the engine's own
	origin      origin // where %reset goes back to
	notified    notifier

	origins origins
	printed atomic.Bool // the hint for the builtin print was given
	woken   atomic.Bool // goroutines of cells may wait for the clock or a signal
	shared  atomic.Bool // a subshell has run a cell
	// networks tells that cells may listen in this process.
	networks atomic.Bool
	// firstLook is when a cell is looked at for a deadlock.
	firstLook time.Duration
	latest    atomic.Pointer[run] // of the runs that have begun last the one that has not ended, if any

	mu       sync.Mutex
	runs     []*run // that have not ended, in the order of their beginning
	era      *era   // nil before the first cell, and after an interrupt
	lastEra  *era   // the one before
	children []int  // process groups of shell commands
	lastDir  string // where %cd - goes back to
}

// Concurrent tells that cells of several subshells may run at once.
func (e *Engine) Concurrent() bool { return true }

// packages are the bundled packages as cells import them, with what stands in
// for some of their symbols.
type packages struct {
	capture *capture
	modules *module.Set
}

func (packages) Resolve(name string, members []string) string { return symbols.Resolve(name, members) }

// Source is the source of generic declarations, and all of a package of a
// module.
func (p packages) Source(path string) map[string]string {
	if symbols.Has(path) {
		return symbols.Source(path)
	}
	files, err := p.modules.Files(path)
	if err != nil {
		return nil // Import tells
	}
	return files
}

func (p packages) Module(path string) bool {
	if path == "unsafe" || symbols.Has(path) {
		return false
	}
	_, _, ok := p.modules.Locate(path)
	return ok
}

func (p packages) Symbol(path, name string) reflect.Value {
	if replace := exits[path]; replace != nil {
		if v := replace(p.capture)[name]; v.IsValid() {
			return v
		}
	}
	return symbols.Values(path)[name]
}

// New makes an engine without any names.
func New(o Options) (*Engine, error) {
	c, err := newCapture()
	if err != nil {
		return nil, fmt.Errorf("the pipes of the output: %w", err)
	}
	if o.WholeProcess {
		os.Args = []string{programName}
	}
	e := &Engine{capture: c, loaded: map[string]bool{}, units: map[int]unit{}, mathematics: o.Mathematics, whole: o.WholeProcess, origin: begin(), firstLook: firstLook}
	e.live = cell.NewLive(importer{packages{c, &e.modules}, symbols.Importer()})
	e.origins.runs = map[uintptr]*run{}
	c.deliver = e.deliver
	if o.WholeProcess {
		c.redirect()
	}
	if o.Assistant != nil {
		e.assistant = o.Assistant(e)
	}
	rt.Explain(e.explain)
	e.start()
	return e, nil
}

// start makes a fresh interpreter.
func (e *Engine) start() {
	e.interp = interp.New(interp.Options{
		Stdin:        e.capture.stdin,
		Stdout:       e.capture.out,
		Stderr:       quiet{e.capture.err},
		Unrestricted: true,
		Env:          os.Environ(),
		Args:         []string{programName},
	})
	e.globals = globalsOf(e.interp)
	var ok bool
	if e.brake, ok = brakeOf(e.interp); !ok {
		panic("this yaegi cannot be interrupted: its interpreter has other fields") // of the program itself
	}
	clear(e.loaded)
	e.mu.Lock()
	clear(e.units)
	e.mu.Unlock()
	e.use(runtimePath, "rt", cell.Symbols())
	e.use(runtimePath, "rt", map[string]reflect.Value{
		"Line":    reflect.ValueOf(e.at),
		"Result":  reflect.ValueOf(e.result),
		"Go":      reflect.ValueOf(e.spawn),
		"Select":  reflect.ValueOf(e.choose),
		"Print":   reflect.ValueOf(func(args ...any) { fmt.Fprint(e.capture.err, rt.Sprint(false, args...)) }),
		"Println": reflect.ValueOf(func(args ...any) { fmt.Fprint(e.capture.err, rt.Sprint(true, args...)) }),
	})
	if _, err := e.eval("import " + cell.Runtime + " " + `"` + runtimePath + `"`); err != nil {
		panic(err) // of the program itself
	}
}

// at notes the line of the cell that begins to run.
func (e *Engine) at(line int) {
	if r := e.origins.here(); r != nil {
		r.at(line)
	}
}

// result takes what a cell gives.
func (e *Engine) result(values ...any) {
	if r := e.origins.here(); r != nil {
		r.result = values
	}
}

// spawn runs a goroutine of a cell. Its panic is reported and ends nothing
// else.
func (e *Engine) spawn(f func()) {
	go func() {
		defer func() {
			if r := recover(); r != nil {
				e.reportGoroutine(rt.Panicked(r), rt.Unwound(rt.Goroutine()))
			}
		}()
		f()
	}()
}

// choose is a select of a cell; what an interrupt ends chooses no clause.
func (e *Engine) choose(clauses string, operands ...any) (chosen int, ok bool) {
	e.mu.Lock()
	a := e.era
	e.mu.Unlock()
	if a == nil {
		return -1, false
	}
	return rt.Select(a.over, clauses, operands...)
}

// programName is os.Args[0] of cells.
const programName = "nabla"

// runtimePath is the import path of what lowered cells call.
const runtimePath = "nabla/rt"

func (e *Engine) use(path, name string, values map[string]reflect.Value) {
	if err := e.interp.Use(interp.Exports{path + "/" + name: values}); err != nil {
		panic(fmt.Errorf("symbols of %s: %w", path, err))
	}
}

// load makes a package known to the interpreter.
func (e *Engine) load(path string) error {
	if e.loaded[path] {
		return nil
	}
	if path == "unsafe" {
		e.use(path, path, map[string]reflect.Value{"Pointer": reflect.ValueOf((*unsafe.Pointer)(nil))})
		e.loaded[path] = true
		return nil
	}
	values := symbols.Values(path)
	if values == nil {
		return fmt.Errorf("the package %q is not bundled with Nabla", path)
	}
	e.loaded[path] = true
	if e.whole && (path == "net" || strings.HasPrefix(path, "net/")) {
		e.networks.Store(true)
	}
	e.use(path, symbols.Name(path), values)
	if path != "fmt" && rewired[path] {
		if err := e.load("fmt"); err != nil {
			return err
		}
		e.use("fmt", "fmt", symbols.Values("fmt")) // yaegi redirects these packages whenever fmt is used
	}
	if wakers := e.wakers(path); len(wakers) > 0 {
		e.use(path, symbols.Name(path), wakers)
	}
	for pkg, replace := range exits {
		// A use of fmt redirects other packages too.
		if path == pkg || e.loaded[pkg] && (path == "fmt" || rewired[path]) {
			e.use(pkg, symbols.Name(pkg), replace(e.capture))
		}
	}
	return nil
}

// rewired are the packages whose standard streams yaegi redirects.
var rewired = map[string]bool{"log": true, "os": true, "flag": true}

// deliver hands printed text to the cell of the goroutine that has printed it,
// or, when that is not known, to the cell that runs or ran last.
func (e *Engine) deliver(name, text string, direct bool) {
	if direct {
		if out := e.here(); out != nil {
			out.Stream(name, text)
		}
		return
	}
	if r := e.latest.Load(); r != nil {
		r.out.Stream(name, text)
	}
}

// Live is what the cells have declared.
func (e *Engine) Live() *cell.Live { return e.live }

// Interrupt ends the cells that run.
func (e *Engine) Interrupt() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.runs) == 0 {
		return
	}
	for _, r := range e.runs {
		r.cancel(nil)
	}
	e.endEra()
}

// Complete, Inspect and IsComplete ask the assistant.
func (e *Engine) Complete(code string, cursor int) engine.Completion {
	if e.assistant == nil {
		return engine.Completion{Start: cursor, End: cursor}
	}
	return e.assistant.Complete(code, cursor)
}

// Inspect describes the name at the cursor.
func (e *Engine) Inspect(code string, cursor, detail int) engine.Inspection {
	if e.assistant == nil {
		return engine.Inspection{}
	}
	return e.assistant.Inspect(code, cursor, detail)
}

// IsComplete tells whether the code can run as it stands.
func (e *Engine) IsComplete(code string) engine.Completeness {
	if e.assistant == nil {
		return engine.Completeness{Status: "unknown"}
	}
	return e.assistant.IsComplete(code)
}

// Comm hands a message to the channel that cells have opened or offered. A
// handler that panics loses its channel.
func (e *Engine) Comm(m display.CommMessage, out engine.Output) (known bool) {
	e.origins.label(&run{engine: e, ctx: context.Background(), out: out})
	defer e.origins.unlabel()
	defer e.capture.drain()
	defer func() {
		if p := recover(); p != nil {
			known = true
			out.Stream("stderr", fmt.Sprintf("the handler of a comm panicked: %v\n", p))
			display.DeliverComm(display.CommMessage{Type: "comm_close", ID: m.ID})
			out.Comm(display.CommMessage{Type: "comm_close", ID: m.ID})
		}
	}()
	return display.DeliverComm(m)
}

// Close ends the running cell and the shell commands.
func (e *Engine) Close() error {
	e.Interrupt()
	e.mu.Lock()
	e.endEra()
	e.mu.Unlock()
	e.endChildren()
	return e.capture.close()
}
