package wire

import (
	"bytes"
	"strings"
	"testing"
)

func signer(t testing.TB, scheme, key string) *Signer {
	t.Helper()
	s, err := NewSigner(scheme, key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRoundTrip(t *testing.T) {
	for scheme := range schemes {
		for _, key := range []string{"", "secret"} {
			s := signer(t, scheme, key)
			in := &Message{Idents: [][]byte{{0, 1}, []byte("b")}, Header: []byte(`{"msg_id":"1","msg_type":"x","other":[1]}`), Content: []byte(`{"a":"é"}`), Buffers: [][]byte{{1, 2, 3}}}
			out, signature, err := Decode(Encode(in, s), s)
			if err != nil {
				t.Fatal(scheme, err)
			}
			if len(out.Idents) != 2 || !bytes.Equal(out.Header, in.Header) || !bytes.Equal(out.Content, in.Content) || len(out.Buffers) != 1 || string(out.Parent) != "{}" {
				t.Errorf("%s: %+v", scheme, out)
			}
			if (key == "") != (len(signature) == 0) {
				t.Errorf("%s: signature %q with key %q", scheme, signature, key)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	s := signer(t, "hmac-sha256", "secret")
	good := Encode(&Message{Header: []byte(`{"msg_id":"1","msg_type":"x"}`)}, s)
	forged := append([][]byte(nil), good...)
	forged[5] = []byte(`{"code":"1"}`)
	list := Encode(&Message{Header: []byte(`[]`)}, s)
	nameless := Encode(&Message{Header: []byte(`{"msg_id":"1"}`)}, s)
	for name, frames := range map[string][][]byte{
		"no frames": {}, "empty": {{}}, "no delimiter": good[1:], "truncated": good[:4],
		"forged": forged, "header is a list": list, "no msg_type": nameless,
	} {
		if _, _, err := Decode(frames, s); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestReplay(t *testing.T) {
	var r Replay
	first := r.Fresh([]byte("a"))
	if again := r.Fresh([]byte("a")); !first || again {
		t.Error("the second of two equal signatures must be dropped")
	}
	for range 2 {
		if !r.Fresh(nil) {
			t.Error("unsigned messages are always fresh")
		}
	}
	for i := range 2 * replayWindow {
		r.Fresh([]byte{byte(i), byte(i >> 8), byte(i >> 16), 'x'})
	}
	if len(r.seen) > replayWindow {
		t.Errorf("%d signatures are remembered", len(r.seen))
	}
}

func TestConnection(t *testing.T) {
	const ports = `"shell_port":1,"iopub_port":"2","stdin_port":3,"control_port":4,"hb_port":5`
	c, err := ParseConnection([]byte(`{` + ports + `,"key":"k","unknown":1}`))
	if err != nil || c.IOPubPort != 2 || c.Transport != "tcp" || c.Endpoint(3) != "tcp://127.0.0.1:3" {
		t.Fatal(c, err)
	}
	for text, want := range map[string]string{
		`nonsense`:                               "not a JSON object",
		`{"shell_port":1}`:                       "iopub_port",
		`{` + ports + `,"transport":"udp"}`:      "udp",
		`{` + ports + `,"signature_scheme":"x"}`: "signature_scheme",
		`{` + ports + `,"curve_publickey":"x"}`:  "CurveZMQ",
		`{"shell_port":70000}`:                   "not a port",
	} {
		if _, err := ParseConnection([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	s := signer(f, "hmac-sha256", "")
	for _, seed := range []string{"<IDS|MSG>\n\n{}\n{}\n{}\n{}", "a\n<IDS|MSG>\nx\n{\"msg_type\":\"y\"}\n{}\n{}\n{}\nb", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, _, err := Decode(bytes.Split(data, []byte("\n")), s)
		if err == nil && m.Head.Type == "" {
			t.Error("a message without a type was accepted")
		}
	})
}

func FuzzConnection(f *testing.F) {
	f.Add([]byte(`{"shell_port":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := ParseConnection(data); err == nil && c == nil {
			t.Error("neither a connection nor an error")
		}
	})
}
