package zmq

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/wire"
)

// patience is generous: the machine may be busy.
const patience = 20 * time.Second

// A fixture is a server whose requests are answered with their own content.
type fixture struct {
	*Server
	c      *wire.Connection
	signer *wire.Signer
}

func open(t testing.TB, c *wire.Connection) *fixture {
	t.Helper()
	c.Key, c.SignatureScheme = "secret", "hmac-sha256"
	s, err := Listen(c, Options{Session: "the-session", room: 16 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	go s.Serve(func(from Socket, m *wire.Message) {
		s.Send(from, &wire.Message{Idents: m.Idents, Header: []byte(`{"msg_type":"reply"}`), Parent: m.Header, Content: m.Content})
	})
	return &fixture{s, c, s.signer}
}

func tcp(t testing.TB) *fixture { return open(t, &wire.Connection{Transport: "tcp", IP: "127.0.0.1"}) }

func (f *fixture) dial(t testing.TB, port wire.Port, kind, identity string) *Peer {
	t.Helper()
	p, err := Dial(f.c.Endpoint(port), kind, identity, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func (f *fixture) request(id, content string) [][]byte {
	head := fmt.Sprintf(`{"msg_id":%q,"session":"c","msg_type":"x"}`, id)
	return wire.Encode(&wire.Message{Header: []byte(head), Content: []byte(content)}, f.signer)
}

func (f *fixture) receive(t testing.TB, p *Peer) *wire.Message {
	t.Helper()
	frames, _, err := p.Recv(patience)
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := wire.Decode(frames, f.signer)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// works makes a round trip with a new client.
func (f *fixture) works(t testing.TB) {
	t.Helper()
	p := f.dial(t, f.c.ShellPort, "DEALER", "")
	if err := p.Send(f.request(wire.NewID(), `{"a":1}`)...); err != nil {
		t.Fatal(err)
	}
	if m := f.receive(t, p); string(m.Content) != `{"a":1}` {
		t.Errorf("content %s", m.Content)
	}
}

func (f *fixture) publish(msgType, parent, content string) {
	head := fmt.Sprintf(`{"msg_id":%q,"session":"the-session","msg_type":%q}`, wire.NewID(), msgType)
	f.Publish(&wire.Message{Idents: [][]byte{[]byte("kernel.x." + msgType)}, Header: []byte(head), Parent: []byte(parent), Content: []byte(content)})
}

// TestBadClients meets clients that say nothing, half a greeting, nonsense, or
// lie about lengths: the next client is served.
func TestBadClients(t *testing.T) {
	hello := append(greeting(), appendReady(nil, "DEALER", "liar")...)
	rows := map[string]struct {
		bytes []byte
		times int
		drop  drop
	}{
		"silent":                    {nil, 300, drops},
		"half a greeting":           {greeting()[:signatureSize], 300, drops},
		"HTTP":                      {[]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 5, dropHandshake},
		"noise":                     {bytes.Repeat([]byte{7, 0xFF}, 500), 5, dropHandshake},
		"CURVE":                     {append(append(append([]byte{}, greeting()[:12]...), "CURVE"...), make([]byte, 47)...), 5, dropHandshake},
		"READY cut short":           {append(greeting(), 4, 8, 5, 'R', 'E', 'A', 'D', 'Y', 200, 1), 5, dropHandshake},
		"subscriber at shell":       {append(greeting(), appendReady(nil, "SUB", "")...), 5, dropHandshake},
		"frame of 2^63 bytes":       {append(hello[:len(hello):len(hello)], flagLong, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), 1, dropOversized},
		"frame of 255 MB, half":     {append(hello[:len(hello):len(hello)], flagLong, 0, 0, 0, 0, 0x0F, 0xF0, 0, 0, 1, 2, 3), 20, drops},
		"frame with unknown flags":  {append(hello[:len(hello):len(hello)], 0x40, 1, 1), 1, dropMalformed},
		"a command in two frames":   {append(hello[:len(hello):len(hello)], flagCommand|flagMore, 1, 1), 1, dropMalformed},
		"message without delimiter": {appendMessage(hello[:len(hello):len(hello)], [][]byte{{}, []byte("x")}), 1, dropMalformed},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := tcp(t)
			for range row.times {
				c, err := net.Dial("tcp", strings.TrimPrefix(f.c.Endpoint(f.c.ShellPort), "tcp://"))
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				_, _ = c.Write(row.bytes) // the guard may have hung up already
			}
			f.works(t)
			if row.drop == drops {
				return
			}
			for end := time.Now().Add(patience); f.drops.count[row.drop].Load() == 0; time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("not counted as %q: %v", dropNames[row.drop], f.Dropped())
				}
			}
		})
	}
}

func TestForgedAndReplayed(t *testing.T) {
	f := tcp(t)
	p := f.dial(t, f.c.ShellPort, "DEALER", "me")
	good := f.request("1", `{}`)
	forged := append([][]byte(nil), good...)
	forged[5] = []byte(`{"evil":1}`)
	for _, frames := range [][][]byte{forged, good, good, f.request("2", `{"last":1}`)} {
		if err := p.Send(frames...); err != nil {
			t.Fatal(err)
		}
	}
	if first, second := f.receive(t, p), f.receive(t, p); string(first.Content) != "{}" || string(second.Content) != `{"last":1}` {
		t.Errorf("answers to %s and %s", first.Content, second.Content)
	}
	want := map[string]int64{dropNames[dropForged]: 1, dropNames[dropReplayed]: 1}
	if got := f.Dropped(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("dropped %v, want %v", got, want)
	}
}

func TestPing(t *testing.T) {
	f := tcp(t)
	for _, port := range []wire.Port{f.c.ShellPort, f.c.HBPort} {
		p := f.dial(t, port, "DEALER", "")
		if err := p.Ping("context"); err != nil {
			t.Fatal(err)
		}
		frames, command, err := p.Recv(patience)
		if err != nil || !command || string(frames[0]) != "\x04PONGcontext" {
			t.Errorf("%q, command %v, %v", frames, command, err)
		}
	}
	f.works(t)
}

func TestHeartbeat(t *testing.T) {
	f := tcp(t)
	req, dealer := f.dial(t, f.c.HBPort, "REQ", ""), f.dial(t, f.c.HBPort, "DEALER", "")
	long := bytes.Repeat([]byte("x"), 100_000)
	for _, frames := range [][][]byte{
		{{}, []byte("ping")}, {{}, {}}, {{}, long}, {{}, []byte("a"), {}, []byte("b")},
	} {
		for _, p := range []*Peer{req, dealer} {
			if err := p.Send(frames...); err != nil {
				t.Fatal(err)
			}
			got, _, err := p.Recv(patience)
			if err != nil || !bytes.Equal(bytes.Join(got, []byte("|")), bytes.Join(frames, []byte("|"))) {
				t.Errorf("%d frames came back for %d, %v", len(got), len(frames), err)
			}
		}
	}
}

// TestWelcome wants a welcome for every subscription, first of all, and what
// was published before anybody subscribed.
func TestWelcome(t *testing.T) {
	f := tcp(t)
	f.publish("status", "", `{"execution_state":"starting"}`)
	first := f.dial(t, f.c.IOPubPort, "SUB", "")
	if err := first.Subscribe(""); err != nil {
		t.Fatal(err)
	}
	want := []string{`{"subscription":""}`, `{"execution_state":"starting"}`}
	for i, w := range want {
		m := f.receive(t, first)
		if string(m.Content) != w || string(m.Parent) != "{}" || m.Head.Session != "the-session" {
			t.Errorf("message %d of the first is %s %s, want %s", i, m.Header, m.Content, w)
		}
	}
	second := f.dial(t, f.c.IOPubPort, "SUB", "")
	for _, topic := range []string{"", "abc", "\xff", "kernel.x"} {
		if err := second.Subscribe(topic); err != nil {
			t.Fatal(err)
		}
	}
	if err := second.Unsubscribe("abc"); err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{"", "abc", "kernel.x"} {
		m := f.receive(t, second)
		if string(m.Idents[0]) != topic || string(m.Content) != `{"subscription":"`+topic+`"}` {
			t.Errorf("%q %s, want the welcome of %q", m.Idents, m.Content, topic)
		}
	}
	f.publish("status", "", `{"execution_state":"idle"}`)
	for _, p := range []*Peer{first, second} {
		if m := f.receive(t, p); string(m.Content) != `{"execution_state":"idle"}` {
			t.Errorf("%s came after the welcomes", m.Content)
		}
	}
}

func TestTopics(t *testing.T) {
	f := tcp(t)
	p := f.dial(t, f.c.IOPubPort, "SUB", "")
	if err := p.Subscribe("kernel.x.status"); err != nil {
		t.Fatal(err)
	}
	f.receive(t, p)
	f.publish("stream", "", `{"name":"stdout","text":"a"}`)
	f.publish("status", "", `{}`)
	if m := f.receive(t, p); string(m.Idents[0]) != "kernel.x.status" {
		t.Errorf("%q came", m.Idents)
	}
}

// TestSlowSubscriber lets one subscriber not read. The other gets everything;
// the slow one loses the oldest text, is told how much, and gets the status.
func TestSlowSubscriber(t *testing.T) {
	f := tcp(t)
	slow, good := f.dial(t, f.c.IOPubPort, "SUB", ""), f.dial(t, f.c.IOPubPort, "SUB", "")
	for _, p := range []*Peer{slow, good} {
		if err := p.Subscribe(""); err != nil {
			t.Fatal(err)
		}
		f.receive(t, p)
	}
	const messages, size = 400, 100 << 10
	text := strings.Repeat("x", size)
	got := make(chan int)
	go func() {
		n := 0
		for {
			frames, _, err := good.Recv(patience)
			if err != nil || strings.HasSuffix(string(frames[0]), "status") {
				break
			}
			n++
		}
		got <- n
	}()
	for range messages {
		f.publish("stream", `{"msg_id":"cell"}`, `{"name":"stdout","text":"`+text+`"}`)
	}
	f.publish("status", `{"msg_id":"cell"}`, `{"execution_state":"idle"}`)
	if n := <-got; n != messages {
		t.Errorf("the reader got %d of %d messages", n, messages)
	}
	whole, lost := 0, 0
	for {
		m := f.receive(t, slow)
		if strings.HasSuffix(string(m.Idents[0]), "status") {
			break
		}
		var s stream
		if err := json.Unmarshal(m.Content, &s); err != nil {
			t.Fatal(err)
		}
		if len(s.Text) == size {
			whole++
			continue
		}
		n := 0
		if _, err := fmt.Sscanf(s.Text, "\n[%d bytes of output are lost here", &n); err != nil || string(m.Parent) != `{"msg_id":"cell"}` {
			t.Errorf("%q with parent %s: %v", s.Text, m.Parent, err)
		}
		lost += n
	}
	if lost == 0 || whole*size+lost != messages*size {
		t.Errorf("%d whole messages and %d bytes lost make not %d messages", whole, lost, messages)
	}
}

// TestUnknownClient sends to a client before it has connected: nothing blocks,
// and the client gets it.
func TestUnknownClient(t *testing.T) {
	f := tcp(t)
	f.Send(Stdin, &wire.Message{Idents: [][]byte{[]byte("late")}, Header: []byte(`{"msg_type":"input_request"}`)})
	for range 3 * maxParked {
		f.Send(Shell, &wire.Message{Idents: [][]byte{[]byte("never")}, Header: []byte(`{"msg_type":"reply"}`)})
	}
	if m := f.receive(t, f.dial(t, f.c.StdinPort, "DEALER", "late")); m.Head.Type != "input_request" {
		t.Errorf("%s came", m.Header)
	}
	if n := f.Dropped()[dropNames[dropUnknownClient]]; n != 2*maxParked {
		t.Errorf("%d replies were dropped, want %d", n, 2*maxParked)
	}
	f.works(t)
}

// TestHandover connects again with the same identity: the newer client is served.
func TestHandover(t *testing.T) {
	f := tcp(t)
	old := f.dial(t, f.c.ShellPort, "DEALER", "me")
	for i := range 20 {
		p := f.dial(t, f.c.ShellPort, "DEALER", "me")
		if err := p.Send(f.request(fmt.Sprint(i), `{}`)...); err != nil {
			t.Fatal(err)
		}
		f.receive(t, p)
	}
	if _, _, err := old.Recv(patience); err == nil || errors.Is(err, ErrQuiet) {
		t.Errorf("the older connection is still open: %v", err)
	}
}

// TestCloseFlushes publishes and closes at once: the subscriber gets all.
func TestCloseFlushes(t *testing.T) {
	f := tcp(t)
	p := f.dial(t, f.c.IOPubPort, "SUB", "")
	if err := p.Subscribe(""); err != nil {
		t.Fatal(err)
	}
	f.receive(t, p)
	const messages = 400
	for range messages {
		f.publish("display_data", "", `{}`)
	}
	f.Close()
	for i := range messages {
		if _, _, err := p.Recv(patience); err != nil {
			t.Fatalf("after %d messages: %v", i, err)
		}
	}
}

// TestCloseRests asks for clients between the steps of Close, in which others
// get what was sent.
func TestCloseRests(t *testing.T) {
	f := tcp(t)
	c := f.iopub.guard
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	accepted := make(chan error, 1)
	go func() {
		_, err := c.Accept()
		accepted <- err
	}()
	select {
	case err := <-accepted:
		t.Fatalf("Accept gives %v before the socket is closed: zmq4 would ask without end", err)
	case <-time.After(50 * time.Millisecond):
	}
	f.Close()
	if err := <-accepted; err == nil {
		t.Error("a client after Close")
	}
}

// TestManyClients connects and goes, and wants goroutines to end.
func TestManyClients(t *testing.T) {
	f := tcp(t)
	f.works(t)
	before := runtime.NumGoroutine()
	for range 300 {
		p := f.dial(t, f.c.IOPubPort, "SUB", "")
		if err := p.Subscribe(""); err != nil {
			t.Fatal(err)
		}
		f.receive(t, p)
		p.Close()
	}
	f.publish("status", "", `{}`)
	for end := time.Now().Add(patience); runtime.NumGoroutine() > before+10; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
	f.works(t)
}

func TestIPC(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("socket files have other rules on Windows")
	}
	dir, err := os.MkdirTemp("", "nabla")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	base := filepath.Join(dir, "k")
	stale, err := net.Listen("unix", base+"-1")
	if err != nil {
		t.Fatal(err)
	}
	stale.(*net.UnixListener).SetUnlinkOnClose(false)
	stale.Close()
	c := &wire.Connection{Transport: "ipc", IP: base, HBPort: 1}
	f := open(t, c)
	f.works(t)
	again := *c
	if _, err := Listen(&again, Options{}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second kernel at the same files: %v", err)
	}
	f.works(t)
	f.Close()
	if left, err := filepath.Glob(base + "*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestListenErrors(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	port := wire.Port(busy.Addr().(*net.TCPAddr).Port)
	rows := map[string]struct {
		c    wire.Connection
		want string
	}{
		"busy":     {wire.Connection{Transport: "tcp", IP: "127.0.0.1", ControlPort: port}, "the control socket: port"},
		"not ours": {wire.Connection{Transport: "tcp", IP: "192.0.2.1"}, "cannot listen at 192.0.2.1"},
		"long":     {wire.Connection{Transport: "ipc", IP: strings.Repeat("x", 200)}, "too long"},
		"folder":   {wire.Connection{Transport: "ipc", IP: filepath.Join(os.TempDir(), "none", "none")}, "cannot listen"},
	}
	for name, row := range rows {
		row.c.SignatureScheme = "hmac-sha256"
		if _, err := Listen(&row.c, Options{}); err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, row.want)
		}
	}
}

func TestAddresses(t *testing.T) {
	for _, ip := range []string{"0.0.0.0", "*", "localhost", "127.0.0.1"} {
		c := &wire.Connection{Transport: "tcp", IP: ip}
		f := open(t, c)
		f.c = &wire.Connection{Transport: "tcp", IP: "127.0.0.1", ShellPort: c.ShellPort}
		f.works(t)
	}
}

// TestRegister plays the launcher of a registration file.
func TestRegister(t *testing.T) {
	signer, err := wire.NewSigner("hmac-sha256", "secret")
	if err != nil {
		t.Fatal(err)
	}
	signed := [][]byte{[]byte(wire.Delimiter), signer.Sign([]byte("ACK")), []byte("ACK")}
	forged := [][]byte{[]byte(wire.Delimiter), []byte("00"), []byte("ACK")}
	for name, row := range map[string]struct {
		answers [][][]byte
		want    string
	}{
		"signed":             {[][][]byte{signed}, ""},
		"forged then signed": {[][][]byte{forged, signed}, ""},
		"forged":             {[][][]byte{forged}, "has not acknowledged"},
		"none":               {nil, "has not acknowledged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			launcher := tcp(t)
			c := &wire.Connection{KernelID: "k", RegistrationIP: "127.0.0.1", RegistrationPort: launcher.c.HBPort, Key: "secret", SignatureScheme: "hmac-sha256", ShellPort: 7}
			launcher.answer(t, row.answers)
			wait := patience
			if row.want != "" {
				wait = 300 * time.Millisecond
			}
			if err := Register(c, wait); (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
				t.Errorf("%v, want %q", err, row.want)
			}
		})
	}
}

// answer makes the heartbeat socket of the fixture a launcher's, which sends
// the answers to whoever registers.
func (f *fixture) answer(t *testing.T, answers [][][]byte) {
	t.Helper()
	f.beat.send.Lock()
	defer f.beat.send.Unlock()
	f.beat.guard.policy.joined = nil
	go func() {
		for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if f.beat.guard.joined("k") {
				for _, a := range answers {
					f.beat.reply(append([][]byte{[]byte("k")}, a...))
				}
				return
			}
		}
	}()
}

func TestNothingListens(t *testing.T) {
	if _, err := Dial("tcp://127.0.0.1:1", "DEALER", "", 50*time.Millisecond); err == nil {
		t.Error("connected to a closed port")
	}
}

// TestDeafSubscriber publishes what must not be lost to one that never reads:
// memory stays bounded, because it is disconnected.
func TestDeafSubscriber(t *testing.T) {
	f := tcp(t)
	p := f.dial(t, f.c.IOPubPort, "SUB", "")
	if err := p.Subscribe(""); err != nil {
		t.Fatal(err)
	}
	f.receive(t, p)
	content := `{"data":{"text/plain":"` + strings.Repeat("x", 1<<20) + `"}}`
	for end := time.Now().Add(patience); f.drops.count[dropSlowClient].Load() == 0; {
		if time.Now().After(end) {
			t.Fatal("the subscriber was never disconnected")
		}
		f.publish("display_data", "", content)
	}
	for end := time.Now().Add(patience); len(f.iopub.guard.all()) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the subscriber is still there")
		}
	}
	f.works(t)
}
