package session

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/wire"
)

// concurrent is an engine of which only the wish to run cells at once is asked.
type concurrent struct{ engine.Engine }

func (concurrent) Concurrent() bool { return true }

// replies counts replies by status.
type replies struct {
	mu    sync.Mutex
	count map[string]int
}

func (r *replies) Send(_ Channel, m *wire.Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var c struct{ Status string }
	_ = json.Unmarshal(m.Content, &c) // it is the session's own
	r.count[c.Status]++
}

func (*replies) Publish(*wire.Message) {}

// TestManySubshells wants a bound, and room again when one is deleted.
func TestManySubshells(t *testing.T) {
	conn := &replies{count: map[string]int{}}
	s := New(Options{Conn: conn, Engine: concurrent{}})
	defer s.Close()
	create := func() {
		createSubshell(&request{session: s, msg: &wire.Message{Head: wire.Header{Type: "create_subshell_request"}}})
	}
	for range maxSubshells + 3 {
		create()
	}
	if conn.count["ok"] != maxSubshells || conn.count["error"] != 3 {
		t.Errorf("%v", conn.count)
	}
	deleteSubshell(&request{session: s, msg: &wire.Message{Head: wire.Header{Type: "delete_subshell_request"}, Content: []byte(`{"subshell_id": "` + s.subshells()[0] + `"}`)}})
	create()
	if conn.count["ok"] != maxSubshells+2 {
		t.Errorf("%v", conn.count)
	}
}
