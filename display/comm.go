package display

import (
	"fmt"
	"sync"
)

// A Comm is a channel of messages between the cells and a part of the front
// end, a widget say. Its methods may be called from any goroutine.
type Comm struct {
	ID     string
	Target string

	mu     sync.Mutex
	closed bool
	handle func(data map[string]any, buffers [][]byte)
}

// comms are the channels that are open and the targets that cells offer.
var comms = struct {
	mu      sync.Mutex
	open    map[string]*Comm
	targets map[string]func(c *Comm, data map[string]any)
}{open: map[string]*Comm{}, targets: map[string]func(*Comm, map[string]any){}}

// widgetTarget is the target of Jupyter's widgets, and widgetVersion the version
// of their protocol, which their comm_open names.
const (
	widgetTarget  = "jupyter.widget"
	widgetVersion = "2.1.0"
)

// OpenComm opens a channel to a target of the front end.
func OpenComm(target string, data map[string]any, buffers ...[]byte) *Comm {
	c := &Comm{ID: newID(), Target: target}
	comms.mu.Lock()
	comms.open[c.ID] = c
	comms.mu.Unlock()
	m := CommMessage{Type: "comm_open", ID: c.ID, TargetName: target, Data: data, Buffers: buffers}
	if target == widgetTarget {
		m.Metadata = map[string]any{"version": widgetVersion}
	}
	send(m)
	return c
}

// OfferComm lets the front end open channels to a target of the cells.
func OfferComm(target string, opened func(c *Comm, data map[string]any)) {
	comms.mu.Lock()
	defer comms.mu.Unlock()
	comms.targets[target] = opened
}

// IsHandle tells an evaluator that a channel is no result.
func (*Comm) IsHandle() {}

// Handle sets what is done with each message from the front end.
func (c *Comm) Handle(message func(data map[string]any, buffers [][]byte)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.handle = message
}

// Send sends a message; it fails on a channel that is closed.
func (c *Comm) Send(data map[string]any, buffers ...[]byte) error {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return fmt.Errorf("the comm to %q is closed: open another with display.OpenComm", c.Target)
	}
	send(CommMessage{Type: "comm_msg", ID: c.ID, Data: data, Buffers: buffers})
	return nil
}

// Close ends the channel. To close it again does nothing.
func (c *Comm) Close() {
	if c.end() {
		send(CommMessage{Type: "comm_close", ID: c.ID})
	}
}

// end tells whether the channel was open.
func (c *Comm) end() bool {
	comms.mu.Lock()
	delete(comms.open, c.ID)
	comms.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	was := !c.closed
	c.closed = true
	return was
}

func send(m CommMessage) {
	if s := sink(); s != nil {
		s.Comm(m)
	}
}

// DeliverComm hands a message of the front end to its channel or target, for
// evaluators. It reports whether there is one. A handler may panic.
func DeliverComm(m CommMessage) bool {
	comms.mu.Lock()
	c, opened := comms.open[m.ID], comms.targets[m.TargetName]
	if m.Type == "comm_open" && opened != nil {
		c = &Comm{ID: m.ID, Target: m.TargetName}
		comms.open[m.ID] = c
	}
	comms.mu.Unlock()
	switch {
	case m.Type == "comm_open" && opened != nil:
		opened(c, m.Data)
	case c == nil || m.Type == "comm_open":
		return false
	case m.Type == "comm_close":
		c.end()
	default:
		c.mu.Lock()
		handle := c.handle
		c.mu.Unlock()
		if handle != nil {
			handle(m.Data, m.Buffers)
		}
	}
	return true
}
