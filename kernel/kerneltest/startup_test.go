package kerneltest

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
	"github.com/nabla-go/nabla/kernel/zmq"
)

// soon is the longest that a failing start may take.
const soon = 20 * time.Second

// startup are the lines about starting and connection files.
var startup = map[string]func(*testing.T){
	"A01": func(t *testing.T) {
		k := launch(t)
		c := k.client()
		d := c.Ask(session.Shell, "kernel_info_request", map[string]any{})
		hb := k.dial(k.c.HBPort, "REQ", "")
		if err := hb.Send(nil, []byte("x")); err != nil {
			t.Fatal(err)
		}
		if _, _, err := hb.Recv(Patience); err != nil {
			t.Error(err)
		}
		c.Ask(session.Control, "kernel_info_request", map[string]any{})
		if got := Types(d.IOPub); got != "busy idle" {
			t.Error(got)
		}
		c.Quiet(IOPub, 50*time.Millisecond, func(m *Message) bool { return m.Text("execution_state") != "starting" })
	},
	"A02": func(t *testing.T) {
		c := early(t)
		c.Ask(session.Shell, "kernel_info_request", map[string]any{})
		m := c.Published("", "status")
		if m.Text("execution_state") != "starting" || string(m.Message.Parent) != "{}" {
			t.Errorf("%s with parent %s", m.Content, m.Message.Parent)
		}
		c.Quiet(IOPub, 100*time.Millisecond, func(m *Message) bool { return m.Text("execution_state") == "starting" })
	},
	"A03": func(t *testing.T) {
		if m := early(t).Next(IOPub); m.Head.Type != "iopub_welcome" || m.Text("subscription") != "" {
			t.Errorf("%s %s came first", m.Head.Type, m.Content)
		}
	},
	"A04": func(t *testing.T) {
		k := launch(t)
		c := k.client() // the first subscriber; its welcome has come
		for _, topic := range []string{"", "", "abc"} {
			p := k.dial(k.c.IOPubPort, "SUB", "")
			if err := p.Subscribe(topic); err != nil {
				t.Fatal(err)
			}
			frames, _, err := p.Recv(Patience)
			if err != nil {
				t.Fatal(err)
			}
			m, _, err := wire.Decode(frames, k.signer)
			if err != nil || string(m.Idents[0]) != topic || string(m.Content) != `{"subscription":"`+topic+`"}` || string(m.Parent) != "{}" {
				t.Errorf("%q %s, %v", m.Idents, m.Content, err)
			}
		}
		c.Survives()
	},
	"A05": func(t *testing.T) {
		c := fresh(t)
		p := c.peer(IOPub)
		for _, send := range []func() error{
			func() error { return p.Subscribe("\xff\xfe") }, func() error { return p.Unsubscribe("abc") }, func() error { return p.Send([]byte{}) },
		} {
			if err := send(); err != nil {
				t.Fatal(err)
			}
		}
		c.Survives()
		c.Quiet(IOPub, 0, func(m *Message) bool { return m.Head.Type == "iopub_welcome" })
	},
	"A06": func(t *testing.T) {
		dir, err := os.MkdirTemp("", "nabla")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		k := launch(t, with(func(c *wire.Connection) {
			c.Transport, c.IP = "ipc", filepath.Join(dir, "k")
			c.ShellPort, c.IOPubPort, c.StdinPort, c.ControlPort, c.HBPort = 1, 2, 3, 4, 5
		}))
		c := k.client()
		c.Survives()
		if files, _ := filepath.Glob(filepath.Join(dir, "k-*")); len(files) != 5 { // the pattern is right
			t.Errorf("socket files: %v", files)
		}
		c.Ask(session.Control, "shutdown_request", map[string]any{"restart": false})
		k.wait(soon)
		if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 0 {
			t.Errorf("left behind: %v", files)
		}
	},
	"A07": func(t *testing.T) {
		for _, ip := range []string{"0.0.0.0", "127.0.0.2", "::1", "localhost"} {
			k := launch(t, with(func(c *wire.Connection) { c.IP = ip }))
			if ip == "0.0.0.0" {
				k.c.IP = "127.0.0.1"
			}
			l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
			if err != nil { // the machine has no such address
				if status := k.wait(soon); status != 2 {
					t.Errorf("%s: status %d", ip, status)
				}
				contains(t, k.stderr.String(), ip)
				continue
			}
			l.Close()
			k.client().Survives()
		}
	},
	"A08": func(t *testing.T) {
		k := launch(t, with(func(c *wire.Connection) { c.Key = "" }))
		c := k.client()
		c.Survives()
		frames := wire.Encode(c.Message(c.Header("kernel_info_request"), map[string]any{}), k.signer)
		frames[1] = []byte("anything")
		p := k.dial(k.c.ShellPort, "DEALER", "")
		if err := p.Send(frames...); err != nil {
			t.Fatal(err)
		}
		got, _, err := p.Recv(Patience)
		if err != nil || len(got) < 6 || len(got[1]) != 0 {
			t.Errorf("%q, %v", got, err)
		}
	},
	"A09": func(t *testing.T) {
		for _, scheme := range []string{"hmac-sha512", "hmac-md5"} {
			fresh(t, with(func(c *wire.Connection) { c.SignatureScheme = scheme })).Survives()
		}
	},
	"A10": func(t *testing.T) {
		k := launch(t, with(func(c *wire.Connection) { c.SignatureScheme = "hmac-nope" }))
		k.refuses("hmac-nope", "hmac-sha256")
	},
	"A11": func(t *testing.T) {
		for text, want := range map[string]string{
			"":                  "JSON",
			"nonsense":          "JSON",
			`{"shell_port": 1}`: "iopub_port",
			`[]`:                "JSON",
			`{"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":99999}`:               "port",
			`{"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5,"transport":"udp"}`: "udp",
		} {
			k := prepare(t)
			if err := os.WriteFile(k.file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			k.start()
			k.refuses(want)
		}
		k := prepare(t)
		if err := os.Remove(k.file); err != nil {
			t.Fatal(err)
		}
		k.start()
		k.refuses(filepath.Base(k.file))
	},
	"A12": func(t *testing.T) {
		k := prepare(t)
		data, err := os.ReadFile(k.file)
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`_port":(\d+)`).ReplaceAllString(string(data), `_port":"$1"`)
		text = strings.Replace(text, "{", `{"kernel_name":"nabla","jupyter_session":"x.ipynb","unheard_of":[1],`, 1)
		if err := os.WriteFile(k.file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		k.start()
		k.client().Survives()
	},
	"A13": func(t *testing.T) {
		for _, quoted := range []bool{false, true} {
			k := registering(t, quoted, func(signer *wire.Signer, _ [][]byte) [][]byte {
				return [][]byte{[]byte(wire.Delimiter), signer.Sign([]byte("ACK")), []byte("ACK")}
			})
			k.client().Survives()
			k.terminate()
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(k.file), "kernel-*.json")); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		}
	},
	"A14": func(t *testing.T) {
		for name, answer := range map[string]func(*wire.Signer, [][]byte) [][]byte{
			"none": func(*wire.Signer, [][]byte) [][]byte { return nil },
			"forged": func(*wire.Signer, [][]byte) [][]byte {
				return [][]byte{[]byte(wire.Delimiter), []byte("0"), []byte("ACK")}
			},
			"echo": func(_ *wire.Signer, frames [][]byte) [][]byte { return frames },
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				k := registering(t, false, answer)
				if status := k.wait(soon); status == 0 {
					t.Error("status 0")
				}
				contains(t, k.stderr.String(), "acknowledge")
			})
		}
	},
	"A15": func(t *testing.T) {
		k := launch(t, with(func(c *wire.Connection) { c.CurvePublicKey, c.CurveSecretKey = "p", "s" }))
		k.refuses("CurveZMQ")
		data, err := os.ReadFile("../../install/nabla/kernel.json")
		if err != nil || strings.Contains(string(data), "supported_encryption") {
			t.Errorf("the kernelspec claims encryption: %s %v", data, err)
		}
	},
	"A16": func(t *testing.T) {
		busy, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer busy.Close()
		port := wire.Port(busy.Addr().(*net.TCPAddr).Port)
		k := launch(t, with(func(c *wire.Connection) { c.ShellPort = port }))
		k.refuses("in use")
		for _, p := range []wire.Port{k.c.IOPubPort, k.c.HBPort} {
			if _, err := zmq.Dial(k.c.Endpoint(p), "DEALER", "", 10*time.Millisecond); err == nil {
				t.Error("half a kernel is there")
			}
		}
	},
	"A17": kernelspec,
	"A18": func(t *testing.T) {
		var times []time.Duration
		for range 10 {
			k := prepare(t)
			start := time.Now()
			k.start()
			if _, err := zmq.Request(k.c, zmq.Shell, "kernel_info_request", map[string]any{}, Patience); err != nil {
				t.Fatal(err)
			}
			times = append(times, time.Since(start))
			k.cmd.Process.Kill()
		}
		slices.Sort(times)
		t.Logf("start to kernel_info: median %s, longest %s", times[5], times[9])
		if times[0] > 2*time.Second { // a busy machine may be slow, but not each time
			t.Errorf("the quickest of 10 starts took %s", times[0])
		}
	},
	"A19": func(t *testing.T) {
		var wg sync.WaitGroup
		kernels := make([]*kernel, 10)
		for i := range kernels {
			kernels[i] = launch(t)
		}
		for i, k := range kernels {
			c := k.client()
			wg.Go(func() {
				c.OK("x := " + string(rune('0'+i)))
				if got := c.OK("x").Value(); got != string(rune('0'+i)) {
					t.Errorf("kernel %d says %q", i, got)
				}
			})
		}
		wg.Wait()
	},
	"A20": func(t *testing.T) {
		k := launch(t, environ("JPY_SESSION_NAME=a.ipynb", "MY_VARIABLE=hello"))
		if err := os.WriteFile(filepath.Join(k.cmd.Dir, "data.txt"), []byte("read"), 0o600); err != nil {
			t.Fatal(err)
		}
		c := k.client()
		d := c.OK(`b, _ := os.ReadFile("data.txt"); fmt.Print(string(b), os.Getenv("MY_VARIABLE"), os.Getenv("JPY_SESSION_NAME"))`)
		if got := d.Printed("stdout"); got != "readhelloa.ipynb" {
			t.Errorf("%q", got)
		}
	},
}

// early connects a client whose iopub socket tries from before the start.
func early(t *testing.T) *Client {
	t.Helper()
	k := prepare(t)
	c := NewClient(t)
	l := sockets{kernel: k, peers: map[session.Channel]*zmq.Peer{}}
	c.Link = l
	connected := make(chan *zmq.Peer)
	go func() {
		p, err := zmq.Dial(k.c.Endpoint(k.c.IOPubPort), "SUB", "", Patience)
		if err != nil {
			t.Error(err)
		}
		connected <- p
	}()
	time.Sleep(20 * time.Millisecond) // the subscriber has begun to try
	k.start()
	p := <-connected
	if p == nil {
		t.FailNow()
	}
	t.Cleanup(func() { p.Close() })
	if err := p.Subscribe(""); err != nil {
		t.Fatal(err)
	}
	l.peers[IOPub], l.peers[session.Shell] = p, k.dial(k.c.ShellPort, "DEALER", c.Session)
	go k.pump(c, IOPub, p)
	go k.pump(c, session.Shell, l.peers[session.Shell])
	return c
}

// refuses wants the process to end with status 2 and one line that says why.
func (k *kernel) refuses(parts ...string) {
	k.Helper()
	if status := k.wait(soon); status != 2 {
		k.Errorf("status %d, want 2", status)
	}
	text := k.stderr.String()
	contains(k, text, parts...)
	if strings.Count(text, "\n") != 1 {
		k.Errorf("want one line: %q", text)
	}
}

// terminate asks the kernel to end and waits.
func (k *kernel) terminate() {
	k.Helper()
	c := k.client()
	c.Ask(session.Control, "shutdown_request", map[string]any{"restart": false})
	k.wait(soon)
}

// registering starts a kernel with a registration file and plays its launcher.
// The connection of the kernel that it gives is what the kernel has sent.
func registering(t *testing.T, quoted bool, answer func(signer *wire.Signer, frames [][]byte) [][]byte) *kernel {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	k := prepare(t)
	port, err := json.Marshal(l.Addr().(*net.TCPAddr).Port)
	if err != nil {
		t.Fatal(err)
	}
	if quoted {
		port = []byte(`"` + string(port) + `"`)
	}
	data, err := json.Marshal(map[string]any{"kernel_id": "the-kernel", "transport": "tcp", "registration_ip": "127.0.0.1",
		"registration_port": json.RawMessage(port), "signature_scheme": "hmac-sha256", "key": k.c.Key})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(k.file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	k.start()
	raw, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	p, err := zmq.Serve(raw, "ROUTER")
	if err != nil {
		t.Fatal(err)
	}
	frames, _, err := p.Recv(Patience)
	if err != nil {
		t.Fatal(err)
	}
	if len(frames) != 3 || string(frames[0]) != wire.Delimiter || !k.signer.Verify(frames[1], frames[2]) {
		t.Fatalf("the registration is %q", frames)
	}
	var sent map[string]string // all values are text
	if err := json.Unmarshal(frames[2], &sent); err != nil || sent["kernel_id"] != "the-kernel" || len(sent) != 6 {
		t.Fatalf("%s, %v", frames[2], err)
	}
	if err := json.Unmarshal(frames[2], k.c); err != nil {
		t.Fatal(err)
	}
	k.c.KernelID = ""
	for _, port := range []wire.Port{k.c.ShellPort, k.c.IOPubPort, k.c.StdinPort, k.c.ControlPort, k.c.HBPort} {
		if c, err := net.Dial("tcp", strings.TrimPrefix(k.c.Endpoint(port), "tcp://")); err != nil {
			t.Errorf("a port that is not bound: %v", err)
		} else {
			c.Close()
		}
	}
	if a := answer(k.signer, frames); a != nil {
		if err := p.Send(a...); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// kernelspec holds kernel.json against the rules of JEP 105.
func kernelspec(t *testing.T) {
	data, err := os.ReadFile("../../install/nabla/kernel.json")
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Argv      []string          `json:"argv"`
		Display   string            `json:"display_name"`
		Language  string            `json:"language"`
		Interrupt string            `json:"interrupt_mode"`
		Protocol  string            `json:"kernel_protocol_version"`
		Env       map[string]string `json:"env"`
		Metadata  map[string]any    `json:"metadata"`
	}
	if err := json.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(spec.Argv, "{connection_file}") || spec.Display == "" || spec.Language != "go" || spec.Interrupt != "message" {
		t.Errorf("%s", data)
	}
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(spec.Protocol) {
		t.Errorf("kernel_protocol_version %q", spec.Protocol)
	}
	c := fresh(t)
	info := c.Ask(session.Shell, "kernel_info_request", map[string]any{}).Reply
	if says := info.Text("protocol_version"); !strings.HasPrefix(spec.Protocol, says) {
		t.Errorf("the kernelspec claims %s, the kernel %s", spec.Protocol, says)
	}
	for _, logo := range []string{"logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} {
		if _, err := os.Stat("../../install/nabla/" + logo); err != nil {
			t.Error(err)
		}
	}
}
