package worker

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// tellDeath makes the system tell the worker when this process dies.
func tellDeath(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGHUP }

const setChildSubreaper = 36 // PR_SET_CHILD_SUBREAPER

// Adopt makes this process the parent of the orphans that its workers leave, so
// that none of them is lost.
func Adopt() { syscall.Syscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0) }

// workers are the processes that the kernel has started itself.
var workers sync.Map

func (g *group) begin(command *exec.Cmd) {
	g.leader = command.Process.Pid
	workers.Store(g.leader, true)
}

// end forgets the leader, which has been waited for.
func (g *group) end() { workers.Delete(g.leader) }

// reaping bounds the wait for processes that were killed.
const reaping = 300 * time.Millisecond

// sweep ends the orphans that workers have left, also in groups of their own,
// and takes their leave.
func sweep() {
	for end := time.Now().Add(reaping); endOrphans() > 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

// endOrphans gives their number.
func endOrphans() (found int) {
	spawning.Lock()
	defer spawning.Unlock()
	for _, pid := range children() {
		if _, ours := workers.Load(pid); !ours {
			found++
			syscall.Kill(pid, syscall.SIGKILL)
			syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
		}
	}
	return found
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
