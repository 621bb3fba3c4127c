package kerneltest

import (
	"net"
	"sync"

	"github.com/nabla-go/nabla/kernel/wire"
)

var taken struct {
	mu    sync.Mutex
	ports map[int]bool
}

// freePorts fills in the ports that are 0 with free ones that no other test of
// this process has got.
func (k *kernel) freePorts() {
	k.Helper()
	taken.mu.Lock()
	defer taken.mu.Unlock()
	if taken.ports == nil {
		taken.ports = map[int]bool{}
	}
	for _, p := range []*wire.Port{&k.c.ShellPort, &k.c.IOPubPort, &k.c.StdinPort, &k.c.ControlPort, &k.c.HBPort} {
		for *p == 0 {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				k.Fatal(err)
			}
			n := l.Addr().(*net.TCPAddr).Port
			l.Close()
			if !taken.ports[n] {
				taken.ports[n] = true
				*p = wire.Port(n)
			}
		}
	}
}
