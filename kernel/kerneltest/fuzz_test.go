package kerneltest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/wire"
)

// FuzzRequest sends a request with any content to a session: it is busy, then
// idle, what it says fits the specification, and the next request is answered.
func FuzzRequest(f *testing.F) {
	kinds := []string{"execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request",
		"comm_info_request", "comm_open", "comm_msg", "comm_close", "kernel_info_request", "connect_request",
		"usage_request", "create_subshell_request", "delete_subshell_request", "list_subshell_request", "unheard_of"}
	for i, content := range []string{`{"code":"print x; show id y","silent":false}`, `{"code":"pr","cursor_pos":-1}`, `{"code":"é","cursor_pos":1e300,"detail_level":1}`,
		`{"code":3}`, `{"hist_access_type":"search","pattern":"*","n":-1}`, `{"target_name":null}`, `{"comm_id":"c","target_name":"t","data":{"a":[1]}}`, `[]`, `null`, `{"subshell_id":""}`} {
		f.Add(uint8(i), content, false)
	}
	f.Fuzz(func(t *testing.T, kind uint8, content string, control bool) {
		m, s := Start(t, session.Options{History: session.NewHistory("")})
		c := m.Client(t)
		s.Start()
		if waits(content) {
			return
		}
		ch := session.Shell
		if control {
			ch = session.Control
		}
		h := c.Header(kinds[int(kind)%len(kinds)])
		msg := &wire.Message{Header: c.marshal(h), Content: json.RawMessage(content)}
		c.Post(ch, msg)
		c.UntilIdle(h["msg_id"].(string))
		c.Ask(session.Shell, "kernel_info_request", map[string]any{})
		c.Ask(session.Control, "kernel_info_request", map[string]any{})
	})
}

// waits tells of cells that wait for something that nobody will do.
func waits(content string) bool {
	var c struct{ Code string }
	if json.Unmarshal([]byte(content), &c) != nil {
		return false
	}
	for _, word := range []string{"wait", "input", "password"} {
		if strings.Contains(c.Code, word) {
			return true
		}
	}
	return false
}
