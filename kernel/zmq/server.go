package zmq

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
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

// Options say what a Server does besides passing messages.
type Options struct {
	// Session is the session id in the headers of what the server itself sends:
	// welcomes, and notices of lost text. It is that of the kernel's session.
	Session string
	// Log, if any, takes lines about what was dropped.
	Log func(line string)

	room int // of the outbox of a subscriber, for tests
}

// A Server owns the five sockets of one connection file.
type Server struct {
	signer *wire.Signer
	cancel context.CancelFunc
	router [routers]*port
	iopub  *port
	beat   *port
	hub    *hub
	replay replay
	files  []string // of ipc sockets, removed at the end
	drops  counters
	once   sync.Once
}

// replay is a wire.Replay that all sockets share.
type replay struct {
	mu sync.Mutex
	wire.Replay
}

func (r *replay) fresh(signature []byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.Fresh(signature)
}

// Listen binds the sockets. Ports of 0 are chosen and written back to c.
func Listen(c *wire.Connection, o Options) (*Server, error) {
	signer, err := wire.NewSigner(c.SignatureScheme, c.Key)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{signer: signer, cancel: cancel, hub: newHub(signer, o.Session)}
	s.drops.log, s.hub.room = o.Log, o.room
	for i := range s.router {
		s.router[i] = newPort(ctx, zmq4.Router, &s.drops)
	}
	s.iopub = newPort(ctx, zmq4.XPub, &s.drops)
	s.beat = newPort(ctx, zmq4.Router, &s.drops) // which echoes to each client what it sent
	if err := s.bind(c); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Server) bind(c *wire.Connection) error {
	rows := []struct {
		name   string
		port   *port
		at     *wire.Port
		policy policy
	}{
		{"heartbeat", s.beat, &c.HBPort, policy{}},
		{"iopub", s.iopub, &c.IOPubPort, s.hub.policy()},
		{"stdin", s.router[Stdin], &c.StdinPort, policy{}},
		{"control", s.router[Control], &c.ControlPort, policy{}},
		{"shell", s.router[Shell], &c.ShellPort, policy{}},
	}
	for i, r := range rows {
		if c.Transport == "ipc" && *r.at == 0 {
			*r.at = wire.Port(i + 1)
		}
		l, file, err := listenAt(c, r.at)
		if err != nil {
			return fmt.Errorf("the %s socket: %w", r.name, err)
		}
		if file != "" {
			s.files = append(s.files, file)
		}
		if r.port == s.iopub {
			err = s.openIOPub(l, r.policy)
		} else {
			err = r.port.listen(l, r.policy)
		}
		if err != nil {
			return fmt.Errorf("the %s socket: %w", r.name, err)
		}
	}
	for _, r := range rows { // all or none: nobody meets half a kernel
		go r.port.guard.serve()
	}
	return nil
}

// Serve receives until Close; take is called from one goroutine per socket.
// While it blocks, the clients of that socket wait.
func (s *Server) Serve(take func(from Socket, m *wire.Message)) {
	go s.echo()
	var wg sync.WaitGroup
	for i := range s.router {
		wg.Go(func() { s.receive(Socket(i), take) })
	}
	wg.Wait()
}

func (s *Server) receive(from Socket, take func(Socket, *wire.Message)) {
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
		switch {
		case errors.Is(err, wire.ErrSignature):
			s.drops.add(dropForged)
		case err != nil:
			s.drops.add(dropMalformed)
		case !s.replay.fresh(signature):
			s.drops.add(dropReplayed)
		default:
			take(from, m)
		}
	}
}

// echo answers heartbeats.
func (s *Server) echo() {
	for {
		msg, err := s.beat.Recv()
		switch {
		case err == nil:
			s.beat.reply(msg.Frames)
		case errors.Is(err, context.Canceled):
			return
		default:
			time.Sleep(time.Millisecond)
		}
	}
}

// Send sends a message to the client that its prefix names. A client that is
// not connected gets it if it comes within half a minute.
func (s *Server) Send(to Socket, m *wire.Message) {
	if len(m.Idents) > 0 {
		s.router[to].reply(wire.Encode(m, s.signer))
	}
}

// Publish sends a message to all subscribers of its topic.
func (s *Server) Publish(m *wire.Message) { s.iopub.publish(m, s.signer) }

const (
	// lingerTime is how long Close lets messages that were sent leave the
	// process, and lingerIdle how long of that it waits for clients that do not
	// read.
	lingerTime = 3 * time.Second
	lingerIdle = 300 * time.Millisecond
)

// Close lets out what was sent, ends Serve and releases the sockets.
func (s *Server) Close() {
	s.once.Do(func() {
		ports := append(s.router[:], s.iopub, s.beat)
		for _, p := range ports {
			if p.guard != nil {
				_ = p.guard.stop() // nobody listens any more in either case
			}
		}
		deadline := time.Now().Add(lingerTime)
		s.flush(deadline)
		for _, p := range ports {
			p.drain(lingerIdle, deadline)
		}
		s.cancel()
		for _, p := range ports {
			p.close()
		}
		for _, f := range s.files {
			os.Remove(f)
		}
	})
}
