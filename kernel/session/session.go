package session

import (
	"encoding/json"
	"sync"
	"sync/atomic"

	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/wire"
)

// A Channel is one of the sockets that carry requests or replies.
type Channel uint8

// The channels with a routing prefix.
const (
	Shell Channel = iota
	Control
	Stdin
)

// A Conn leads to the clients. Its methods may be called from any goroutine
// and never wait for a slow client for ever.
type Conn interface {
	// Send sends m on the channel to the client that m.Idents names.
	Send(ch Channel, m *wire.Message)
	// Publish sends m to all subscribers of the topic m.Idents[0].
	Publish(m *wire.Message)
}

// Options say what a Session works with.
type Options struct {
	// ID is the session id in the headers of all messages; "" makes one.
	ID     string
	Conn   Conn
	Engine engine.Engine
	// Connection, when there are sockets, answers connect_request.
	Connection *wire.Connection
	// History is nil when inputs are not kept.
	History *History
	// Version is that of the program.
	Version string
	// Dropped, if any, counts what the connection has dropped, by reason.
	Dropped func() map[string]int64
	// NoSubshells makes the kernel behave as one without the feature.
	NoSubshells bool
}

// A Session is one life of a kernel: its message headers carry one session id,
// and its execution counter starts at 1.
type Session struct {
	Options
	id string

	mu     sync.Mutex
	shells map[string]*shell // by subshell id, "" is the main shell
	comms  map[string]string // comm id to target name
	inputs map[*pendingInput]bool
	closed bool

	control *queue
	meter   meter
	done    chan struct{}
	end     sync.Once
	restart atomic.Bool
}

// New makes a session; Start begins it.
func New(o Options) *Session {
	if o.ID == "" {
		o.ID = wire.NewID()
	}
	s := &Session{
		Options: o,
		id:      o.ID,
		shells:  map[string]*shell{},
		comms:   map[string]string{},
		inputs:  map[*pendingInput]bool{},
		control: newQueue(),
		done:    make(chan struct{}),
	}
	s.shells[""] = newShell(s, "")
	return s
}

// Start publishes the status starting and begins to handle requests.
func (s *Session) Start() {
	s.publish(nil, "status", map[string]any{"execution_state": "starting"}, nil, nil)
	go s.shells[""].serve()
	go func() {
		for r := s.control.take(); r != nil; r = s.control.take() {
			r.handle()
		}
	}()
}

// subshellsOn tells whether subshells are offered: the engine must be able to
// run their cells at once.
func (s *Session) subshellsOn() bool {
	c, ok := s.Engine.(engine.Concurrent)
	return !s.NoSubshells && ok && c.Concurrent()
}

// Done is closed when a client has asked for shutdown and got its reply.
func (s *Session) Done() <-chan struct{} { return s.done }

// Restarting tells, after Done, whether the client means to start again.
func (s *Session) Restarting() bool { return s.restart.Load() }

// Close stops the queues. It does not close the engine or the connection.
func (s *Session) Close() {
	s.mu.Lock()
	s.closed = true
	shells := make([]*shell, 0, len(s.shells))
	for _, sh := range s.shells {
		shells = append(shells, sh)
	}
	s.mu.Unlock()
	s.cancelInputs()
	for _, sh := range shells {
		sh.queue.close()
	}
	s.control.close()
}

// Receive takes one message from a client. It waits only while the queue of
// its shell is full.
func (s *Session) Receive(ch Channel, m *wire.Message) {
	if ch == Stdin {
		s.inputReply(m)
		return
	}
	r := &request{session: s, channel: ch, msg: m}
	if ch == Control && m.Head.Type != "execute_request" {
		s.control.put(r)
		return
	}
	r.shell = s.shellOf(m) // also of cells on control, which must not run beside others
	if r.shell == nil || !r.shell.queue.put(r) {
		r.refuse()
	}
}

// shellOf finds the shell that a request is for; nil when it names a subshell
// that does not exist.
func (s *Session) shellOf(m *wire.Message) *shell {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.Head.Subshell == nil || !s.subshellsOn() {
		return s.shells[""]
	}
	return s.shells[*m.Head.Subshell]
}

// publish sends an iopub message. The parent is that of a request, or nil.
func (s *Session) publish(parent json.RawMessage, msgType string, content any, metadata any, buffers [][]byte) {
	s.Conn.Publish(&wire.Message{
		Idents:   [][]byte{[]byte("kernel." + s.id + "." + msgType)},
		Header:   encode(wire.NewHeader(s.id, msgType)),
		Parent:   parent,
		Metadata: encodeObject(metadata),
		Content:  encode(content),
		Buffers:  buffers,
	})
}
