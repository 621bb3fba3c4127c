// Package halt tells long computations that nobody waits for them any more. A
// program that can be interrupted, such as a kernel, says how with Use; in any
// other nothing halts.
package halt

import (
	"context"
	"sync/atomic"
)

var current atomic.Pointer[func() context.Context]

// Use lets now give the context of the computations that are given none. It is
// called by the goroutine that computes, before it begins or between its steps.
func Use(now func() context.Context) { current.Store(&now) }

// Context is the context of a computation that was given none.
func Context() context.Context {
	if now := current.Load(); now != nil {
		return (*now)()
	}
	return context.Background()
}

// Halted tells a loop to end.
func Halted() bool { return Context().Err() != nil }
