package session

import "sync"

// A queue holds the requests of one shell that wait for their turn.
type queue struct {
	mu     sync.Mutex
	ready  sync.Cond
	items  []*request
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.ready.L = &q.mu
	return q
}

func (q *queue) put(r *request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.items = append(q.items, r)
		q.ready.Signal()
	}
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

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.items = nil
	q.ready.Broadcast()
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
