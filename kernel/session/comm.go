package session

import (
	"encoding/json"

	"github.com/nabla-go/nabla/display"
)

// sendComm publishes a comm message of the kernel and keeps the list of the
// open comms true.
func (s *Session) sendComm(parent json.RawMessage, m display.CommMessage) {
	s.mu.Lock()
	switch m.Type {
	case "comm_open":
		s.comms[m.ID] = m.TargetName
	case "comm_close":
		delete(s.comms, m.ID)
	}
	s.mu.Unlock()
	content := object{"comm_id": m.ID, "data": m.Data}
	if m.Data == nil {
		content["data"] = object{}
	}
	if m.Type == "comm_open" {
		content["target_name"] = m.TargetName
	}
	s.publish(parent, m.Type, content, m.Metadata, m.Buffers)
}

// commMessage hands a comm message of a client to the engine. A comm of an
// unknown target is closed.
func commMessage(r *request) func() {
	var content struct {
		ID         string         `json:"comm_id"`
		TargetName string         `json:"target_name"`
		Data       map[string]any `json:"data"`
	}
	if json.Unmarshal(r.msg.Content, &content) != nil {
		return nil
	}
	s := r.session
	m := display.CommMessage{Type: r.msg.Head.Type, ID: content.ID, TargetName: content.TargetName, Data: content.Data, Buffers: r.msg.Buffers}
	_ = json.Unmarshal(r.msg.Metadata, &m.Metadata)
	if m.Type == "comm_open" {
		s.mu.Lock()
		s.comms[m.ID] = m.TargetName
		s.mu.Unlock()
	}
	out := newOutput(&execution{request: r})
	known := s.Engine.Comm(m, out)
	out.finish()
	switch {
	case m.Type == "comm_open" && !known:
		s.sendComm(r.msg.Header, display.CommMessage{Type: "comm_close", ID: m.ID})
	case m.Type == "comm_close":
		s.mu.Lock()
		delete(s.comms, m.ID)
		s.mu.Unlock()
	}
	return nil
}

func commInfo(r *request) func() {
	var content struct {
		Target *string `json:"target_name"`
	}
	if !r.parse(&content) {
		return nil
	}
	s := r.session
	s.mu.Lock()
	comms := object{}
	for id, target := range s.comms {
		if content.Target == nil || *content.Target == target {
			comms[id] = object{"target_name": target}
		}
	}
	s.mu.Unlock()
	r.reply(object{"comms": comms})
	return nil
}
