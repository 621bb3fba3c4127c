package worker

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
)

// A server is the worker's side: it hands the calls of the kernel to an engine.
type server struct {
	engine    engine.Engine
	link      *link
	questions questions

	mu      sync.Mutex
	running map[uint64]*remote // the calls that run cells
}

// Serve runs the calls that come from in until it ends, which is the end of the
// kernel or its wish. Before is called before each frame is written to out; it
// may be nil.
func Serve(e engine.Engine, in io.Reader, out io.Writer, before func()) error {
	s := &server{engine: e, link: newLink(in, out, toWorker), running: map[uint64]*remote{}}
	if before != nil {
		s.link.before = before
	}
	s.questions = questions{link: s.link, waiting: map[uint64]chan answer{}}
	if err := s.link.send(kindReady, 0, nil); err != nil {
		return err
	}
	for {
		f, err := s.link.read()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = s.take(f)
		}
		if err != nil {
			return fmt.Errorf("what the kernel says cannot be read: %w", err)
		}
	}
}

// take begins what a frame asks for; it does not wait.
func (s *server) take(f frame) error {
	switch f.kind {
	case kindExecute:
		return s.execute(f)
	case kindComm:
		return s.comm(f)
	case kindInterrupt:
		go s.interrupt(f.id)
		return nil
	case kindAnswer:
		return s.questions.answered(f.body)
	}
	return s.assist(f)
}

func (s *server) execute(f frame) error {
	var req engine.Request
	if err := decode(f.body, &req); err != nil {
		return err
	}
	out := s.begin(f.id)
	go func() {
		result := engine.Result{Err: &engine.Error{Name: "Goexit", Value: "runtime.Goexit has ended the goroutine of the cell"}}
		defer func() {
			if p := recover(); p != nil {
				result = engine.Result{Err: &engine.Error{Name: "KernelError", Value: fmt.Sprint("the interpreter failed: ", p)}}
			}
			out.abandoned.Store(result.Err != nil && result.Err.Name == engine.Interrupted)
			s.end(f.id)
			s.result(f.id, result)
		}()
		result = s.engine.Execute(req, out)
	}()
	return nil
}

// result answers a call; a result that is too large becomes an error.
func (s *server) result(id uint64, result engine.Result) {
	if err := s.link.send(kindResult, id, encode(result)); errors.Is(err, errTooLarge) {
		s.link.send(kindResult, id, encode(engine.Result{Err: &engine.Error{
			Name: "ResultTooLarge", Value: "the result of the cell is " + errTooLarge.Error() + "; show a part of it",
		}}))
	}
}

func (s *server) comm(f frame) error {
	var m display.CommMessage
	if err := json.Unmarshal(f.body, &m); err != nil {
		return err
	}
	out := s.begin(f.id)
	go func() {
		known := false
		defer func() {
			if p := recover(); p != nil {
				out.Stream("stderr", fmt.Sprintf("panic in the handler of a comm message: %v\n", p))
			}
			s.end(f.id)
			s.link.send(kindResult, f.id, encode(known))
		}()
		known = s.engine.Comm(m, out)
	}()
	return nil
}

// assist answers what a person asks while typing.
func (s *server) assist(f frame) error {
	var q asked
	if err := decode(f.body, &q); err != nil {
		return err
	}
	go func() {
		var result any = struct{}{}
		defer func() {
			if p := recover(); p != nil {
				result = struct{}{}
			}
			s.link.send(kindResult, f.id, encode(result))
		}()
		switch f.kind {
		case kindComplete:
			result = s.engine.Complete(q.Code, q.Cursor)
		case kindInspect:
			result = s.engine.Inspect(q.Code, q.Cursor, q.Detail)
		default:
			result = s.engine.IsComplete(q.Code)
		}
	}()
	return nil
}

func (s *server) begin(id uint64) *remote {
	out := newRemote(s, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running[id] = out
	return out
}

func (s *server) end(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, id)
}

const (
	// retry is the time between two tries to interrupt: the first may come
	// before the engine has begun the cell, and later ones end what a cell
	// started anew.
	retry = 50 * time.Millisecond
	tries = 20
)

// interrupt ends the cells that run now, and answers when the engine has been
// told for the first time.
func (s *server) interrupt(id uint64) {
	meant := map[uint64]bool{}
	for try := range tries {
		s.mu.Lock()
		left := 0
		for call := range s.running {
			if try == 0 {
				meant[call] = true
			}
			if meant[call] {
				left++
			}
		}
		if left > 0 || try == 0 {
			s.engine.Interrupt() // no call begins meanwhile
		}
		s.mu.Unlock()
		if try == 0 {
			s.link.send(kindResult, id, nil)
		}
		if left == 0 {
			return
		}
		time.Sleep(retry)
	}
}
