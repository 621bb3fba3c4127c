package zmq

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/nabla-go/nabla/kernel/wire"
)

// RegistrationTime is how long a launcher may take to acknowledge the ports.
const RegistrationTime = 5 * time.Second

// Register tells the launcher that wrote the registration file of c (protocol
// 5.6) on which ports the kernel listens, and waits for its signed answer.
func Register(c *wire.Connection, wait time.Duration) error {
	signer, err := wire.NewSigner(c.SignatureScheme, c.Key)
	if err != nil {
		return err
	}
	address := net.JoinHostPort(c.RegistrationIP, strconv.Itoa(int(c.RegistrationPort)))
	deadline := time.Now().Add(wait)
	peer, err := Dial("tcp://"+address, "DEALER", c.KernelID, wait)
	if err != nil {
		return fmt.Errorf("registration: %w", err)
	}
	defer peer.Close()
	port := func(p wire.Port) string { return strconv.Itoa(int(p)) }
	content, err := json.Marshal(map[string]string{
		"kernel_id":    c.KernelID,
		"shell_port":   port(c.ShellPort),
		"iopub_port":   port(c.IOPubPort),
		"stdin_port":   port(c.StdinPort),
		"control_port": port(c.ControlPort),
		"hb_port":      port(c.HBPort),
	})
	if err != nil {
		return err
	}
	if err := peer.Send([]byte(wire.Delimiter), signer.Sign(content), content); err != nil {
		return fmt.Errorf("registration: %w", err)
	}
	for {
		frames, command, err := peer.Recv(time.Until(deadline))
		switch {
		case errors.Is(err, ErrQuiet):
			return fmt.Errorf("registration: %s has not acknowledged within %s", address, wait)
		case err != nil:
			return fmt.Errorf("registration: %s: %w", address, err)
		case !command && acknowledged(frames, signer, content):
			return nil
		}
	}
}

// acknowledged tells whether a message is the delimiter, a right signature and
// one frame, whatever it says, but not what was sent.
func acknowledged(frames [][]byte, signer *wire.Signer, sent []byte) bool {
	for len(frames) > 0 && string(frames[0]) != wire.Delimiter {
		frames = frames[1:]
	}
	return len(frames) == 3 && signer.Verify(frames[1], frames[2]) && !bytes.Equal(frames[2], sent)
}
