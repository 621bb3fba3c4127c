package zmq

import (
	"bytes"
	"sync"
	"time"
)

const (
	// room is how many bytes may wait for one client before the oldest printed
	// text is lost; with hardLimit times as much the client is disconnected.
	room      = 64 << 20
	hardLimit = 4
	// together is how many times the room all clients of a socket may fill: beyond
	// that each has its share of it, but never less than leastRoom.
	together  = 2
	leastRoom = 1 << 20

	batch = 64 << 10  // bytes of small messages that are written at once
	chunk = 256 << 10 // bytes of a large message that are written at once
)

// An item is a message that waits. One that sheds may be lost.
type item struct {
	data  []byte
	sheds bool
	gap   *gap
}

// A gap stands in the queue for messages that were lost: how many, how much
// text they held, and the newest of them.
type gap struct {
	messages int
	text     int
	sample   []byte
}

// An outbox holds the messages for one client in order, and writes them.
type outbox struct {
	conn   *conn
	policy policy
	room   int

	mu       sync.Mutex
	wake     sync.Cond
	items    []item
	bytes    int
	writing  bool
	closed   bool
	progress time.Time // when bytes last left
}

func newOutbox(c *conn, p policy) *outbox {
	o := &outbox{conn: c, policy: p, room: room, progress: time.Now()}
	if p.room > 0 {
		o.room = p.room
	}
	o.wake.L = &o.mu
	go o.run()
	return o
}

// put queues a message. A client whose queue is over the hard limit is closed.
func (o *outbox) put(it item) {
	o.mu.Lock()
	if o.closed {
		o.mu.Unlock()
		return
	}
	if len(o.items) == 0 && !o.writing {
		o.progress = time.Now() // it waits from now on
	}
	o.items = append(o.items, it)
	o.count(len(it.data))
	limit := o.limit()
	if o.bytes > limit {
		o.shed(limit)
	}
	over := o.bytes > hardLimit*limit
	o.wake.Broadcast()
	o.mu.Unlock()
	if over {
		o.conn.owner.drops.add(dropSlowClient)
		go o.conn.Close()
	}
}

// count keeps the books about bytes that wait. The caller holds mu.
func (o *outbox) count(n int) {
	o.bytes += n
	o.conn.owner.waiting.Add(int64(n))
}

// limit is how much may wait for this client.
func (o *outbox) limit() int {
	all := together * o.room
	if l := o.conn.owner; int(l.waiting.Load()) > all {
		return min(o.room, max(leastRoom, all/int(max(1, l.present.Load()))))
	}
	return o.room
}

// shed drops the oldest printed text until a quarter of the limit is free, and
// leaves gaps in its places.
func (o *outbox) shed(limit int) {
	if o.policy.notice == nil {
		return
	}
	kept := o.items[:0:0]
	for _, it := range o.items {
		if !it.sheds || o.bytes <= limit/4*3 {
			kept = append(kept, it)
			continue
		}
		o.count(-len(it.data))
		o.conn.owner.drops.add(dropSlowText)
		if n := len(kept); n > 0 && kept[n-1].gap != nil && sameParent(kept[n-1].gap.sample, it.data) {
			g := kept[n-1].gap
			g.messages, g.text, g.sample = g.messages+1, g.text+textSize(it.data), it.data
			continue
		}
		kept = append(kept, item{gap: &gap{messages: 1, text: textSize(it.data), sample: it.data}})
	}
	o.items = kept
}

// run writes until the outbox is closed.
func (o *outbox) run() {
	var small bytes.Buffer
	for {
		small.Reset()
		large := o.next(&small)
		if large == nil && small.Len() == 0 {
			return
		}
		err := o.send(small.Bytes())
		for len(large) > 0 && err == nil {
			n := min(chunk, len(large))
			err = o.send(large[:n])
			large = large[n:]
		}
		if err != nil {
			o.conn.Close()
			return
		}
		o.mu.Lock()
		o.writing = false
		o.wake.Broadcast()
		o.mu.Unlock()
	}
}

// next gathers small messages up to a batch, or takes one large one. It
// gives nothing when the outbox is closed.
func (o *outbox) next(small *bytes.Buffer) (large []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.items) == 0 && !o.closed {
		o.wake.Wait()
	}
	if o.closed {
		return nil
	}
	o.writing, o.progress = true, time.Now()
	taken := 0
	for _, it := range o.items {
		data := it.data
		if it.gap != nil {
			data = o.policy.notice(*it.gap)
		}
		if small.Len() > 0 && small.Len()+len(data) > batch {
			break
		}
		taken++
		o.count(-len(it.data))
		if len(data) > batch {
			large = data
			break
		}
		small.Write(data)
	}
	clear(o.items[:taken])
	if o.items = o.items[taken:]; len(o.items) == 0 {
		o.items = nil
	}
	return large
}

func (o *outbox) send(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	_, err := o.conn.Conn.Write(data)
	o.mu.Lock()
	o.progress = time.Now()
	o.mu.Unlock()
	return err
}

// behind tells whether much waits for a client that does read.
func (o *outbox) behind() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.closed && o.bytes > o.room/8 && time.Since(o.progress) < alive
}

// drain waits until all has been written, the client does not read for longer
// than the patience, or the time is up. Patience is counted in looks, not by the
// clock: while the machine stands still, so does the writer.
func (o *outbox) drain(patience time.Duration, deadline time.Time) {
	const pause = time.Millisecond
	var last time.Time
	for idle := time.Duration(0); idle < patience && !time.Now().After(deadline); idle += pause {
		o.mu.Lock()
		done, progress := o.closed || len(o.items) == 0 && !o.writing, o.progress
		o.mu.Unlock()
		if done {
			return
		}
		if !progress.Equal(last) {
			last, idle = progress, 0
		}
		time.Sleep(pause)
	}
}

func (o *outbox) ended() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closed
}

func (o *outbox) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.count(-o.bytes)
	o.items = nil
	o.wake.Broadcast()
}
