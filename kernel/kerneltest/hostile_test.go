package kerneltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
)

// A victim is a kernel with a counter that no bad message may move.
type victim struct{ *Client }

func attack(t *testing.T, options ...option) victim {
	t.Helper()
	v := victim{fresh(t, options...)}
	v.OK("count := 0")
	return v
}

// frames are those of a cell that moves the counter, rightly signed.
func (v victim) frames() [][]byte {
	return wire.Encode(v.Message(v.Header("execute_request"), Code("count++")), v.kernelOf().signer)
}

func (v victim) sendFrames(frames ...[]byte) {
	v.Helper()
	if err := v.peer(session.Shell).Send(frames...); err != nil {
		v.Fatal(err)
	}
}

// unmoved wants the kernel to be well and the cells not to have run.
func (v victim) unmoved() {
	v.Helper()
	if got := v.OK("count").Value(); got != "0" {
		v.Errorf("the count is %s", got)
	}
	v.Survives()
	v.Quiet(session.Shell, 20*time.Millisecond, Any)
	v.Quiet(IOPub, 0, func(m *Message) bool { return m.Parent != "" })
}

// sign puts a right signature on frames: delimiter, signature, four parts.
func (v victim) sign(parts ...string) [][]byte {
	raw := make([][]byte, len(parts))
	for i, p := range parts {
		raw[i] = []byte(p)
	}
	return append([][]byte{[]byte(wire.Delimiter), v.kernelOf().signer.Sign(raw...)}, raw...)
}

// dropped makes a test that sends bad messages, none of which may have an effect.
func dropped(bad func(v victim) [][][]byte) func(*testing.T) {
	return func(t *testing.T) {
		v := attack(t)
		for _, frames := range bad(v) {
			v.sendFrames(frames...)
		}
		v.unmoved()
	}
}

// hostile are the lines about the wire, signatures and malformed input.
var hostile = map[string]func(*testing.T){
	"B01": dropped(func(v victim) [][][]byte {
		f := v.frames()
		f[1] = []byte(strings.Repeat("0", 64))
		return [][][]byte{f}
	}),
	"B02": dropped(func(v victim) [][][]byte {
		f := v.frames()
		f[1] = nil
		return [][][]byte{f}
	}),
	"B03": dropped(func(v victim) [][][]byte {
		a, b, swapped := v.frames(), v.frames(), v.frames()
		a[1] = b[1]
		swapped[4], swapped[5] = swapped[5], swapped[4]
		return [][][]byte{a, swapped}
	}),
	"B04": func(t *testing.T) {
		v := attack(t)
		f := v.frames()
		f[1] = bytes.ToUpper(f[1])
		v.sendFrames(f...)
		v.Survives()
	},
	"B05": func(t *testing.T) { replay(t, 0) },
	"B06": func(t *testing.T) { replay(t, 70_000) },
	"B07": dropped(func(v victim) [][][]byte { return [][][]byte{v.frames()[1:]} }),
	"B08": dropped(func(v victim) [][][]byte {
		f := v.frames()
		f[0] = []byte("<IDS|MSH>")
		return [][][]byte{f}
	}),
	"B09": dropped(func(v victim) [][][]byte {
		var out [][][]byte
		for n := 1; n <= 5; n++ {
			out = append(out, v.frames()[:n])
		}
		return out
	}),
	"B10": dropped(func(v victim) [][][]byte { return [][][]byte{{{}}, {{}, {}}} }),
	"B11": dropped(func(v victim) [][][]byte {
		return [][][]byte{v.sign("{not json", "{}", "{}", "{}"), v.sign("", "", "", ""), v.sign("\xff\xfe", "{}", "{}", "{}")}
	}),
	"B12": dropped(func(v victim) [][][]byte {
		var out [][][]byte
		for _, head := range []string{"[]", "null", "3", `"s"`, "{}"} {
			out = append(out, v.sign(head, "{}", "{}", `{"code":"count++"}`))
		}
		return out
	}),
	"B13": func(t *testing.T) {
		v := attack(t)
		for _, field := range []string{"msg_type", "msg_id", "session"} {
			h := v.Header("kernel_info_request")
			delete(h, field)
			v.Post(session.Shell, v.Message(h, map[string]any{}))
		}
		v.settled()
	},
	"B14": func(t *testing.T) {
		v := attack(t)
		for _, msgType := range []string{"execute_request", "complete_request", "comm_open", "comm_info_request", "history_request"} {
			for _, content := range []any{nil, []int{1}, "text", 3} {
				v.Send(session.Shell, msgType, content)
			}
		}
		v.settled()
	},
	"B15": func(t *testing.T) {
		v := attack(t)
		m := v.Message(v.Header("execute_request"), Code("0"))
		m.Content = bytes.Replace(m.Content, []byte(`"0"`), []byte("\"`a\xffb`\""), 1)
		v.Post(session.Shell, m)
		v.settled()
	},
	"B16": func(t *testing.T) {
		v := attack(t)
		deep := strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000)
		for i, f := range [][][]byte{
			v.sign(`{"msg_id":"1","msg_type":"kernel_info_request","x":`+deep+`}`, "{}", "{}", "{}"),
			v.sign(`{"msg_id":"2","msg_type":"kernel_info_request"}`, `{"x":`+deep+`}`, "{}", "{}"),
			v.sign(`{"msg_id":"3","msg_type":"execute_request"}`, "{}", `{"x":`+deep+`}`, `{"code":"1"}`),
			v.sign(`{"msg_id":"4","msg_type":"execute_request"}`, "{}", "{}", `{"code":"1","user_expressions":`+deep+`}`),
			v.sign(`{"msg_id":"5","msg_type":"comm_open"}`, "{}", "{}", `{"comm_id":"1","target_name":"x","data":`+deep+`}`),
		} {
			if err := v.peer(session.Shell).Send(f...); err != nil {
				t.Fatal(i, err)
			}
		}
		v.settled()
	},
	"B17": func(t *testing.T) {
		c := fresh(t)
		h := c.Header("kernel_info_request")
		m := c.Message(h, map[string]any{})
		for range 2000 {
			m.Buffers = append(m.Buffers, []byte("x"))
		}
		c.Post(session.Shell, m)
		c.Finish(session.Shell, h["msg_id"].(string))
	},
	"B18": func(t *testing.T) {
		v := attack(t)
		v.Send(session.Shell, "kernel_info_request", map[string]any{"x": strings.Repeat("y", 100<<20)})
		v.settled()
	},
	"B19": func(t *testing.T) {
		v := attack(t)
		for _, content := range []string{
			`{"code":"1","code":"2","silent":false}`, `{"code":"1","x":1e400}`, `{"code":"1","silent":1e400}`,
			`{"code":"\ud800"}`, `{"code":"x := \"\ud800\""}`, `{"code":"1","user_expressions":{"a":"1","a":"2"}}`,
		} {
			m := v.Message(v.Header("execute_request"), nil)
			m.Content = []byte(content)
			v.Post(session.Shell, m)
		}
		v.settled()
	},
	"B20": func(t *testing.T) {
		k := launch(t)
		p := k.dial(k.c.ShellPort, "DEALER", "")
		m := NewClient(t).Message(NewClient(t).Header("kernel_info_request"), map[string]any{})
		m.Idents = [][]byte{[]byte("one"), []byte("two")}
		if err := p.Send(wire.Encode(m, k.signer)...); err != nil {
			t.Fatal(err)
		}
		frames, _, err := p.Recv(Patience)
		if err != nil || len(frames) < 8 || string(frames[0]) != "one" || string(frames[1]) != "two" || string(frames[2]) != wire.Delimiter {
			t.Errorf("%.500q, %v", frames, err)
		}
	},
	"B21": garbage,
	"B22": func(t *testing.T) {
		v := attack(t)
		k := v.kernelOf()
		for i := range 1000 {
			port := []wire.Port{k.c.ShellPort, k.c.IOPubPort, k.c.ControlPort}[i%3]
			conn, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", int(port)))
			if err != nil {
				t.Fatal(err)
			}
			conn.Close()
		}
		v.Ask(session.Control, "kernel_info_request", map[string]any{})
		v.unmoved()
		k.client().Survives()
	},
	"B23": func(t *testing.T) {
		c := fresh(t)
		k := c.kernelOf()
		hb := k.dial(k.c.HBPort, "REQ", "")
		id := c.Start("for { }")
		c.Published(id, "execute_input")
		for _, beat := range [][][]byte{{{}, []byte("ping")}, {{}, {}}, {{}, bytes.Repeat([]byte("x"), 100_000)}, {{}, []byte("a"), []byte("b")}} {
			if err := hb.Send(beat...); err != nil {
				t.Fatal(err)
			}
			got, _, err := hb.Recv(Patience)
			if err != nil || !bytes.Equal(bytes.Join(got, []byte("|")), bytes.Join(beat, []byte("|"))) {
				t.Errorf("%.100q came back for %.100q, %v", got, beat, err)
			}
		}
		c.Ask(session.Control, "interrupt_request", map[string]any{})
		c.Finish(session.Shell, id)
	},
	"B24": func(t *testing.T) {
		k := launch(t)
		hb := k.dial(k.c.HBPort, "DEALER", "")
		if err := hb.Send(nil, []byte("ping")); err != nil {
			t.Fatal(err)
		}
		if got, _, err := hb.Recv(Patience); err != nil || len(got) != 2 || len(got[0]) != 0 || string(got[1]) != "ping" {
			t.Errorf("%q, %v", got, err)
		}
	},
	"B26": func(t *testing.T) {
		v := attack(t)
		v.sendFrames(v.sign(`{"msg_id":"m","msg_type":"kernel_info_request","session":"s"}`, "{}", "{}", "{}")...)
		v.Finish(session.Shell, "m")
	},
	"B27": func(t *testing.T) {
		c := fresh(t)
		h := c.Header("execute_request")
		h["later"], h["nested"] = []any{1, "é"}, map[string]any{"x": nil}
		sent := c.Message(h, Code(`fmt.Print("x"); 1`))
		c.Post(session.Shell, sent)
		d := c.Finish(session.Shell, h["msg_id"].(string))
		for _, m := range append(d.IOPub, d.Reply) {
			if !sameJSON(t, m.Message.Parent, sent.Header) {
				t.Errorf("the parent of %s is %s", m.Head.Type, m.Message.Parent)
			}
		}
	},
	"B28": func(t *testing.T) {
		c := fresh(t)
		h := c.Header("execute_request")
		m := c.Message(h, Code("1"))
		m.Metadata, m.Buffers = []byte(`{"cellId":3,"deletedCells":[1],"x":{}}`), [][]byte{{1}, {2}}
		c.Post(session.Shell, m)
		if d := c.Finish(session.Shell, h["msg_id"].(string)); d.Reply.Status() != "ok" {
			t.Errorf("%s", d.Reply.Content)
		}
	},
}

// settled wants the kernel to be well and every busy to have its idle.
func (v victim) settled() {
	v.Helper()
	v.Survives()
	state := map[string]int{}
	for {
		m, err := v.Find(IOPub, 50*time.Millisecond, Any)
		if err != nil {
			break
		}
		switch m.Text("execution_state") {
		case "busy":
			state[m.Parent]++
		case "idle":
			state[m.Parent]--
		}
	}
	for id, n := range state {
		if n != 0 {
			v.Errorf("the request %s is %d times busy", id, n)
		}
	}
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal(b, &y); err != nil {
		t.Error(err)
	}
	return fmt.Sprint(x) == fmt.Sprint(y)
}

// replay sends a cell, then others, then the cell again.
func replay(t *testing.T, between int) {
	v := attack(t)
	f := v.frames()
	v.sendFrames(f...)
	p := v.kernelOf().dial(v.kernelOf().c.StdinPort, "DEALER", "")
	for i := range between { // nobody waits for input: they have no effect
		m := &wire.Message{Header: []byte(fmt.Sprintf(`{"msg_id":"%d","msg_type":"x"}`, i))}
		if err := p.Send(wire.Encode(m, v.kernelOf().signer)...); err != nil {
			t.Fatal(err)
		}
	}
	last := v.frames()
	v.sendFrames(last...)
	for range 3 {
		v.sendFrames(last...)
	}
	if between == 0 {
		v.sendFrames(f...)
	}
	if got := v.OK("count").Value(); got != "2" {
		t.Errorf("the count is %s, want 2", got)
	}
}

// garbage throws nonsense at all ports and leaves connections half open.
func garbage(t *testing.T) {
	v := attack(t)
	k := v.kernelOf()
	ports := []wire.Port{k.c.ShellPort, k.c.ControlPort, k.c.StdinPort, k.c.IOPubPort, k.c.HBPort}
	half := append([]byte{0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F}, 3)
	for _, port := range ports {
		for _, bytes := range [][]byte{[]byte("GET / HTTP/1.1\r\n\r\n"), bytes.Repeat([]byte{0x9C, 0, 0xFF}, 300), half} {
			v.throw(port, bytes)
		}
	}
	for i := range 500 {
		v.throw(ports[i%len(ports)], half[:i%len(half)])
	}
	v.Ask(session.Control, "kernel_info_request", map[string]any{})
	v.unmoved()
	c := k.client()
	c.Ask(session.Control, "kernel_info_request", map[string]any{})
	c.Survives()
}

// throw connects, sends bytes, and stays connected until the test ends.
func (v victim) throw(port wire.Port, data []byte) {
	v.Helper()
	conn, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", int(port)))
	if err != nil {
		v.Fatal(err)
	}
	v.Cleanup(func() { conn.Close() })
	_, _ = conn.Write(data) // the kernel may have hung up
}

// TestDroppedIsCounted wants a kernel to say what it has dropped.
func TestDroppedIsCounted(t *testing.T) {
	v := attack(t)
	f := v.frames()
	f[1] = []byte(strings.Repeat("0", 64))
	v.sendFrames(f...)
	v.sendFrames([]byte("nonsense"))
	v.unmoved()
	dropped, _ := v.Ask(session.Control, "usage_request", map[string]any{}).Reply.Body["dropped"].(map[string]any)
	for _, reason := range []string{"messages with a wrong signature", "malformed messages"} {
		if dropped[reason] != 1.0 {
			t.Errorf("%v %s, want 1", dropped[reason], reason)
		}
	}
}
