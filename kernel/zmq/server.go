package zmq

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"

	"github.com/nabla-go/nabla/kernel/wire"
)

// A Socket is one of the sockets that carry requests and replies.
type Socket int

// The sockets with a routing prefix.
const (
	Shell Socket = iota
	Control
	Stdin
	routers
)

// A Server owns the five sockets of one connection file.
type Server struct {
	signer  *wire.Signer
	cancel  context.CancelFunc
	router  [routers]*port
	iopub   *port
	beat    *port
	files   []string // of ipc sockets, removed at the end
	dropped atomic.Int64
}

// A port is one socket; sends on it come one after the other.
type port struct {
	zmq4.Socket
	send sync.Mutex
}

// Listen binds the sockets. Ports of 0 are chosen and written back to c.
func Listen(c *wire.Connection) (*Server, error) {
	signer, err := wire.NewSigner(c.SignatureScheme, c.Key)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{signer: signer, cancel: cancel}
	for i := range s.router {
		s.router[i] = &port{Socket: zmq4.NewRouter(ctx)}
	}
	s.iopub = &port{Socket: zmq4.NewPub(ctx)}
	s.beat = &port{Socket: zmq4.NewRep(ctx)}
	rows := []struct {
		name string
		port *port
		at   *wire.Port
	}{
		{"heartbeat", s.beat, &c.HBPort},
		{"iopub", s.iopub, &c.IOPubPort},
		{"stdin", s.router[Stdin], &c.StdinPort},
		{"control", s.router[Control], &c.ControlPort},
		{"shell", s.router[Shell], &c.ShellPort},
	}
	for i, r := range rows {
		if c.Transport == "ipc" && *r.at == 0 {
			*r.at = wire.Port(i + 1)
		}
		if err := s.bind(c, r.port, r.at); err != nil {
			s.Close()
			return nil, fmt.Errorf("the %s socket: %w", r.name, err)
		}
	}
	return s, nil
}

// bindTime is how long a busy port is tried: a restarted kernel takes the
// ports of the one before it.
const bindTime = 2 * time.Second

func (s *Server) bind(c *wire.Connection, p *port, at *wire.Port) error {
	endpoint := c.Endpoint(*at)
	if path, ok := strings.CutPrefix(endpoint, "ipc://"); ok {
		if conn, err := net.Dial("unix", path); err == nil {
			conn.Close()
			return fmt.Errorf("%s is in use", path)
		}
		os.Remove(path) // left by a kernel that was killed
		s.files = append(s.files, path)
	}
	for end := time.Now().Add(bindTime); ; time.Sleep(50 * time.Millisecond) {
		err := p.Listen(endpoint)
		switch {
		case err == nil:
			if tcp, ok := p.Addr().(*net.TCPAddr); ok {
				*at = wire.Port(tcp.Port)
			}
			return nil
		case !errors.Is(err, syscall.EADDRINUSE) && !strings.Contains(err.Error(), "in use"):
			return fmt.Errorf("cannot listen at %s: %w", endpoint, err)
		case time.Now().After(end):
			return fmt.Errorf("the port of %s is in use by another program", endpoint)
		}
	}
}

// Serve receives until Close; take is called from one goroutine per socket and
// must not block.
func (s *Server) Serve(take func(from Socket, m *wire.Message)) {
	go s.echo()
	var wg sync.WaitGroup
	for i := range s.router {
		wg.Go(func() { s.receive(Socket(i), take) })
	}
	wg.Wait()
}

func (s *Server) receive(from Socket, take func(Socket, *wire.Message)) {
	var replay wire.Replay
	for {
		msg, err := s.router[from].Recv()
		if err != nil {
			if errors.Is(err, context.Canceled) {
				return
			}
			time.Sleep(time.Millisecond)
			continue
		}
		m, signature, err := wire.Decode(msg.Frames, s.signer)
		if err != nil || !replay.Fresh(signature) {
			s.dropped.Add(1)
			continue
		}
		take(from, m)
	}
}

// Dropped counts the messages that were malformed, forged or replayed.
func (s *Server) Dropped() int64 { return s.dropped.Load() }

// echo answers heartbeats.
func (s *Server) echo() {
	for {
		msg, err := s.beat.Recv()
		if err != nil {
			if errors.Is(err, context.Canceled) {
				return
			}
			time.Sleep(time.Millisecond)
			continue
		}
		_ = s.beat.SendMulti(msg) // a client that has gone needs no echo
	}
}

// Send sends a message to the client that its prefix names.
func (s *Server) Send(to Socket, m *wire.Message) { s.router[to].put(wire.Encode(m, s.signer)) }

// Publish sends a message to all subscribers.
func (s *Server) Publish(m *wire.Message) { s.iopub.put(wire.Encode(m, s.signer)) }

func (p *port) put(frames [][]byte) {
	p.send.Lock()
	defer p.send.Unlock()
	_ = p.SendMulti(zmq4.NewMsgFrom(frames...)) // nobody can be told that a client has gone
}

// linger is how long Close lets messages that were sent leave the process.
const linger = 50 * time.Millisecond

// Close ends Serve and releases the sockets.
func (s *Server) Close() {
	time.Sleep(linger)
	s.cancel()
	for _, p := range append(s.router[:], s.iopub, s.beat) {
		p.Socket.Close()
	}
	for _, f := range s.files {
		os.Remove(f)
	}
}
