package worker

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
)

// A process is a worker as the kernel sees it.
type process interface {
	// Read and Write are the pipes of the frames.
	io.ReadWriter
	// Hang closes the pipe to the worker, which asks it to end.
	Hang()
	// Kill ends the worker and the processes that it has started. It may be
	// called more than once.
	Kill()
	// Wait returns when the process has ended, with those that it has started,
	// and gives how, with the fatal error that it printed.
	Wait() ending
	// Printed delivers what was written to the standard streams of the
	// process so far.
	Printed()
	// Print tells where to deliver it.
	Print(to func(name, text string))
	// Line is where the cell of a call was when the process ended, 0 if that is
	// not known.
	Line(call uint64) int
}

// A call waits for its result.
type call struct {
	kind  kind
	code  string // of kindExecute
	count int
	out   engine.Output

	id          uint64
	interrupted time.Time
	result      []byte
	fault       *engine.Error
	done        chan struct{}
}

// A life is one worker from its start to its end.
type life struct {
	process process
	link    *link
	notice  *notice
	after   func(ready bool) // the end

	mu      sync.Mutex
	last    uint64
	calls   map[uint64]*call
	outputs map[uint64]engine.Output // also of calls that have ended
	printer uint64                   // the call that what the process prints belongs to
	idle    bool                     // nothing of that call is left in the worker
	ready   bool
	why     string // it was killed
	over    bool
	closing bool
	ended   chan struct{}
}

func newLife(p process, told *notice, after func(ready bool)) *life {
	if told == nil {
		told = &notice{}
	}
	l := &life{
		process: p,
		link:    newLink(p, p, toKernel),
		notice:  told,
		after:   after,
		calls:   map[uint64]*call{},
		outputs: map[uint64]engine.Output{},
		ended:   make(chan struct{}),
	}
	p.Print(l.printed)
	go l.serve()
	return l
}

func (l *life) dead() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// do makes a call and waits for its result, or for the error by which the
// worker's death ends it.
func (l *life) do(c *call, body []byte) ([]byte, *engine.Error) {
	c.done = make(chan struct{})
	l.mu.Lock()
	if l.over {
		l.mu.Unlock()
		return nil, lost(l.why)
	}
	l.last++
	c.id = l.last
	l.calls[c.id] = c
	if c.out != nil {
		if l.idle {
			delete(l.outputs, l.printer)
		}
		l.outputs[c.id] = c.out
		l.printer, l.idle = c.id, false
	}
	l.mu.Unlock()
	if err := l.link.send(c.kind, c.id, body); err == errTooLarge {
		l.finish(c.id, nil, &engine.Error{Name: "CellTooLarge", Value: "the cell is " + err.Error()})
	} // any other error is the worker's death, which serve sees
	<-c.done
	return c.result, c.fault
}

func (l *life) finish(id uint64, result []byte, fault *engine.Error) {
	l.mu.Lock()
	c := l.calls[id]
	delete(l.calls, id)
	l.mu.Unlock()
	if c != nil {
		c.result, c.fault = result, fault
		close(c.done)
	}
}

// serve takes the worker's frames until it has ended.
func (l *life) serve() {
	for {
		f, err := l.link.read()
		if err == nil {
			err = l.take(f)
		}
		if err != nil {
			l.end(err)
			return
		}
	}
}

// output is where a call shows; after the death of a worker, nowhere.
func (l *life) output(id uint64) engine.Output {
	l.mu.Lock()
	defer l.mu.Unlock()
	if out := l.outputs[id]; out != nil {
		return out
	}
	return discard{}
}

func (l *life) take(f frame) error {
	switch f.kind {
	case kindReady:
		l.mu.Lock()
		l.ready = true
		l.mu.Unlock()
	case kindResult:
		l.process.Printed() // what was written before the call ended
		l.finish(f.id, f.body, nil)
	case kindReleased:
		l.release(f.id)
	case kindStdout:
		l.output(f.id).Stream("stdout", string(f.body))
	case kindStderr:
		l.output(f.id).Stream("stderr", string(f.body))
	case kindQuestion, kindInput:
		var q question
		if err := decode(f.body, &q); err != nil {
			return err
		}
		go l.answer(f.kind, l.output(f.id), q)
	default:
		return show(f, l.output(f.id))
	}
	return nil
}

// show hands on what is shown at once.
func show(f frame, out engine.Output) error {
	switch f.kind {
	case kindDisplay:
		var s shown
		if err := decode(f.body, &s); err != nil {
			return err
		}
		out.Display(s.Bundle, s.ID, s.Update)
	case kindClear:
		var wait bool
		if err := decode(f.body, &wait); err != nil {
			return err
		}
		out.Clear(wait)
	case kindPayload:
		var p map[string]any
		if err := decode(f.body, &p); err != nil {
			return err
		}
		out.Payload(p)
	case kindCommSent:
		var m display.CommMessage
		if err := decode(f.body, &m); err != nil {
			return err
		}
		out.Comm(m)
	}
	return nil
}

// release forgets the output of a call that has ended; the last one stays for
// what the process prints.
func (l *life) release(id uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if id == l.printer {
		l.idle = true
		return
	}
	delete(l.outputs, id)
}

// answer puts a question to the session or the person.
func (l *life) answer(k kind, out engine.Output, q question) {
	a := answer{Number: q.Number}
	var err error
	if k == kindInput {
		var text string
		if text, err = out.Input(q.Text, q.Password); err == nil {
			a.Value = encode(text)
		}
	} else {
		a.Value, err = out.Ask(q.Text, q.Argument)
	}
	if err == io.EOF {
		a.Ended = true
	} else if err != nil {
		a.Err = err.Error()
	}
	l.link.send(kindAnswer, 0, encode(a))
}

// printed takes what was written to the standard streams of the process, by C,
// by println, by processes that cells have started.
func (l *life) printed(name, text string) {
	l.mu.Lock()
	out := l.outputs[l.printer]
	l.mu.Unlock()
	if out != nil {
		out.Stream(name, text)
	}
}

// end takes the process's leave: the calls that wait get the error.
func (l *life) end(err error) {
	l.mu.Lock()
	closing := l.closing
	if err != io.EOF && l.why == "" && !closing {
		l.why = "what it said could not be read: " + err.Error()
	}
	l.over = true
	l.mu.Unlock()
	l.process.Hang()
	if err != io.EOF {
		l.process.Kill()
	}
	end := l.process.Wait()
	l.mu.Lock()
	end.why = l.why
	calls := slices.SortedFunc(maps.Values(l.calls), func(a, b *call) int { return int(a.id) - int(b.id) })
	last := l.outputs[l.printer]
	l.mu.Unlock()
	if !closing {
		l.report(end, calls, last)
	}
	for _, c := range calls {
		fault := lost(end.why)
		if c.kind == kindExecute && !closing {
			fault = end.fault(c, l.process.Line(c.id))
		}
		l.finish(c.id, nil, fault)
	}
	close(l.ended)
	if !closing {
		l.mu.Lock()
		ready := l.ready
		l.mu.Unlock()
		l.after(ready)
	}
}

// kill replaces the worker; why completes "the worker was replaced: ".
func (l *life) kill(why string) {
	l.mu.Lock()
	if l.why == "" {
		l.why = why
	}
	l.mu.Unlock()
	l.process.Kill()
}

// leave is how long a worker may take to end by itself.
const leave = 700 * time.Millisecond

// close ends the worker for good.
func (l *life) close() {
	l.mu.Lock()
	l.closing = true
	l.mu.Unlock()
	l.process.Hang()
	select {
	case <-l.ended:
	case <-time.After(leave):
		l.process.Kill()
		<-l.ended
	}
}

// A discard takes what is shown by nobody that is known.
type discard struct{}

var errNobody = errors.New("the cell has ended")

func (discard) Input(string, bool) (string, error)       { return "", errNobody }
func (discard) Ask(string, any) (json.RawMessage, error) { return nil, errNobody }

func (discard) Stream(string, string)                {}
func (discard) Display(display.Bundle, string, bool) {}
func (discard) Clear(bool)                           {}
func (discard) Payload(map[string]any)               {}
func (discard) Comm(display.CommMessage)             {}
