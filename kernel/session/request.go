package session

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/wire"
)

// A request is one message from a client on its way through a handler.
type request struct {
	session *Session
	channel Channel
	shell   *shell // of requests on the shell channel
	msg     *wire.Message
	aborted bool
}

// object is the content of a message.
type object = map[string]any

// handle runs the request between busy and idle.
func (r *request) handle() {
	s := r.session
	r.publish("status", object{"execution_state": "busy"})
	var after func()
	defer func() {
		r.publish("status", object{"execution_state": "idle"})
		if after != nil {
			after()
		}
	}()
	h, ok := handlers[r.msg.Head.Type]
	if !ok || h.feature != nil && !h.feature(s) {
		return // unknown messages must be tolerated
	}
	defer func() {
		if p := recover(); p != nil {
			r.fault("KernelError", fmt.Sprint("the kernel failed to handle ", r.msg.Head.Type, ": ", p))
		}
	}()
	after = h.run(r)
}

// fault reports an error in the reply, or on iopub for a message that has none.
func (r *request) fault(name, value string) {
	if strings.HasSuffix(r.msg.Head.Type, "_request") {
		r.replyError(name, value)
		return
	}
	content := errorContent(&engine.Error{Name: name, Value: value})
	delete(content, "status")
	r.publish("error", content)
}

// parse reads the content into v; on failure it has replied with an error.
func (r *request) parse(v any) bool {
	if err := json.Unmarshal(r.msg.Content, v); err != nil {
		r.replyError("BadRequest", fmt.Sprintf("content of %s: %v", r.msg.Head.Type, err))
		return false
	}
	return true
}

// publish sends an iopub message with this request as parent.
func (r *request) publish(msgType string, content any) {
	r.session.publish(r.msg.Header, msgType, content, nil, nil)
}

// reply sends the reply of the request on its own channel.
func (r *request) reply(content object) { r.replyWith(content, nil) }

func (r *request) replyWith(content, metadata object) {
	if _, ok := content["status"]; !ok {
		content["status"] = "ok"
	}
	head := wire.NewHeader(r.session.id, strings.TrimSuffix(r.msg.Head.Type, "_request")+"_reply")
	r.session.Conn.Send(r.channel, &wire.Message{
		Idents:   r.msg.Idents,
		Header:   encode(head),
		Parent:   r.msg.Header,
		Metadata: encodeObject(metadata),
		Content:  encode(content),
	})
}

func (r *request) replyError(name, value string) {
	r.reply(errorContent(&engine.Error{Name: name, Value: value}))
}

// refuse answers a request whose subshell does not exist.
func (r *request) refuse() {
	r.publish("status", object{"execution_state": "busy"})
	defer r.publish("status", object{"execution_state": "idle"})
	if !strings.HasSuffix(r.msg.Head.Type, "_request") {
		return
	}
	name := ""
	if r.msg.Head.Subshell != nil {
		name = *r.msg.Head.Subshell
	}
	content := errorContent(&engine.Error{Name: "SubshellNotFound", Value: "there is no subshell " + name})
	if r.msg.Head.Type == "execute_request" {
		content["execution_count"] = 0
	}
	r.reply(content)
}

func errorContent(e *engine.Error) object {
	return object{"status": "error", "ename": e.Name, "evalue": e.Value, "traceback": traceback(e)}
}

// traceback is never null: clients insist on a list of strings.
func traceback(e *engine.Error) []string {
	if e.Traceback == nil {
		return []string{e.Name + ": " + e.Value}
	}
	return e.Traceback
}
