package kernel

import (
	"os"
	"strconv"
	"time"
)

// parentDeath is closed when the process dies that has started the kernel and
// that Jupyter names in JPY_PARENT_PID; nil when that is another one.
func parentDeath() <-chan struct{} {
	pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || pid <= 1 || pid != os.Getppid() {
		return nil
	}
	dead := make(chan struct{})
	go func() {
		defer close(dead)
		if waitFor(pid) {
			return
		}
		for os.Getppid() == pid {
			time.Sleep(time.Second)
		}
	}()
	return dead
}
