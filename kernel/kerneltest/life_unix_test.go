//go:build !windows

package kerneltest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
)

// interrupts are what may be interrupted.
var interrupts = map[string]string{
	"sleep":       "time.Sleep(time.Hour)",
	"channel":     "<-make(chan int)",
	"mutex":       "var m sync.Mutex; m.Lock(); m.Lock()",
	"select":      "select { }",
	"pipe":        "r, _, _ := os.Pipe(); r.Read(make([]byte, 1))",
	"child":       `exec.Command("sleep", "1000").Run()`,
	"loop":        "n := 0; for { n++ }",
	"nested":      "for { for i := 0; i < 10; i++ { } }",
	"recursion":   "func deep(n int) int { if n == 0 { return deep(3) }; return deep(n - 1) }\nfor { func() { for i := 0; i < 100; i++ { } }() }",
	"connection":  `l, _ := net.Listen("tcp", "127.0.0.1:0"); l.Accept()`,
	"wait group":  "var g sync.WaitGroup; g.Add(1); g.Wait()",
	"print loop":  `for { fmt.Println("y") }`,
	"ignored":     `c := make(chan os.Signal, 1); signal.Notify(c, os.Interrupt); for { }`,
	"recovering":  "for { func() { defer func() { recover() }(); for { } }() }",
	"time ticker": "for range time.Tick(time.Millisecond) { }",
}

// interrupted runs a cell, interrupts it and wants an error, and the value of x.
func (c *Client) interrupted(name, code string, interrupt func()) {
	c.Helper()
	id := c.Start(code)
	c.Published(id, "execute_input")
	time.Sleep(30 * time.Millisecond) // it is in the middle of it
	start := time.Now()
	interrupt()
	d := c.Finish(session.Shell, id)
	if d.Reply.Status() != "error" || !strings.Contains("Interrupted KeyboardInterrupt", d.Reply.Text("ename")) {
		c.Errorf("%s: %.500s", name, d.Reply.Content)
	}
	if took := time.Since(start); took > 10*time.Second {
		c.Errorf("%s: %s until the reply", name, took)
	}
	if got := c.OK("x").Value(); got != "41" {
		c.Errorf("%s: x is %s", name, got)
	}
}

func (c *Client) interrupt() {
	c.Helper()
	if d := c.Ask(session.Control, "interrupt_request", map[string]any{}); d.Reply.Status() != "ok" {
		c.Errorf("%s", d.Reply.Content)
	}
}

// living are the lines about interrupts, shutdown and the life of the process.
var living = map[string]func(*testing.T){
	"F01": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 41")
		c.interrupted("loop", "for { }", c.interrupt)
	},
	"F02": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 41")
		for _, group := range []bool{true, false} {
			c.interrupted("loop", "for { }", func() { c.kernelOf().signal(syscall.SIGINT, group) })
		}
	},
	"F03": func(t *testing.T) {
		for name, code := range interrupts {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := fresh(t)
				c.OK("x := 41")
				c.interrupted(name, code, c.interrupt)
			})
		}
	},
	"F04": func(t *testing.T) {
		c := fresh(t)
		c.Survives()
		c.interrupt()
		for range 20 {
			c.kernelOf().signal(syscall.SIGINT, true)
			time.Sleep(time.Millisecond)
		}
		c.Survives()
	},
	"F07": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 41")
		c.interrupted("twice", "for { }", func() {
			a := c.Send(session.Control, "interrupt_request", map[string]any{})
			time.Sleep(10 * time.Millisecond)
			b := c.Send(session.Control, "interrupt_request", map[string]any{})
			c.Finish(session.Control, a)
			c.Finish(session.Control, b)
		})
		c.Survives()
	},
	"F08": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 41")
		c.interrupted("defended", `c := make(chan os.Signal, 1); signal.Notify(c, os.Interrupt); for { func() { defer func() { recover() }(); select { } }() }`, c.interrupt)
	},
	"F09": func(t *testing.T) {
		for _, restart := range []bool{true, false} {
			c := fresh(t)
			c.ends(session.Control, restart)
		}
	},
	"F10": func(t *testing.T) { fresh(t).ends(session.Shell, false) },
	"F11": func(t *testing.T) {
		c := fresh(t)
		c.Published(c.Start("for { }"), "execute_input")
		c.ends(session.Control, false)
	},
	"F12": func(t *testing.T) {
		c := fresh(t)
		c.Survives()
		c.kernelOf().signal(syscall.SIGTERM, false)
		c.kernelOf().wait(soon)
	},
	"F13": func(t *testing.T) {
		for name, end := range map[string]func(c *Client){
			"shutdown": func(c *Client) { c.Ask(session.Control, "shutdown_request", map[string]any{"restart": false}) },
			"SIGTERM":  func(c *Client) { c.kernelOf().signal(syscall.SIGTERM, false) },
		} {
			c := fresh(t)
			c.OK(startsChild)
			pid := c.child()
			end(c)
			c.kernelOf().wait(soon)
			eventually(t, name+" ends the child", func() bool { return syscall.Kill(pid, 0) != nil || zombie(pid) })
		}
	},
	"F14": orphan,
	"F15": func(t *testing.T) {
		k := launch(t)
		c := k.client()
		first := c.OK("x := 1").Reply.Head.Session
		again := k.restart(c).client()
		d := again.Run("x")
		if d.Reply.Status() != "error" || d.Reply.Head.Session == first || d.Reply.Count() != 1 {
			t.Errorf("%s", d.Reply.Content)
		}
	},
	"F16": func(t *testing.T) {
		k := launch(t)
		for range 20 {
			c := k.client()
			c.OK("1")
			k = k.restart(c)
		}
	},
	"F17": func(t *testing.T) {
		k := launch(t)
		c := k.client()
		c.OK("remembered := 1")
		k.cmd.Process.Kill()
		k.wait(soon)
		again := k.again()
		again.client().OK("1")
		if got := historyOf(k); fmt.Sprint(got) != "[remembered := 1 1]" {
			t.Errorf("history %q", got)
		}
	},
	"F18": func(t *testing.T) {
		k := prepare(t)
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		k.cmd.Stdout, k.cmd.Stderr = w, w
		k.start()
		w.Close()
		r.Close()
		c := k.client()
		c.OK(`fmt.Println("x"); fmt.Fprintln(os.Stderr, "y"); println("z")`)
		p := k.dial(k.c.ShellPort, "DEALER", "")
		if err := p.Send([]byte("a bad message, which is logged")); err != nil {
			t.Fatal(err)
		}
		c.Survives()
	},
	"F19": func(t *testing.T) {
		c := fresh(t)
		c.Survives()
		k := c.kernelOf()
		for _, sig := range []syscall.Signal{syscall.SIGPIPE, syscall.SIGWINCH, syscall.SIGQUIT} {
			k.signal(sig, false)
			time.Sleep(20 * time.Millisecond)
			c.Survives()
		}
		k.signal(syscall.SIGSTOP, true)
		id := c.Start("1")
		time.Sleep(50 * time.Millisecond)
		k.signal(syscall.SIGCONT, true)
		c.Finish(session.Shell, id)
	},
	"F20": func(t *testing.T) {
		dir := t.TempDir()
		locked := filepath.Join(dir, "locked")
		if err := os.Mkdir(locked, 0o500); err != nil {
			t.Fatal(err)
		}
		c := fresh(t, func(k *kernel) {
			k.cmd.Env = []string{"TMPDIR=" + filepath.Join(locked, "none"), "PATH=/nowhere"}
		})
		c.OK("x := 1; x")
		c.Run(`exec.Command("go", "version").Run()`)
		c.Survives()
	},
	"F21": idle,
}

// ends asks for shutdown and wants the whole ceremony.
func (c *Client) ends(ch session.Channel, restart bool) {
	c.Helper()
	d := c.Ask(ch, "shutdown_request", map[string]any{"restart": restart})
	if d.Reply.Body["restart"] != restart {
		c.Errorf("%s", d.Reply.Content)
	}
	if got := Types(d.IOPub); got != "busy shutdown_reply idle" {
		c.Error(got)
	}
	if status := c.kernelOf().wait(soon); status != 0 {
		c.Errorf("status %d", status)
	}
}

// restart shuts the kernel of a client down and starts it again as it was.
func (k *kernel) restart(c *Client) *kernel {
	k.Helper()
	c.Ask(session.Control, "shutdown_request", map[string]any{"restart": true})
	k.wait(soon)
	c.leave()
	return k.again()
}

// again starts a kernel that has ended, with the same connection file.
func (k *kernel) again() *kernel {
	n := *k
	n.cmd = exec.Command(k.cmd.Path, k.cmd.Args[1:]...)
	n.cmd.Env, n.cmd.Dir, n.stderr, n.exited = k.cmd.Env, k.cmd.Dir, &syncBuffer{}, make(chan struct{})
	n.cmd.Stderr = n.stderr
	isolate(n.cmd)
	n.start()
	return &n
}

// child is the process that the last cell has written to a file.
func (c *Client) child() int {
	data, err := os.ReadFile(filepath.Join(c.kernelOf().cmd.Dir, "pid"))
	if err != nil {
		c.Fatal(err)
	}
	pid, err := strconv.Atoi(string(data))
	if err != nil {
		c.Fatal(err)
	}
	return pid
}

// startsChild is a cell that starts a command, whose process child finds.
const startsChild = `cmd := exec.Command("sleep", "1000")
cmd.Start()
os.WriteFile("pid", []byte(strconv.Itoa(cmd.Process.Pid)), 0o600)
`

// zombie tells of a process that has ended but is still listed.
func zombie(pid int) bool {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(data), ") Z ")
}

// orphan starts a kernel from a shell that is then killed.
func orphan(t *testing.T) {
	k := prepare(t)
	shell := exec.Command("sh", "-c", `JPY_PARENT_PID=$$ "$0" kernel "$1" & wait`, k.cmd.Path, k.file)
	shell.Env, shell.Dir = k.cmd.Env, k.cmd.Dir
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	c := k.client()
	pid, err := strconv.Atoi(c.OK("os.Getpid()").Value())
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = shell.Wait() // killed
	eventually(t, "the kernel ends with its launcher", func() bool { return syscall.Kill(pid, 0) != nil })
	fresh(t).Survives() // without the variable it stays
}

// idle measures an idle kernel, and one that has run many cells.
func idle(t *testing.T) {
	c := fresh(t)
	c.Survives()
	pids := c.processes()
	before := cpu(t, pids)
	time.Sleep(3 * time.Second)
	if used := cpu(t, pids) - before; used > 300*time.Millisecond {
		t.Errorf("an idle kernel used %s in 3 s", used)
	}
	rss, fds := c.memory(), descriptors(t, pids)
	for i := range 2000 {
		c.OK(fmt.Sprint(i))
	}
	if grown := c.memory() - rss; grown > 50<<20 {
		t.Errorf("2000 cells cost %d MB", grown>>20)
	}
	if more := descriptors(t, pids) - fds; more > 5 {
		t.Errorf("%d more descriptors", more)
	}
}
