package kerneltest

import (
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
)

// question waits for the input_request of a cell.
func (c *Client) question(id string) *Message {
	c.Helper()
	return c.Reply(session.Stdin, id)
}

// answer replies to a question.
func (c *Client) answer(to *Message, value string) {
	c.Helper()
	m := c.Message(c.Header("input_reply"), map[string]any{"value": value})
	m.Parent = to.Header
	c.Post(session.Stdin, m)
}

const asks = `fmt.Print("before "); s := display.Input("name? "); fmt.Print("<", s, ">")`

// asking are the lines about input; more are conversations.
var asking = map[string]func(*testing.T){
	"H01": func(t *testing.T) {
		c := fresh(t)
		id := c.Start(asks, "allow_stdin", true)
		q := c.question(id)
		if q.Text("prompt") != "name? " || q.Body["password"] != false {
			t.Errorf("%s", q.Content)
		}
		c.answer(q, "Grüße 😀")
		if got := c.Finish(session.Shell, id).Printed("stdout"); got != "before <Grüße 😀>" {
			t.Errorf("%q", got)
		}
	},
	"H02": func(t *testing.T) {
		c := fresh(t)
		id := c.Start(`s := display.Password("secret: "); fmt.Print(len(s))`, "allow_stdin", true)
		q := c.question(id)
		if q.Body["password"] != true {
			t.Errorf("%s", q.Content)
		}
		c.answer(q, "abc")
		if got := c.Finish(session.Shell, id).Printed("stdout"); got != "3" {
			t.Errorf("%q", got)
		}
	},
	"H03": func(t *testing.T) {
		c := fresh(t)
		d := c.Run(asks)
		if d.Reply.Status() != "error" {
			t.Errorf("%s", d.Reply.Content)
		}
		contains(t, d.said(), "input")
		c.Quiet(session.Stdin, 20*time.Millisecond, Any)
		d = c.Run(`var s string; _, err := fmt.Scanln(&s); err`)
		contains(t, d.said()+d.Value(), "") // it came back at once
	},
	"H05": func(t *testing.T) {
		c := fresh(t)
		id := c.Start(asks, "allow_stdin", true)
		c.answer(c.question(id), "\x04")
		d := c.Finish(session.Shell, id)
		contains(t, d.said(), "EOF")
	},
	"H08": func(t *testing.T) {
		c := fresh(t)
		id := c.Start(asks, "allow_stdin", true)
		q := c.question(id)
		k := c.kernelOf()
		bad := wire.Encode(&wire.Message{Header: []byte(`{"msg_id":"1","msg_type":"input_reply"}`), Parent: q.Header, Content: []byte(`{"value":"forged"}`)}, k.signer)
		bad[1] = []byte("0")
		if err := c.peer(session.Stdin).Send(bad...); err != nil {
			t.Fatal(err)
		}
		m := c.Message(c.Header("input_reply"), map[string]any{"valeu": "x"})
		m.Parent = q.Header
		c.Post(session.Stdin, m)
		c.Post(session.Stdin, c.Message(c.Header("input_reply"), map[string]any{"value": 3}))
		c.Quiet(session.Shell, 50*time.Millisecond, Any)
		c.answer(q, "right")
		contains(t, c.Finish(session.Shell, id).Printed("stdout"), "<right>")
	},
	"H09": func(t *testing.T) {
		k := launch(t)
		c, other := k.client(), k.client()
		id := c.Start(asks, "allow_stdin", true)
		c.question(id)
		c.leave()
		other.Ask(session.Control, "interrupt_request", map[string]any{})
		other.UntilIdle(id)
		other.Survives()
	},
	"H12": func(t *testing.T) {
		c := fresh(t)
		id := c.Start(`for i := 0; i < 3; i++ { fmt.Print(display.Input("? "), ";") }`, "allow_stdin", true)
		for _, value := range []string{"a", "", "c d"} {
			c.answer(c.question(id), value)
		}
		if got := c.Finish(session.Shell, id).Printed("stdout"); got != "a;;c d;" {
			t.Errorf("%q", got)
		}
	},
}

// TestRunAllAsks loses the worker and runs the cells again: one that has taken
// input runs only when the person says so.
func TestRunAllAsks(t *testing.T) {
	c := fresh(t)
	id := c.Start(`name := display.Input("name? ")`, "allow_stdin", true)
	c.answer(c.question(id), "Ann")
	c.Finish(session.Shell, id)
	c.OK("x := 41")
	c.Run("syscall.Kill(syscall.Getpid(), syscall.SIGKILL)")
	contains(t, c.OK("%run-all").Printed("stdout"), "cell 1 is left out")
	if got := c.OK("x + 1").Value(); got != "42" {
		t.Errorf("x + 1 is %s", got)
	}
	c.Run("syscall.Kill(syscall.Getpid(), syscall.SIGKILL)")
	id = c.Start("%run-all", "allow_stdin", true)
	q := c.question(id)
	contains(t, q.Text("prompt"), "cell 1 asks for input")
	c.answer(q, "y")
	c.answer(c.question(id), "Bea")
	c.Finish(session.Shell, id)
	if got := c.OK("name").Value(); got != `"Bea"` {
		t.Errorf("name is %s", got)
	}
}
