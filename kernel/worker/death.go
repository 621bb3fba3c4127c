package worker

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/kernel/engine"
)

// An ending is how a worker process ended.
type ending struct {
	text   string // that Go's run time printed, with its traceback
	status string // in the words of os.ProcessState
	why    string // the kernel has killed it; "" when it died by itself
}

// valuesLost is what a person must know.
const valuesLost = "The process that ran the cells has ended and a new one has taken its place: all values are gone. %run-all runs the successful cells again."

// A notice is told once.
type notice struct {
	mu   sync.Mutex
	text string
}

func (n *notice) set(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.text = text
}

func (n *notice) take() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	text := n.text
	n.text = ""
	return text
}

// report tells of a death that no running cell can tell of: with the last cell,
// or before the next.
func (l *life) report(end ending, calls []*call, last engine.Output) {
	for _, c := range calls {
		if c.kind == kindExecute {
			return
		}
	}
	text := end.value() + "\n" + valuesLost + "\n"
	if last == nil {
		l.notice.set(text)
		return
	}
	last.Stream("stderr", text)
}

// lost is the error of a call other than a cell.
func lost(why string) *engine.Error {
	if why == "" {
		why = "it has ended"
	}
	return &engine.Error{Name: "WorkerError", Value: "the process that runs the cells was lost: " + why}
}

const (
	red   = "\x1b[31m"
	bold  = "\x1b[1m"
	reset = "\x1b[0m"
)

// fault is the error of a cell that ran when the worker ended; line is where it
// was, 0 if that is not known.
func (e ending) fault(c *call, line int) *engine.Error {
	f := &engine.Error{Name: e.name(), Value: e.value()}
	f.Traceback = []string{red + bold + f.Name + reset + ": " + strings.Join(e.words(), "\n")}
	if lines := strings.Split(c.code, "\n"); line > 0 && line <= len(lines) {
		f.Traceback = append(f.Traceback, fmt.Sprintf("cell %d:%d\n    %s", c.count, line, strings.TrimSpace(lines[line-1])))
	}
	if frames := frames(e.text); len(frames) > 0 {
		f.Traceback = append(f.Traceback, "in "+strings.Join(frames, "\nin "))
	}
	if limit := memoryLimit(); limit > 0 && outOfMemory.MatchString(f.Value) {
		f.Traceback = append(f.Traceback, "The cells may take "+size(limit)+" of memory; the environment variable NABLA_MEMORY_LIMIT says how much.")
	}
	f.Traceback = append(f.Traceback, valuesLost)
	return f
}

// outOfMemory are Go's words for it; a thread fails for its stack.
var outOfMemory = regexp.MustCompile(`out of memory|cannot allocate memory|cannot map pages|pthread_create failed|failed to create new OS thread`)

func (e ending) name() string {
	switch {
	case e.why != "" && strings.Contains(e.why, "interrupt"):
		return engine.Interrupted
	case strings.HasPrefix(e.value(), "panic: "):
		return "panic"
	case e.text != "":
		return "FatalError"
	}
	return "WorkerDied"
}

// value is the one line that says what happened.
func (e ending) value() string {
	if e.why != "" {
		return "the process that runs the cells was replaced: " + e.why
	}
	first := ""
	for _, line := range e.words() {
		if first == "" || strings.HasPrefix(line, "fatal error: ") {
			first = line
		}
	}
	return first
}

// noise are lines of the run time that help only its authors.
var noise = regexp.MustCompile(`^(runtime: sp=|PC=|sp=|m=\d|\[signal .* pc=0x0\]$|goroutine \d+ gp=)`)

// words are Go's own: the lines before the stacks.
func (e ending) words() []string {
	if e.why != "" {
		return []string{e.value()}
	}
	var lines []string
	for line := range strings.Lines(e.text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "goroutine ") || strings.HasPrefix(line, "runtime stack:") {
			if len(lines) > 0 {
				break
			}
			continue
		}
		if !noise.MatchString(line) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		lines = []string{"the process that runs the cells ended: " + e.status}
	}
	return lines
}

// shownFrames is how many functions of a stack help.
const shownFrames = 6

// inner are the functions that a person did not call.
var inner = regexp.MustCompile(`^(runtime|reflect|main|internal/[^.]*|github\.com/traefik/yaegi/[^(]*|github\.com/nabla-go/nabla/kernel[^(]*|created by .*|panic|sync|internal|maps|os/signal)[.(/]`)

// named begins the line of a function in a stack.
var named = regexp.MustCompile(`^\pL[^ :]*\(`)

// frames lists the functions of the first stack that a person may know: those
// of the packages that they called.
func frames(text string) []string {
	_, stack, ok := strings.Cut(text, "\ngoroutine ")
	if !ok {
		return nil
	}
	var names []string
	for line := range strings.Lines(stack) {
		line = strings.TrimRight(line, "\n")
		if line == "" || len(names) == shownFrames {
			break
		}
		i := strings.LastIndexByte(line, '(')
		if line[0] == '\t' || i <= 0 || !named.MatchString(line) || strings.Contains(line, " [") || inner.MatchString(line) {
			continue
		}
		names = append(names, line[:i])
	}
	return names
}

// fatal finds where the run time's last words begin in what was written to the
// standard error, -1 if nowhere.
func fatal(text string) int {
	if at := lastWords.FindStringIndex(text); at != nil {
		return at[0]
	}
	return -1
}

var lastWords = regexp.MustCompile(`(?m)^(panic: |fatal error: |runtime: |runtime/cgo: |unexpected fault address |SIG[A-Z]+: )`)
