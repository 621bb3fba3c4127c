package kerneltest

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
)

// stop interrupts a cell that is in a call that cannot be.
func (c *Client) stop(code string) {
	c.Helper()
	id := c.Start(code)
	c.Published(id, "execute_input")
	time.Sleep(200 * time.Millisecond)
	c.Ask(session.Control, "interrupt_request", map[string]any{})
	if d := c.Finish(session.Shell, id); d.Reply.Text("ename") != "Interrupted" {
		c.Errorf("%s: %s", code, d.Reply.Content)
	}
}

// TestLeftBehind interrupts calls of compiled code that hold something: a
// server's port is free and a command has ended. What cells have started and
// still use stays until %reset.
func TestLeftBehind(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c := fresh(t)
	serve := fmt.Sprintf("http.ListenAndServe(%q, nil)", address)
	c.stop(serve)
	c.stop(serve) // a port in use would end the cell

	ended := func(pid int) func() bool {
		return func() bool { return syscall.Kill(pid, 0) != nil || zombie(pid) }
	}
	c.stop(startsChild + "cmd.Wait()")
	eventually(t, "the interrupt ends the command", ended(c.child()))

	c.OK("other, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")\n" + startsChild)
	pid := c.child()
	c.stop("for { }")
	if got := c.OK(`in, err := net.Dial("tcp", other.Addr().String()); err`).Value(); got != "" || ended(pid)() {
		t.Errorf("the interrupt of a loop: dial %q, command ended: %v", got, ended(pid)())
	}
	c.OK(startsChild + `where := other.Addr().String(); os.WriteFile("where", []byte(where), 0o600)`)
	pid = c.child()
	where, err := os.ReadFile(filepath.Join(c.kernelOf().cmd.Dir, "where"))
	if err != nil {
		t.Fatal(err)
	}
	c.OK("%reset")
	eventually(t, "%reset ends the command", ended(pid))
	if conn, err := net.Dial("tcp", string(where)); err == nil {
		conn.Close()
		t.Error("%reset leaves a listener")
	}
	c.OK(`http.HandleFunc("/x", func(http.ResponseWriter, *http.Request) {})`)
	c.OK("%reset")
	c.OK(`http.HandleFunc("/x", func(http.ResponseWriter, *http.Request) {})`)
}
