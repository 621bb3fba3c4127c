package worker

import (
	"encoding/json"
	"errors"
	"sync"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
)

// A Client is the kernel's side: an engine.Engine whose cells run in a worker
// process. It starts the worker, and another one when that has died.
type Client struct {
	start func() (process, error)

	mu     sync.Mutex
	life   *life // the last worker; nil before the first
	closed bool
}

var errClosed = errors.New("the kernel is shutting down")

// newClient makes a client and begins to start its worker.
func newClient(start func() (process, error)) *Client {
	c := &Client{start: start}
	go c.worker()
	return c
}

// worker gives the worker that lives, starting one if there is none.
func (c *Client) worker() (*life, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errClosed
	}
	if c.life != nil && !c.life.dead() {
		return c.life, nil
	}
	p, err := c.start()
	if err != nil {
		return nil, err
	}
	var told *notice
	if c.life != nil {
		told = c.life.notice
	}
	c.life = newLife(p, told, func(ready bool) {
		if ready { // one that dies before it can work is not started again unasked
			c.worker()
		}
	})
	return c.life, nil
}

// current is the worker that lives, nil if there is none.
func (c *Client) current() *life {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life == nil || c.life.dead() {
		return nil
	}
	return c.life
}

// Execute runs a cell in the worker. When the worker dies meanwhile the error
// says what Go said.
func (c *Client) Execute(req engine.Request, out engine.Output) engine.Result {
	l, err := c.worker()
	if err != nil {
		return engine.Result{Err: startError(err)}
	}
	if text := l.notice.take(); text != "" {
		out.Stream("stderr", text)
	}
	call := &call{kind: kindExecute, code: req.Code, count: req.Count, out: out}
	body, fault := l.do(call, encode(req))
	if fault != nil {
		return engine.Result{Err: fault}
	}
	var result engine.Result
	if err := decode(body, &result); err != nil {
		return engine.Result{Err: &engine.Error{Name: "KernelError", Value: "the result of the worker cannot be read: " + err.Error()}}
	}
	return result
}

func startError(err error) *engine.Error {
	return &engine.Error{Name: "WorkerError", Value: "the process that runs the cells could not be started: " + err.Error()}
}

// ask makes a call without output; a worker that dies leaves v as it is.
func (c *Client) ask(k kind, q asked, v any) {
	l, err := c.worker()
	if err != nil {
		return
	}
	if body, fault := l.do(&call{kind: k}, encode(q)); fault == nil {
		json.Unmarshal(body, v)
	}
}

// Complete asks the worker's assistant.
func (c *Client) Complete(code string, cursor int) engine.Completion {
	result := engine.Completion{Start: cursor, End: cursor}
	c.ask(kindComplete, asked{Code: code, Cursor: cursor}, &result)
	return result
}

// Inspect asks the worker's assistant.
func (c *Client) Inspect(code string, cursor, detail int) engine.Inspection {
	var result engine.Inspection
	c.ask(kindInspect, asked{Code: code, Cursor: cursor, Detail: detail}, &result)
	return result
}

// IsComplete asks the worker's assistant.
func (c *Client) IsComplete(code string) engine.Completeness {
	result := engine.Completeness{Status: "unknown"}
	c.ask(kindIsComplete, asked{Code: code}, &result)
	return result
}

// Comm hands a comm message to the worker.
func (c *Client) Comm(m display.CommMessage, out engine.Output) bool {
	l, err := c.worker()
	if err != nil {
		return false
	}
	known := false
	if body, fault := l.do(&call{kind: kindComm, out: out}, encode(m)); fault == nil {
		json.Unmarshal(body, &known)
	}
	return known
}

// Interrupt asks the cells that run to end, with their values kept. It replaces
// the worker when that does not answer, and when cells that were interrupted
// before have not ended. Idle, it does nothing.
func (c *Client) Interrupt() {
	if l := c.current(); l != nil {
		l.interrupt()
	}
}

// Close ends the worker with all that it has started.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	l := c.life
	c.mu.Unlock()
	if l != nil {
		l.close()
	}
	return nil
}

// Concurrent tells that cells of several subshells may run at once.
func (c *Client) Concurrent() bool { return true }
