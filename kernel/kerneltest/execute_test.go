package kerneltest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
)

// executing are the lines about the semantics of execution.
var executing = map[string]func(*testing.T){
	"D01": func(t *testing.T) {
		c := fresh(t)
		d := c.Run(`fmt.Println("x"); display.Show("y"); 1`, "silent", true)
		if got := Types(d.IOPub); got != "busy idle" || d.Reply.Status() != "ok" {
			t.Errorf("%s, %s", got, d.Reply.Content)
		}
		if n := c.OK("1").Reply.Count(); n != 1 {
			t.Errorf("count %d after a silent cell", n)
		}
	},
	"D02": func(t *testing.T) {
		c := fresh(t)
		id := c.Start(`time.Sleep(50*time.Millisecond); panic("x")`, "silent", true)
		next := c.Start("1")
		if d := c.Finish(session.Shell, id); d.Reply.Status() != "error" || Types(d.IOPub) != "busy idle" {
			t.Errorf("%s, %s", d.Reply.Content, Types(d.IOPub))
		}
		if d := c.Finish(session.Shell, next); d.Reply.Status() != "ok" {
			t.Errorf("%s", d.Reply.Content)
		}
	},
	"D03": func(t *testing.T) {
		c := fresh(t)
		a, b, d := c.OK("1").Reply.Count(), c.OK("1", "store_history", false).Reply.Count(), c.OK("1").Reply.Count()
		if a != 1 || b != 1 || d != 2 {
			t.Errorf("counts %d, %d, %d", a, b, d)
		}
	},
	"D04": func(t *testing.T) {
		c := fresh(t)
		if a, b := c.Run("nonsense").Reply.Count(), c.OK("1").Reply.Count(); a != 1 || b != 2 {
			t.Errorf("counts %d, %d", a, b)
		}
	},
	"D05": func(t *testing.T) {
		c := fresh(t)
		for _, code := range []string{"", " \n\t", "// only\n/* comments */"} {
			if got := Types(c.OK(code).IOPub); got != "busy execute_input idle" {
				t.Errorf("%q: %s", code, got)
			}
		}
	},
	"D06": func(t *testing.T) { aborts(t, `time.Sleep(100 * time.Millisecond); panic("x")`) },
	"D07": func(t *testing.T) {
		c := fresh(t)
		for range 40 {
			id := c.Start(`panic("x")`)
			c.Reply(session.Shell, id)
			next := c.Start("1")
			if d := c.Finish(session.Shell, next); d.Reply.Status() != "ok" {
				t.Fatalf("%s", d.Reply.Content)
			}
			c.UntilIdle(id)
		}
	},
	"D08": func(t *testing.T) {
		c := fresh(t)
		id := c.Start(`time.Sleep(50 * time.Millisecond); panic("x")`, "stop_on_error", false)
		next := c.Start("1")
		c.Finish(session.Shell, id)
		if d := c.Finish(session.Shell, next); d.Reply.Status() != "ok" {
			t.Errorf("%s", d.Reply.Content)
		}
	},
	"D09": func(t *testing.T) {
		c := fresh(t)
		slow := c.Start("time.Sleep(100 * time.Millisecond)")
		id, next := c.Start("this is no Go"), c.Start("1")
		c.Finish(session.Shell, slow)
		c.Finish(session.Shell, id)
		if d := c.Finish(session.Shell, next); d.Reply.Status() != "aborted" {
			t.Errorf("%s", d.Reply.Content)
		}
	},
	"D10": func(t *testing.T) {
		d := fresh(t).Run(`panic("boom")`)
		e := d.First("error")
		if e == nil || len(e.Body) != 3 || d.Reply.Count() != 1 {
			t.Fatalf("%s, reply %s", Types(d.IOPub), d.Reply.Content)
		}
		for _, field := range []string{"ename", "evalue", "traceback"} {
			if fmt.Sprint(e.Body[field]) != fmt.Sprint(d.Reply.Body[field]) {
				t.Errorf("%s differs: %v and %v", field, e.Body[field], d.Reply.Body[field])
			}
		}
	},
	"D11": func(t *testing.T) { // Check wants names and values without colours
		c := fresh(t)
		for _, code := range []string{"x := 1\n\nvar p *int\n*p = x", "x := 1\n\n\ny := undefined"} {
			d := c.Run(code)
			contains(t, fmt.Sprint(d.Reply.Body["traceback"]), "4")
			if strings.Contains(fmt.Sprint(d.Reply.Body["traceback"]), "_step") {
				t.Errorf("generated code shows: %s", d.Reply.Content)
			}
		}
	},
	"D12": func(t *testing.T) {
		c := fresh(t)
		d := c.OK("x := 20", "user_expressions", map[string]string{"good": "x+1", "bad": "y"})
		all := d.Reply.Body["user_expressions"].(map[string]any)
		contains(t, fmt.Sprint(all["good"]), "status:ok", "text/plain:21")
		contains(t, fmt.Sprint(all["bad"]), "status:error", "undefined")
		d = c.Run(`panic("x")`, "user_expressions", map[string]string{"good": `func() int { os.WriteFile("evaluated", nil, 0o600); return 1 }()`})
		if _, ok := d.Reply.Body["user_expressions"]; ok || c.OK(`_, err := os.Stat("evaluated"); err == nil`).Value() != "false" {
			t.Errorf("evaluated after a failure: %s", d.Reply.Content)
		}
	},
	"D13": func(t *testing.T) {
		d := fresh(t).OK("1", "user_expressions", map[string]any{"n": 3, "ok": "1"})
		all := d.Reply.Body["user_expressions"].(map[string]any)
		contains(t, fmt.Sprint(all["n"]), "status:error")
		contains(t, fmt.Sprint(all["ok"]), "status:ok")
	},
	"D14": declarations,
	"D15": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 1")
		c.Run("x = 2; undefined()")
		if got := c.OK("x").Value(); got != "1" {
			t.Errorf("%s after a compile error", got)
		}
		c.Run(`x = 3; panic("late")`)
		if got := c.OK("x").Value(); got != "3" {
			t.Errorf("%s after a panic", got)
		}
	},
	"D16": func(t *testing.T) {
		c := fresh(t)
		for code, want := range map[string]string{"1 + 1": "2", `"a"`: "a", "x := 1": "", "func() {}()": "", "var p *int; p": "", "y := 2; y": "2", "for i := 0; i < 2; i++ { }": ""} {
			if got := c.OK(code).Value(); strings.Trim(got, `"`) != want {
				t.Errorf("%s gives %q, want %q", code, got, want)
			}
		}
	},
	"D17": func(t *testing.T) {
		c := fresh(t)
		for _, code := range []string{"1", `mat.NewDense(2, 2, nil)`, `display.HTML("<b>x</b>")`, `struct{ A int }{1}`, `[]byte{1}`} {
			d := c.OK(code)
			if m := d.First("execute_result"); m == nil || m.Body["data"].(map[string]any)["text/plain"] == nil {
				t.Errorf("%s: %s", code, Types(d.IOPub))
			}
		}
	},
	"D18": func(t *testing.T) {
		code := "len(`" + strings.Repeat("x", 10<<20) + "`)"
		d := fresh(t).OK(code)
		if d.Value() != fmt.Sprint(10<<20) || d.First("execute_input").Text("code") != code {
			t.Errorf("value %s", d.Value())
		}
	},
	"D19": func(t *testing.T) {
		c := fresh(t)
		c.OK("n := 0")
		d := c.Run(strings.Repeat("n++\n", 100_000))
		if got := c.OK("n").Value(); d.Reply.Status() == "ok" && got != "100000" {
			t.Errorf("n is %s", got)
		}
	},
	"D21": func(t *testing.T) {
		c := fresh(t)
		for code, want := range map[string]string{"x := 1\r\nx + 1\r\n": "2", "\ufeff1": "1", "\tx := 3;\tx": "3", "fmt.Print(\"a\u2028b\")": "a\u2028b"} {
			if d := c.OK(code); d.Value()+d.Printed("stdout") != want {
				got := d.Value()
				t.Errorf("%q gives %q", code, got)
			}
		}
		c.Run("1\x00")
		c.Run("\"a\x00b\"")
		c.Survives()
	},
	"D23": restarted,
	"D24": func(t *testing.T) {
		d := fresh(t).OK("1")
		var m struct {
			Started time.Time `json:"started"`
		}
		if err := json.Unmarshal(d.Reply.Metadata, &m); err != nil || m.Started.IsZero() || m.Started.After(d.Reply.At.Add(time.Minute)) {
			t.Errorf("%s, %v", d.Reply.Metadata, err)
		}
	},
}

// aborts runs a cell that fails while others wait.
func aborts(t *testing.T, failing string) {
	c := fresh(t)
	c.OK("ran := 0")
	id := c.Start(failing)
	c.Published(id, "execute_input")
	second, third := c.Start("ran++"), c.Start("ran++")
	info := c.Send(session.Shell, "kernel_info_request", map[string]any{})
	if d := c.Finish(session.Shell, id); d.Reply.Status() != "error" {
		t.Errorf("%s", d.Reply.Content)
	}
	for _, id := range []string{second, third} {
		d := c.Finish(session.Shell, id)
		if d.Reply.Status() != "aborted" || Types(d.IOPub) != "busy idle" || d.Reply.Body["execution_count"] == nil {
			t.Errorf("%s, %s", d.Reply.Content, Types(d.IOPub))
		}
	}
	if d := c.Finish(session.Shell, info); d.Reply.Status() != "ok" {
		t.Errorf("%s", d.Reply.Content)
	}
	if got := c.OK("ran").Value(); got != "0" {
		t.Errorf("%s of the cells that waited ran", got)
	}
}

// declarations makes each kind of declaration, uses it in another cell, and
// makes it anew.
func declarations(t *testing.T) {
	c := fresh(t)
	for _, row := range []struct{ declare, use, want, again, use2, want2 string }{
		{"var v = 1", "v", "1", `var v = "now text"`, "v", "now text"},
		{"func f(x int) int { return x + 1 }", "f(1)", "2", "func f(x, y int) int { return x * y }", "f(3, 4)", "12"},
		{"type T struct{ A int }\nfunc (t T) Twice() int { return 2 * t.A }", "T{4}.Twice()", "8", "type T struct{ A, B string }", `T{"a", "b"}.B`, "b"},
		{"const c = 7", "c", "7", "const c = 8", "c", "8"},
		{"import s \"strings\"", `s.ToUpper("a")`, "A", "import s \"strconv\"", "s.Itoa(3)", "3"},
		{"n := 0\ninc := func() int { n++; return n }", "inc() + inc()", "3", "inc = func() int { return -1 }", "inc()", "-1"},
		{"func First[E any](l []E) E { return l[0] }", `First([]string{"g"})`, "g", "func First[E any](l []E) E { return l[len(l)-1] }", "First([]int{1, 2})", "2"},
	} {
		c.OK(row.declare)
		if got := c.OK(row.use).Value(); strings.Trim(got, `"`) != row.want {
			t.Errorf("%s: %s is %q, want %s", row.declare, row.use, got, row.want)
		}
		c.OK(row.again)
		if got := c.OK(row.use2).Value(); strings.Trim(got, `"`) != row.want2 {
			t.Errorf("%s: %s is %q, want %s", row.again, row.use2, got, row.want2)
		}
	}
}

// restarted ends a kernel as for a restart and starts it at the same ports.
func restarted(t *testing.T) {
	k := launch(t)
	c := k.client()
	c.OK("1")
	c.OK("2")
	again := k.restart(c)
	if n := again.client().OK("1").Reply.Count(); n != 1 {
		t.Errorf("count %d after a restart", n)
	}
}
