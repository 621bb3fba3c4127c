package kernel

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/nabla-go/nabla/kernel/memory"
	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
	"github.com/nabla-go/nabla/kernel/worker"
	"github.com/nabla-go/nabla/kernel/zmq"
)

// Version is that of Nabla.
const Version = "0.1.0"

// sockets leads a session to its clients over ZeroMQ.
type sockets struct{ server *zmq.Server }

// socketOf is the socket of a channel.
var socketOf = map[session.Channel]zmq.Socket{
	session.Shell:   zmq.Shell,
	session.Control: zmq.Control,
	session.Stdin:   zmq.Stdin,
}

var channelOf = map[zmq.Socket]session.Channel{
	zmq.Shell:   session.Shell,
	zmq.Control: session.Control,
	zmq.Stdin:   session.Stdin,
}

// Send sends a reply or an input request.
func (s sockets) Send(ch session.Channel, m *wire.Message) { s.server.Send(socketOf[ch], m) }

// Publish sends to all subscribers.
func (s sockets) Publish(m *wire.Message) { s.server.Publish(m) }

// Run serves a connection file until a client asks for shutdown, the parent
// process dies, or the process is told to end.
func Run(connectionFile string) error {
	c, err := wire.ReadConnection(connectionFile)
	if err != nil {
		return err
	}
	return serve(c, connectionFile)
}

func serve(c *wire.Connection, file string) error {
	shrugOff()
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	worker.Adopt()
	eng := worker.New() // it starts while the sockets are bound
	defer eng.Close()
	id := wire.NewID()
	server, err := zmq.Listen(c, zmq.Options{Session: id, Log: logDrops})
	if err != nil {
		return err
	}
	defer server.Close()
	if c.Registers() {
		forget, err := announce(c, file)
		if err != nil {
			return err
		}
		defer forget()
	}
	s := session.New(session.Options{
		ID:          id,
		Conn:        sockets{server},
		Engine:      eng,
		Connection:  c,
		History:     history(),
		Version:     Version,
		Dropped:     server.Dropped,
		NoSubshells: os.Getenv("NABLA_SUBSHELLS") == "off",
	})
	s.Start()
	defer s.Close()
	keeper := memory.NewKeeper()
	go server.Serve(func(from zmq.Socket, m *wire.Message) {
		keeper.Begin()
		defer keeper.End()
		s.Receive(channelOf[from], m)
	})
	time.AfterFunc(started, lean)

	return wait(s, signals)
}

// started is when the first clients have connected and the worker works, for
// which threads are good.
const started = 300 * time.Millisecond

// lean suits the process to what it does: it hands messages on, one after the
// other, and rests. With one thread for Go there is no other to wake for each
// step, and little garbage stays.
func lean() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(1)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
}

// wait returns when the kernel is to end: a client wants it, the system says so,
// or the parent has died.
func wait(s *session.Session, signals <-chan os.Signal) error {
	parent := parentDeath()
	for {
		select {
		case sig := <-signals:
			switch sig {
			case os.Interrupt:
				s.Interrupt()
			case syscall.SIGTERM, syscall.SIGHUP:
				return nil
			}
		case <-s.Done():
			return nil
		case <-parent:
			return nil
		}
	}
}

// history keeps inputs in the user's data folder; NABLA_HISTORY=off switches
// the file off, any other value is its path.
func history() *session.History {
	switch path := os.Getenv("NABLA_HISTORY"); path {
	case "off":
		return session.NewHistory("")
	case "":
		dir, err := dataFolder()
		if err != nil {
			return session.NewHistory("")
		}
		return session.NewHistory(session.HistoryPath(filepath.Join(dir, "nabla")))
	default:
		return session.NewHistory(path)
	}
}

// dataFolder is where programs keep the user's data.
func dataFolder() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return os.UserConfigDir() // which is that of the data there
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share"), err
}

// fail prints one line and gives the exit status for what cannot be started.
func fail(err error) int {
	fmt.Fprintln(os.Stderr, "nabla:", err)
	return 2
}
