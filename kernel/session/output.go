package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nabla-go/nabla/display"
)

const (
	// gather is how long printed text waits for more before it is sent; with what
	// it has waited in the worker it is no older than 20 ms.
	gather = 15 * time.Millisecond
	// piece is how many bytes of printed text are sent at once at most.
	piece = 512 << 10
)

// An output takes what one cell shows; it outlives the cell, for goroutines
// that print later. Printed text is gathered, so that a loop of prints becomes
// few messages; everything else is sent after the text before it.
type output struct {
	run *execution

	mu      sync.Mutex
	stream  string // of the text that waits
	text    strings.Builder
	timer   *time.Timer
	printer printer
	pages   []map[string]any
}

func newOutput(run *execution) *output {
	return &output{run: run, printer: printer{limit: outputLimit()}}
}

func (o *output) silent() bool { return o.run.content.Silent }

// Stream gathers printed text.
func (o *output) Stream(name, text string) {
	if o.silent() || text == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.gather(name, o.printer.take(name, text))
	if o.text.Len() > 0 && o.timer == nil {
		o.timer = time.AfterFunc(gather, o.flush)
	}
}

// gather adds text to what waits. Text for another stream sends it first, so
// that the order is that in which it was printed.
func (o *output) gather(name, text string) {
	for text != "" {
		if name != o.stream {
			o.send()
			o.stream = name
		}
		n := boundary(text, min(len(text), max(piece-o.text.Len(), 0)))
		if n == 0 {
			o.send()
			continue
		}
		o.text.WriteString(text[:n])
		text = text[n:]
	}
}

// finish sends what the end of the cell still owes.
func (o *output) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range o.printer.end() {
		o.gather(s.stream, s.text)
	}
	o.send()
}

// flush sends the text that waits.
func (o *output) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.send()
}

func (o *output) send() {
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	if o.text.Len() == 0 {
		return
	}
	o.run.publish("stream", object{"name": o.stream, "text": o.text.String()})
	o.text.Reset()
}

// show sends a message after the text before it.
func (o *output) show(msgType string, content object) {
	if o.silent() {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.send()
	o.run.publish(msgType, content)
}

// Display publishes a bundle, or the new form of an earlier one.
func (o *output) Display(b display.Bundle, id string, update bool) {
	content := object{"data": data(b), "metadata": metadata(b), "transient": object{}}
	if id != "" {
		content["transient"] = object{"display_id": id}
	}
	kind := "display_data"
	if update {
		kind = "update_display_data"
	}
	o.show(kind, content)
}

// Clear asks the front end to remove the cell's output.
func (o *output) Clear(wait bool) {
	o.show("clear_output", object{"wait": wait})
	o.mu.Lock()
	defer o.mu.Unlock()
	o.printer.restart()
}

// Payload keeps a payload for the reply.
func (o *output) Payload(p map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pages = append(o.pages, p)
}

// payloads is the list for the reply; of several set_next_input the last counts.
func (o *output) payloads() []map[string]any {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := []map[string]any{}
	last := -1
	for i, p := range o.pages {
		if p["source"] == "set_next_input" {
			last = i
		}
	}
	for i, p := range o.pages {
		if p["source"] != "set_next_input" || i == last {
			out = append(out, p)
		}
	}
	return out
}

// Comm sends a comm message to the front end.
func (o *output) Comm(m display.CommMessage) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.send()
	o.run.session.sendComm(o.run.msg.Header, m)
}

// Input asks the client that sent the cell.
func (o *output) Input(prompt string, password bool) (string, error) {
	if !o.run.content.AllowStdin {
		return "", errors.New("this client does not allow input (allow_stdin is false)")
	}
	o.run.asked.Store(true)
	o.flush()
	return o.run.session.ask(o.run.request, prompt, password)
}

// Ask answers what a cell may want to know of its session.
func (o *output) Ask(question string, _ any) (json.RawMessage, error) {
	s := o.run.session
	switch question {
	case "history", "successful":
		if s.History == nil {
			return nil, errors.New("the history is switched off")
		}
		entries := []Entry{}
		for _, e := range s.History.Present() {
			if question == "history" || e.OK {
				entries = append(entries, e)
			}
		}
		return encode(entries), nil
	case "subshells":
		return encode(s.subshells()), nil
	}
	return nil, fmt.Errorf("the session has no answer to %q", question)
}
