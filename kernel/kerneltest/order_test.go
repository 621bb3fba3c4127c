package kerneltest

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
)

// requests are one of each kind that changes nothing, with the channel.
var requests = []struct {
	channel session.Channel
	msgType string
	content map[string]any
}{
	{session.Shell, "kernel_info_request", map[string]any{}},
	{session.Control, "kernel_info_request", map[string]any{}},
	{session.Shell, "complete_request", map[string]any{"code": "fmt.Pr", "cursor_pos": 6}},
	{session.Shell, "inspect_request", map[string]any{"code": "fmt.Println", "cursor_pos": 8, "detail_level": 0}},
	{session.Shell, "is_complete_request", map[string]any{"code": "x := 1"}},
	{session.Shell, "history_request", map[string]any{"output": false, "raw": true, "hist_access_type": "tail", "n": 3}},
	{session.Shell, "comm_info_request", map[string]any{}},
	{session.Shell, "connect_request", map[string]any{}},
	{session.Control, "usage_request", map[string]any{}},
	{session.Control, "interrupt_request", map[string]any{}},
}

// order are the lines about headers and the order of messages.
var order = map[string]func(*testing.T){
	"C01": func(t *testing.T) { // the client checks each message and that ids and sessions agree
		c := fresh(t)
		for range 2 {
			for _, r := range requests {
				c.Ask(r.channel, r.msgType, r.content)
			}
		}
	},
	"C02": func(t *testing.T) {
		d := fresh(t).OK("1")
		if got := Types(d.IOPub); got != "busy execute_input execute_result idle" {
			t.Error(got)
		}
		if n := d.Reply.Count(); n != 1 || d.First("execute_input").Count() != n || d.First("execute_result").Count() != n {
			t.Errorf("counts %d, %s", n, d.First("execute_result").Content)
		}
	},
	"C03": func(t *testing.T) {
		c := fresh(t)
		for _, r := range requests {
			if got := Types(c.Ask(r.channel, r.msgType, r.content).IOPub); got != "busy idle" {
				t.Errorf("%s: %s", r.msgType, got)
			}
		}
	},
	"C04": func(t *testing.T) {
		k := launch(t)
		c := k.client()
		p := k.dial(k.c.IOPubPort, "SUB", "")
		kernel := c.Ask(session.Shell, "kernel_info_request", map[string]any{}).Reply.Head.Session
		if err := p.Subscribe("kernel." + kernel + ".execute_result"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.Recv(Patience); err != nil {
			t.Fatal(err)
		}
		c.OK("1")
		frames, _, err := p.Recv(Patience)
		if err != nil {
			t.Fatal(err)
		}
		m, _, err := wire.Decode(frames, k.signer)
		if err != nil || len(m.Idents) != 1 || m.Head.Type != "execute_result" {
			t.Errorf("%q, %v", frames, err)
		}
	},
	"C05": func(t *testing.T) {
		k := launch(t)
		a, b := k.client(), k.client()
		a.OK("1")
		b.Quiet(session.Shell, 20*time.Millisecond, Any)
		b.OK("2")
		a.Quiet(session.Shell, 20*time.Millisecond, Any)
	},
	"C06": func(t *testing.T) {
		c := fresh(t)
		ids := make([]string, 100)
		for i := range ids {
			ids[i] = c.Start(fmt.Sprint(i))
		}
		for i, id := range ids {
			m := c.Next(session.Shell)
			if m.Parent != id || m.Count() != i+1 {
				t.Fatalf("reply %d has count %d", i, m.Count())
			}
		}
	},
	"C07": func(t *testing.T) {
		c := fresh(t)
		id := c.Start(`for { fmt.Println("x"); time.Sleep(5 * time.Millisecond) }`)
		c.Published(id, "stream")
		start := time.Now()
		d := c.Ask(session.Control, "kernel_info_request", map[string]any{})
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("control took %s", took)
		}
		if got := Types(d.IOPub); got != "busy idle" {
			t.Error(got)
		}
		c.Published(id, "stream") // later output has the cell as parent
		c.Ask(session.Control, "interrupt_request", map[string]any{})
		c.Finish(session.Shell, id)
	},
	"C08": balance,
	"C09": func(t *testing.T) { // Check wants the fields of errors
		c := fresh(t)
		for _, msgType := range []string{"execute_request", "inspect_request", "complete_request", "history_request", "comm_info_request"} {
			d := c.Ask(session.Shell, msgType, []int{1})
			if d.Reply.Status() != "error" || d.Reply.Text("ename") == "" {
				t.Errorf("%s: %s", msgType, d.Reply.Content)
			}
		}
	},
	"C10": func(t *testing.T) { // Check wants objects; NaN is no JSON
		c := fresh(t)
		c.OK(`math.NaN()`)
		c.OK(`map[string]float64{"a": math.Inf(1)}`)
		c.OK(`var p *int; p`)
	},
	"C11": func(t *testing.T) {
		c := fresh(t)
		for _, r := range requests {
			want := strings.TrimSuffix(r.msgType, "_request") + "_reply"
			if got := c.Ask(r.channel, r.msgType, r.content).Reply.Head.Type; got != want {
				t.Errorf("%s for %s", got, r.msgType)
			}
		}
	},
	"C12": func(t *testing.T) {
		k := launch(t)
		a, b := k.client(), k.client()
		h := a.Header("execute_request")
		id := h["msg_id"].(string)
		a.Post(session.Shell, a.Message(h, Code(`"a"`)))
		h["session"] = b.Session
		b.Post(session.Shell, b.Message(h, Code(`"b"`)))
		if ra, rb := a.Reply(session.Shell, id), b.Reply(session.Shell, id); ra.Count()+rb.Count() != 3 {
			t.Errorf("%s and %s", ra.Content, rb.Content)
		}
	},
}

// balance sends random requests and wants a busy and an idle for each.
func balance(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Log("seed", seed)
	random := rand.New(rand.NewSource(seed))
	c := fresh(t)
	junk := []string{`{}`, `{"code":3}`, `{"code":"fmt.","cursor_pos":-1}`, `{"code":"1","silent":true}`, `{"comm_id":"x"}`, `{"code":"panic(1)","stop_on_error":false}`, `[]`}
	kinds := []string{"unheard_of_request", "comm_open", "comm_msg", "comm_close", "execute_request", "debug_request"}
	for _, r := range requests {
		kinds = append(kinds, r.msgType)
	}
	states := map[string][2]int{}
	for range 500 {
		ch := session.Shell
		if random.Intn(4) == 0 {
			ch = session.Control
		}
		kind := kinds[random.Intn(len(kinds))]
		if kind == "interrupt_request" {
			continue // which ends cells at random moments
		}
		states[c.Send(ch, kind, json.RawMessage(junk[random.Intn(len(junk))]))] = [2]int{}
	}
	last := c.Send(session.Shell, "kernel_info_request", map[string]any{})
	c.UntilIdle(last)
	c.UntilIdle(c.Send(session.Control, "kernel_info_request", map[string]any{}))
	for {
		m, err := c.Find(IOPub, 100*time.Millisecond, func(m *Message) bool { return m.Head.Type == "status" })
		if err != nil {
			break
		}
		n := states[m.Parent]
		if m.Text("execution_state") == "busy" {
			n[0]++
		} else {
			n[1]++
		}
		states[m.Parent] = n
	}
	for id, n := range states {
		if n != [2]int{1, 1} && id != "" {
			t.Errorf("%s: %d busy, %d idle", id, n[0], n[1])
		}
	}
}
