package kerneltest

import (
	"sync"
	"testing"

	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
)

// A Memory is a connection between a session and clients in one process.
type Memory struct {
	mu      sync.Mutex
	clients map[string]*Client
	session *session.Session
}

// Start begins a session over memory. Its options need no Conn; the engine,
// when it is missing, is a new Engine.
func Start(t testing.TB, o session.Options) (*Memory, *session.Session) {
	m := &Memory{clients: map[string]*Client{}}
	o.Conn = m
	if o.Engine == nil {
		o.Engine = NewEngine()
	}
	m.session = session.New(o)
	t.Cleanup(func() {
		m.session.Close()
		o.Engine.Close()
	})
	return m, m.session
}

var _ engine.Engine = (*Engine)(nil)

// Client connects one more client.
func (m *Memory) Client(t testing.TB) *Client {
	c := NewClient(t)
	c.Link = memoryLink{m, []byte(c.Session)}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clients[c.Session] = c
	return c
}

// A memoryLink is the way of one client to the session.
type memoryLink struct {
	memory *Memory
	ident  []byte
}

// Send hands a message to the session as if it had come from a socket.
func (l memoryLink) Send(ch session.Channel, m *wire.Message) error {
	signer, err := wire.NewSigner("hmac-sha256", "memory")
	if err != nil {
		return err
	}
	frames := append([][]byte{l.ident}, wire.Encode(m, signer)...)
	decoded, _, err := wire.Decode(frames, signer)
	if err != nil {
		return nil // the sockets drop it
	}
	l.memory.session.Receive(ch, decoded)
	return nil
}

// Send delivers a reply to the client that the prefix names.
func (m *Memory) Send(ch session.Channel, msg *wire.Message) {
	m.mu.Lock()
	c := m.clients[string(msg.Idents[0])]
	m.mu.Unlock()
	if c != nil {
		c.Deliver(ch, arrived(msg))
	}
}

// Publish delivers to all clients.
func (m *Memory) Publish(msg *wire.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.clients {
		c.Deliver(IOPub, arrived(msg))
	}
}

// arrived is a message as it comes off a wire.
func arrived(m *wire.Message) *wire.Message {
	signer, err := wire.NewSigner("hmac-sha256", "memory")
	if err != nil {
		panic(err) // the scheme is known
	}
	out, _, err := wire.Decode(wire.Encode(m, signer), signer)
	if err != nil {
		return m // Check says what is wrong
	}
	return out
}
