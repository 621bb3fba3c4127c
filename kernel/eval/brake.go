package eval

import (
	"reflect"

	"github.com/traefik/yaegi/interp"
)

// A brake is what yaegi is stopped by: code runs while its frame has the
// interpreter's number, and an operation on a channel is given up when done gives
// a value. A function literal keeps the frame that made it. EvalWithContext closes
// done and leaves the number changed, after which literals of earlier cells give
// zero; so nothing is evaluated with a context, and done stays the same channel.
type brake struct {
	id   *uint64 // atomic
	done chan struct{}
}

// brakeOf finds the brake of an interpreter that has not run anything.
func brakeOf(i *interp.Interpreter) (*brake, bool) {
	v := reflect.ValueOf(i).Elem()
	id, hasID := fieldOf[uint64](v, "id")
	done, hasDone := fieldOf[chan struct{}](v, "done")
	cancels, hasCancels := fieldOf[bool](v, "cancelChan")
	if !hasID || !hasDone || !hasCancels {
		return nil, false
	}
	*done, *cancels = make(chan struct{}), true
	return &brake{id, *done}, true
}
