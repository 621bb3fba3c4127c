package kerneltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
	"github.com/nabla-go/nabla/kernel/zmq"
)

// program builds nabla once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "nabla-kerneltest")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "nabla")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", path, "../..").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

var built atomic.Bool

func TestMain(m *testing.M) {
	status := m.Run()
	if built.Load() {
		if path, err := program(); err == nil {
			os.RemoveAll(filepath.Dir(path))
		}
	}
	os.Exit(status)
}

// A kernel is a real kernel process.
type kernel struct {
	testing.TB
	cmd    *exec.Cmd
	c      *wire.Connection
	file   string
	signer *wire.Signer
	stderr *syncBuffer
	exited chan struct{}
}

// syncBuffer is a buffer for two goroutines.
type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// An option changes how a kernel is started.
type option func(k *kernel)

func with(change func(c *wire.Connection)) option { return func(k *kernel) { change(k.c) } }

func environ(pairs ...string) option {
	return func(k *kernel) { k.cmd.Env = append(k.cmd.Env, pairs...) }
}

// prepare makes a kernel that has not been started, with its connection file.
func prepare(t testing.TB, options ...option) *kernel {
	t.Helper()
	if testing.Short() {
		t.Skip("kernel processes take too long for -short")
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	built.Store(true)
	dir := t.TempDir()
	k := &kernel{TB: t, stderr: &syncBuffer{}, exited: make(chan struct{}), file: filepath.Join(dir, "connection.json")}
	k.c = &wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: wire.NewID(), SignatureScheme: "hmac-sha256"}
	k.cmd = exec.Command(path, "kernel", k.file)
	k.cmd.Env = append(os.Environ(), "NABLA_HISTORY="+filepath.Join(dir, "history.jsonl"))
	k.cmd.Stderr = k.stderr
	k.cmd.Dir = dir
	isolate(k.cmd)
	for _, o := range options {
		o(k)
	}
	if k.c.Transport == "tcp" {
		k.freePorts()
	}
	if k.signer, err = wire.NewSigner(k.c.SignatureScheme, k.c.Key); err != nil {
		k.signer, _ = wire.NewSigner("hmac-sha256", "") // the test wants the kernel to refuse it
	}
	data, err := json.Marshal(k.c)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(k.file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return k
}

// launch starts a kernel, which ends with the test.
func launch(t testing.TB, options ...option) *kernel {
	t.Helper()
	k := prepare(t, options...)
	k.start()
	return k
}

func (k *kernel) start() {
	k.Helper()
	if err := k.cmd.Start(); err != nil {
		k.Fatal(err)
	}
	go func() {
		_ = k.cmd.Wait() // the state is looked at by who wants it
		close(k.exited)
	}()
	k.Cleanup(func() {
		_ = k.cmd.Process.Kill() // it may have ended
		<-k.exited
		if k.Failed() && k.stderr.String() != "" {
			k.Logf("the kernel said: %s", k.stderr)
		}
	})
}

// wait wants the process to end within a time and gives its exit status.
func (k *kernel) wait(limit time.Duration) int {
	k.Helper()
	select {
	case <-k.exited:
		return k.cmd.ProcessState.ExitCode()
	case <-time.After(limit):
		k.Fatalf("the kernel has not ended after %s", limit)
		return -1
	}
}

// sockets is the link of a client to a process.
type sockets struct {
	kernel *kernel
	peers  map[session.Channel]*zmq.Peer
}

// Send sends a message on the socket of the channel.
func (s sockets) Send(ch session.Channel, m *wire.Message) error {
	return s.peers[ch].Send(append(append([][]byte{}, m.Idents...), wire.Encode(m, s.kernel.signer)...)...)
}

// dial connects one socket.
func (k *kernel) dial(port wire.Port, kind, identity string) *zmq.Peer {
	k.Helper()
	p, err := zmq.Dial(k.c.Endpoint(port), kind, identity, Patience)
	if err != nil {
		k.Fatalf("%v (%s)", err, k.stderr)
	}
	conn := p.Conn
	k.Cleanup(func() { conn.Close() }) // and lets go of the peer, whose buffer is large
	return p
}

// client connects a front end, which is subscribed when this returns.
func (k *kernel) client() *Client {
	k.Helper()
	return k.clientAs(NewClient(k.TB))
}

func (k *kernel) clientAs(c *Client) *Client {
	k.Helper()
	l := sockets{kernel: k, peers: map[session.Channel]*zmq.Peer{}}
	c.Link = l
	for ch, port := range map[session.Channel]wire.Port{session.Shell: k.c.ShellPort, session.Control: k.c.ControlPort, session.Stdin: k.c.StdinPort, IOPub: k.c.IOPubPort} {
		kind := "DEALER"
		if ch == IOPub {
			kind = "SUB"
		}
		p := k.dial(port, kind, c.Session)
		l.peers[ch] = p
		go k.pump(c, ch, p)
	}
	if err := l.peers[IOPub].Subscribe(""); err != nil {
		k.Fatal(err)
	}
	c.Published("", "iopub_welcome")
	return c
}

// pump delivers what comes on a socket.
func (k *kernel) pump(c *Client, ch session.Channel, p *zmq.Peer) {
	for {
		frames, command, err := p.Recv(time.Hour)
		if err != nil {
			return
		}
		if command {
			continue
		}
		m, _, err := wire.Decode(frames, k.signer)
		if err != nil {
			c.mu.Lock()
			c.faults = append(c.faults, fmt.Errorf("channel %d: %w: %.200q", ch, err, frames))
			c.mu.Unlock()
			continue
		}
		c.Deliver(ch, m)
	}
}

// peer is the socket of a client for a channel.
func (c *Client) peer(ch session.Channel) *zmq.Peer { return c.Link.(sockets).peers[ch] }

// leave closes the sockets of a client, which the test holds to its end: it
// keeps no messages.
func (c *Client) leave() {
	peers := c.Link.(sockets).peers
	for _, p := range peers {
		p.Close()
	}
	clear(peers)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting, c.seen = map[session.Channel][]*Message{}, map[string]bool{}
}

// fresh is a client of a new kernel process.
func fresh(t testing.TB, options ...option) *Client {
	t.Helper()
	return launch(t, options...).client()
}

func (c *Client) kernelOf() *kernel { return c.Link.(sockets).kernel }

// eventually waits for a condition.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(Patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// contains wants each of the parts in a text.
func contains(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%.2000q does not contain %q", text, p)
		}
	}
}

// memory is what the kernel itself says that its processes use.
func (c *Client) memory() int64 {
	c.Helper()
	n, _ := c.Ask(session.Control, "usage_request", map[string]any{}).Reply.Body["kernel_memory"].(float64)
	return int64(n)
}
