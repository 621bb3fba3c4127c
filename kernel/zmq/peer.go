package zmq

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// A Peer is the client end of one connection to a ZeroMQ socket: for the
// registration of a kernel, for checks of an installation and for tests.
type Peer struct {
	// Conn may be used to write bytes that are no messages.
	Conn net.Conn

	in   *bufio.Reader
	send sync.Mutex
}

// Dial connects to an endpoint, tcp://HOST:PORT or ipc://PATH, as a socket of
// the type (DEALER, SUB, REQ) with the identity, and does the handshake.
// Until the wait is over it tries again when nobody listens.
func Dial(endpoint, socketType, identity string, wait time.Duration) (*Peer, error) {
	network, address := "tcp", strings.TrimPrefix(endpoint, "tcp://")
	if path, ok := strings.CutPrefix(endpoint, "ipc://"); ok {
		network, address = "unix", path
	}
	deadline := time.Now().Add(wait)
	for {
		p, err := dial(network, address, socketType, identity, deadline)
		if err == nil {
			return p, nil
		}
		if time.Now().Add(retry).After(deadline) {
			return nil, fmt.Errorf("no connection to %s: %w", endpoint, reason(err))
		}
		time.Sleep(retry)
	}
}

// retry is how long Dial waits before it tries again.
const retry = 5 * time.Millisecond

func dial(network, address, socketType, identity string, deadline time.Time) (*Peer, error) {
	raw, err := net.DialTimeout(network, address, time.Until(deadline))
	if err != nil {
		return nil, err
	}
	p := &Peer{Conn: raw, in: bufio.NewReaderSize(raw, slab)}
	if err := p.handshake(socketType, identity, deadline); err != nil {
		raw.Close()
		return nil, err
	}
	return p, nil
}

func (p *Peer) handshake(socketType, identity string, deadline time.Time) error {
	_ = p.Conn.SetDeadline(deadline)
	if _, err := p.Conn.Write(greeting()); err != nil {
		return err
	}
	if err := readGreeting(p.in); err != nil {
		return err
	}
	if _, err := p.Conn.Write(appendReady(nil, socketType, identity)); err != nil {
		return err
	}
	if _, _, err := readReady(p.in); err != nil {
		return err
	}
	return p.Conn.SetDeadline(time.Time{})
}

// Send sends one message.
func (p *Peer) Send(frames ...[]byte) error {
	p.send.Lock()
	defer p.send.Unlock()
	_, err := p.Conn.Write(appendMessage(nil, frames))
	return err
}

// Subscribe asks a publisher for a topic; Unsubscribe takes it back.
func (p *Peer) Subscribe(topic string) error { return p.Send(append([]byte{1}, topic...)) }

// Unsubscribe no longer asks for a topic.
func (p *Peer) Unsubscribe(topic string) error { return p.Send(append([]byte{0}, topic...)) }

// Ping sends a ZMTP PING with a context of at most 16 bytes.
func (p *Peer) Ping(context string) error {
	p.send.Lock()
	defer p.send.Unlock()
	_, err := p.Conn.Write(appendCommand(nil, "PING", append([]byte{0, 0}, context...)))
	return err
}

// ErrQuiet is what Recv gives when nothing has come in time.
var ErrQuiet = errors.New("no message came in time")

// Recv waits for the next message. A command comes as one frame that begins
// with its name's length and name, and command is true.
func (p *Peer) Recv(wait time.Duration) (frames [][]byte, command bool, err error) {
	_ = p.Conn.SetReadDeadline(time.Now().Add(wait))
	e, err := readEnvelope(p.in)
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		err = ErrQuiet
	}
	return e.frames, e.command, err
}

// Close ends the connection.
func (p *Peer) Close() error { return p.Conn.Close() }

// Serve does the handshake of the other end on a connection that was accepted:
// it makes a socket of the type that talks to one client.
func Serve(raw net.Conn, socketType string) (*Peer, error) {
	p := &Peer{Conn: raw, in: bufio.NewReaderSize(raw, slab)}
	return p, p.handshake(socketType, "", time.Now().Add(RegistrationTime))
}
