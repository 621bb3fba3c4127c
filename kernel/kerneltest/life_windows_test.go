package kerneltest

import (
	"os/exec"
	"testing"

	"github.com/nabla-go/nabla/kernel/session"
)

// living is tested where there are signals and process groups.
var living = map[string]func(*testing.T){}

func isolate(*exec.Cmd) {}

// restart shuts the kernel of a client down and starts it again as it was.
func (k *kernel) restart(c *Client) *kernel {
	k.Helper()
	c.Ask(session.Control, "shutdown_request", map[string]any{"restart": true})
	k.wait(soon)
	c.leave()
	n := *k
	n.cmd = exec.Command(k.cmd.Path, k.cmd.Args[1:]...)
	n.cmd.Env, n.cmd.Dir, n.stderr, n.exited = k.cmd.Env, k.cmd.Dir, &syncBuffer{}, make(chan struct{})
	n.cmd.Stderr = n.stderr
	n.start()
	return &n
}
