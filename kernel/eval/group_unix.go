//go:build unix

package eval

import (
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
