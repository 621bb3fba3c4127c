package worker

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A kind says what a frame asks, answers or carries.
type kind byte

// The kinds from the kernel to the worker.
const (
	kindExecute kind = iota + 1
	kindComplete
	kindInspect
	kindIsComplete
	kindComm
	kindInterrupt
	kindAnswer // to kindQuestion or kindInput
)

// The kinds from the worker to the kernel. The id is that of the call which
// they answer, or whose output they are.
const (
	kindReady    kind = iota + 64
	kindResult        // ends a call
	kindStdout        // text as it was printed
	kindStderr        // likewise
	kindDisplay       // a display.Bundle with its id
	kindClear         // the output so far
	kindPayload       // of the reply
	kindCommSent      // a display.CommMessage to the front end
	kindQuestion      // to the session
	kindInput         // asks the person
	kindReleased      // nothing more will be shown for the call
)

// directions are the kinds that each side takes.
var (
	toWorker = span{kindExecute, kindAnswer}
	toKernel = span{kindReady, kindReleased}
)

type span struct{ first, last kind }

func (s span) holds(k kind) bool { return s.first <= k && k <= s.last }

const (
	// headSize is that of the fixed part: the length of what follows it (4
	// bytes), the kind (1) and the id (8), big endian.
	headSize = 13
	// largest is the longest body that is sent or taken. Printed text comes in
	// small pieces; what is larger is a picture or a table that no front end
	// could show.
	largest = 256 << 20
	// firstRead bounds what is allocated on the word of a length alone.
	firstRead = 1 << 20
)

// A frame is one message between the two processes.
type frame struct {
	kind kind
	id   uint64
	body []byte
}

// errTooLarge tells that a body is beyond what the other side would take.
var errTooLarge = errors.New("larger than 256 MB")

// appendFrame writes a frame after what is in dst.
func appendFrame(dst []byte, f frame) ([]byte, error) {
	if len(f.body) > largest {
		return dst, errTooLarge
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(f.body)))
	dst = append(dst, byte(f.kind))
	dst = binary.BigEndian.AppendUint64(dst, f.id)
	return append(dst, f.body...), nil
}

// readFrame reads the next frame of the kinds that this side takes. io.EOF
// means that the other side has closed the pipe between two frames.
func readFrame(r *bufio.Reader, takes span) (frame, error) {
	var head [headSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	size := int(binary.BigEndian.Uint32(head[:]))
	f := frame{kind: kind(head[4]), id: binary.BigEndian.Uint64(head[5:])}
	if !takes.holds(f.kind) {
		return frame{}, fmt.Errorf("a frame of the unknown kind %d", f.kind)
	}
	if size > largest {
		return frame{}, fmt.Errorf("a frame of %d bytes: %w", size, errTooLarge)
	}
	body, err := readBody(r, size)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	f.body = body
	return f, err
}

// readBody reads size bytes and makes room for them as they come.
func readBody(r io.Reader, size int) ([]byte, error) {
	body := make([]byte, min(size, firstRead))
	for n := 0; ; {
		got, err := io.ReadFull(r, body[n:])
		n += got
		if err != nil || n == size {
			return body[:n], err
		}
		body = append(body, make([]byte, min(size-n, n))...)
	}
}
