package zmq

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nabla-go/nabla/kernel/wire"
)

// Request sends one request on a socket of a kernel and waits for its reply; it is for checks of an installation, not for a front end.
func Request(c *wire.Connection, to Socket, msgType string, content any, wait time.Duration) (*wire.Message, error) {
	signer, err := wire.NewSigner(c.SignatureScheme, c.Key)
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(wait)
	s := map[Socket]struct {
		name string
		port wire.Port
	}{Shell: {"shell", c.ShellPort}, Control: {"control", c.ControlPort}}[to]
	peer, err := Dial(c.Endpoint(s.port), "DEALER", wire.NewID(), wait)
	if err != nil {
		return nil, fmt.Errorf("the %s socket: %w", s.name, err)
	}
	defer peer.Close()
	head, err := json.Marshal(wire.NewHeader(wire.NewID(), msgType))
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(content)
	if err != nil {
		return nil, err
	}
	if err := peer.Send(wire.Encode(&wire.Message{Header: head, Content: body}, signer)...); err != nil {
		return nil, err
	}
	frames, _, err := peer.Recv(time.Until(deadline))
	if errors.Is(err, ErrQuiet) {
		return nil, fmt.Errorf("no reply to %s on the %s socket within %s", msgType, s.name, wait)
	}
	if err != nil {
		return nil, err
	}
	m, _, err := wire.Decode(frames, signer)
	return m, err
}

// Beat sends a heartbeat to a kernel and waits for its echo.
func Beat(c *wire.Connection, wait time.Duration) error {
	peer, err := Dial(c.Endpoint(c.HBPort), "REQ", wire.NewID(), wait)
	if err != nil {
		return fmt.Errorf("the heartbeat socket: %w", err)
	}
	defer peer.Close()
	if err := peer.Send(nil, []byte("ping")); err != nil {
		return err
	}
	frames, _, err := peer.Recv(wait)
	if err != nil {
		return fmt.Errorf("the heartbeat socket: %w", err)
	}
	if len(frames) == 0 || string(frames[len(frames)-1]) != "ping" {
		return errors.New("the heartbeat socket does not echo")
	}
	return nil
}
