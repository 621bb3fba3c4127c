package zmq

import (
	"context"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"

	"github.com/nabla-go/nabla/kernel/wire"
)

// A port is one socket: zmq4's, and the guard in front of it. Sends come one
// after the other.
type port struct {
	zmq4.Socket
	guard *listener
	drops *counters

	send   sync.Mutex
	parked []parked
}

// parked is a message for a client that is not connected now.
type parked struct {
	frames [][]byte
	until  time.Time
}

func (m parked) size() (n int) {
	for _, f := range m.frames {
		n += len(f)
	}
	return n
}

const (
	// parkTime is how long a message waits for its client: the stdin socket of
	// a front end may connect after its shell socket.
	parkTime       = 30 * time.Second
	maxParked      = 256
	maxParkedBytes = 64 << 20 // beyond it the oldest are lost, but never the newest
)

// sendTime bounds a send; the guard queues, so that none should ever take it.
const sendTime = 2 * time.Second

func newPort(ctx context.Context, kind zmq4.SocketType, drops *counters) *port {
	options := []zmq4.Option{zmq4.WithTimeout(sendTime), zmq4.WithLogger(log.New(io.Discard, "", 0))}
	p := &port{drops: drops}
	if kind == zmq4.XPub {
		p.Socket = zmq4.NewXPub(ctx, options...)
	} else {
		p.Socket = zmq4.NewRouter(ctx, options...)
	}
	return p
}

// listen puts the socket behind a guard on an open listener. The guard takes
// its first client with serve.
func (p *port) listen(open net.Listener, q policy) error {
	kind := p.Type()
	if kind == zmq4.Router {
		q.joined = p.unpark
	}
	l, endpoint := guard(open, kind, p.drops, q)
	p.guard = l
	return p.Listen(endpoint)
}

// reply sends a message to the client that its first frame names, or parks it.
func (p *port) reply(frames [][]byte) {
	p.send.Lock()
	defer p.send.Unlock()
	if p.guard.joined(string(frames[0])) {
		p.put(frames)
		return
	}
	p.expire(time.Now())
	waiting := 0
	for _, m := range p.parked {
		waiting += m.size()
	}
	for len(p.parked) > 0 && (len(p.parked) >= maxParked || waiting > maxParkedBytes) {
		p.drops.add(dropUnknownClient)
		waiting -= p.parked[0].size()
		p.parked = p.parked[1:]
	}
	p.parked = append(p.parked, parked{frames, time.Now().Add(parkTime)})
}

func (p *port) put(frames [][]byte) {
	_ = p.SendMulti(zmq4.NewMsgFrom(frames...)) // fails when the client goes at this moment
}

// unpark sends what waits for a client that has come.
func (p *port) unpark(c *conn) {
	p.send.Lock()
	defer p.send.Unlock()
	p.expire(time.Now())
	kept := p.parked[:0]
	for _, m := range p.parked {
		if string(m.frames[0]) == c.identity {
			p.put(m.frames)
		} else {
			kept = append(kept, m)
		}
	}
	clear(p.parked[len(kept):])
	p.parked = kept
}

func (p *port) expire(now time.Time) {
	for len(p.parked) > 0 && now.After(p.parked[0].until) {
		p.drops.add(dropUnknownClient)
		p.parked = p.parked[1:]
	}
}

// publish sends to all subscribers.
func (p *port) publish(m *wire.Message, signer *wire.Signer) {
	frames := wire.Encode(m, signer)
	p.send.Lock()
	p.put(frames)
	p.send.Unlock()
	if len(m.Idents) > 0 && sheds(m.Idents[0]) {
		p.wait()
	}
}

// wait lets readers of printed text catch up, for a moment.
func (p *port) wait() {
	for end := time.Now().Add(courtesy); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		behind := false
		for _, c := range p.guard.all() {
			behind = behind || c.out.behind()
		}
		if !behind {
			return
		}
	}
}

// drain lets what was sent leave the process.
func (p *port) drain(patience time.Duration, deadline time.Time) {
	if p.guard == nil {
		return
	}
	for _, c := range p.guard.all() {
		c.out.drain(patience, deadline)
	}
}

func (p *port) close() {
	if p.guard != nil {
		p.guard.Close()
	}
	_ = p.Close() // it complains of connections that the guard has closed
}
