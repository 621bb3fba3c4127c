package notebook

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
)

// A memory is a connection whose only client is the runner.
type memory struct {
	published chan *wire.Message
	replies   chan *wire.Message
}

func (m memory) Send(_ session.Channel, msg *wire.Message) { m.replies <- msg }
func (m memory) Publish(msg *wire.Message)                 { m.published <- msg }

// A Runner executes the cells of one notebook in a session of its own.
type Runner struct {
	session *session.Session
	conn    memory
	shown   map[string][]map[string]any // outputs by display id
}

// NewRunner starts a session on the engine.
func NewRunner(eng engine.Engine, version string) *Runner {
	conn := memory{make(chan *wire.Message, 1024), make(chan *wire.Message, 16)}
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
	head, err := json.Marshal(wire.NewHeader("run", "execute_request"))
	if err != nil {
		return nil, err
	}
	content, err := json.Marshal(map[string]any{"code": c.Source, "allow_stdin": false, "stop_on_error": false})
	if err != nil {
		return nil, err
	}
	m := &wire.Message{Header: head, Content: content}
	if err := json.Unmarshal(head, &m.Head); err != nil {
		return nil, err
	}
	r.session.Receive(session.Shell, m)
	var failure *Failure
	clearNext := false
	for {
		msg := <-r.conn.published
		var got map[string]any
		if err := json.Unmarshal(msg.Content, &got); err != nil {
			return nil, err
		}
		kind := typeOf(msg)
		switch kind {
		case "status":
			if got["execution_state"] == "idle" {
				reply := <-r.conn.replies
				return failure, r.count(c, reply)
			}
			continue
		case "clear_output":
			if got["wait"] == true {
				clearNext = true
			} else {
				c.Outputs = nil
			}
			continue
		case "stream", "display_data", "execute_result", "error":
			if clearNext {
				c.Outputs, clearNext = nil, false
			}
			if kind == "error" {
				failure = &Failure{}
				if err := json.Unmarshal(msg.Content, failure); err != nil {
					return nil, err
				}
			}
			show(r.add(c, kind, got))
		case "update_display_data":
			r.update(got)
		}
	}
}

func typeOf(m *wire.Message) string {
	var h wire.Header
	if json.Unmarshal(m.Header, &h) != nil {
		return ""
	}
	return h.Type
}

// add appends an output; text printed in one go stays one output.
func (r *Runner) add(c *Cell, kind string, content map[string]any) map[string]any {
	out := map[string]any{"output_type": kind}
	for k, v := range content {
		if k != "transient" {
			out[k] = v
		}
	}
	if data, ok := out["data"].(map[string]any); ok {
		out["data"] = asText(data)
	}
	if kind == "stream" {
		fresh := out["text"].(string)
		out["text"] = text(fresh)
		if n := len(c.Outputs); n > 0 && c.Outputs[n-1]["output_type"] == "stream" && c.Outputs[n-1]["name"] == out["name"] {
			c.Outputs[n-1]["text"] = c.Outputs[n-1]["text"].(text) + text(fresh)
			return out
		}
	}
	c.Outputs = append(c.Outputs, out)
	if transient, ok := content["transient"].(map[string]any); ok {
		if id, ok := transient["display_id"].(string); ok {
			r.shown[id] = append(r.shown[id], out)
		}
	}
	return out
}

// asText marks the forms that are text, to be written as lines.
func asText(data map[string]any) map[string]any {
	out := map[string]any{}
	for mime, v := range data {
		if s, ok := v.(string); ok && (strings.HasPrefix(mime, "text/") || mime == display.MIMESVG) {
			out[mime] = text(s)
			continue
		}
		out[mime] = v
	}
	return out
}

// update replaces what was shown under a display id.
func (r *Runner) update(content map[string]any) {
	transient, _ := content["transient"].(map[string]any)
	id, _ := transient["display_id"].(string)
	data, _ := content["data"].(map[string]any)
	for _, out := range r.shown[id] {
		out["data"], out["metadata"] = asText(data), content["metadata"]
	}
}

func (r *Runner) count(c *Cell, reply *wire.Message) error {
	var content struct {
		Count *int `json:"execution_count"`
	}
	if err := json.Unmarshal(reply.Content, &content); err != nil {
		return fmt.Errorf("the reply of a cell: %w", err)
	}
	c.Count = content.Count
	for _, out := range c.Outputs {
		if out["output_type"] == "execute_result" {
			out["execution_count"] = c.Count
		}
	}
	return nil
}
