package display

import "sync/atomic"

// A Sink takes what a program shows and answers what it asks. In a notebook it
// leads to the cell that is running; in an ordinary program there is none, and
// Show prints text/plain to standard output.
type Sink interface {
	// Display publishes b. With an id, b can be replaced later: update is
	// false the first time and true for each replacement.
	Display(b Bundle, id string, update bool)
	// Clear removes the output so far, at once or (wait) when the next arrives.
	Clear(wait bool)
	// Input asks the person for a line of text, hidden while typed if password.
	Input(prompt string, password bool) (string, error)
	// Payload adds one payload to the reply of the cell: a page
	// {"source":"page",...} or {"source":"set_next_input",...}.
	Payload(payload map[string]any)
	// Comm sends one comm message to the front end.
	Comm(message CommMessage)
}

// A CommMessage is one of comm_open, comm_msg and comm_close, in either direction.
type CommMessage struct {
	Type       string         `json:"type"` // comm_open, comm_msg or comm_close
	ID         string         `json:"id"`
	TargetName string         `json:"target_name,omitempty"` // of comm_open only
	Data       map[string]any `json:"data"`
	Metadata   map[string]any `json:"metadata,omitempty"`
	Buffers    [][]byte       `json:"buffers,omitempty"`
}

var current atomic.Pointer[Sink]

// SetSink directs everything shown from now on to s. The kernel calls it; nil
// restores standard output.
func SetSink(s Sink) {
	if s == nil {
		current.Store(nil)
		return
	}
	current.Store(&s)
}
