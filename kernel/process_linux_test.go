package kernel

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/wire"
	"github.com/nabla-go/nabla/kernel/zmq"
)

// long bounds what should take no time.
const long = time.Minute

// A served is a kernel process with its connection.
type served struct {
	*wire.Connection
	file    string
	process *exec.Cmd
}

// serving starts a kernel by the shell command line, in which KERNEL stands for
// it, and waits until it answers.
func serving(t *testing.T, line string) *served {
	t.Helper()
	k := &served{Connection: &wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: wire.NewID(), SignatureScheme: "hmac-sha256"}}
	if err := freePorts(k.Connection); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(k.Connection)
	if err != nil {
		t.Fatal(err)
	}
	k.file = filepath.Join(t.TempDir(), "connection.json")
	if err := os.WriteFile(k.file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	k.process = exec.Command("sh", "-c", strings.ReplaceAll(line, "KERNEL", program(t)+" kernel "+k.file))
	k.process.Env = append(os.Environ(), "NABLA_HISTORY=off")
	k.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := k.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-k.process.Process.Pid, syscall.SIGKILL)
		k.process.Wait()
	})
	k.run(t, "", "1")
	return k
}

// run executes code and gives the text of an expression afterwards.
func (k *served) run(t *testing.T, code, expression string) string {
	t.Helper()
	m, err := zmq.Request(k.Connection, zmq.Shell, "execute_request", map[string]any{
		"code": code, "user_expressions": map[string]string{"x": expression},
	}, long)
	if err != nil {
		t.Fatal(err)
	}
	var reply struct {
		Expressions map[string]struct {
			Data map[string]string `json:"data"`
		} `json:"user_expressions"`
	}
	if err := json.Unmarshal(m.Content, &reply); err != nil {
		t.Fatal(err)
	}
	return reply.Expressions["x"].Data["text/plain"]
}

// processes starts children in a cell, one of them in a session of its own, and
// gives the ids of the worker, the kernel and the children.
func (k *served) processes(t *testing.T) map[string]int {
	t.Helper()
	pids := map[string]int{}
	for _, row := range []struct{ name, code, expression string }{
		{"worker", "", "os.Getpid()"},
		{"kernel", "", "os.Getppid()"},
		{"child", `a := exec.Command("sleep", "1000")
a.Start()`, "a.Process.Pid"},
		{"detached", `b := exec.Command("sleep", "1000")
b.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
b.Start()`, "b.Process.Pid"},
	} {
		var pid int
		if _, err := fmt.Sscan(k.run(t, row.code, row.expression), &pid); err != nil {
			t.Fatal(row.name, err)
		}
		pids[row.name] = pid
		t.Cleanup(func() { syscall.Kill(pid, syscall.SIGKILL) })
	}
	return pids
}

// gone waits until none of the processes is left.
func gone(t *testing.T, pids map[string]int) {
	t.Helper()
	for end := time.Now().Add(long); ; time.Sleep(10 * time.Millisecond) {
		var left []string
		for name, pid := range pids {
			if state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && !strings.Contains(string(state), ") Z ") {
				left = append(left, name)
			}
		}
		if len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%v still run", left)
		}
	}
}

// TestEnds ends kernels in all ways and wants nothing left of them.
func TestEnds(t *testing.T) {
	for _, row := range []struct {
		name, line string
		end        func(k *served, kernel int) error
		zombies    bool // nobody is left who could take the children's leave
	}{
		{name: "shutdown", line: "exec KERNEL", end: func(k *served, _ int) error {
			_, err := zmq.Request(k.Connection, zmq.Shell, "shutdown_request", map[string]any{"restart": false}, long)
			return err
		}},
		{name: "terminated", line: "exec KERNEL", end: func(_ *served, kernel int) error { return syscall.Kill(kernel, syscall.SIGTERM) }},
		{name: "hung up", line: "exec KERNEL", end: func(_ *served, kernel int) error { return syscall.Kill(kernel, syscall.SIGHUP) }},
		{name: "the parent dies", line: "JPY_PARENT_PID=$$ KERNEL & sleep 1000 & wait", end: func(k *served, _ int) error { return k.process.Process.Kill() }},
		{name: "killed", line: "exec KERNEL", end: func(_ *served, kernel int) error { return syscall.Kill(kernel, syscall.SIGKILL) }, zombies: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			k := serving(t, row.line)
			pids := k.processes(t)
			if row.zombies {
				delete(pids, "detached") // it has left the group, and its kernel cannot end it
			}
			if err := row.end(k, pids["kernel"]); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { done <- k.process.Wait() }()
			select {
			case err := <-done:
				if row.name == "shutdown" && err != nil {
					t.Errorf("the kernel ended with %v", err)
				}
			case <-time.After(long):
				t.Error("the kernel does not end")
			}
			gone(t, pids)
		})
	}
}

// TestSignals wants signals that are no concern of a kernel to do no harm.
func TestSignals(t *testing.T) {
	k := serving(t, "exec KERNEL >&- 2>&-")
	pids := k.processes(t)
	for range 20 {
		for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGPIPE, syscall.SIGQUIT, syscall.SIGWINCH} {
			if err := syscall.Kill(pids["kernel"], s); err != nil {
				t.Fatal(err)
			}
		}
		if err := syscall.Kill(pids["worker"], syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
	}
	worker := 0
	for end := time.Now().Add(long); worker == 0 && time.Now().Before(end); { // a signal that comes late interrupts a cell
		if _, err := fmt.Sscan(k.run(t, "", "os.Getpid()"), &worker); err != nil {
			worker = 0
		}
	}
	if worker != pids["worker"] {
		t.Errorf("the worker is %d, it was %d", worker, pids["worker"])
	}
}
