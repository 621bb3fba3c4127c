package worker

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/memory"
)

// Command is nabla worker: it runs the cells of the kernel that has started
// this process, in the engine that newEngine makes, and gives the exit status.
func Command(newEngine func() (engine.Engine, error)) int {
	in, out, lines, err := inherited()
	if err != nil {
		fmt.Fprintln(os.Stderr, "nabla worker: a kernel starts this command, with pipes:", err)
		return 2
	}
	stderr := os.Stderr
	e, err := newEngine()
	if err != nil {
		fmt.Fprintln(stderr, "nabla worker:", err)
		return 2
	}
	limits()
	marks = lines
	parent := os.Getppid()
	guardSignals(parent, e.Interrupt)
	pid := os.Getpid()
	err = Serve(kept{e, memory.NewKeeper()}, in, out, func() {
		if os.Getpid() != pid {
			endCopy() // a cell has forked this process without exec
		}
	})
	if err != nil {
		fmt.Fprintln(stderr, "nabla worker:", err)
	}
	time.AfterFunc(farewell, endGroup)
	e.Close()
	endGroup()
	return 0
}

// A kept engine gives memory back when it has had nothing to do for a while.
type kept struct {
	engine.Engine
	keeper *memory.Keeper
}

func (k kept) Execute(req engine.Request, out engine.Output) engine.Result {
	k.keeper.Begin()
	defer k.keeper.End()
	return k.Engine.Execute(req, out)
}

func (k kept) Comm(m display.CommMessage, out engine.Output) bool {
	k.keeper.Begin()
	defer k.keeper.End()
	return k.Engine.Comm(m, out)
}

// farewell bounds the time that an engine takes to close.
const farewell = 300 * time.Millisecond

// marks is the file of lines, nil in a process that is no worker.
var marks *os.File

// At tells which line of the cell runs, so that the kernel knows when the
// process dies there.
func (r *remote) At(line int) {
	if marks != nil {
		mark(marks, r.id, line)
	}
}

var errNoPipes = errors.New("there are none")
