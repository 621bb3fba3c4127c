package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/nabla-go/nabla/kernel/wire"
	"github.com/nabla-go/nabla/kernel/zmq"
)

// checkTime bounds each step of a check.
const checkTime = 10 * time.Second

// checkKernel starts this program as a kernel on free ports, runs a cell
// through its sockets and says how it went.
func checkKernel() int {
	start := time.Now()
	if err := roundTrip(); err != nil {
		return fail(err)
	}
	fmt.Printf("a kernel process ran a cell and answered on shell, control and heartbeat, %s after its start\n", time.Since(start).Round(time.Millisecond))
	return 0
}

func roundTrip() error {
	dir, err := os.MkdirTemp("", "nabla-check")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := &wire.Connection{Transport: "tcp", IP: "127.0.0.1", Key: wire.NewID(), SignatureScheme: "hmac-sha256"}
	if err := freePorts(c); err != nil {
		return err
	}
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "connection.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	process := exec.Command(self, "kernel", file)
	process.Env = append(os.Environ(), "NABLA_HISTORY=off")
	process.Stderr = os.Stderr
	if err := process.Start(); err != nil {
		return err
	}
	defer process.Wait()
	defer process.Process.Kill()
	if err := ask(c); err != nil {
		return err
	}
	if _, err := zmq.Request(c, zmq.Control, "kernel_info_request", map[string]any{}, checkTime); err != nil {
		return err
	}
	return zmq.Beat(c, checkTime)
}

// freePorts binds the sockets once to let the system choose their ports.
func freePorts(c *wire.Connection) error {
	server, err := zmq.Listen(c, zmq.Options{})
	if err != nil {
		return err
	}
	server.Close()
	return nil
}

// ask runs a cell that the interpreter has to run.
func ask(c *wire.Connection) error {
	m, err := zmq.Request(c, zmq.Shell, "execute_request", map[string]any{
		"code": "x := 20\nx++", "user_expressions": map[string]string{"double": "2 * x"},
	}, checkTime)
	if err != nil {
		return err
	}
	var reply struct {
		Status      string `json:"status"`
		Expressions map[string]struct {
			Data map[string]any `json:"data"`
		} `json:"user_expressions"`
	}
	if err := json.Unmarshal(m.Content, &reply); err != nil {
		return err
	}
	if reply.Status != "ok" || reply.Expressions["double"].Data["text/plain"] != "42" {
		return errors.New("the kernel gave a wrong answer to 2 * 21: " + string(m.Content))
	}
	return nil
}
