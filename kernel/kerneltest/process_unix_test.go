//go:build !windows

package kerneltest

import (
	"os/exec"
	"syscall"
)

// isolate gives the kernel a process group of its own, as Jupyter does.
func isolate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signal sends a signal to the kernel, or to its group.
func (k *kernel) signal(sig syscall.Signal, group bool) {
	k.Helper()
	pid := k.cmd.Process.Pid
	if group {
		pid = -pid
	}
	if err := syscall.Kill(pid, sig); err != nil {
		k.Fatal(err)
	}
}
