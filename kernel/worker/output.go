package worker

import (
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/nabla-go/nabla/display"
)

// A remote is the engine.Output, and engine.Tracer, that a cell in the worker sees. When nobody can
// print to it any more, the kernel is told.
type remote struct {
	server    *server
	id        uint64
	abandoned atomic.Bool // the call was interrupted and has left goroutines
}

func newRemote(s *server, id uint64) *remote {
	r := &remote{server: s, id: id}
	runtime.AddCleanup(r, func(id uint64) { s.link.send(kindReleased, id, nil) }, id)
	return r
}

// Stream sends printed text. What an interrupted cell prints later is marked.
func (r *remote) Stream(name, text string) {
	k := kindStdout
	if name == "stderr" {
		k = kindStderr
	}
	if r.abandoned.Swap(false) {
		r.server.link.print(kindStderr, r.id, "(a goroutine of the interrupted cell goes on and prints:)\n")
	}
	r.server.link.print(k, r.id, text)
}

func (r *remote) Display(b display.Bundle, id string, update bool) {
	if r.server.link.send(kindDisplay, r.id, encode(shown{b, id, update})) == errTooLarge {
		note := display.Bundle{Data: map[string]any{display.MIMEText: "(what was shown here is " + errTooLarge.Error() + ")"}}
		r.server.link.send(kindDisplay, r.id, encode(shown{note, id, update}))
	}
}

func (r *remote) Clear(wait bool) { r.server.link.send(kindClear, r.id, encode(wait)) }

func (r *remote) Payload(p map[string]any) { r.server.link.send(kindPayload, r.id, encode(p)) }

func (r *remote) Comm(m display.CommMessage) { r.server.link.send(kindCommSent, r.id, encode(m)) }

// Input asks the person.
func (r *remote) Input(prompt string, password bool) (string, error) {
	a, err := r.server.questions.ask(kindInput, r.id, question{Text: prompt, Password: password})
	if err != nil {
		return "", err
	}
	var text string
	return text, decode(a, &text)
}

// Ask puts a question to the session.
func (r *remote) Ask(text string, argument any) (json.RawMessage, error) {
	q := question{Text: text}
	if argument != nil {
		q.Argument = encode(argument)
	}
	return r.server.questions.ask(kindQuestion, r.id, q)
}

// questions are those that wait for an answer.
type questions struct {
	link    *link
	mu      sync.Mutex
	last    uint64
	waiting map[uint64]chan answer
}

func (q *questions) ask(k kind, id uint64, ask question) (json.RawMessage, error) {
	wait := make(chan answer, 1)
	q.mu.Lock()
	q.last++
	ask.Number = q.last
	q.waiting[ask.Number] = wait
	q.mu.Unlock()
	if err := q.link.send(k, id, encode(ask)); err != nil {
		return nil, err
	}
	a := <-wait
	switch {
	case a.Ended:
		return nil, io.EOF
	case a.Err != "":
		return nil, errors.New(a.Err)
	}
	return a.Value, nil
}

func (q *questions) answered(body []byte) error {
	var a answer
	if err := decode(body, &a); err != nil {
		return err
	}
	q.mu.Lock()
	wait := q.waiting[a.Number]
	delete(q.waiting, a.Number)
	q.mu.Unlock()
	if wait != nil {
		wait <- a
	}
	return nil
}
