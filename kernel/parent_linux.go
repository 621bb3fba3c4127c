package kernel

import (
	"os"
	"syscall"
)

// pidfdOpen is the number of the system call on every architecture.
const pidfdOpen = 434

// waitFor waits for the end of the parent without waking in between. It reports
// false where the system cannot do that.
func waitFor(pid int) bool {
	fd, _, errno := syscall.Syscall(pidfdOpen, uintptr(pid), syscall.O_NONBLOCK, 0)
	if errno != 0 {
		return false
	}
	f := os.NewFile(fd, "parent")
	defer f.Close()
	conn, err := f.SyscallConn()
	if err != nil {
		return false
	}
	waited := false
	err = conn.Read(func(uintptr) bool {
		done := waited || os.Getppid() != pid
		waited = true
		return done
	})
	return err == nil
}
