package blas

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// work is done in independent pieces.
type work interface{ do(piece int) }

// job is work that whoever is free takes piece by piece. The goroutine that
// starts a job does pieces too, and all of them when no helper comes: nobody ever
// waits for a helper to wake up.
type job struct {
	pieces     int64
	work       work
	next, done atomic.Int64
	holders    atomic.Int64 // who may still look at it; the last one gives it back
}

var jobs = sync.Pool{New: func() any { return new(job) }}

// take does pieces until none is left.
func (j *job) take() {
	for {
		i := j.next.Add(1) - 1
		if i >= j.pieces {
			return
		}
		j.work.do(int(i))
		j.done.Add(1)
	}
}

func (j *job) release() {
	if j.holders.Add(-1) == 0 {
		j.work = nil
		jobs.Put(j)
	}
}

// helpers are goroutines that stay for the life of the process, parked on the
// queue when there is nothing to do.
var helpers struct {
	sync.Mutex
	count atomic.Int64
	queue chan *job
}

// patience is how often a helper looks for the next job before it parks, some
// ten microseconds: the phases of one product follow each other faster.
const patience = 4000

func help(queue <-chan *job) {
	for j := range queue {
		j.take()
		j.release()
		for range patience {
			select {
			case next := <-queue:
				next.take()
				next.release()
			default:
			}
		}
	}
}

// Parallel runs all pieces, on as many goroutines as GOMAXPROCS allows, and
// returns when all are done. Pieces must not panic.
func Parallel(pieces int, run func(piece int)) { parallel(pieces, function(run)) }

type function func(piece int)

func (f function) do(piece int) { f(piece) }

// parallel is Parallel for work that is kept from call to call, so that nothing
// is allocated.
func parallel(pieces int, w work) {
	others := min(runtime.GOMAXPROCS(0), pieces) - 1
	if others <= 0 {
		for i := range pieces {
			w.do(i)
		}
		return
	}
	if helpers.count.Load() < int64(others) {
		hire(others)
	}
	j := jobs.Get().(*job)
	j.pieces, j.work = int64(pieces), w
	j.next.Store(0)
	j.done.Store(0)
	j.holders.Store(1)
	defer j.release()
	for range others {
		j.holders.Add(1)
		select {
		case helpers.queue <- j:
		default: // all are busy
			j.holders.Add(-1)
		}
	}
	j.take()
	for spins := 1; j.done.Load() < j.pieces; spins++ {
		switch {
		case spins > longWait: // a busy machine has taken the helper's core
			time.Sleep(20 * time.Microsecond)
		case spins%256 == 0:
			runtime.Gosched()
		}
	}
}

// longWait is how often Parallel looks for the end before it lets others run:
// some hundred microseconds, longer than a piece takes.
const longWait = 1 << 16

// hire raises the number of helpers.
func hire(count int) {
	helpers.Lock()
	defer helpers.Unlock()
	for helpers.count.Load() < int64(count) {
		go help(helpers.queue)
		helpers.count.Add(1)
	}
}

func init() { helpers.queue = make(chan *job, 64) }

// threads is how many goroutines can calculate at once.
func threads() int { return runtime.GOMAXPROCS(0) }
