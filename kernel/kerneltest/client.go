package kerneltest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
)

// Patience is how long a test waits for what must come: the machine may be
// busy.
const Patience = time.Minute

// A Link carries the messages of one client to a kernel.
type Link interface {
	Send(ch session.Channel, m *wire.Message) error
}

// A Message is one that came from the kernel.
type Message struct {
	*wire.Message
	Channel session.Channel
	Body    map[string]any // the content
	Parent  string         // msg_id of the parent
	At      time.Time
}

// Status is the status of a reply.
func (m *Message) Status() string { s, _ := m.Body["status"].(string); return s }

// Text is a field of the content that is text, or "".
func (m *Message) Text(field string) string { s, _ := m.Body[field].(string); return s }

// Count is the execution count of a message, 0 if it has none.
func (m *Message) Count() int { f, _ := m.Body["execution_count"].(float64); return int(f) }

// Plain is the text/plain of a message with a bundle.
func (m *Message) Plain() string {
	data, _ := m.Body["data"].(map[string]any)
	s, _ := data["text/plain"].(string)
	return s
}

// A Client is one front end. It holds every message that it gets against the
// specification and keeps those that nobody has asked for yet.
type Client struct {
	testing.TB
	Session string
	Link    Link

	mu      sync.Mutex
	arrived sync.Cond
	waiting map[session.Channel][]*Message
	kernel  string
	seen    map[string]bool
	faults  []error
}

// NewClient makes a client; its link calls Deliver.
func NewClient(t testing.TB) *Client {
	c := &Client{TB: t, Session: wire.NewID(), waiting: map[session.Channel][]*Message{}, seen: map[string]bool{}}
	c.arrived.L = &c.mu
	t.Cleanup(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, err := range c.faults {
			t.Error(err)
		}
	})
	return c
}

// Deliver takes a message from the kernel.
func (c *Client) Deliver(ch session.Channel, m *wire.Message) {
	msg := &Message{Message: m, Channel: ch, At: time.Now()}
	err := Check(ch, m)
	if json.Unmarshal(m.Content, &msg.Body) != nil {
		msg.Body = map[string]any{}
	}
	var parent struct {
		ID string `json:"msg_id"`
	}
	if json.Unmarshal(m.Parent, &parent) == nil {
		msg.Parent = parent.ID
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil:
	case c.seen[m.Head.ID]:
		err = fmt.Errorf("two messages with the id %s", m.Head.ID)
	case c.kernel != "" && c.kernel != m.Head.Session:
		err = fmt.Errorf("two sessions, %s and %s", c.kernel, m.Head.Session)
	}
	c.seen[m.Head.ID], c.kernel = true, m.Head.Session
	if err != nil && len(c.faults) < 5 {
		c.faults = append(c.faults, err)
	}
	c.waiting[ch] = append(c.waiting[ch], msg)
	c.arrived.Broadcast()
}

// Header makes the header of a request.
func (c *Client) Header(msgType string) map[string]any {
	return map[string]any{"msg_id": wire.NewID(), "session": c.Session, "username": "tester", "date": wire.Now(), "msg_type": msgType, "version": "5.4"}
}

// Message makes a message to the kernel.
func (c *Client) Message(header, content any) *wire.Message {
	c.Helper()
	return &wire.Message{Header: c.marshal(header), Content: c.marshal(content)}
}

func (c *Client) marshal(v any) json.RawMessage {
	c.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		c.Fatal(err)
	}
	return data
}

// Post sends a message as it is.
func (c *Client) Post(ch session.Channel, m *wire.Message) {
	c.Helper()
	if err := c.Link.Send(ch, m); err != nil {
		c.Fatal(err)
	}
}

// Send sends a request and gives its id.
func (c *Client) Send(ch session.Channel, msgType string, content any) (id string) {
	c.Helper()
	h := c.Header(msgType)
	c.Post(ch, c.Message(h, content))
	return h["msg_id"].(string)
}

var errQuiet = errors.New("nothing came")

// Find waits for the first message of a channel that fits and takes it.
func (c *Client) Find(ch session.Channel, wait time.Duration, fits func(*Message) bool) (*Message, error) {
	deadline := time.Now().Add(wait)
	timer := time.AfterFunc(wait, c.wake)
	defer timer.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for seen := 0; ; {
		queue := c.waiting[ch]
		for i := min(seen, len(queue)); i < len(queue); i++ {
			if m := queue[i]; fits(m) {
				c.waiting[ch] = append(queue[:i:i], queue[i+1:]...)
				return m, nil
			}
		}
		seen = len(queue)
		if !time.Now().Before(deadline) {
			return nil, errQuiet
		}
		c.arrived.Wait()
	}
}

func (c *Client) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrived.Broadcast()
}

// Next waits for the next message of a channel.
func (c *Client) Next(ch session.Channel) *Message {
	c.Helper()
	m, err := c.Find(ch, Patience, func(*Message) bool { return true })
	if err != nil {
		c.Fatalf("no message on channel %d", ch)
	}
	return m
}

// Reply waits for the reply to a request.
func (c *Client) Reply(ch session.Channel, id string) *Message {
	c.Helper()
	m, err := c.Find(ch, Patience, func(m *Message) bool { return m.Parent == id })
	if err != nil {
		c.Fatalf("no reply to %s", id)
	}
	return m
}

// Published waits for an iopub message of a type with the parent; "" is any.
func (c *Client) Published(id, msgType string) *Message {
	c.Helper()
	m, err := c.Find(IOPub, Patience, func(m *Message) bool {
		return (id == "" || m.Parent == id) && m.Head.Type == msgType
	})
	if err != nil {
		c.Fatalf("no %s of %s", msgType, id)
	}
	return m
}

// Quiet wants that nothing fits within a time.
func (c *Client) Quiet(ch session.Channel, wait time.Duration, fits func(*Message) bool) {
	c.Helper()
	if m, err := c.Find(ch, wait, fits); err == nil {
		c.Errorf("%s came on channel %d: %.300s", m.Head.Type, ch, m.Content)
	}
}

// Any fits everything.
func Any(*Message) bool { return true }

// UntilIdle takes all iopub messages of a request, from busy to idle.
func (c *Client) UntilIdle(id string) (all []*Message) {
	c.Helper()
	for {
		m, err := c.Find(IOPub, Patience, func(m *Message) bool { return m.Parent == id })
		if err != nil {
			c.Fatalf("%s never became idle; so far %s", id, Types(all))
		}
		all = append(all, m)
		if m.Head.Type == "status" && m.Body["execution_state"] == "idle" {
			return all
		}
	}
}

// Types lists the types of messages; a status is its state.
func Types(all []*Message) string {
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = m.Head.Type
		if names[i] == "status" {
			names[i] = m.Text("execution_state")
		}
	}
	return strings.Join(names, " ")
}

// A Done is a request from its reply to idle.
type Done struct {
	ID    string
	Reply *Message // nil for messages without a reply
	IOPub []*Message
}

// Ask makes a round trip.
func (c *Client) Ask(ch session.Channel, msgType string, content any) Done {
	c.Helper()
	return c.Finish(ch, c.Send(ch, msgType, content))
}

// Finish waits for the reply and idle of a request.
func (c *Client) Finish(ch session.Channel, id string) Done {
	c.Helper()
	return Done{ID: id, Reply: c.Reply(ch, id), IOPub: c.UntilIdle(id)}
}

// Code is the content of an execute_request; options are pairs of names and values.
func Code(code string, options ...any) map[string]any {
	content := map[string]any{"code": code, "silent": false, "store_history": true, "allow_stdin": false, "stop_on_error": true}
	for i := 0; i+1 < len(options); i += 2 {
		content[fmt.Sprint(options[i])] = options[i+1]
	}
	return content
}

// Run runs a cell to its end.
func (c *Client) Run(code string, options ...any) Done {
	c.Helper()
	return c.Ask(session.Shell, "execute_request", Code(code, options...))
}

// Start begins a cell.
func (c *Client) Start(code string, options ...any) (id string) {
	c.Helper()
	return c.Send(session.Shell, "execute_request", Code(code, options...))
}

// OK runs a cell that must succeed.
func (c *Client) OK(code string, options ...any) Done {
	c.Helper()
	d := c.Run(code, options...)
	if d.Reply.Status() != "ok" {
		c.Errorf("the cell %.200q: %s", code, d.Reply.Content)
	}
	return d
}

// Printed is what the request printed to a stream.
func (d Done) Printed(stream string) string {
	var b strings.Builder
	for _, m := range d.IOPub {
		if m.Head.Type == "stream" && m.Text("name") == stream {
			b.WriteString(m.Text("text"))
		}
	}
	return b.String()
}

// First is the first message of a type, or nil.
func (d Done) First(msgType string) *Message {
	for _, m := range d.IOPub {
		if m.Head.Type == msgType {
			return m
		}
	}
	return nil
}

// Value is the text/plain of the result, "" if there is none.
func (d Done) Value() string {
	if m := d.First("execute_result"); m != nil {
		return m.Plain()
	}
	return ""
}

// Survives wants the kernel to answer, and to run a cell.
func (c *Client) Survives() {
	c.Helper()
	c.Ask(session.Shell, "kernel_info_request", map[string]any{})
	c.OK("1")
}
