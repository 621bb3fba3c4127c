package notebook

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
)

// A memory is a connection whose only client is the runner.
type memory struct {
	published, replies, inputs chan *wire.Message
}

func (m memory) Send(ch session.Channel, msg *wire.Message) {
	if ch == session.Stdin {
		m.inputs <- msg
		return
	}
	m.replies <- msg
}

func (m memory) Publish(msg *wire.Message) { m.published <- msg }

// A Runner executes the cells of one notebook in a session of its own.
type Runner struct {
	// Input answers display.Input and its kin; nil when there is nobody to ask.
	Input func(prompt string, password bool) (string, error)
	// Timeout is what one cell may take; 0 is no limit.
	Timeout time.Duration

	session *session.Session
	conn    memory
	shown   map[string][]map[string]any // outputs by display id
}

// NewRunner starts a session on the engine.
func NewRunner(eng engine.Engine, version string) *Runner {
	conn := memory{make(chan *wire.Message, 1024), make(chan *wire.Message, 16), make(chan *wire.Message, 1)}
	r := &Runner{conn: conn, shown: map[string][]map[string]any{}}
	r.session = session.New(session.Options{Conn: conn, Engine: eng, Version: version, NoSubshells: true})
	r.session.Start()
	<-conn.published // starting
	return r
}

// Close ends the session.
func (r *Runner) Close() { r.session.Close() }

// Interrupt ends the running cell.
func (r *Runner) Interrupt() { r.session.Interrupt() }

// A Failure is the error of a cell.
type Failure struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// Cell executes a code cell, fills in its outputs and count, and gives its
// failure if it failed. Each output goes to show as soon as it is there.
func (r *Runner) Cell(c *Cell, show func(output map[string]any)) (*Failure, error) {
	c.Outputs, c.Count = nil, nil
	var failure *Failure
	clearNext := false
	reply, err := r.execute(map[string]any{"code": c.Source}, func(kind string, content json.RawMessage) error {
		var got map[string]any
		if err := json.Unmarshal(content, &got); err != nil {
			return err
		}
		switch kind {
		case "clear_output":
			if clearNext = got["wait"] == true; !clearNext {
				c.Outputs = nil
			}
		case "stream", "display_data", "execute_result", "error":
			if clearNext {
				c.Outputs, clearNext = nil, false
			}
			if kind == "error" {
				failure = &Failure{}
				if err := json.Unmarshal(content, failure); err != nil {
					return err
				}
			}
			show(r.add(c, kind, got))
		case "update_display_data":
			r.update(got)
		}
		return nil
	})
	if reply == nil {
		return failure, err
	}
	c.Count = reply.Count
	for _, out := range c.Outputs {
		if out["output_type"] == "execute_result" {
			out["execution_count"] = c.Count
		}
	}
	return failure, err
}

// A reply is what an execute_reply holds of interest.
type reply struct {
	Count       *int `json:"execution_count"`
	Expressions map[string]struct {
		Status string         `json:"status"`
		Value  string         `json:"evalue"`
		Data   map[string]any `json:"data"`
	} `json:"user_expressions"`
}

// execute sends an execute_request and hands each message on iopub to take
// until the session is idle again.
func (r *Runner) execute(content map[string]any, take func(kind string, content json.RawMessage) error) (*reply, error) {
	content["allow_stdin"], content["stop_on_error"] = r.Input != nil, false
	m, err := message("execute_request", content)
	if err != nil {
		return nil, err
	}
	var late <-chan time.Time
	if r.Timeout > 0 {
		timer := time.NewTimer(r.Timeout)
		defer timer.Stop()
		late = timer.C
	}
	r.session.Receive(session.Shell, m)
	timedOut := false
	for {
		select {
		case <-late:
			timedOut, late = true, nil
			r.session.Interrupt()
		case question := <-r.conn.inputs:
			if err := r.answer(question); err != nil {
				return nil, err
			}
		case msg := <-r.conn.published:
			var head wire.Header
			if err := json.Unmarshal(msg.Header, &head); err != nil {
				return nil, err
			}
			var status struct {
				State string `json:"execution_state"`
			}
			if head.Type != "status" {
				if err := take(head.Type, msg.Content); err != nil {
					return nil, err
				}
				continue
			}
			if err := json.Unmarshal(msg.Content, &status); err != nil {
				return nil, err
			}
			if status.State != "idle" {
				continue
			}
			got := &reply{}
			if err := json.Unmarshal((<-r.conn.replies).Content, got); err != nil {
				return nil, fmt.Errorf("the reply of a cell: %w", err)
			}
			if timedOut {
				return got, fmt.Errorf("%w than %v", errSlow, r.Timeout)
			}
			return got, nil
		}
	}
}

var errSlow = errors.New("ran longer")

// answer asks the person what the cell asks; the end of the input is told to
// the cell as a terminal does it.
func (r *Runner) answer(question *wire.Message) error {
	var asked struct {
		Prompt   string `json:"prompt"`
		Password bool   `json:"password"`
	}
	if err := json.Unmarshal(question.Content, &asked); err != nil {
		return err
	}
	text, err := r.Input(asked.Prompt, asked.Password)
	if err != nil {
		text = "\x04"
	}
	m, err := message("input_reply", map[string]any{"value": text, "status": "ok"})
	if err != nil {
		return err
	}
	m.Parent = question.Header
	r.session.Receive(session.Stdin, m)
	return nil
}

// message is a message of the runner's.
func message(kind string, content map[string]any) (*wire.Message, error) {
	m := &wire.Message{Head: wire.NewHeader("run", kind)}
	var err error
	if m.Header, err = json.Marshal(m.Head); err != nil {
		return nil, err
	}
	m.Content, err = json.Marshal(content)
	return m, err
}
