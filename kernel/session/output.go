package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nabla-go/nabla/display"
)

const (
	// gather is how long printed text waits for more before it is sent.
	gather = 20 * time.Millisecond
	// piece is how many bytes of printed text are sent at once at most.
	piece = 512 << 10
	// defaultLimit is how many bytes one cell may print (NABLA_OUTPUT_LIMIT).
	defaultLimit = 64 << 20
)

// outputLimit is the number of bytes that a cell may print.
var outputLimit = sync.OnceValue(func() int {
	if n, err := strconv.Atoi(os.Getenv("NABLA_OUTPUT_LIMIT")); err == nil && n > 0 {
		return n
	}
	return defaultLimit
})

// An output takes what one cell shows; it outlives the cell, for goroutines
// that print later. Printed text is gathered, so that a loop of prints becomes
// few messages; everything else is sent after the text before it.
type output struct {
	run *execution

	mu      sync.Mutex
	stream  string // of the text that waits
	text    strings.Builder
	timer   *time.Timer
	printed int
	pages   []map[string]any
}

func newOutput(run *execution) *output { return &output{run: run} }

func (o *output) silent() bool { return o.run.content.Silent }

// Stream gathers printed text.
func (o *output) Stream(name, text string) {
	if o.silent() || text == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if name != o.stream {
		o.send()
		o.stream = name
	}
	limit := outputLimit()
	switch {
	case o.printed > limit:
		return
	case o.printed+len(text) > limit:
		text = strings.ToValidUTF8(text[:limit-o.printed], "") +
			fmt.Sprintf("\n[output cut: this cell has printed more than %d bytes; NABLA_OUTPUT_LIMIT sets the limit]\n", limit)
		o.printed = limit + 1
	default:
		o.printed += len(text)
	}
	o.text.WriteString(strings.ToValidUTF8(text, "\uFFFD"))
	if o.text.Len() >= piece {
		o.send()
	} else if o.timer == nil {
		o.timer = time.AfterFunc(gather, o.flush)
	}
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
func (o *output) Clear(wait bool) { o.show("clear_output", object{"wait": wait}) }

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
