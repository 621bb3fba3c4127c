package display

import (
	"fmt"
	"strings"
	"sync"
)

// A Handle stands for what one call of Show has shown, to be replaced later.
// Its methods may be called from any goroutine.
type Handle struct {
	mu  sync.Mutex
	ids []string
}

// IsHandle tells an evaluator that a handle is no result.
func (*Handle) IsHandle() {}

// Show publishes the values now, each as an output of its own.
func Show(values ...any) *Handle {
	h := &Handle{}
	h.add(values)
	return h
}

func (h *Handle) add(values []any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, v := range values {
		id := newID()
		h.ids = append(h.ids, id)
		publish(Render(v), id, false)
	}
}

// Update replaces what was shown, wherever it is seen: the first value that was
// shown by the first given here, and so on. Values beyond those are added.
func (h *Handle) Update(values ...any) {
	h.mu.Lock()
	ids := h.ids[:min(len(h.ids), len(values))]
	h.mu.Unlock()
	for i, id := range ids {
		publish(Render(values[i]), id, true)
	}
	h.add(values[len(ids):])
}

func publish(b Bundle, id string, update bool) {
	if s := sink(); s != nil {
		s.Display(b, id, update)
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

// Page shows v in the front end's pager.
func Page(v any) {
	b := Render(v)
	if s := sink(); s != nil {
		s.Payload(map[string]any{"source": "page", "data": b.Data, "start": 0})
		return
	}
	fmt.Println(strings.TrimRight(fmt.Sprint(b.Data[MIMEText]), "\n"))
}

func sink() Sink {
	if s := current.Load(); s != nil {
		return *s
	}
	return nil
}
