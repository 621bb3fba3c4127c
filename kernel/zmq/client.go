package zmq

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-zeromq/zmq4"

	"github.com/nabla-go/nabla/kernel/wire"
)

// Request sends one request on the shell socket of a kernel and waits for its
// reply; it is for checks of an installation, not for a front end.
func Request(c *wire.Connection, msgType string, content any, wait time.Duration) (*wire.Message, error) {
	signer, err := wire.NewSigner(c.SignatureScheme, c.Key)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	shell := zmq4.NewDealer(ctx, zmq4.WithID(zmq4.SocketIdentity(wire.NewID())))
	defer shell.Close()
	if err := shell.Dial(c.Endpoint(c.ShellPort)); err != nil {
		return nil, fmt.Errorf("no connection to the shell socket: %w", err)
	}
	head, err := json.Marshal(wire.NewHeader(wire.NewID(), msgType))
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(content)
	if err != nil {
		return nil, err
	}
	if err := shell.SendMulti(zmq4.NewMsgFrom(wire.Encode(&wire.Message{Header: head, Content: body}, signer)...)); err != nil {
		return nil, err
	}
	replies := make(chan *wire.Message, 1)
	failures := make(chan error, 1)
	go func() {
		msg, err := shell.Recv()
		if err == nil {
			var m *wire.Message
			if m, _, err = wire.Decode(msg.Frames, signer); err == nil {
				replies <- m
				return
			}
		}
		failures <- err
	}()
	select {
	case m := <-replies:
		return m, nil
	case err := <-failures:
		return nil, err
	case <-ctx.Done():
		return nil, errors.New("no reply to " + msgType + " within " + wait.String())
	}
}
