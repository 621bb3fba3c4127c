package zmq

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/nabla-go/nabla/kernel/wire"
)

// bindTime is how long a busy port is tried: a restarted kernel takes the
// ports of the one before it.
const bindTime = 2 * time.Second

// maxPath is how long the path of a socket file may be on all systems.
const maxPath = 100

// listenAt opens the listener of one socket; a port of 0 is chosen and written
// back. The name of a file that is to be removed at the end is given too.
func listenAt(c *wire.Connection, at *wire.Port) (l net.Listener, file string, err error) {
	if c.Transport == "ipc" {
		return listenFile(strings.TrimPrefix(c.Endpoint(*at), "ipc://"))
	}
	host := c.IP
	if host == "*" {
		host = ""
	}
	address := net.JoinHostPort(host, fmt.Sprint(int(*at)))
	for end := time.Now().Add(bindTime); ; time.Sleep(20 * time.Millisecond) {
		l, err := net.Listen("tcp", address)
		switch {
		case err == nil:
			*at = wire.Port(l.Addr().(*net.TCPAddr).Port)
			return l, "", nil
		case !inUse(err):
			return nil, "", fmt.Errorf("cannot listen at %s: %w", address, reason(err))
		case time.Now().After(end):
			return nil, "", fmt.Errorf("port %d of %s is in use by another program", *at, c.IP)
		}
	}
}

func inUse(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || strings.Contains(err.Error(), "Only one usage")
}

// reason leaves out of an error of the net package what the message says already.
func reason(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// listenFile opens a socket file, in the place of one that a killed kernel has
// left.
func listenFile(path string) (net.Listener, string, error) {
	if len(path) > maxPath {
		return nil, "", fmt.Errorf("the path %s is too long for a socket file: choose a shorter ip in the connection file", path)
	}
	if conn, err := net.Dial("unix", path); err == nil {
		conn.Close()
		return nil, "", fmt.Errorf("%s is in use by another program", path)
	}
	if info, err := os.Lstat(path); err == nil {
		if info.Mode()&os.ModeSocket == 0 {
			return nil, "", fmt.Errorf("%s exists and is no socket", path)
		}
		os.Remove(path)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, "", fmt.Errorf("cannot listen at %s: %w", path, reason(err))
	}
	os.Chmod(path, 0o600)
	return l, path, nil
}
