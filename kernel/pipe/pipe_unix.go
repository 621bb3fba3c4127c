//go:build !windows

package pipe

import "syscall"

// run delivers until all writers are closed.
func (t *Tap) run() {
	conn, err := t.file.SyscallConn()
	if err != nil {
		return
	}
	for ended := false; !ended; {
		err := conn.Read(func(fd uintptr) bool {
			t.mu.Lock()
			defer t.mu.Unlock()
			var empty bool
			ended, empty = t.read(fd)
			return ended || !empty // else wait until there is more
		})
		if err != nil {
			return
		}
	}
}

// Sweep delivers what has been written so far, without waiting. The caller
// holds the lock that New was given.
func (t *Tap) Sweep() {
	if conn, err := t.file.SyscallConn(); err == nil {
		conn.Control(func(fd uintptr) { t.read(fd) })
	}
}

// several bounds the reads at one go, so that a fast writer keeps nobody else
// from the lock; it is more than a pipe holds.
const several = 32

// read takes what is there; ended tells that nothing more will come, empty that
// nothing is left for now. It reads until the system says so: the poller tells
// of the end of a pipe only once, perhaps before the last text is read.
func (t *Tap) read(fd uintptr) (ended, empty bool) {
	for range several {
		n, err := syscall.Read(int(fd), t.buffer)
		switch {
		case n > 0:
			t.take(t.buffer[:n])
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			return false, true
		default:
			return true, true
		}
	}
	return false, false
}
