package zmq

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nabla-go/nabla/kernel/wire"
)

// Request sends one request on the shell socket of a kernel and waits for its
// reply; it is for checks of an installation, not for a front end.
func Request(c *wire.Connection, msgType string, content any, wait time.Duration) (*wire.Message, error) {
	signer, err := wire.NewSigner(c.SignatureScheme, c.Key)
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(wait)
	shell, err := Dial(c.Endpoint(c.ShellPort), "DEALER", wire.NewID(), wait)
	if err != nil {
		return nil, fmt.Errorf("the shell socket: %w", err)
	}
	defer shell.Close()
	head, err := json.Marshal(wire.NewHeader(wire.NewID(), msgType))
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(content)
	if err != nil {
		return nil, err
	}
	if err := shell.Send(wire.Encode(&wire.Message{Header: head, Content: body}, signer)...); err != nil {
		return nil, err
	}
	frames, _, err := shell.Recv(time.Until(deadline))
	if errors.Is(err, ErrQuiet) {
		return nil, errors.New("no reply to " + msgType + " within " + wait.String())
	}
	if err != nil {
		return nil, err
	}
	m, _, err := wire.Decode(frames, signer)
	return m, err
}
