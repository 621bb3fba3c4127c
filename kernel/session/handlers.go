package session

import (
	"fmt"
	"runtime"

	"github.com/nabla-go/nabla/kernel/wire"
)

// A handler serves one type of message. What run returns, if anything, is done
// after the status idle. A feature that is off makes the message unknown.
type handler struct {
	run     func(r *request) (after func())
	feature func(s *Session) bool
}

// handlers is the table of message types that are understood.
var handlers map[string]handler

func init() {
	subshells := (*Session).subshellsOn
	handlers = map[string]handler{
		"execute_request":         {run: execute},
		"complete_request":        {run: complete},
		"inspect_request":         {run: inspect},
		"is_complete_request":     {run: isComplete},
		"history_request":         {run: history},
		"kernel_info_request":     {run: kernelInfo},
		"connect_request":         {run: connect},
		"comm_info_request":       {run: commInfo},
		"comm_open":               {run: commMessage},
		"comm_msg":                {run: commMessage},
		"comm_close":              {run: commMessage},
		"interrupt_request":       {run: interrupt},
		"shutdown_request":        {run: shutdown},
		"usage_request":           {run: usage},
		"create_subshell_request": {run: createSubshell, feature: subshells},
		"list_subshell_request":   {run: listSubshells, feature: subshells},
		"delete_subshell_request": {run: deleteSubshell, feature: subshells},
	}
}

func kernelInfo(r *request) func() {
	features := []string{}
	if r.session.subshellsOn() {
		features = append(features, "kernel subshells")
	}
	r.reply(object{
		"protocol_version":       wire.ProtocolVersion,
		"implementation":         "nabla",
		"implementation_version": r.session.Version,
		"language_info": object{
			"name":            "go",
			"version":         runtime.Version()[len("go"):],
			"mimetype":        "text/x-go",
			"file_extension":  ".go",
			"pygments_lexer":  "go",
			"codemirror_mode": "go",
		},
		"banner":             "Nabla " + r.session.Version + ": Go with matrix calculus. %help lists the magics.",
		"help_links":         []object{{"text": "Go", "url": "https://go.dev/doc/"}, {"text": "gonum", "url": "https://pkg.go.dev/gonum.org/v1/gonum"}},
		"supported_features": features,
	})
	return nil
}

func connect(r *request) func() {
	c := r.session.Connection
	if c == nil {
		r.reply(object{})
		return nil
	}
	r.reply(object{"shell_port": c.ShellPort, "iopub_port": c.IOPubPort, "stdin_port": c.StdinPort, "hb_port": c.HBPort, "control_port": c.ControlPort})
	return nil
}

func interrupt(r *request) func() {
	r.session.Interrupt()
	r.reply(object{})
	return nil
}

// Interrupt ends the running cells and whatever waits for input.
func (s *Session) Interrupt() {
	s.cancelInputs()
	s.Engine.Interrupt()
}

func shutdown(r *request) func() {
	var content struct {
		Restart bool `json:"restart"`
	}
	if !r.parse(&content) {
		return nil
	}
	s := r.session
	s.restart.Store(content.Restart)
	r.reply(object{"restart": content.Restart})
	r.publish("shutdown_reply", object{"status": "ok", "restart": content.Restart})
	return func() { s.end.Do(func() { close(s.done) }) }
}

// maxSubshells bounds what a client may ask for: each has a queue of its own.
const maxSubshells = 256

func createSubshell(r *request) func() {
	s := r.session
	sh := newShell(s, wire.NewID())
	s.mu.Lock()
	full := len(s.shells) > maxSubshells
	if !full {
		s.shells[sh.id] = sh
	}
	s.mu.Unlock()
	if full {
		r.replyError("TooManySubshells", fmt.Sprintf("there are %d subshells already: delete one", maxSubshells))
		return nil
	}
	go sh.serve()
	r.reply(object{"subshell_id": sh.id})
	return nil
}

func listSubshells(r *request) func() {
	r.reply(object{"subshell_id": r.session.subshells()})
	return nil
}

func (s *Session) subshells() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := []string{}
	for id := range s.shells {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

func deleteSubshell(r *request) func() {
	var content struct {
		ID string `json:"subshell_id"`
	}
	if !r.parse(&content) {
		return nil
	}
	s := r.session
	s.mu.Lock()
	sh := s.shells[content.ID]
	if content.ID != "" {
		delete(s.shells, content.ID)
	}
	s.mu.Unlock()
	if sh == nil || content.ID == "" {
		r.replyError("SubshellNotFound", "there is no subshell "+content.ID)
		return nil
	}
	for _, waiting := range sh.queue.close() {
		waiting.aborted = true
		waiting.handle()
	}
	r.reply(object{})
	return nil
}
