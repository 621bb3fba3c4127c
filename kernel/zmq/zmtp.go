package zmq

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The pieces of ZMTP 3.0 (RFC 23) that the guard and a Peer need.
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4

	greetingSize  = 64
	signatureSize = 10 // of the greeting; libzmq sends no more before it hears from us
	mechanism     = "NULL"
)

// Limits of one message. They are checked before memory is taken: a length in
// a header costs nothing until the bytes have come.
const (
	maxMessage = 256 << 20 // bytes in all frames
	maxFrames  = 1 << 16
	maxCommand = 64 << 10
	slab       = 64 << 10 // a frame up to this size is read at once
)

var (
	errNotZMTP  = errors.New("not a ZMTP 3 greeting")
	errSecurity = errors.New("the peer wants a security mechanism other than NULL")
	errTooLarge = errors.New("the message is larger than the limit")
	errFraming  = errors.New("malformed ZMTP frame")
)

// greeting is what both sides send first: signature, version 3.0, NULL.
func greeting() []byte {
	g := make([]byte, greetingSize)
	g[0], g[9], g[10] = 0xFF, 0x7F, 3
	copy(g[12:], mechanism)
	return g
}

// readGreeting checks the greeting of the peer.
func readGreeting(r io.Reader) error {
	g := make([]byte, greetingSize)
	if _, err := io.ReadFull(r, g[:signatureSize]); err != nil {
		return err
	}
	if g[0] != 0xFF || g[9] != 0x7F {
		return errNotZMTP
	}
	if _, err := io.ReadFull(r, g[signatureSize:]); err != nil {
		return err
	}
	if g[10] < 3 {
		return errNotZMTP
	}
	if name, _, _ := bytes.Cut(g[12:32], []byte{0}); string(name) != mechanism {
		return errSecurity
	}
	return nil
}

// appendFrame appends one frame with its header.
func appendFrame(to []byte, flags byte, body []byte) []byte {
	if len(body) > 255 {
		to = append(to, flags|flagLong)
		to = binary.BigEndian.AppendUint64(to, uint64(len(body)))
	} else {
		to = append(to, flags, byte(len(body)))
	}
	return append(to, body...)
}

// appendMessage appends the frames of a message.
func appendMessage(to []byte, frames [][]byte) []byte {
	for i, f := range frames {
		flags := byte(flagMore)
		if i == len(frames)-1 {
			flags = 0
		}
		to = appendFrame(to, flags, f)
	}
	return to
}

// appendCommand appends a command frame.
func appendCommand(to []byte, name string, body []byte) []byte {
	data := append([]byte{byte(len(name))}, name...)
	return appendFrame(to, flagCommand, append(data, body...))
}

// An envelope is one message or one command off the wire.
type envelope struct {
	command bool
	frames  [][]byte
}

// named splits a command into its name and body.
func (e envelope) named() (name string, body []byte) {
	data := e.frames[0]
	if len(data) == 0 || int(data[0]) > len(data)-1 {
		return "", nil
	}
	n := int(data[0])
	return string(data[1 : n+1]), data[n+1:]
}

// readEnvelope reads a whole message. Nothing that exceeds the limits is
// allocated.
func readEnvelope(r *bufio.Reader) (envelope, error) {
	var e envelope
	total := 0
	for more := true; more; {
		flags, size, err := readHeader(r)
		if err != nil {
			return e, err
		}
		more = flags&flagMore != 0
		e.command = flags&flagCommand != 0
		switch {
		case flags&^(flagMore|flagLong|flagCommand) != 0, e.command && (more || len(e.frames) > 0):
			return e, errFraming
		case e.command && size > maxCommand, size > maxMessage, len(e.frames) >= maxFrames:
			return e, errTooLarge
		}
		if total += int(size); total > maxMessage {
			return e, errTooLarge
		}
		body, err := readBody(r, int(size))
		if err != nil {
			return e, err
		}
		e.frames = append(e.frames, body)
	}
	return e, nil
}

func readHeader(r *bufio.Reader) (flags byte, size uint64, err error) {
	if flags, err = r.ReadByte(); err != nil {
		return 0, 0, err
	}
	if flags&flagLong == 0 {
		b, err := r.ReadByte()
		return flags, uint64(b), err
	}
	var long [8]byte
	_, err = io.ReadFull(r, long[:])
	return flags, binary.BigEndian.Uint64(long[:]), err
}

// readBody takes memory as the bytes come.
func readBody(r *bufio.Reader, size int) ([]byte, error) {
	if size <= slab {
		body := make([]byte, size)
		_, err := io.ReadFull(r, body)
		return body, err
	}
	var b bytes.Buffer
	b.Grow(slab)
	if _, err := io.CopyN(&b, r, int64(size)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// The properties of READY that matter.
const (
	propertyType     = "Socket-Type"
	propertyIdentity = "Identity"
)

// appendReady appends the READY command of one side.
func appendReady(to []byte, socketType, identity string) []byte {
	var body []byte
	for _, p := range [][2]string{{propertyType, socketType}, {propertyIdentity, identity}} {
		body = append(body, byte(len(p[0])))
		body = append(body, p[0]...)
		body = binary.BigEndian.AppendUint32(body, uint32(len(p[1])))
		body = append(body, p[1]...)
	}
	return appendCommand(to, "READY", body)
}

// readReady reads the READY command of the peer.
func readReady(r *bufio.Reader) (socketType, identity string, err error) {
	e, err := readEnvelope(r)
	if err != nil {
		return "", "", err
	}
	if !e.command {
		return "", "", errFraming
	}
	name, body := e.named()
	if name != "READY" {
		return "", "", fmt.Errorf("%q came instead of READY: %w", name, errFraming)
	}
	return readProperties(body)
}

func readProperties(body []byte) (socketType, identity string, err error) {
	for len(body) > 0 {
		n := int(body[0])
		if len(body) < 1+n+4 {
			return "", "", errFraming
		}
		key := string(body[1 : 1+n])
		size := binary.BigEndian.Uint32(body[1+n:])
		body = body[1+n+4:]
		if uint64(size) > uint64(len(body)) {
			return "", "", errFraming
		}
		switch {
		case strings.EqualFold(key, propertyType):
			socketType = string(body[:size])
		case strings.EqualFold(key, propertyIdentity):
			identity = string(body[:size])
		}
		body = body[size:]
	}
	if len(identity) > 255 {
		return "", "", errFraming
	}
	return socketType, identity, nil
}
