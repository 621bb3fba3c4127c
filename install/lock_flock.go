//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package install

import (
	"os"
	"syscall"
)

// lockFile takes the lock of an open file, and waits for it when told to. The
// system gives the lock back when the file is closed or the process ends.
func lockFile(file *os.File, wait bool) error {
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		err := syscall.Flock(int(file.Fd()), how)
		if err != syscall.EINTR {
			return err
		}
	}
}
