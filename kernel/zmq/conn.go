package zmq

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A conn is one client as zmq4 sees it. What zmq4 reads are whole messages
// within the limits, and nothing but messages: pings are answered here,
// subscriptions go to the policy. What zmq4 writes is cut into messages that
// wait in an outbox, so that a write never blocks.
type conn struct {
	net.Conn
	owner    *listener
	identity string
	joined   atomic.Bool

	in   *bufio.Reader
	feed [][]byte // for zmq4 to read, in pieces

	cut  *cutter
	out  *outbox
	once sync.Once

	subscriber // of iopub
}

// introduction is what zmq4 reads first of a client. It is told that every
// subscriber wants everything: the policy filters.
func introduction(socketType, identity string) [][]byte {
	feed := [][]byte{greeting(), appendReady(nil, socketType, identity)}
	if socketType == "SUB" || socketType == "XSUB" {
		feed = append(feed, appendFrame(nil, 0, []byte{1}))
	}
	return feed
}

func newConn(l *listener, raw net.Conn, in *bufio.Reader, socketType, identity string) *conn {
	c := &conn{Conn: raw, owner: l, identity: identity, in: in, cut: newCutter()}
	c.out = newOutbox(c, l.policy)
	c.feed = introduction(socketType, identity)
	return c
}

// Read gives zmq4 the next bytes of whole messages. Every failure is the end
// of the connection.
func (c *conn) Read(p []byte) (int, error) {
	for len(c.feed) == 0 {
		if !c.joined.Swap(true) { // zmq4 asks for more than the handshake: it serves this client
			if c.owner.policy.joined != nil {
				c.owner.policy.joined(c)
			}
		}
		if err := c.receive(); err != nil {
			c.Close()
			return 0, io.EOF
		}
	}
	n := copy(p, c.feed[0])
	if c.feed[0] = c.feed[0][n:]; len(c.feed[0]) == 0 {
		c.feed = c.feed[1:]
	}
	return n, nil
}

// receive takes one envelope off the wire.
func (c *conn) receive() error {
	e, err := readEnvelope(c.in)
	switch {
	case errors.Is(err, errTooLarge):
		c.owner.drops.add(dropOversized)
		return err
	case errors.Is(err, errFraming):
		c.owner.drops.add(dropMalformed)
		return err
	case err != nil:
		return err
	case e.command:
		c.command(e)
	case c.owner.policy.subscribe != nil:
		if len(e.frames) == 1 {
			c.owner.policy.subscribe(c, e.frames[0])
		}
	default:
		c.pass(e.frames)
	}
	return nil
}

// command answers pings; SUBSCRIBE and CANCEL are those of ZMTP 3.1.
func (c *conn) command(e envelope) {
	name, body := e.named()
	switch subscribe := c.owner.policy.subscribe; {
	case name == "PING":
		context := body[min(2, len(body)):] // after the time to live
		c.out.put(item{data: appendCommand(nil, "PONG", context[:min(16, len(context))])})
	case name == "SUBSCRIBE" && subscribe != nil:
		subscribe(c, append([]byte{1}, body...))
	case name == "CANCEL" && subscribe != nil:
		subscribe(c, append([]byte{0}, body...))
	}
}

// pass makes a message readable for zmq4.
func (c *conn) pass(frames [][]byte) {
	heads := make([]byte, 0, 9*len(frames))
	for i, f := range frames {
		flags := byte(flagMore)
		if i == len(frames)-1 {
			flags = 0
		}
		at := len(heads)
		if len(f) > 255 {
			heads = append(heads, flags|flagLong)
			heads = binary.BigEndian.AppendUint64(heads, uint64(len(f)))
		} else {
			heads = append(heads, flags, byte(len(f)))
		}
		c.feed = append(c.feed, heads[at:])
		if len(f) > 0 {
			c.feed = append(c.feed, f)
		}
	}
}

// Write takes bytes of messages from zmq4. It never blocks.
func (c *conn) Write(p []byte) (int, error) {
	if c.out.ended() {
		return 0, net.ErrClosed
	}
	c.cut.write(p, c.queue)
	return len(p), nil
}

func (c *conn) queue(topic, data []byte) {
	p := c.owner.policy
	if p.admit == nil || p.admit(c, topic, data) {
		c.out.put(item{data: data, sheds: p.sheds != nil && p.sheds(topic)})
	}
}

// Close ends the connection at once.
func (c *conn) Close() error {
	c.once.Do(func() {
		c.owner.leave(c)
		c.out.end()
		c.Conn.Close()
	})
	return nil
}

// zmq4 sets no deadlines; the guard's own are on the inner connection.
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }
