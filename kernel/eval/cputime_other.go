//go:build !unix

package eval

import (
	"syscall"
	"time"
)

// cpuTime is what the process has used so far.
func cpuTime() (user, system time.Duration) {
	h, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0, 0
	}
	var created, ended, kernel, own syscall.Filetime
	if syscall.GetProcessTimes(h, &created, &ended, &kernel, &own) != nil {
		return 0, 0
	}
	length := func(f syscall.Filetime) time.Duration {
		return time.Duration(int64(f.HighDateTime)<<32|int64(f.LowDateTime)) * 100
	}
	return length(own), length(kernel)
}
