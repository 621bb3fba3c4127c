package zmq

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/nabla-go/nabla/kernel/wire"
)

const (
	// early is how long, and how much of, what is published before anybody has
	// subscribed is kept for the first subscriber: a client that was started
	// before the kernel connects a moment after it.
	early      = 10 * time.Second
	earlyBytes = 1 << 20

	maxTopics = 1024 // of one subscriber
	maxTopic  = 4096 // bytes

	// A publisher of printed text waits while the outbox of a reader that has
	// read something within the time alive is full to an eighth, but never
	// longer than courtesy for one message.
	courtesy = 100 * time.Millisecond
	alive    = 500 * time.Millisecond
)

// flushTopic marks the message behind which everything has been handed to the
// subscribers. No subscriber gets it.
var flushTopic = []byte("\x00flush")

// A hub does for iopub what zmq4's socket does not: it filters topics, welcomes
// each subscription, and keeps what came before the first subscriber.
type hub struct {
	signer  *wire.Signer
	session string
	start   time.Time
	flushed chan struct{}
	room    int // of the outbox of each subscriber, 0 the default

	mu      sync.Mutex
	served  bool // somebody has subscribed to everything
	backlog [][]byte
	size    int
}

// A subscriber is what the hub knows of one client.
type subscriber struct {
	mu     sync.Mutex
	topics map[string]bool
	given  [][]byte // of the backlog; zmq4 may deliver them once more
}

func newHub(signer *wire.Signer, session string) *hub {
	return &hub{signer: signer, session: session, start: time.Now(), flushed: make(chan struct{}, 1)}
}

func (h *hub) policy() policy {
	return policy{subscribe: h.subscribe, admit: h.admit, sheds: sheds, notice: h.notice, room: h.room}
}

// sheds tells printed text, which a slow reader may lose, by its topic.
func sheds(topic []byte) bool { return bytes.HasSuffix(topic, []byte(".stream")) }

// subscribe takes one subscription frame: 1 or 0 and the topic.
func (h *hub) subscribe(c *conn, frame []byte) {
	if len(frame) == 0 || frame[0] > 1 || len(frame) > maxTopic {
		c.owner.drops.add(dropMalformed)
		return
	}
	topic := string(frame[1:])
	h.mu.Lock()
	defer h.mu.Unlock()
	c.subscriber.mu.Lock()
	defer c.subscriber.mu.Unlock()
	if frame[0] == 0 {
		delete(c.topics, topic)
		return
	}
	if c.topics == nil {
		c.topics = map[string]bool{}
	}
	if len(c.topics) >= maxTopics && !c.topics[topic] {
		c.owner.drops.add(dropMalformed)
		return
	}
	c.topics[topic] = true
	if utf8.ValidString(topic) {
		c.out.put(item{data: h.welcome(topic)})
	}
	if topic == "" && !h.served {
		h.served = true
		for _, data := range h.backlog {
			c.out.put(item{data: data})
		}
		c.given, h.backlog = h.backlog, nil
	}
}

// admit filters by topic. It drops what the subscriber has got from the backlog.
func (h *hub) admit(c *conn, topic, data []byte) bool {
	if bytes.Equal(topic, flushTopic) {
		return false
	}
	s := &c.subscriber
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, g := range s.given {
		if bytes.Equal(g, data) {
			s.given = s.given[i+1:]
			return false
		}
	}
	s.given = nil
	if s.topics[""] {
		return true
	}
	for t := range s.topics {
		if strings.HasPrefix(string(topic), t) {
			return true
		}
	}
	return false
}

// observe is the hub's own subscription: it sees every message, first.
func (h *hub) observe(topic, data []byte) {
	if bytes.Equal(topic, flushTopic) {
		select {
		case h.flushed <- struct{}{}:
		default:
		}
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.served:
	case time.Since(h.start) > early, h.size+len(data) > earlyBytes:
		h.served, h.backlog = true, nil
	default:
		h.backlog = append(h.backlog, data)
		h.size += len(data)
	}
}

// welcome is the iopub_welcome message of JEP 65.
func (h *hub) welcome(topic string) []byte {
	return h.message([]byte(topic), "iopub_welcome", nil, map[string]string{"subscription": topic})
}

// notice says in the place of lost text how much it was.
func (h *hub) notice(g gap) []byte {
	frames := framesOf(g.sample)
	name := "stderr"
	if s, ok := streamOf(frames); ok {
		name = s.Name
	}
	text := fmt.Sprintf("\n[%d bytes of output are lost here: this client reads too slowly]\n", g.text)
	var topic []byte
	if len(frames) > 0 {
		topic = frames[0]
	}
	return h.message(topic, "stream", parentOf(frames), map[string]string{"name": name, "text": text})
}

func (h *hub) message(topic []byte, msgType string, parent []byte, content map[string]string) []byte {
	head, err := json.Marshal(wire.NewHeader(h.session, msgType))
	if err != nil {
		return nil // a header holds only text
	}
	body, err := json.Marshal(content)
	if err != nil {
		return nil // the same
	}
	m := &wire.Message{Idents: [][]byte{topic}, Header: head, Parent: parent, Content: body}
	return appendMessage(nil, wire.Encode(m, h.signer))
}

// framesOf cuts a message on the wire into its frames.
func framesOf(data []byte) (frames [][]byte) {
	var cut []byte
	for len(data) >= 2 {
		size, head := int(data[1]), 2
		if data[0]&flagLong != 0 {
			if len(data) < 9 {
				return frames
			}
			size, head = 0, 9
			for _, b := range data[1:9] {
				size = size<<8 | int(b)
			}
		}
		if size < 0 || len(data)-head < size {
			return frames
		}
		cut, data = data[head:head+size], data[head+size:]
		frames = append(frames, cut)
	}
	return frames
}

// The places of the parts of an iopub message among its frames.
const (
	parentFrame  = 4
	contentFrame = 6
)

func parentOf(frames [][]byte) []byte {
	if len(frames) <= parentFrame {
		return nil
	}
	return frames[parentFrame]
}

func sameParent(a, b []byte) bool { return bytes.Equal(parentOf(framesOf(a)), parentOf(framesOf(b))) }

// A stream is the content of a message with printed text.
type stream struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func streamOf(frames [][]byte) (s stream, ok bool) {
	return s, len(frames) > contentFrame && json.Unmarshal(frames[contentFrame], &s) == nil
}

// textSize is how many bytes of text a stream message holds.
func textSize(data []byte) int {
	s, ok := streamOf(framesOf(data))
	if !ok {
		return len(data)
	}
	return len(s.Text)
}
