package zmq

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/transport"
)

const (
	// handshakeTime is how long a connection may take to say who it is.
	handshakeTime = 10 * time.Second
	// maxPending is how many connections of a socket may be in the handshake;
	// beyond it the oldest is closed.
	maxPending = 512
	// maxClients is how many connections a socket serves at once.
	maxClients = 4096
)

// scheme is the transport under which zmq4 finds the guarded listeners: the
// address is the key of a listener that is bound already.
const scheme = "guarded"

var guarded sync.Map // key -> *listener

var lastKey atomic.Int64

func init() {
	if err := zmq4.RegisterTransport(scheme, guardTransport{}); err != nil {
		panic(err) // another package of this program took the name
	}
}

type guardTransport struct{}

func (guardTransport) Addr(key string) (string, error) { return key, nil }

func (guardTransport) Dial(context.Context, transport.Dialer, string) (net.Conn, error) {
	return nil, errors.New("the guarded transport only listens")
}

func (guardTransport) Listen(_ context.Context, key string) (net.Listener, error) {
	l, ok := guarded.LoadAndDelete(key)
	if !ok {
		return nil, errors.New("no listener has the key " + key)
	}
	return l.(*listener), nil
}

// A listener stands between the sockets of the system and zmq4. Each
// connection does its ZMTP handshake with the listener, in a goroutine of its
// own; zmq4 sees it only then, and finds the greeting and READY of the peer
// already there. So nobody who connects and says nothing, or nonsense, keeps
// others waiting.
type listener struct {
	net.Listener
	socketType string
	allowed    map[string]bool // socket types of peers
	drops      *counters
	policy     policy

	ready  chan net.Conn
	done   chan struct{} // no more clients are taken
	once   sync.Once
	closed chan struct{}
	free   sync.Once // closes closed

	mu      sync.Mutex
	pending []net.Conn // in the handshake, oldest first
	clients map[*conn]bool
	byID    map[string]*conn
	lastID  uint64

	waiting atomic.Int64 // bytes, in the outboxes of all clients
	present atomic.Int64 // clients
}

// A policy is what a socket does besides passing messages on.
type policy struct {
	// joined is told of each client that zmq4 now reads from.
	joined func(*conn)
	// subscribe handles a subscription frame; nil when the socket takes messages.
	subscribe func(c *conn, frame []byte)
	// admit tells whether a message goes to a subscriber.
	admit func(c *conn, topic, data []byte) bool
	// sheds tells whether a message may be lost by a slow reader.
	sheds func(topic []byte) bool
	// notice makes the message that stands for those that were lost.
	notice func(lost gap) []byte
	// room is the size of an outbox, 0 the default.
	room int
}

// peers are the socket types that may talk to a type.
var peers = map[zmq4.SocketType]map[string]bool{
	zmq4.Router: {"DEALER": true, "REQ": true, "ROUTER": true},
	zmq4.XPub:   {"SUB": true, "XSUB": true},
}

// guard makes a listener of an open one and gives the endpoint for zmq4.
func guard(open net.Listener, kind zmq4.SocketType, drops *counters, p policy) (l *listener, endpoint string) {
	l = &listener{
		Listener:   open,
		socketType: string(kind),
		allowed:    peers[kind],
		drops:      drops,
		policy:     p,
		ready:      make(chan net.Conn),
		done:       make(chan struct{}),
		closed:     make(chan struct{}),
		clients:    map[*conn]bool{},
		byID:       map[string]*conn{},
	}
	key := strconv.FormatInt(lastKey.Add(1), 10)
	guarded.Store(key, l)
	return l, scheme + "://" + key
}

// serve accepts until the listener is closed.
func (l *listener) serve() {
	backoff := time.Millisecond
	for {
		c, err := l.Listener.Accept()
		switch {
		case err == nil:
			backoff = time.Millisecond
			l.begin(c)
			go l.welcome(c)
		case errors.Is(err, net.ErrClosed):
			return
		default: // out of file descriptors, say: others may close some
			time.Sleep(backoff)
			backoff = min(2*backoff, time.Second)
		}
	}
}

func (l *listener) begin(c net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pending) >= maxPending {
		l.pending[0].Close()
		l.pending = l.pending[1:]
	}
	l.pending = append(l.pending, c)
}

func (l *listener) end(c net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, p := range l.pending {
		if p == c {
			l.pending = append(l.pending[:i], l.pending[i+1:]...)
			return
		}
	}
}

// welcome does the handshake with one peer and hands it to zmq4.
func (l *listener) welcome(raw net.Conn) {
	defer l.end(raw)
	_ = raw.SetDeadline(time.Now().Add(handshakeTime))
	counted := &countingReader{Reader: raw}
	in := bufio.NewReaderSize(counted, slab)
	socketType, identity, err := l.handshake(raw, in)
	if err != nil {
		raw.Close()
		if counted.n > 0 { // one that only looks whether the port is open does no harm
			l.drops.add(dropHandshake)
		}
		return
	}
	_ = raw.SetDeadline(time.Time{})
	counted.Reader = raw
	if c := l.admit(raw, in, socketType, identity); c != nil {
		l.hand(c)
	}
}

type countingReader struct {
	io.Reader
	n int
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.n += n
	return n, err
}

func (l *listener) handshake(raw net.Conn, in *bufio.Reader) (socketType, identity string, err error) {
	if _, err = raw.Write(greeting()); err != nil {
		return "", "", err
	}
	if err = readGreeting(in); err != nil {
		return "", "", err
	}
	if _, err = raw.Write(appendReady(nil, l.socketType, "")); err != nil {
		return "", "", err
	}
	if socketType, identity, err = readReady(in); err != nil {
		return "", "", err
	}
	if !l.allowed[socketType] {
		return "", "", errFraming
	}
	return socketType, identity, nil
}

// admit registers a client. One that takes the identity of an earlier one
// takes its place, as a front end does that connects again.
func (l *listener) admit(raw net.Conn, in *bufio.Reader, socketType, identity string) *conn {
	l.mu.Lock()
	if len(l.clients) >= maxClients {
		l.mu.Unlock()
		raw.Close()
		l.drops.add(dropHandshake)
		return nil
	}
	if identity == "" {
		l.lastID++
		identity = "\x00" + strconv.FormatUint(l.lastID, 36)
	}
	old := l.byID[identity]
	c := newConn(l, raw, in, socketType, identity)
	l.clients[c] = true
	l.present.Add(1)
	l.byID[identity] = c
	l.mu.Unlock()
	if old != nil {
		old.Close()
	}
	return c
}

// hand gives a connection to zmq4.
func (l *listener) hand(c net.Conn) {
	select {
	case l.ready <- c:
	case <-l.done:
		c.Close()
	}
}

func (l *listener) leave(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.clients[c] {
		delete(l.clients, c)
		l.present.Add(-1)
	}
	if l.byID[c.identity] == c {
		delete(l.byID, c.identity)
	}
}

// joined tells whether zmq4 serves a client of this identity.
func (l *listener) joined(identity string) bool {
	l.mu.Lock()
	c := l.byID[identity]
	l.mu.Unlock()
	return c != nil && c.joined.Load()
}

func (l *listener) all() []*conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]*conn, 0, len(l.clients))
	for c := range l.clients {
		out = append(out, c)
	}
	return out
}

// Accept gives zmq4 the next client that is through its handshake. It fails only
// after Close: zmq4 asks again at once, as long as its socket is open.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.ready:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listener and the handshakes that go on.
func (l *listener) Close() error {
	err := l.stop()
	l.free.Do(func() { close(l.closed) })
	for _, c := range l.all() {
		c.Close()
	}
	return err
}

// stop takes no more clients and keeps those that are there.
func (l *listener) stop() (err error) {
	l.once.Do(func() {
		close(l.done)
		err = l.Listener.Close()
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, c := range l.pending {
			c.Close()
		}
	})
	return err
}
