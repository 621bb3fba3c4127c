package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Delimiter stands between the routing prefix and the signature.
const Delimiter = "<IDS|MSG>"

// The reasons for which a received message is dropped.
var (
	ErrDelimiter = errors.New("no <IDS|MSG> delimiter")
	ErrTruncated = errors.New("frames missing after the delimiter")
	ErrSignature = errors.New("wrong signature")
)

var empty = json.RawMessage("{}")

// Decode reads the frames of one message and checks its signature. The
// signature frame is returned too, for a Replay.
func Decode(frames [][]byte, signer *Signer) (m *Message, signature []byte, err error) {
	at := -1
	for i, f := range frames {
		if string(f) == Delimiter {
			at = i
			break
		}
	}
	switch {
	case at < 0:
		return nil, nil, ErrDelimiter
	case len(frames) < at+6:
		return nil, nil, ErrTruncated
	}
	signature = frames[at+1]
	parts := frames[at+2 : at+6]
	if !signer.Verify(signature, parts...) {
		return nil, nil, ErrSignature
	}
	m = &Message{
		Idents:   frames[:at],
		Header:   parts[0],
		Parent:   parts[1],
		Metadata: parts[2],
		Content:  parts[3],
		Buffers:  frames[at+6:],
	}
	if !object(m.Header) || !utf8.Valid(m.Header) {
		return nil, signature, errors.New("the header is not a JSON object")
	}
	if m.Head, err = readHeader(m.Header); err != nil {
		return nil, signature, fmt.Errorf("header: %w", err)
	}
	if m.Head.Type == "" {
		return nil, signature, errors.New("the header has no msg_type")
	}
	return m, signature, nil
}

// readHeader reads the fields that the kernel goes by; the others may be
// anything, and may be missing.
func readHeader(text []byte) (Header, error) {
	var h struct {
		ID       string  `json:"msg_id"`
		Session  string  `json:"session"`
		Type     string  `json:"msg_type"`
		Subshell *string `json:"subshell_id"`
	}
	err := json.Unmarshal(text, &h)
	return Header{ID: h.ID, Session: h.Session, Type: h.Type, Subshell: h.Subshell}, err
}

// object tells whether the text begins like a JSON object.
func object(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return len(text) > 0 && text[0] == '{'
}

// Encode gives the frames of a message. Parts that are empty become {}.
func Encode(m *Message, signer *Signer) [][]byte {
	parts := [4]json.RawMessage{m.Header, m.Parent, m.Metadata, m.Content}
	for i, p := range parts {
		if len(p) == 0 {
			parts[i] = empty
		}
	}
	frames := make([][]byte, 0, len(m.Idents)+6+len(m.Buffers))
	frames = append(frames, m.Idents...)
	frames = append(frames, []byte(Delimiter), signer.Sign(parts[0], parts[1], parts[2], parts[3]))
	for _, p := range parts {
		frames = append(frames, p)
	}
	return append(frames, m.Buffers...)
}
