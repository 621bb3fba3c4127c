package rt

import (
	"bytes"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// A Mark is the place that a lowered function has reached: the number of its
// unit times the lines of a unit, plus the line. A negative one is the place of
// a loop, on one of whose lines the function is.
type Mark int

// UnitLines is the number of lines that a unit has in marks.
const UnitLines = 100_000

// Place gives the number of the unit and the line of a mark, and whether it is
// the place of a loop.
func (m Mark) Place() (unit, line int, loop bool) {
	n := max(int(m), -int(m))
	return n / UnitLines, n % UnitLines, m < 0
}

// Literal begins the names of functions that were literals.
const Literal = "ˍliteral"

// Label is the name of a label that stands for a mark.
func Label(mark int) string {
	return strings.Replace("mark_"+strconv.Itoa(mark), "-", loopLabel, 1)
}

// loopLabel is the minus of a mark in a label.
const loopLabel = "loop_"

// Labelled is the mark that a label stands for; ok is false for other labels.
func Labelled(label string) (mark Mark, ok bool) {
	text, ok := strings.CutPrefix(label, "mark_")
	n, err := strconv.Atoi(strings.Replace(text, loopLabel, "-", 1))
	return Mark(n), ok && err == nil
}

// A Call is one call of a person's function that was on its way when a panic
// began.
type Call struct {
	Mark     Mark
	Function string // its lowered name, "" for a literal
	// Lookup gives what the variables of the lowered function hold that go back
	// to a name of the person's: several when the name was declared again.
	Lookup func(name string) []reflect.Value
}

// Panics of a goroutine are told with the calls that were on their way when they
// began. Between that moment, in which Unwinding is called, and the report there
// may be frames that run deferred calls, which take hold of the calls and let go
// of them when the panic goes on.
var unwinding struct {
	sync.Mutex
	calls map[int][]Call // by goroutine
}

// Walk reads the calls of lowered functions on the stack of the goroutine that
// calls, innermost first. The evaluator sets it.
var Walk = func() []Call { return nil }

// explain adds the values to the message of a run-time error that recover gives
// to the program.
var explain atomic.Pointer[func(message string, calls []Call) string]

// Explain makes f what adds values to messages of run-time errors.
func Explain(f func(message string, calls []Call) string) { explain.Store(&f) }

// walks bounds how many stacks are read between two calls of ForgetPanics:
// programs may panic and recover without end.
const walks = 1000

var walked atomic.Int64

// Unwinding notes the calls of a panic that has just begun; it does nothing when
// the panic is known.
func Unwinding() {
	if walked.Load() >= walks {
		return
	}
	id := Goroutine()
	unwinding.Lock()
	_, known := unwinding.calls[id]
	unwinding.Unlock()
	if !known {
		walked.Add(1)
		keep(id, Walk())
	}
}

// caught takes hold of the calls of the panic of this goroutine.
func caught() []Call {
	if walked.Load() == 0 {
		return nil
	}
	return Unwound(Goroutine())
}

func keep(id int, calls []Call) {
	unwinding.Lock()
	defer unwinding.Unlock()
	if unwinding.calls == nil {
		unwinding.calls = map[int][]Call{}
	}
	unwinding.calls[id] = calls
}

// Unwound gives the calls of the panic of a goroutine and forgets them.
func Unwound(id int) []Call {
	unwinding.Lock()
	defer unwinding.Unlock()
	calls := unwinding.calls[id]
	delete(unwinding.calls, id)
	return calls
}

// ForgetPanics forgets what panics have left behind that compiled code has
// recovered.
func ForgetPanics() {
	unwinding.Lock()
	defer unwinding.Unlock()
	clear(unwinding.calls)
	walked.Store(0)
}

// Goroutine is the number of the goroutine that calls.
func Goroutine() int {
	var buf [64]byte
	return GoroutineOf(buf[:runtime.Stack(buf[:], false)])
}

// GoroutineOf is the number of the goroutine whose stack the text tells.
func GoroutineOf(stack []byte) int {
	rest, _ := bytes.CutPrefix(stack, []byte("goroutine "))
	number, _, _ := bytes.Cut(rest, []byte(" "))
	id, _ := strconv.Atoi(string(number)) // 0 for none
	return id
}
