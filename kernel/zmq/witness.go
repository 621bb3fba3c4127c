package zmq

import (
	"io"
	"net"
	"sync"
	"time"
)

// A witness is a subscriber within the process: zmq4 writes to it first of
// all what is published.
type witness struct {
	feed  [][]byte
	cut   *cutter
	see   func(topic, data []byte)
	ready chan struct{} // closed when zmq4 serves it
	done  chan struct{}
	once  sync.Once
}

func newWitness(see func(topic, data []byte)) *witness {
	return &witness{
		feed:  introduction("SUB", ""),
		cut:   newCutter(),
		see:   see,
		ready: make(chan struct{}),
		done:  make(chan struct{}),
	}
}

// Read gives the introduction and then waits for the end.
func (w *witness) Read(p []byte) (int, error) {
	if len(w.feed) == 0 {
		close(w.ready)
		<-w.done
		return 0, io.EOF
	}
	n := copy(p, w.feed[0])
	if w.feed[0] = w.feed[0][n:]; len(w.feed[0]) == 0 {
		w.feed = w.feed[1:]
	}
	return n, nil
}

// Write hands messages on.
func (w *witness) Write(p []byte) (int, error) {
	w.cut.write(p, w.see)
	return len(p), nil
}

// Close ends Read.
func (w *witness) Close() error {
	w.once.Do(func() { close(w.done) })
	return nil
}

// openIOPub starts the publishing socket with the hub as its first subscriber.
func (s *Server) openIOPub(l net.Listener, p policy) error {
	if err := s.iopub.listen(l, p); err != nil {
		return err
	}
	w := newWitness(s.hub.observe)
	s.iopub.guard.hand(w)
	<-w.ready
	return nil
}

// flush waits until what was published has been handed to the subscribers.
func (s *Server) flush(deadline time.Time) {
	if s.iopub.guard == nil {
		return
	}
	s.iopub.send.Lock()
	s.iopub.put([][]byte{flushTopic})
	s.iopub.send.Unlock()
	select {
	case <-s.hub.flushed:
	case <-time.After(time.Until(deadline)):
	}
}

func (w *witness) LocalAddr() net.Addr              { return &net.UnixAddr{Net: "unix", Name: "witness"} }
func (w *witness) RemoteAddr() net.Addr             { return w.LocalAddr() }
func (w *witness) SetDeadline(time.Time) error      { return nil }
func (w *witness) SetReadDeadline(time.Time) error  { return nil }
func (w *witness) SetWriteDeadline(time.Time) error { return nil }
