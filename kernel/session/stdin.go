package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/nabla-go/nabla/kernel/wire"
)

// ErrInterrupted is what a read of input gives when the cell is interrupted.
var ErrInterrupted = errors.New("interrupted while waiting for input")

// A pendingInput waits for the input_reply to one input_request.
type pendingInput struct {
	idents [][]byte
	id     string // msg_id of the input_request
	answer chan string
}

// endOfInput is what a terminal client sends for Ctrl-D.
const endOfInput = "\x04"

// ask sends an input_request to the client of the request and waits for its
// reply. A reply that came before is not taken for it.
func (s *Session) ask(r *request, prompt string, password bool) (string, error) {
	head := wire.NewHeader(s.id, "input_request")
	p := &pendingInput{idents: r.msg.Idents, id: head.ID, answer: make(chan string, 1)}
	s.mu.Lock()
	s.inputs[p] = true
	s.mu.Unlock()
	s.Conn.Send(Stdin, &wire.Message{
		Idents:  r.msg.Idents,
		Header:  encode(head),
		Parent:  r.msg.Header,
		Content: encode(object{"prompt": prompt, "password": password}),
	})
	text, ok := <-p.answer
	switch {
	case !ok:
		return "", ErrInterrupted
	case text == endOfInput:
		return "", io.EOF
	}
	return text, nil
}

// inputReply hands a reply to the read that waits for it.
func (s *Session) inputReply(m *wire.Message) {
	var content struct {
		Value *string `json:"value"`
	}
	if m.Head.Type != "input_reply" || json.Unmarshal(m.Content, &content) != nil || content.Value == nil {
		return
	}
	var parent struct {
		ID string `json:"msg_id"`
	}
	_ = json.Unmarshal(m.Parent, &parent) // some clients send no parent
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.inputs {
		if !sameIdents(p.idents, m.Idents) || parent.ID != "" && parent.ID != p.id {
			continue
		}
		delete(s.inputs, p)
		p.answer <- *content.Value
		return
	}
}

// cancelInputs ends every wait for input.
func (s *Session) cancelInputs() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.inputs {
		close(p.answer)
	}
	clear(s.inputs)
}

func sameIdents(a, b [][]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}
