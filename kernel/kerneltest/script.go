package kerneltest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/kernel/session"
)

// A conversation is text, one step a line:
//
//	# a comment; "#### ID title" begins the conversation of a line of the checklist
//	a> shell execute_request {"code": "print hello"} one
//	a< iopub stream {"name": "stdout", "text": "hello\n"} one
//	open gate
//	idle one
//
// Client a sends a request that is called one, then gets a message whose
// parent is it. The content that came may hold more fields than are written;
// "*" stands for any value. Messages of one channel are compared in the order
// in which they come; busy and idle are "busy" and "idle" for short. "a< iopub
// end" wants that nothing more has come. "cell" is a request to run the text
// in "code", in which "; " begins a new line. "open gate" lets cells go on.
type script struct {
	testing.TB
	memory  *Memory
	engine  *Engine
	clients map[string]*Client
	ids     map[string]string // of requests, by name
	inputs  map[string]*Message
}

// channels are the names in conversations.
var channels = map[string]session.Channel{
	"shell": session.Shell, "control": session.Control, "stdin": session.Stdin, "iopub": IOPub,
}

// Play runs a conversation against a new session with an Engine.
func Play(t testing.TB, conversation string, o session.Options) {
	e := NewEngine()
	o.Engine = e
	m, s := Start(t, o)
	p := &script{TB: t, memory: m, engine: e, clients: map[string]*Client{}, ids: map[string]string{"-": ""}, inputs: map[string]*Message{}}
	for _, name := range regexp.MustCompile(`(?m)^(\w+)[<>]`).FindAllStringSubmatch(conversation, -1) {
		if p.clients[name[1]] == nil {
			p.clients[name[1]] = m.Client(t)
		}
	}
	s.Start()
	for i, line := range strings.Split(conversation, "\n") {
		if err := p.step(strings.TrimSpace(line)); err != nil {
			t.Fatalf("line %d, %s\n%v", i+1, line, err)
		}
	}
}

var stepForm = regexp.MustCompile(`^(\w+)([<>]) +(\w+) +(\S+)(?: +(.*))?$`)

func (p *script) step(line string) error {
	if line == "" || strings.HasPrefix(line, "#") {
		return nil
	}
	if gate, ok := strings.CutPrefix(line, "open "); ok {
		p.engine.Open(gate)
		return nil
	}
	f := stepForm.FindStringSubmatch(line)
	if f == nil {
		return fmt.Errorf("no step of a conversation")
	}
	c, ch, known := p.clients[f[1]], channels[f[3]], f[3] == "shell" || channels[f[3]] != 0
	if !known {
		return fmt.Errorf("no channel %q", f[3])
	}
	if f[2] == ">" {
		return p.send(c, ch, f[4], f[5])
	}
	return p.expect(c, ch, f[4], f[5])
}

// send handles "a> CHANNEL TYPE CONTENT NAME"; CONTENT may be followed by
// header fields, "with {...}".
func (p *script) send(c *Client, ch session.Channel, msgType, rest string) error {
	var content any
	name, err := p.object(rest, &content)
	if err != nil {
		return err
	}
	h := c.Header(msgType)
	if msgType == "cell" {
		msgType = "execute_request"
		h = c.Header(msgType)
		m, _ := content.(map[string]any)
		code, _ := m["code"].(string)
		m["code"] = strings.ReplaceAll(code, "; ", "\n")
		for k, v := range Code("") {
			if _, set := m[k]; !set {
				m[k] = v
			}
		}
	}
	if at := strings.Index(name, " with "); at >= 0 {
		var more map[string]any
		if err := json.Unmarshal([]byte(p.named(name[at+len(" with "):])), &more); err != nil {
			return err
		}
		for k, v := range more {
			h[k] = v
		}
		name = name[:at]
	}
	m := c.Message(h, content)
	if to, answer := p.inputs[name]; answer && msgType == "input_reply" {
		m.Parent = to.Header
	} else if name != "" {
		p.ids[name] = h["msg_id"].(string)
	}
	return c.Link.Send(ch, m)
}

// object splits a JSON object, "{}" if there is none, from what follows it.
func (p *script) object(text string, into any) (name string, err error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") {
		return text, json.Unmarshal([]byte("{}"), into)
	}
	text = p.named(text)
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(into); err != nil {
		return "", err
	}
	return strings.TrimPrefix(text[d.InputOffset():], " "), nil
}

var reference = regexp.MustCompile(`\$(\w+)`)

// named puts in what was kept under the names $name.
func (p *script) named(text string) string {
	return reference.ReplaceAllStringFunc(text, func(s string) string {
		if id, ok := p.ids[s[1:]]; ok {
			return id
		}
		return s
	})
}

// expect handles "a< CHANNEL TYPE PATTERN NAME".
func (p *script) expect(c *Client, ch session.Channel, msgType, rest string) error {
	if msgType == "end" {
		m, err := c.Find(ch, 0, Any)
		if err == nil {
			return fmt.Errorf("%s came: %s", m.Head.Type, m.Content)
		}
		return nil
	}
	var pattern any
	name, err := p.object(rest, &pattern)
	if err != nil {
		return err
	}
	if msgType == "busy" || msgType == "idle" {
		pattern, msgType = map[string]any{"execution_state": msgType}, "status"
	}
	m, err := c.Find(ch, Patience, Any)
	switch {
	case err != nil:
		return err
	case m.Head.Type != msgType:
		return fmt.Errorf("%s came: %s", m.Head.Type, m.Content)
	}
	name, keep, _ := strings.Cut(name, " as ")
	if id, ok := p.ids[strings.TrimSpace(name)]; name != "" && (!ok || m.Parent != id) {
		return fmt.Errorf("its parent is not %s: %s", name, m.Message.Parent)
	}
	if err := p.fits(pattern, m.Body, ""); err != nil {
		return fmt.Errorf("%w in %s", err, m.Content)
	}
	p.keep(keep, m)
	return nil
}

// keep remembers a message: "x" for its id, or "x=field" for a field.
func (p *script) keep(as string, m *Message) {
	name, field, ok := strings.Cut(strings.TrimSpace(as), "=")
	if name == "" {
		return
	}
	p.inputs[name] = m
	if ok {
		p.ids[name] = m.Text(field)
	} else {
		p.ids[name] = m.Head.ID
	}
}

// fits compares what came with the pattern.
func (p *script) fits(pattern, got any, at string) error {
	switch want := pattern.(type) {
	case map[string]any:
		m, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is no object", at)
		}
		for k, v := range want {
			g, ok := m[k]
			if v == "absent" {
				if ok {
					return fmt.Errorf("%s/%s is there", at, k)
				}
				continue
			}
			if !ok {
				return fmt.Errorf("%s/%s is missing", at, k)
			}
			if err := p.fits(v, g, at+"/"+k); err != nil {
				return err
			}
		}
		return nil
	case string:
		if want == "*" {
			return nil
		}
	}
	if !reflect.DeepEqual(pattern, got) {
		return fmt.Errorf("%s is %v, want %v", at, got, pattern)
	}
	return nil
}
