//go:build !windows

package worker

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// The files of a worker, after its standard streams.
const (
	requestsFD = 3 + iota
	repliesFD
	linesFD
)

// inherit gives the files to the process that command will start, in a process
// group of its own.
func inherit(command *exec.Cmd, in, out, lines *os.File) {
	command.ExtraFiles = []*os.File{in, out}
	if lines != nil {
		command.ExtraFiles = append(command.ExtraFiles, lines)
	}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	tellDeath(command.SysProcAttr)
}

// inherited are the files that the kernel gave. Processes that cells start do
// not get them.
func inherited() (in, out, lines *os.File, err error) {
	var files [3]*os.File
	for i, name := range []string{"requests", "replies", "lines"} {
		fd := requestsFD + i
		syscall.CloseOnExec(fd)
		var stat syscall.Stat_t
		if err := syscall.Fstat(fd, &stat); err != nil {
			if fd == linesFD {
				continue
			}
			return nil, nil, nil, errNoPipes
		}
		if fd != linesFD {
			if stat.Mode&syscall.S_IFMT != syscall.S_IFIFO {
				return nil, nil, nil, errNoPipes
			}
			syscall.SetNonblock(fd, true) // Go's poller then waits for them
		}
		files[i] = os.NewFile(uintptr(fd), name)
	}
	return files[0], files[1], files[2], nil
}

// newScratch is a file without a name, nil if there can be none.
func newScratch() *os.File {
	f, err := os.CreateTemp("", "nabla-lines")
	if err != nil {
		return nil
	}
	os.Remove(f.Name())
	return f
}

// A group is a process with those that it has started.
type group struct{ leader int }

// kill ends the processes of the group.
func (g *group) kill() {
	if g.leader > 1 {
		syscall.Kill(-g.leader, syscall.SIGKILL)
	}
}

// guardSignals makes an interrupt signal interrupt the cells. The signal of the
// kernel's death ends the group.
func guardSignals(parent int, interrupt func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		for s := range signals {
			switch {
			case s == syscall.SIGINT:
				interrupt()
			case orphaned(parent):
				endGroup()
			default:
				signal.Reset(syscall.SIGHUP)
				syscall.Kill(os.Getpid(), syscall.SIGHUP)
			}
		}
	}()
}

// dying is how long the threads of a kernel may take to end: the signal comes
// when the first of them has.
const dying = 500 * time.Millisecond

func orphaned(parent int) bool {
	for end := time.Now().Add(dying); os.Getppid() == parent; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// endGroup ends this process with those that it has started.
func endGroup() {
	if syscall.Getpgrp() == os.Getpid() {
		syscall.Kill(0, syscall.SIGKILL)
	}
}

// endCopy ends a process that is a fork of the worker.
func endCopy() { syscall.Kill(syscall.Getpid(), syscall.SIGKILL) }
