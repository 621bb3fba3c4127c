package kernel

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/nabla-go/nabla/kernel/wire"
	"github.com/nabla-go/nabla/kernel/zmq"
)

// announce tells the launcher that wrote a registration file where the kernel
// listens, and leaves an ordinary connection file for other clients beside the
// registration file. forget removes it.
func announce(c *wire.Connection, registrationFile string) (forget func(), err error) {
	if err := zmq.Register(c, zmq.RegistrationTime); err != nil {
		return nil, err
	}
	file := filepath.Join(filepath.Dir(registrationFile), "kernel-"+filepath.Base(c.KernelID)+".json")
	plain := *c
	plain.KernelID, plain.RegistrationIP, plain.RegistrationPort = "", "", 0
	data, err := json.MarshalIndent(plain, "", "  ")
	if err != nil {
		return nil, err
	}
	if file == registrationFile || os.WriteFile(file, data, 0o600) != nil {
		return func() {}, nil // a folder that cannot be written to: the launcher knows the ports
	}
	return func() { os.Remove(file) }, nil
}

// logDrops is told what the sockets drop.
func logDrops(line string) { fmt.Fprintln(os.Stderr, "nabla:", line) }
