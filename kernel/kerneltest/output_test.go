package kerneltest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/kernel/session"
	"github.com/nabla-go/nabla/kernel/zmq"
)

// printing are the lines about output.
var printing = map[string]func(*testing.T){
	"E01": func(t *testing.T) {
		d := fresh(t).OK(`for i := 0; i < 1000000; i++ { fmt.Println(i) }`)
		lines := strings.Split(d.Printed("stdout"), "\n")
		if len(lines) != 1_000_001 {
			t.Fatalf("%d lines", len(lines)-1)
		}
		for i, l := range lines[:1_000_000] {
			if l != fmt.Sprint(i) {
				t.Fatalf("line %d is %q", i, l)
			}
		}
		if took := d.IOPub[len(d.IOPub)-1].At.Sub(d.IOPub[0].At).Seconds(); float64(len(d.IOPub)) > 1000*took+100 {
			t.Errorf("%d messages in %.1f s", len(d.IOPub), took)
		}
	},
	"E02": func(t *testing.T) {
		d := fresh(t, environ("NABLA_OUTPUT_LIMIT=200000000")).OK(`fmt.Println(strings.Repeat("x", 100<<20))`)
		if got := d.Printed("stdout"); len(got) != 100<<20+1 || strings.Trim(got, "x") != "\n" {
			t.Errorf("%d bytes", len(got))
		}
	},
	"E03": func(t *testing.T) {
		c := fresh(t)
		id := c.Start(`for i := 0; i < 200; i++ { fmt.Fprintln(os.Stdout, "o", i); fmt.Fprintln(os.Stderr, "e", i) }`)
		d := c.Finish(session.Shell, id)
		for stream, letter := range map[string]string{"stdout": "o", "stderr": "e"} {
			var want strings.Builder
			for i := range 200 {
				fmt.Fprintln(&want, letter, i)
			}
			if got := d.Printed(stream); got != want.String() {
				t.Errorf("%s: %.200q", stream, got)
			}
		}
	},
	"E04": func(t *testing.T) {
		c := fresh(t)
		id := c.Start(`fmt.Print("working"); time.Sleep(time.Hour)`)
		if m := c.Published(id, "stream"); m.Text("text") != "working" {
			t.Errorf("%s", m.Content)
		}
		c.Ask(session.Control, "interrupt_request", map[string]any{})
		c.Finish(session.Shell, id)
	},
	"E05": func(t *testing.T) {
		if got := Types(fresh(t).OK(`fmt.Println("one", "line")`).IOPub); got != "busy execute_input stream idle" {
			t.Error(got)
		}
	},
	"E06": func(t *testing.T) {
		c := fresh(t)
		for code, want := range map[string]string{
			`fmt.Print("é𝐚😀")`:         "é𝐚😀",
			`fmt.Print("a\x00b")`:      "a\x00b",
			`fmt.Print("a\xff\xfe|b")`: "a\ufffd|b",
			`os.Stdout.Write([]byte("\xf0\x9f")); time.Sleep(60*time.Millisecond); os.Stdout.Write([]byte("\x98\x80"))`: "😀",
		} {
			if got := strings.ReplaceAll(c.OK(code).Printed("stdout"), "\ufffd\ufffd", "\ufffd"); got != want {
				t.Errorf("%s: %q, want %q", code, got, want)
			}
		}
	},
	"E07": func(t *testing.T) {
		c := fresh(t)
		if got := c.OK(`cmd := exec.Command("sh", "-c", "echo out; echo err >&2"); cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr; cmd.Run()`); got.Printed("stdout") != "out\n" || got.Printed("stderr") != "err\n" {
			t.Errorf("child: %q, %q", got.Printed("stdout"), got.Printed("stderr"))
		}
		contains(t, c.OK(`log.Print("logged")`).Printed("stderr"), "logged")
		contains(t, c.OK(`println("built in")`).Printed("stderr"), "built in")
		contains(t, c.OK(`os.Stdout.WriteString("direct")`).Printed("stdout"), "direct")
		contains(t, c.OK(`syscall.Write(1, []byte("raw"))`).Printed("stdout"), "raw")
	},
	"E08": func(t *testing.T) {
		c := fresh(t)
		d := c.OK(`go func() { time.Sleep(300 * time.Millisecond); fmt.Println("late") }()`)
		if m := c.Published("", "stream"); m.Parent != d.ID || m.Text("text") != "late\n" {
			t.Errorf("%s for %s, want %s", m.Content, m.Parent, d.ID)
		}
		c.Quiet(IOPub, 0, func(m *Message) bool { return m.Text("execution_state") == "busy" })
	},
	"E09": func(t *testing.T) {
		c := fresh(t)
		id := c.OK(`go func() { for i := 0; ; i++ { fmt.Println("tick", i); time.Sleep(10 * time.Millisecond) } }()`).ID
		c.Published(id, "stream")
		c.Published(id, "stream")
		last := c.Start(`fmt.Println("the last words")`)
		c.Ask(session.Shell, "shutdown_request", map[string]any{"restart": false})
		c.Finish(session.Shell, last)
	},
	"E10": func(t *testing.T) {
		c := fresh(t)
		d := c.OK(`img := image.NewGray(image.Rect(0, 0, 2, 2)); display.Show(img); display.Show(display.JSON(map[string]int{"a": 1})); display.HTML("<i>x</i>")`)
		types := map[string]any{}
		for _, m := range d.IOPub { // Check wants values valid in a notebook
			if data, ok := m.Body["data"].(map[string]any); ok {
				for k, v := range data {
					types[k] = v
				}
			}
		}
		if s, ok := types["image/png"].(string); !ok || !strings.HasPrefix(s, "iVBOR") {
			t.Errorf("image/png is %v", types["image/png"])
		}
		if m, ok := types["application/json"].(map[string]any); !ok || m["a"] != 1.0 {
			t.Errorf("application/json is %v", types["application/json"])
		}
		if types["text/html"] == nil || types["text/plain"] == nil {
			t.Errorf("%v", types)
		}
	},
	"E11": func(t *testing.T) {
		c := fresh(t)
		first := c.OK(`h := display.Show("one")`).First("display_data")
		if first == nil {
			t.Fatal("nothing was shown")
		}
		d := c.OK(`h.Update("two")`)
		m := d.First("update_display_data")
		if m == nil || fmt.Sprint(m.Body["transient"]) != fmt.Sprint(first.Body["transient"]) || first.Body["transient"].(map[string]any)["display_id"] == nil {
			t.Errorf("%s after %s", Types(d.IOPub), first.Content)
		}
	},
	"E13": func(t *testing.T) {
		c := fresh(t)
		for _, wait := range []bool{true, false} {
			m := c.OK(fmt.Sprintf("display.Clear(%v)", wait)).First("clear_output")
			if m == nil || m.Body["wait"] != wait {
				t.Errorf("clear_output for %v: %v", wait, m)
			}
		}
	},
	"E14": func(t *testing.T) {
		c := fresh(t)
		c.OK("type Loop struct{ Next *Loop }\nl := &Loop{}\nl.Next = l")
		for _, code := range []string{"math.NaN()", "math.Inf(-1)", "make(chan int)", "func() {}", "l", "[]any{math.NaN(), nil}", "map[float64]any{math.NaN(): 1}"} {
			if d := c.OK(code); d.Value() == "" {
				t.Errorf("%s has no text: %s", code, Types(d.IOPub))
			}
		}
	},
	"E15": func(t *testing.T) {
		want := "10%\r20%\r\x1b[31mred\x1b[0m\r\n"
		if got := fresh(t).OK(`fmt.Print("10%\r20%\r\x1b[31mred\x1b[0m\r\n")`).Printed("stdout"); got != want {
			t.Errorf("%q", got)
		}
	},
	"E16": func(t *testing.T) {
		k := launch(t)
		c := k.client()
		deaf, err := zmq.Dial(k.c.Endpoint(k.c.IOPubPort), "SUB", "", Patience)
		if err != nil {
			t.Fatal(err)
		}
		defer deaf.Close()
		if err := deaf.Subscribe(""); err != nil {
			t.Fatal(err)
		}
		d := c.OK(`s := strings.Repeat("x", 1<<20 - 1) + "\n"; for i := 0; i < 60; i++ { fmt.Print(s) }`)
		if got := len(d.Printed("stdout")); got != 60<<20 {
			t.Errorf("%d bytes", got)
		}
		c.Survives()
	},
	"E17": func(t *testing.T) {
		d := fresh(t).OK(`strings.Repeat("y", 50<<20)`)
		got := d.Value()
		if n := strings.Count(got, "y"); n < 50<<20 && (n == 0 || len(got) == n) {
			t.Errorf("%d bytes without a notice", n)
		}
	},
}

// history reads the history file of a kernel.
func historyOf(k *kernel) (inputs []string) {
	data, err := os.ReadFile(filepath.Join(k.cmd.Dir, "history.jsonl"))
	if err != nil {
		return nil
	}
	for _, line := range strings.Split(string(data), "\n") {
		var r struct {
			Input string `json:"input"`
		}
		if json.Unmarshal([]byte(line), &r) == nil && r.Input != "" {
			inputs = append(inputs, r.Input)
		}
	}
	return inputs
}
