package kerneltest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
)

// talking are the lines about comms, subshells and extras; more are
// conversations.
var talking = map[string]func(*testing.T){
	"J03": func(t *testing.T) {
		m, s := Start(t, session.Options{})
		c := m.Client(t)
		s.Start()
		c.OK("target t")
		c.UntilIdle(c.Send(session.Shell, "comm_open", map[string]any{"comm_id": "c", "target_name": "t", "data": map[string]any{}}))
		h := c.Header("comm_msg")
		msg := c.Message(h, map[string]any{"comm_id": "c", "data": map[string]any{"n": 3}})
		msg.Buffers = [][]byte{{0, 255, 1}, {}, bytes.Repeat([]byte{7}, 100_000)}
		c.Post(session.Shell, msg)
		back := c.Published(h["msg_id"].(string), "comm_msg")
		if len(back.Buffers) != 3 || !bytes.Equal(bytes.Join(back.Buffers, []byte("|")), bytes.Join(msg.Buffers, []byte("|"))) {
			t.Errorf("%d buffers came back", len(back.Buffers))
		}
	},
	"J06": func(t *testing.T) { // in the process: handlers are the cells' own
		c := fresh(t)
		c.OK(`display.OfferComm("mine", func(c *display.Comm, data map[string]any) { c.Handle(func(data map[string]any, buffers [][]byte) { if data["panic"] != nil { panic("in the handler") }; fmt.Println("got", data["n"], len(buffers)); c.Send(map[string]any{"back": data["n"]}, buffers...) }) })`)
		comm := func(msgType, id string, data map[string]any, buffers ...[]byte) Done {
			h := c.Header(msgType)
			m := c.Message(h, map[string]any{"comm_id": id, "target_name": "mine", "data": data})
			m.Buffers = buffers
			c.Post(session.Shell, m)
			return Done{IOPub: c.UntilIdle(h["msg_id"].(string))}
		}
		comm("comm_open", "c", map[string]any{})
		d := comm("comm_msg", "c", map[string]any{"n": 3}, []byte{0, 255}, []byte("b"))
		back := d.First("comm_msg")
		if d.Printed("stdout") != "got 3 2\n" || back == nil || len(back.Buffers) != 2 || !bytes.Equal(back.Buffers[0], []byte{0, 255}) {
			t.Errorf("%s: %q", Types(d.IOPub), d.Printed("stdout"))
		}
		d = comm("comm_msg", "c", map[string]any{"panic": true})
		if d.First("comm_close") == nil || !strings.Contains(d.Printed("stderr"), "in the handler") {
			t.Errorf("%s: %q", Types(d.IOPub), d.Printed("stderr"))
		}
		if got := Types(comm("comm_msg", "c", map[string]any{"n": 4}).IOPub); got != "busy idle" {
			t.Error(got)
		}
		opened := c.OK(`mine := display.OpenComm("front", map[string]any{"a": 1})`)
		if m := opened.First("comm_open"); m == nil || m.Text("target_name") != "front" {
			t.Errorf("%s", Types(opened.IOPub))
		}
	},
	"J07": func(t *testing.T) {
		m, s := Start(t, session.Options{})
		c := m.Client(t)
		s.Start()
		c.OK("target t")
		open := func() int {
			return len(c.Ask(session.Shell, "comm_info_request", map[string]any{}).Reply.Body["comms"].(map[string]any))
		}
		for i := range 1000 {
			c.Send(session.Shell, "comm_open", map[string]any{"comm_id": fmt.Sprint(i), "target_name": "t", "data": map[string]any{}})
		}
		if n := open(); n != 1000 {
			t.Errorf("%d comms are open", n)
		}
		for i := range 999 {
			c.Send(session.Shell, "comm_close", map[string]any{"comm_id": fmt.Sprint(i), "data": map[string]any{}})
		}
		if n := open(); n != 1 {
			t.Errorf("%d comms are open", n)
		}
		again := fresh(t).Ask(session.Shell, "comm_info_request", map[string]any{}).Reply
		if n := len(again.Body["comms"].(map[string]any)); n != 0 {
			t.Errorf("%d comms after a start", n)
		}
	},
	"J10": func(t *testing.T) {
		m, s := Start(t, session.Options{NoSubshells: true})
		c := m.Client(t)
		s.Start()
		d := c.Ask(session.Shell, "kernel_info_request", map[string]any{})
		if got := fmt.Sprint(d.Reply.Body["supported_features"]); got != "[]" {
			t.Error(got)
		}
		if got := Types(c.UntilIdle(c.Send(session.Control, "create_subshell_request", map[string]any{}))); got != "busy idle" {
			t.Error(got)
		}
		c.Quiet(session.Control, 20*time.Millisecond, Any)
		h := c.Header("execute_request")
		h["subshell_id"] = "nobody"
		c.Post(session.Shell, c.Message(h, Code("value 1")))
		if d := c.Finish(session.Shell, h["msg_id"].(string)); d.Reply.Status() != "ok" {
			t.Errorf("%s", d.Reply.Content)
		}
	},
	"J11": func(t *testing.T) { // in the process: the engine must run both at once
		c := fresh(t)
		info := c.Ask(session.Shell, "kernel_info_request", map[string]any{}).Reply
		if fmt.Sprint(info.Body["supported_features"]) != "[kernel subshells]" {
			t.Fatalf("subshells are not offered: %s", info.Body["supported_features"])
		}
		sub := c.Ask(session.Control, "create_subshell_request", map[string]any{}).Reply.Text("subshell_id")
		id := c.Start("for { }")
		c.Published(id, "execute_input")
		h := c.Header("execute_request")
		h["subshell_id"] = sub
		c.Post(session.Shell, c.Message(h, Code("6 * 7")))
		d := c.Finish(session.Shell, h["msg_id"].(string))
		if d.Value() != "42" || d.Reply.Count() != 1 {
			t.Errorf("%s", d.Reply.Content)
		}
		c.Ask(session.Control, "shutdown_request", map[string]any{"restart": false})
		c.kernelOf().wait(soon)
	},
	"J12": func(t *testing.T) {
		c := fresh(t)
		m := c.Ask(session.Control, "usage_request", map[string]any{}).Reply
		if m.Body["pid"] != float64(c.kernelOf().cmd.Process.Pid) || m.Body["kernel_memory"].(float64) < 1<<20 || m.Body["cpu_count"].(float64) < 1 {
			t.Errorf("%s", m.Content)
		}
		id := c.Start("for { }")
		time.Sleep(200 * time.Millisecond)
		busy := c.Ask(session.Control, "usage_request", map[string]any{}).Reply.Body["kernel_cpu"].(float64)
		if busy <= 0 {
			t.Errorf("a busy kernel uses %v %%", busy)
		}
		c.Ask(session.Control, "interrupt_request", map[string]any{})
		c.Finish(session.Shell, id)
	},
}
