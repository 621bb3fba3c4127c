// Package memory gives back to the system what a process holds and does not
// need: many kernels stay open for days and do nothing.
package memory

import (
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

const (
	// settled is when a process has done what it does only at its start.
	settled = 300 * time.Millisecond
	// quiet is how long a process must have had nothing to do.
	quiet = 2 * time.Second
	// largeHeap is the size from which a collection is left to Go's run time,
	// which knows when it pays.
	largeHeap = 64 << 20
)

// A Keeper gives memory back when its process has had nothing to do for a
// while, once for each such time.
type Keeper struct {
	mu    sync.Mutex
	timer *time.Timer
	busy  int
}

// NewKeeper begins with a process that has just started.
func NewKeeper() *Keeper {
	time.AfterFunc(settled, dropCode)
	k := &Keeper{}
	k.timer = time.AfterFunc(quiet, k.release)
	return k
}

// Begin tells that there is something to do.
func (k *Keeper) Begin() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.busy++; k.busy == 1 {
		k.timer.Stop()
	}
}

// End tells that what began has ended.
func (k *Keeper) End() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.busy--; k.busy == 0 {
		k.timer.Reset(quiet)
	}
}

func (k *Keeper) release() {
	k.mu.Lock()
	busy := k.busy > 0
	k.mu.Unlock()
	if busy {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	if metrics.Read(live); live[0].Value.Uint64() < largeHeap {
		debug.FreeOSMemory()
	}
	dropCode()
}
