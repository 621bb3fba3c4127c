package zmq

import (
	"encoding/binary"
	"slices"
	"sync"
)

// maxFrame is more than any frame of ours.
const maxFrame = 1 << 40

// A cutter cuts the bytes that zmq4 writes to a client into messages, and
// leaves out its greeting and READY: the guard has sent its own.
type cutter struct {
	mu     sync.Mutex
	skip   int // bytes of the greeting that are still to come
	head   []byte
	body   int // bytes of the frame that are still to come
	begin  int // where the frame begins in data
	frames int
	topic  []byte // the first frame
	data   []byte // the message so far, as on the wire
}

func newCutter() *cutter { return &cutter{skip: greetingSize} }

// write calls message for each message that p completes; data is message's to
// keep, topic is not.
func (c *cutter) write(p []byte, message func(topic, data []byte)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(p) > 0 {
		switch {
		case c.skip > 0:
			n := min(c.skip, len(p))
			c.skip -= n
			p = p[n:]
		case c.body > 0:
			n := min(c.body, len(p))
			c.data = append(c.data, p[:n]...)
			c.body -= n
			p = p[n:]
			if c.body == 0 {
				c.end(message)
			}
		default:
			c.header(p[0], message)
			p = p[1:]
		}
	}
}

// header takes one byte of the header of a frame.
func (c *cutter) header(b byte, message func(topic, data []byte)) {
	c.head = append(c.head, b)
	switch {
	case len(c.head) == 2 && c.head[0]&flagLong == 0:
		c.body = int(c.head[1])
	case len(c.head) == 9:
		c.body = int(min(binary.BigEndian.Uint64(c.head[1:]), maxFrame))
	default:
		return
	}
	c.data = append(slices.Grow(c.data, len(c.head)+min(c.body, slab)), c.head...)
	c.begin = len(c.data)
	if c.body == 0 {
		c.end(message)
	}
}

// end ends a frame and, with the last one, the message.
func (c *cutter) end(message func(topic, data []byte)) {
	flags := c.head[0]
	c.head = c.head[:0]
	if c.frames++; c.frames == 1 {
		c.topic = append(c.topic[:0], c.data[c.begin:]...)
	}
	if flags&flagMore != 0 {
		return
	}
	data := c.data
	c.data, c.frames = nil, 0
	if flags&flagCommand == 0 {
		message(c.topic, data)
	}
}
