package session

import "sync"

// What may wait in one queue: beyond it the clients wait.
const (
	maxWaiting      = 4096
	maxWaitingBytes = 256 << 20
)

// A queue holds the requests of one shell that wait for their turn.
type queue struct {
	mu     sync.Mutex
	ready  sync.Cond // something has come or gone
	items  []*request
	bytes  int
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.ready.L = &q.mu
	return q
}

// put adds a request, waiting for room; it is false when the queue is closed.
func (q *queue) put(r *request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed && (len(q.items) >= maxWaiting || q.bytes > maxWaitingBytes) {
		q.ready.Wait()
	}
	if q.closed {
		return false
	}
	q.items = append(q.items, r)
	q.bytes += len(r.msg.Content)
	q.ready.Broadcast()
	return true
}

// take waits for the next request; nil when the queue is closed.
func (q *queue) take() *request {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.ready.Wait()
	}
	if q.closed {
		return nil
	}
	r := q.items[0]
	q.items[0] = nil
	q.items = q.items[1:]
	q.bytes -= len(r.msg.Content)
	q.ready.Broadcast()
	return r
}

// abort marks the execute requests that wait now.
func (q *queue) abort() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range q.items {
		if r.msg.Head.Type == "execute_request" {
			r.aborted = true
		}
	}
}

// close ends the queue and gives the requests that waited.
func (q *queue) close() (waiting []*request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	waiting, q.items = q.items, nil
	q.ready.Broadcast()
	return waiting
}

// A shell runs cells one after the other and counts them. The main shell and
// each subshell is one.
type shell struct {
	session *Session
	id      string
	queue   *queue
	count   int // of the cells stored so far; only serve's goroutine uses it
}

func newShell(s *Session, id string) *shell {
	return &shell{session: s, id: id, queue: newQueue()}
}

func (sh *shell) serve() {
	for r := sh.queue.take(); r != nil; r = sh.queue.take() {
		r.handle()
	}
}
