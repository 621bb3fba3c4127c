package worker

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tellDeath makes the system tell the worker when this process dies.
func tellDeath(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGHUP }

const setChildSubreaper = 36 // PR_SET_CHILD_SUBREAPER

// Adopt makes this process the parent of the orphans that its workers leave, so
// that none of them is lost.
func Adopt() { syscall.Syscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0) }

// reaping bounds the wait for processes that were killed.
const reaping = 300 * time.Millisecond

// reap takes the leave of the orphans of a group that this process has adopted;
// its leader is waited for elsewhere.
func reap(leader int) {
	for end := time.Now().Add(reaping); time.Now().Before(end); {
		left := false
		for _, pid := range children() {
			if pid == leader {
				continue
			}
			if pgid, err := syscall.Getpgid(pid); err != nil || pgid != leader {
				continue
			}
			left = true
			syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
		}
		if !left {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// children are those of this process.
func children() (pids []int) {
	tasks, _ := filepath.Glob("/proc/self/task/*/children") // the pattern is right
	for _, t := range tasks {
		data, err := os.ReadFile(t)
		if err != nil {
			continue // the thread has ended
		}
		for _, f := range strings.Fields(string(data)) {
			if pid, err := strconv.Atoi(f); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// Sweep ends the processes that workers have left behind in groups of their
// own. The workers have ended.
func Sweep() {
	for _, pid := range children() {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	for end := time.Now().Add(reaping); time.Now().Before(end) && len(children()) > 0; time.Sleep(time.Millisecond) {
		for _, pid := range children() {
			syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
		}
	}
}
