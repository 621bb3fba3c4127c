package zmq

import (
	"bufio"
	"bytes"
	"testing"

	"github.com/nabla-go/nabla/kernel/wire"
)

// FuzzEnvelope reads bytes as a stream of ZMTP messages; what is read is the
// same when it is written and read again.
func FuzzEnvelope(f *testing.F) {
	f.Add(appendMessage(nil, [][]byte{[]byte("a"), {}, bytes.Repeat([]byte("b"), 300)}))
	f.Add(appendCommand(nil, "PING", []byte("\x00\x00ctx")))
	f.Add([]byte{flagLong, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})
	f.Add([]byte{flagCommand | flagMore, 1, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		in := bufio.NewReader(bytes.NewReader(data))
		for {
			e, err := readEnvelope(in)
			if err != nil {
				return
			}
			if e.command {
				e.named()
				continue
			}
			again, err := readEnvelope(bufio.NewReader(bytes.NewReader(appendMessage(nil, e.frames))))
			if err != nil || !bytes.Equal(bytes.Join(again.frames, []byte("|")), bytes.Join(e.frames, []byte("|"))) {
				t.Fatalf("%q became %q, %v", e.frames, again.frames, err)
			}
		}
	})
}

// FuzzHandshake reads bytes as the READY of a peer.
func FuzzHandshake(f *testing.F) {
	f.Add(appendReady(nil, "DEALER", "me"))
	f.Add([]byte{4, 8, 5, 'R', 'E', 'A', 'D', 'Y', 200, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, id, err := readReady(bufio.NewReader(bytes.NewReader(data)))
		if err != nil {
			return
		}
		k, i, err := readReady(bufio.NewReader(bytes.NewReader(appendReady(nil, kind, id))))
		if err != nil || k != kind || i != id {
			t.Fatalf("%q %q became %q %q, %v", kind, id, k, i, err)
		}
	})
}

// FuzzCutter writes bytes to a client in pieces: the messages that come out
// do not depend on how they were cut.
func FuzzCutter(f *testing.F) {
	f.Add(appendMessage(make([]byte, greetingSize), [][]byte{[]byte("kernel.x.stream"), bytes.Repeat([]byte("b"), 300)}), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, size uint8) {
		if len(data) > 1<<16 {
			return
		}
		messages := func(step int) (out [][]byte) {
			c := newCutter()
			for rest := data; len(rest) > 0; {
				n := min(step, len(rest))
				c.write(rest[:n], func(_, m []byte) { out = append(out, m) })
				rest = rest[n:]
			}
			return out
		}
		whole, pieces := messages(len(data)+1), messages(int(size)+1)
		if !bytes.Equal(bytes.Join(whole, nil), bytes.Join(pieces, nil)) {
			t.Fatalf("%d and %d messages", len(whole), len(pieces))
		}
	})
}

// FuzzNotice asks for the notice in the place of any bytes that zmq4 wrote.
func FuzzNotice(f *testing.F) {
	signer, err := wire.NewSigner("hmac-sha256", "k")
	if err != nil {
		f.Fatal(err)
	}
	h := newHub(signer, "s")
	f.Add(appendMessage(nil, [][]byte{[]byte("t"), []byte(wire.Delimiter), {}, []byte("{}"), []byte("{}"), []byte("{}"), []byte(`{"name":"stdout","text":"x"}`)}))
	f.Fuzz(func(t *testing.T, data []byte) {
		h.notice(gap{messages: 1, text: textSize(data), sample: data})
	})
}
