package kerneltest

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
)

// An Engine runs cells whose lines are commands; see the table of commands. It
// runs cells of different subshells at once, as an engine should.
type Engine struct {
	mu      sync.Mutex
	gates   map[string]chan struct{}
	stop    chan struct{} // closed by Interrupt
	targets map[string]bool
	ran     []string
}

// NewEngine makes an engine without comm targets.
func NewEngine() *Engine {
	return &Engine{gates: map[string]chan struct{}{}, stop: make(chan struct{}), targets: map[string]bool{}}
}

// Concurrent says that cells of subshells run at once.
func (e *Engine) Concurrent() bool { return true }

// Ran lists the cells that have begun.
func (e *Engine) Ran() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.ran)
}

// Open lets the cells go on that wait at a gate, now or later.
func (e *Engine) Open(gate string) { e.gate(gate, true) }

func (e *Engine) gate(name string, open bool) chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	g := e.gates[name]
	if g == nil {
		g = make(chan struct{})
		e.gates[name] = g
	}
	if open {
		select {
		case <-g:
		default:
			close(g)
		}
	}
	return g
}

// A cell is one on its way.
type cell struct {
	engine *Engine
	out    engine.Output
	result engine.Result
}

// errInterrupted is how an interrupted command fails.
var errInterrupted = errors.New("interrupted")

// commands are what a line of a cell may be: its first word, and what is done
// with the rest.
var commands = map[string]func(c *cell, rest string) error{
	"print":    func(c *cell, rest string) error { c.out.Stream("stdout", unquote(rest)); return nil },
	"complain": func(c *cell, rest string) error { c.out.Stream("stderr", unquote(rest)); return nil },
	"value":    func(c *cell, rest string) error { b := plainText(rest); c.result.Value = &b; return nil },
	"fail":     func(c *cell, rest string) error { return errors.New(rest) },
	"wait":     func(c *cell, rest string) error { return c.engine.wait(rest) },
	"panic":    func(c *cell, rest string) error { panic(rest) },
	"show":     func(c *cell, rest string) error { return c.show(rest, false) },
	"update":   func(c *cell, rest string) error { return c.show(rest, true) },
	"clear":    func(c *cell, rest string) error { c.out.Clear(rest == "wait"); return nil },
	"input":    func(c *cell, rest string) error { return c.input(rest, false) },
	"password": func(c *cell, rest string) error { return c.input(rest, true) },
	"page": func(c *cell, rest string) error {
		c.out.Payload(map[string]any{"source": "page", "start": 0, "data": map[string]any{"text/plain": rest}})
		return nil
	},
	"next": func(c *cell, rest string) error {
		c.out.Payload(map[string]any{"source": "set_next_input", "text": rest, "replace": false})
		return nil
	},
	"target": func(c *cell, rest string) error { c.engine.targets[rest] = true; return nil },
	"comm":   (*cell).comm,
	"later": func(c *cell, rest string) error {
		gate, text, _ := strings.Cut(rest, " ")
		out, e := c.out, c.engine
		go func() {
			if e.wait(gate) == nil {
				out.Stream("stdout", unquote(text))
			}
		}()
		return nil
	},
}

func plainText(text string) display.Bundle {
	return display.Bundle{Data: map[string]any{display.MIMEText: text}}
}

func unquote(text string) string {
	if s, err := strconv.Unquote(text); err == nil {
		return s
	}
	return text + "\n"
}

func (e *Engine) wait(gate string) error {
	e.mu.Lock()
	stop := e.stop
	e.mu.Unlock()
	select {
	case <-e.gate(gate, false):
		return nil
	case <-stop:
		return errInterrupted
	}
}

func (c *cell) show(rest string, update bool) error {
	id, text, _ := strings.Cut(rest, " ")
	c.out.Display(plainText(text), strings.Trim(id, "-"), update)
	return nil
}

func (c *cell) input(prompt string, password bool) error {
	line, err := c.out.Input(prompt, password)
	if errors.Is(err, io.EOF) {
		line, err = "end of input", nil
	}
	if err == nil {
		c.out.Stream("stdout", line+"\n")
	}
	return err
}

// comm sends "open ID TARGET", "msg ID TEXT" or "close ID".
func (c *cell) comm(rest string) error {
	words := strings.SplitN(rest, " ", 3)
	if len(words) < 2 {
		return errors.New("comm needs a kind and an id")
	}
	m := display.CommMessage{Type: "comm_" + words[0], ID: words[1]}
	if len(words) == 3 {
		m.Data = map[string]any{"text": words[2]}
		if words[0] == "open" {
			m.TargetName = words[2]
		}
	}
	c.out.Comm(m)
	return nil
}

// Execute runs the lines of a cell.
func (e *Engine) Execute(req engine.Request, out engine.Output) (result engine.Result) {
	e.mu.Lock()
	e.ran = append(e.ran, req.Code)
	e.mu.Unlock()
	c := &cell{engine: e, out: out}
	for _, line := range strings.Split(req.Code, "\n") {
		if err := c.line(line); err != nil {
			name := "Failed"
			if errors.Is(err, errInterrupted) {
				name = "Interrupted"
			}
			return engine.Result{Err: &engine.Error{Name: name, Value: err.Error(), Traceback: []string{"\x1b[31m" + err.Error() + "\x1b[0m"}}}
		}
	}
	c.result.UserExpressions = map[string]engine.Evaluated{}
	for name, text := range req.UserExpressions {
		if reason, bad := strings.CutPrefix(text, "fail "); bad {
			c.result.UserExpressions[name] = engine.Evaluated{Err: &engine.Error{Name: "Failed", Value: reason}}
			continue
		}
		b := plainText(text)
		c.result.UserExpressions[name] = engine.Evaluated{Bundle: &b}
	}
	return c.result
}

func (c *cell) line(line string) error {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if word == "" {
		return nil
	}
	run, ok := commands[word]
	if !ok {
		return fmt.Errorf("no command %q", word)
	}
	return run(c, rest)
}

// Interrupt ends the cells that wait.
func (e *Engine) Interrupt() {
	e.mu.Lock()
	defer e.mu.Unlock()
	close(e.stop)
	e.stop = make(chan struct{})
}

// Complete offers the commands.
func (e *Engine) Complete(code string, cursor int) engine.Completion {
	found := engine.Completion{End: cursor}
	prefix := string([]rune(code)[:cursor])
	for name := range commands {
		if strings.HasPrefix(name, prefix) {
			found.Matches = append(found.Matches, engine.Match{Text: name, Type: "function"})
		}
	}
	slices.SortFunc(found.Matches, func(a, b engine.Match) int { return strings.Compare(a.Text, b.Text) })
	return found
}

// Inspect finds commands.
func (e *Engine) Inspect(code string, cursor, detail int) engine.Inspection {
	word, _, _ := strings.Cut(code, " ")
	if _, ok := commands[word]; !ok {
		return engine.Inspection{}
	}
	b := plainText(fmt.Sprintf("command %s, detail %d, %d characters", word, detail, utf8.RuneCountInString(code)))
	return engine.Inspection{Found: true, Bundle: &b}
}

// IsComplete wants more after a backslash.
func (e *Engine) IsComplete(code string) engine.Completeness {
	if strings.HasSuffix(code, `\`) {
		return engine.Completeness{Status: "incomplete", Indent: "  "}
	}
	return engine.Completeness{Status: "complete"}
}

// Comm knows the targets that cells have named; it prints what it gets and
// sends buffers back.
func (e *Engine) Comm(m display.CommMessage, out engine.Output) bool {
	if m.Type == "comm_open" {
		return e.targets[m.TargetName]
	}
	if m.Data["panic"] != nil {
		panic(m.Data["panic"])
	}
	if len(m.Buffers) > 0 {
		out.Comm(display.CommMessage{Type: "comm_msg", ID: m.ID, Data: m.Data, Buffers: m.Buffers})
	}
	if text, ok := m.Data["print"].(string); ok {
		out.Stream("stdout", text)
	}
	return true
}

// Close ends the cells that wait.
func (e *Engine) Close() error {
	e.Interrupt()
	return nil
}
