//go:build unix

package eval

import (
	"os"
	"os/exec"
	"syscall"
)

// group puts a command into a process group of its own, so that interrupting
// the cell ends what the command has started, too.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// endGroup ends the processes that a command has left behind.
func endGroup(pid int) {
	_ = syscall.Kill(-pid, syscall.SIGKILL) // none may be left
}

// signalOthers sends a signal to the processes that cells have started in the
// process group of this process, which leads it, and lists them.
func signalOthers(sig syscall.Signal) (pids []int) {
	self := os.Getpid()
	if syscall.Getpgrp() != self {
		return nil // the group is not ours alone
	}
	for _, pid := range groupMembers(self) {
		if pid != self && syscall.Kill(pid, sig) == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// interruptOthers does to what cells have started what Ctrl-C in a terminal does.
func interruptOthers() { signalOthers(syscall.SIGINT) }

// endOthers ends what cells have started.
func endOthers() {
	for _, pid := range signalOthers(syscall.SIGKILL) {
		_, _ = syscall.Wait4(pid, nil, 0, nil) // a child's child is no concern of ours
	}
}
