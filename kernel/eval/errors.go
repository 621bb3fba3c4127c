package eval

import (
	"fmt"
	"go/constant"
	"go/types"
	"regexp"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/rt"
)

const (
	red   = "\x1b[31m"
	bold  = "\x1b[1m"
	reset = "\x1b[0m"
)

// typed gives for the Go of a cell, in which its magics are blank, the cell as it
// was typed.
func (r *run) typed(code string) string {
	all, lines := strings.Split(r.req.Code, "\n"), strings.Split(code, "\n")
	for i, line := range lines {
		if i >= len(all) || !strings.HasSuffix(all[i], strings.TrimLeft(line, " ")) {
			return code // of a file, or another cell
		}
	}
	return r.req.Code
}

// compileError lists all that the checker found.
func (r *run) compileError(code string, faults []cell.Error) *engine.Error {
	count := r.req.Count
	code = r.typed(code)
	first := faults[0]
	e := &engine.Error{Name: "CompileError", Value: fmt.Sprintf("cell %d:%d:%d: %s", count, first.Line, first.Column, first.Message)}
	for _, f := range faults {
		head, rest, _ := strings.Cut(f.Report(code, count), "\n")
		text := red + head + reset
		if rest != "" {
			text += "\n" + rest
		}
		e.Traceback = append(e.Traceback, text)
	}
	return e
}

// place names the cell and the line that runs.
func (r *run) place() string {
	line := r.line.Load()
	if line == 0 {
		return ""
	}
	return fmt.Sprintf("cell %d:%d: ", r.req.Count, line)
}

// report is the error of a value that was panicked with or returned, with the
// calls of the person's functions that were on their way.
func (r *run) report(name string, value any, calls []rt.Call) *engine.Error {
	text, note, line := r.involved(message(value), calls)
	long := text
	if full, ok := value.(interface{ Report() string }); ok {
		long = full.Report()
	}
	short, _, _ := strings.Cut(text, "\n")
	e := &engine.Error{Name: name, Value: short, Traceback: []string{red + bold + name + reset + ": " + long}}
	e.Traceback = append(e.Traceback, r.stack(calls, line)...)
	if note != "" {
		e.Traceback = append(e.Traceback, "  "+note)
	}
	if hint := cell.PanicHint(text, r.engine.language()); hint != "" {
		e.Traceback = append(e.Traceback, r.say("  hint: ", "  提示：")+hint)
	}
	return e
}

// spoken replaces the words of package reflect, by which the interpreter works,
// by those of Go's run time.
var spoken = strings.NewReplacer(
	"reflect: slice index out of range", "runtime error: index out of range",
	"reflect: array index out of range", "runtime error: index out of range",
	"reflect: string index out of range", "runtime error: index out of range",
)

// nilPointer is how package reflect says that a pointer was nil.
var nilPointer = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`reflect: call of reflect\.Value\.\w+ on zero Value`) })

// message is what Go prints of a value that was panicked with.
func message(value any) string {
	return nilPointer().ReplaceAllString(spoken.Replace(words(value)), "runtime error: invalid memory address or nil pointer dereference")
}

func words(value any) string {
	switch v := value.(type) {
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	case string:
		return v
	}
	return fmt.Sprintf("%v", value)
}

func isBasic(t types.Type) bool {
	_, ok := t.(*types.Basic)
	return ok
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

func isInt(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.Int
}

// constantValue is a constant as a Go value of its type.
func constantValue(c constant.Value, t types.Type) any {
	b := t.(*types.Basic)
	switch {
	case b.Info()&types.IsBoolean != 0:
		return constant.BoolVal(c)
	case b.Info()&types.IsString != 0:
		return constant.StringVal(c)
	case b.Info()&types.IsInteger != 0:
		if v, exact := constant.Int64Val(constant.ToInt(c)); exact {
			return v
		}
		if v, exact := constant.Uint64Val(constant.ToInt(c)); exact {
			return v
		}
		return constant.Val(constant.ToInt(c)) // a *big.Int
	case b.Info()&types.IsFloat != 0:
		v, _ := constant.Float64Val(c)
		if b.Kind() == types.Float32 {
			return float32(v)
		}
		return v
	}
	re, _ := constant.Float64Val(constant.Real(c))
	im, _ := constant.Float64Val(constant.Imag(c))
	return complex(re, im)
}
