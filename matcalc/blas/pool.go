package blas

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// job is a number of independent pieces that whoever is free takes one by one.
// The goroutine that starts a job does pieces too, and all of them when no
// helper comes: nobody ever waits for a helper to wake up.
type job struct {
	pieces     int64
	run        func(piece int)
	next, done atomic.Int64
}

// work takes pieces until none is left.
func (j *job) work() {
	for {
		i := j.next.Add(1) - 1
		if i >= j.pieces {
			return
		}
		j.run(int(i))
		j.done.Add(1)
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
		j.work()
		for range patience {
			select {
			case next := <-queue:
				next.work()
			default:
			}
		}
	}
}

// Parallel runs all pieces, on as many goroutines as GOMAXPROCS allows, and
// returns when all are done. Pieces must not panic.
func Parallel(pieces int, run func(piece int)) {
	others := min(runtime.GOMAXPROCS(0), pieces) - 1
	if others <= 0 {
		for i := range pieces {
			run(i)
		}
		return
	}
	if helpers.count.Load() < int64(others) {
		hire(others)
	}
	j := &job{pieces: int64(pieces), run: run}
	for range others {
		select {
		case helpers.queue <- j:
		default: // all are busy
		}
	}
	j.work()
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
