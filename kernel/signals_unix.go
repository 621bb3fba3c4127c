//go:build !windows

package kernel

import (
	"os"
	"os/signal"
	"syscall"
)

// shrugOff takes the signals that must not end a kernel: SIGPIPE comes when its
// own output is closed, SIGQUIT from a terminal. They are caught and not
// ignored, so that what the cells start does not inherit it.
func shrugOff() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE, syscall.SIGQUIT) }
