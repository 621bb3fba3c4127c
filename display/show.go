package display

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
)

// A Handle stands for something shown, to be replaced later.
type Handle struct{ id string }

// IsHandle tells an evaluator that a handle is no result.
func (*Handle) IsHandle() {}

// Show publishes the values now, each as an output of its own. The handle is
// that of the last.
func Show(values ...any) *Handle {
	var h *Handle
	for _, v := range values {
		h = &Handle{id: newID()}
		h.publish(v, false)
	}
	if h == nil {
		h = &Handle{id: newID()}
	}
	return h
}

// Update replaces what the handle stands for, wherever it is shown.
func (h *Handle) Update(v any) { h.publish(v, true) }

func (h *Handle) publish(v any, update bool) {
	b := Render(v)
	if s := sink(); s != nil {
		s.Display(b, h.id, update)
		return
	}
	fmt.Println(b.Data[MIMEText])
}

// Clear removes the output of the cell so far, at once or (wait) when the next
// output arrives.
func Clear(wait bool) {
	if s := sink(); s != nil {
		s.Clear(wait)
	}
}

// Input asks the person for a line of text. It panics when the input has ended
// or the client allows none.
func Input(prompt string) string { return ask(prompt, false) }

// Password asks without showing what is typed.
func Password(prompt string) string { return ask(prompt, true) }

// Page shows v in the front end's pager.
func Page(v any) {
	b := Render(v)
	if s := sink(); s != nil {
		s.Payload(map[string]any{"source": "page", "data": b.Data, "start": 0})
		return
	}
	fmt.Println(b.Data[MIMEText])
}

func ask(prompt string, password bool) string {
	if s := sink(); s != nil {
		text, err := s.Input(prompt, password)
		if err != nil {
			panic(fmt.Errorf("display.Input: %w", err))
		}
		return text
	}
	if password {
		panic(errors.New("display.Password: there is no notebook that could hide what is typed"))
	}
	fmt.Print(prompt)
	text, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && text == "" {
		panic(fmt.Errorf("display.Input: %w", err))
	}
	return strings.TrimRight(text, "\r\n")
}

func sink() Sink {
	if s := current.Load(); s != nil {
		return *s
	}
	return nil
}

func newID() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
