package kerneltest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nabla-go/nabla/kernel/session"
)

// completed asks for completions at the | of the code.
func (c *Client) completed(code string) (matches []string, reply *Message) {
	c.Helper()
	before, after, _ := strings.Cut(code, "|")
	reply = c.Ask(session.Shell, "complete_request", map[string]any{"code": before + after, "cursor_pos": utf8.RuneCountInString(before)}).Reply
	list, _ := reply.Body["matches"].([]any)
	for _, m := range list {
		matches = append(matches, m.(string))
	}
	length := float64(utf8.RuneCountInString(before + after))
	start, end := reply.Body["cursor_start"].(float64), reply.Body["cursor_end"].(float64)
	if start < 0 || start > end || end > length {
		c.Errorf("%q: range %v to %v", code, start, end)
	}
	return matches, reply
}

// history asks for history and gives the inputs.
func (c *Client) history(content map[string]any) (inputs []string, reply *Message) {
	c.Helper()
	reply = c.Ask(session.Shell, "history_request", content).Reply
	list, _ := reply.Body["history"].([]any)
	for _, e := range list {
		item := e.([]any)
		if len(item) != 3 || whole(item[0]) != "" || whole(item[1]) != "" {
			c.Errorf("history item %v", item)
		}
		switch in := item[2].(type) {
		case string:
			inputs = append(inputs, in)
		case []any:
			if len(in) != 2 {
				c.Errorf("history item %v", item)
			}
			inputs = append(inputs, fmt.Sprint(in[0], " -> ", in[1]))
		}
	}
	return inputs, reply
}

// assisting are the lines about introspection.
var assisting = map[string]func(*testing.T){
	"I01": func(t *testing.T) {
		c := fresh(t)
		for _, code := range []string{"fmt.Pr|", "|", "x := strings.|", "fo|o", "for i := range 3 { fmt.P| }"} {
			c.completed(code)
		}
	},
	"I02": func(t *testing.T) {
		matches, reply := fresh(t).completed(`"😀"; fm|`)
		if !slices.Contains(matches, "fmt") || reply.Body["cursor_start"] != 5.0 || reply.Body["cursor_end"] != 7.0 {
			t.Errorf("%s", reply.Content)
		}
	},
	"I03": func(t *testing.T) {
		c := fresh(t)
		for _, msgType := range []string{"complete_request", "inspect_request"} {
			for _, cursor := range []any{99, -1, nil, "x", 1.5, 1e300, []int{1}} {
				c.Ask(session.Shell, msgType, map[string]any{"code": "fmt", "cursor_pos": cursor})
			}
			c.Ask(session.Shell, msgType, map[string]any{"code": "fmt"})
		}
	},
	"I04": func(t *testing.T) {
		c := fresh(t)
		c.OK("type Point struct{ Width, Height float64 }\nfunc (p Point) Area() float64 { return p.Width * p.Height }\nwonderful := Point{2, 3}")
		for code, want := range map[string]string{
			"wonder|": "wonderful", "strings.Sp|": "Split", "wonderful.|": "Width", "wonderful.Ar|": "Area",
			"import s \"strings\"\ns.Fie|": "Fields", "x := := 3\nwonder|": "wonderful",
		} {
			matches, reply := c.completed(code)
			if !slices.ContainsFunc(matches, func(m string) bool { return m == want || strings.HasSuffix(m, "."+want) }) {
				t.Errorf("%q: no %s in %.500s", code, want, reply.Content)
			}
		}
		for _, code := range []string{`s := "wonder|`, "// wonder|", `"wonder|"`} {
			if matches, _ := c.completed(code); slices.Contains(matches, "wonderful") {
				t.Errorf("%q is completed: %v", code, matches)
			}
		}
	},
	"I05": func(t *testing.T) {
		matches, reply := fresh(t).completed("strings.|")
		kinds := reply.Body["metadata"].(map[string]any)["_jupyter_types_experimental"].([]any)
		if len(kinds) != len(matches) || len(matches) == 0 {
			t.Fatalf("%d kinds for %d matches", len(kinds), len(matches))
		}
		for i, k := range kinds {
			m := k.(map[string]any)
			if kind, _ := m["type"].(string); m["text"] != matches[i] || kind == "" {
				t.Errorf("%v for %s", m, matches[i])
			}
		}
	},
	"I06": func(t *testing.T) {
		c := fresh(t)
		id := c.Start("time.Sleep(200 * time.Millisecond)")
		ask := c.Send(session.Shell, "complete_request", map[string]any{"code": "fmt.", "cursor_pos": 4})
		c.Finish(session.Shell, id)
		c.Finish(session.Shell, ask)
	},
	"I07": func(t *testing.T) {
		c := fresh(t)
		c.OK("// double doubles.\nfunc double(n int) int { return 2 * n }")
		inspect := func(code string, cursor, detail int) *Message {
			return c.Ask(session.Shell, "inspect_request", map[string]any{"code": code, "cursor_pos": cursor, "detail_level": detail}).Reply
		}
		short, long := inspect("double(1)", 3, 0), inspect("double(1)", 3, 1)
		if short.Body["found"] != true || short.Plain() == "" || !strings.Contains(long.Plain(), "return 2 * n") || strings.Contains(short.Plain(), "return 2 * n") {
			t.Errorf("detail 0: %s\ndetail 1: %s", short.Content, long.Content)
		}
		if m := inspect("fmt.Println(", 12, 0); m.Body["found"] != true {
			t.Errorf("after the bracket: %s", m.Content)
		}
		for code, cursor := range map[string]int{"nobody": 3, "": 0, "nothing": 99} {
			if m := inspect(code, cursor, 0); m.Body["found"] != false || len(m.Body["data"].(map[string]any)) != 0 {
				t.Errorf("%q: %s", code, m.Content)
			}
		}
	},
	"I08": func(t *testing.T) {
		c := fresh(t)
		for code, want := range map[string]string{"1": "complete", "func f() {": "incomplete", ")": "invalid", "s := `raw": "incomplete", "/* open": "incomplete", "": "complete", "x := 1 +": "incomplete", "os.Exit(1)": "complete"} {
			d := c.Ask(session.Shell, "is_complete_request", map[string]any{"code": code})
			_, indent := d.Reply.Body["indent"].(string)
			if d.Reply.Status() != want || indent != (want == "incomplete") {
				t.Errorf("%q: %s, want %s", code, d.Reply.Content, want)
			}
		}
		c.Survives()
	},
	"I09": func(t *testing.T) {
		c := withHistory(t)
		for _, row := range []struct {
			n    any
			want string
		}{{2, "[b := 2 b + 1]"}, {0, "[]"}, {99, "[1 b := 2 b + 1]"}} {
			if got, _ := c.history(map[string]any{"hist_access_type": "tail", "n": row.n, "output": false, "raw": true}); fmt.Sprint(got) != row.want {
				t.Errorf("tail %v: %v", row.n, got)
			}
		}
		got, _ := c.history(map[string]any{"hist_access_type": "tail", "n": 2, "output": true, "raw": true})
		if fmt.Sprint(got) != "[b := 2 -> <nil> b + 1 -> 3]" {
			t.Errorf("with output: %v", got)
		}
	},
	"I10": func(t *testing.T) {
		c := withHistory(t)
		c = c.kernelOf().restart(c).client()
		c.OK(`"new"`)
		for session, want := range map[int]string{0: `["new"]`, -1: "[1 b := 2]", 1: "[1 b := 2]", 7: "[]"} {
			if got, _ := c.history(map[string]any{"hist_access_type": "range", "session": session, "start": 1, "stop": 3}); fmt.Sprint(got) != want {
				t.Errorf("session %d: %v", session, got)
			}
		}
	},
	"I11": func(t *testing.T) {
		c := withHistory(t)
		c.OK("1")
		for _, row := range []struct {
			ask  map[string]any
			want string
		}{
			{map[string]any{"pattern": "b*"}, "[b := 2 b + 1]"}, {map[string]any{"pattern": "?"}, "[1 1]"},
			{map[string]any{"pattern": "?", "unique": true}, "[1]"}, {map[string]any{"pattern": "*", "n": 1}, "[1]"}, {map[string]any{"pattern": "zz*"}, "[]"},
		} {
			row.ask["hist_access_type"] = "search"
			if got, _ := c.history(row.ask); fmt.Sprint(got) != row.want {
				t.Errorf("%v: %v", row.ask, got)
			}
		}
		c.history(map[string]any{"hist_access_type": "bogus"})
		c.history(map[string]any{})
	},
	"I12": func(t *testing.T) {
		c := withHistory(t)
		c.OK(`"not stored"`, "store_history", false)
		c.OK(`"silent"`, "silent", true)
		if got, _ := c.history(map[string]any{"hist_access_type": "tail", "n": 9}); fmt.Sprint(got) != "[1 b := 2 b + 1]" {
			t.Errorf("%v", got)
		}
	},
	"I13": func(t *testing.T) {
		c := fresh(t)
		a, b := c.Ask(session.Shell, "kernel_info_request", map[string]any{}).Reply, c.Ask(session.Control, "kernel_info_request", map[string]any{}).Reply
		if string(a.Content) != string(b.Content) {
			t.Errorf("%s\n%s", a.Content, b.Content)
		}
		info := a.Body["language_info"].(map[string]any)
		if info["name"] != "go" || info["mimetype"] != "text/x-go" || info["file_extension"] != ".go" || info["version"] == "" {
			t.Errorf("%v", info)
		}
		for _, l := range a.Body["help_links"].([]any) {
			if m := l.(map[string]any); m["text"] == "" || !strings.HasPrefix(m["url"].(string), "http") {
				t.Errorf("%v", m)
			}
		}
	},
	"I14": func(t *testing.T) {
		c := fresh(t)
		m, k := c.Ask(session.Shell, "connect_request", map[string]any{}).Reply, c.kernelOf().c
		for field, port := range map[string]int{"shell_port": int(k.ShellPort), "iopub_port": int(k.IOPubPort), "stdin_port": int(k.StdinPort), "control_port": int(k.ControlPort), "hb_port": int(k.HBPort)} {
			if m.Body[field] != float64(port) {
				t.Errorf("%s is %v, want %d", field, m.Body[field], port)
			}
		}
	},
	"I16": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 1")
		for _, r := range requests {
			c.Ask(r.channel, r.msgType, r.content)
		}
		c.Ask(session.Shell, "is_complete_request", map[string]any{"code": "x = 2"})
		c.completed("x = 3; x.|")
		if d := c.OK("x"); d.Value() != "1" || d.Reply.Count() != 2 {
			t.Errorf("x is %s, count %d", d.Value(), d.Reply.Count())
		}
	},
}

// withHistory is a client of a kernel with three cells in its history.
func withHistory(t *testing.T) *Client {
	t.Helper()
	c := fresh(t)
	for _, code := range []string{"1", "b := 2", "b + 1"} {
		c.OK(code)
	}
	return c
}

// TestHistoryOfSeveral lets kernels share a file, one of which was killed in
// the middle of a line.
func TestHistoryOfSeveral(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history.jsonl")
	a, b := session.NewHistory(file), session.NewHistory(file)
	a.Add(session.Entry{Line: 1, Input: "a1"})
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"key":"killed","inp`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	b.Add(session.Entry{Line: 1, Input: "b1"})
	a.Add(session.Entry{Line: 2, Input: "a2"})
	c := session.NewHistory(file)
	e := NewEngine()
	m, s := Start(t, session.Options{Engine: e, History: c})
	s.Start()
	got, _ := m.Client(t).history(map[string]any{"hist_access_type": "tail", "n": 9})
	if fmt.Sprint(got) != "[a1 b1 a2]" {
		t.Errorf("%v", got)
	}
	data, err := os.ReadFile(file)
	if err != nil || !json.Valid([]byte(strings.Split(strings.TrimSpace(string(data)), "\n")[0])) {
		t.Errorf("%s %v", data, err)
	}
}
