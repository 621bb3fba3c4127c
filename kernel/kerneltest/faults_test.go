package kerneltest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
)

// A fault is a cell that fails, what its error says, and whether values stay.
type fault struct {
	code  string
	says  []string
	keeps bool
}

// suffers runs each cell in a kernel that holds x = 41, and wants an error that
// says what happened, and a kernel that goes on.
func suffers(faults ...fault) func(*testing.T) {
	return func(t *testing.T) {
		for _, f := range faults {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				c := fresh(t)
				c.OK("x := 41")
				d := c.Run(f.code)
				if d.Reply.Status() != "error" {
					t.Errorf("%s: %.500s", f.code, d.Reply.Content)
				}
				contains(t, d.said(), f.says...)
				c.Ask(session.Shell, "kernel_info_request", map[string]any{})
				c.keeps(d, f.keeps)
			})
		}
	}
}

// said is all that a request has told the person.
func (d Done) said() string {
	return fmt.Sprint(d.Reply.Text("ename"), ": ", d.Reply.Text("evalue"), "\n", d.Reply.Body["traceback"], d.Printed("stderr"))
}

// keeps wants x to be 41 still, or the person to be told that it is gone.
func (c *Client) keeps(d Done, values bool) {
	c.Helper()
	after := c.Run("x")
	switch {
	case after.Value() == "41":
	case values:
		c.Errorf("x is lost: %.500s", after.Reply.Content)
	case !strings.Contains(d.said()+after.said(), "values") && !strings.Contains(d.said()+after.said(), "variables"):
		c.Errorf("x is lost and nobody said so: %.1000s", d.said())
	}
	if after.Value() != "41" {
		c.OK("x := 1")
	}
}

// failing are the lines about faults in cells.
var failing = map[string]func(*testing.T){
	"G01": suffers(fault{"a := 1\n\npanic(\"boom\")\n_ = a", []string{"boom", "3", "panic"}, true}),
	"G02": suffers(
		fault{"var m map[string]int; m[\"a\"] = 1", []string{"nil map"}, true},
		fault{"l := []int{1}; i := 5; l[i] = 2", []string{"out of range"}, true},
		fault{"var p *struct{ A int }; p.A = 1", []string{"nil pointer"}, true},
		fault{"a, b := 1, 0; fmt.Println(a / b)", []string{"divide"}, true},
		fault{"var v any = 1; s := v.(string); _ = s", []string{"string", "int"}, true},
		fault{"c := make(chan int); close(c); close(c)", []string{"close of closed"}, true},
	),
	"G03": func(t *testing.T) {
		got := fresh(t).OK("func safe() (s string) {\n\tdefer func() { s = fmt.Sprint(recover()) }()\n\tpanic(\"caught\")\n}\nsafe()").Value()
		contains(t, got, "caught")
	},
	"G04": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 41")
		c.keeps(c.Run("runtime.Goexit()"), true)
	},
	"G05": suffers(fault{`go func() { panic("elsewhere") }(); time.Sleep(300 * time.Millisecond)`, []string{"elsewhere"}, false}),
	"G06": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 41")
		d := c.OK(`go func() { time.Sleep(100 * time.Millisecond); panic("afterwards") }()`)
		m, err := c.Find(IOPub, Patience, func(m *Message) bool {
			return strings.Contains(m.Text("text")+m.Text("evalue"), "afterwards")
		})
		if err != nil || m.Parent == "" {
			t.Fatalf("the panic was not reported: %v", err)
		}
		c.keeps(d, false)
	},
	"G07": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 41")
		d := c.Run("os.Exit(3)")
		if d.Reply.Status() != "error" {
			t.Errorf("%s", d.Reply.Content)
		}
		contains(t, d.said(), "exit status 3")
		c.keeps(d, true)
		if d := c.Run("os.Exit(0)"); d.Reply.Status() != "ok" {
			t.Errorf("%s", d.Reply.Content)
		}
	},
	"G08": suffers(
		fault{`log.Fatal("the end")`, []string{"the end", "exit status 1"}, true},
		fault{"syscall.Exit(4)", []string{"4"}, false},
		fault{"syscall.Kill(syscall.Getpid(), syscall.SIGKILL)", []string{"kill"}, false},
	),
	"G09": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 41")
		id := c.Start("<-make(chan int)")
		c.Published(id, "execute_input")
		if _, err := c.Find(session.Shell, 300*time.Millisecond, func(m *Message) bool { return m.Parent == id }); err == nil {
			c.UntilIdle(id) // found out by itself
		} else {
			c.Ask(session.Control, "interrupt_request", map[string]any{})
			c.Finish(session.Shell, id)
		}
		if got := c.OK("x").Value(); got != "41" {
			t.Errorf("x is %s", got)
		}
	},
	"G10": suffers(
		fault{"func over(n int) int { return over(n+1) + 1 }\nover(0)", []string{"stack"}, false},
		fault{"m := map[int]int{}\nfor i := 0; i < 8; i++ { go func() { for { m[1] = 2 } }() }\nfor { m[1] = 3 }", []string{"concurrent map"}, false},
		fault{"var m sync.Mutex; m.Unlock()", []string{"unlock of unlocked"}, false},
		fault{"p := (*int)(unsafe.Pointer(uintptr(8))); *p = 1", nil, false},
	),
	"G11": func(t *testing.T) {
		c := fresh(t, environ("NABLA_MEMORY_LIMIT=1000000000"))
		c.OK("x := 41")
		d := c.Run("var all [][]byte\nfor { all = append(all, bytes.Repeat([]byte{1}, 100<<20)) }")
		if d.Reply.Status() != "error" {
			t.Errorf("%s", d.Reply.Content)
		}
		contains(t, d.said(), "memory")
		c.keeps(d, false)
	},
	"G12": func(t *testing.T) {
		c := fresh(t)
		c.OK("var g sync.WaitGroup\nfor i := 0; i < 100000; i++ { g.Add(1); go func() { g.Done() }() }\ng.Wait()")
		for range 100 {
			c.OK("go func() { select { } }()")
		}
		c.Survives()
	},
	"G13": func(t *testing.T) {
		c := fresh(t)
		c.OK("n := 0")
		for range 4 {
			c.OK("go func() { for i := 0; i < 100000; i++ { n++ } }()")
		}
		c.OK("n")
		c.Survives()
	},
	"G14": func(t *testing.T) {
		c := fresh(t)
		c.OK("x := 41")
		for _, code := range []string{
			`os.Chdir("/")`, "os.Stdout = nil", "runtime.GOMAXPROCS(1)", "debug.SetGCPercent(-1)",
			"os.Stdout.Close(); os.Stderr.Close(); os.Stdin.Close()", "syscall.Close(0); syscall.Close(1); syscall.Close(2)",
			`os.Clearenv()`, "signal.Ignore(os.Interrupt)",
		} {
			c.Run(code)
			if got := c.OK("x + 1").Value(); got != "42" {
				t.Errorf("after %s: %q", code, got)
			}
		}
		c.Survives()
	},
	"G15": func(t *testing.T) {
		d := fresh(t).Run("a := 1\nb := undefined1\n\nvar s string = 3\nfmt.Nothing()")
		contains(t, d.said(), "undefined1", "2:6", "4:", "Nothing", "5:")
	},
	"G16": func(t *testing.T) {
		c := fresh(t)
		d := c.Run("package main\n\nimport \"fmt\"\n\nfunc init() { fmt.Println(\"init\") }\n\nfunc main() { fmt.Println(\"main\") }")
		if d.Reply.Status() == "ok" {
			contains(t, d.Printed("stdout"), "main")
		} else {
			contains(t, d.said(), "package")
		}
		c.Survives()
	},
	"G17": func(t *testing.T) {
		c := fresh(t)
		key := c.kernelOf().c.Key
		d := c.OK(`fmt.Println(strings.Join(os.Environ(), "\n")); fmt.Println(os.Args)`)
		if strings.Contains(d.Printed("stdout"), key) {
			t.Error("the key is in the cell's environment")
		}
	},
}
