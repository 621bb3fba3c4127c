package worker

import (
	"bufio"
	"io"
	"sync"
	"time"
)

const (
	// gather is how long printed text waits for more, once some has just
	// been sent.
	gather = 5 * time.Millisecond
	// piece is how much printed text is sent at once.
	piece = 32 << 10
)

// A link is one end of the two pipes. Its send methods may be called from any
// goroutine; frames arrive in the order of the calls.
type link struct {
	in    *bufio.Reader
	takes span

	mu     sync.Mutex
	out    io.Writer
	frame  []byte // to be written, reused
	err    error  // of the first write that failed
	text   []byte // printed and not sent yet
	from   kind   // kindStdout or kindStderr
	call   uint64 // that printed it
	last   time.Time
	timer  *time.Timer
	before func() // each write
}

func newLink(in io.Reader, out io.Writer, takes span) *link {
	return &link{in: bufio.NewReaderSize(in, 64<<10), out: out, takes: takes, before: func() {}}
}

// read gives the next frame. Only one goroutine reads.
func (l *link) read() (frame, error) { return readFrame(l.in, l.takes) }

// send writes one frame after the text printed before it.
func (l *link) send(k kind, id uint64, body []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
	return l.write(frame{k, id, body})
}

// print gathers text that a call has printed. The first piece after a while
// goes at once.
func (l *link) print(k kind, id uint64, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k != l.from || id != l.call {
		l.flush()
		l.from, l.call = k, id
	}
	for len(text) > 0 {
		n := min(len(text), piece-len(l.text))
		l.text = append(l.text, text[:n]...)
		text = text[n:]
		if len(l.text) == piece {
			l.flush()
		}
	}
	switch {
	case len(l.text) == 0:
	case time.Since(l.last) >= gather:
		l.flush()
	case l.timer == nil:
		l.timer = time.AfterFunc(gather, func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.timer = nil
			l.flush()
		})
	}
}

func (l *link) flush() {
	if len(l.text) > 0 {
		l.write(frame{l.from, l.call, l.text})
		l.text = l.text[:0]
		l.last = time.Now()
	}
}

func (l *link) write(f frame) error {
	if l.err != nil {
		return l.err
	}
	l.before()
	data, err := appendFrame(l.frame[:0], f)
	if err != nil {
		return err // nothing of it was written
	}
	if l.frame = data; cap(data) > 4*piece {
		l.frame = nil
	}
	if _, err := l.out.Write(data); err != nil {
		l.err = err
	}
	return l.err
}
