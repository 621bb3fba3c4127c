package worker

import (
	"strings"
	"testing"
)

// deaths are ways to end a process that no recover prevents. Each cell ends
// with an error in Go's words, and the kernel goes on.
var deaths = []struct {
	name, code string
	want       string // in the error's value
	line       string // in the traceback, "" if it cannot be known
}{
	{"stack overflow", "func deep(n int) int { return deep(n+1) + 1 }\n\ndeep(0)", "fatal error: stack overflow", "cell 3:3"},
	{"concurrent map write", `m := map[int]int{}
for g := 0; g < 8; g++ { go func() { for { for i := 0; i < 100; i++ { m[i] = i } } }() }
time.Sleep(time.Minute)`, "fatal error: concurrent map", "cell 3:"},
	{"unlock of unlocked mutex", "var mu sync.Mutex\nmu.Unlock()", "fatal error: sync: unlock of unlocked mutex", "cell 3:2"},
	{"panic in a compiled goroutine", "time.AfterFunc(0, func() { panic(\"boom\") })\ntime.Sleep(time.Minute)", "panic: boom", ""},
	{"bad address", `page, err := syscall.Mmap(-1, 0, 4096, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
page[0] = 1`, "fatal error: fault", "cell 3:2"},
	{"killed", "syscall.Kill(syscall.Getpid(), syscall.SIGKILL)\nselect {}", "signal: killed", ""},
	{"terminated", "syscall.Kill(syscall.Getpid(), syscall.SIGTERM)\nselect {}", "signal: terminated", ""},
	{"aborted", "syscall.Kill(syscall.Getpid(), syscall.SIGABRT)\nselect {}", "SIGABRT", ""},
	{"exit by system call", "syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 7, 0, 0)", "exit status 7", "cell 3:1"},
	{"out of memory", "var all [][]byte\nfor {\n\tall = append(all, bytes.Repeat([]byte{1}, 64<<20))\n}", "out of memory", "cell 3:2"},
	{"too large a block", "b := make([]byte, 1<<40)\nlen(b)", "fatal error: runtime: out of memory", "NABLA_MEMORY_LIMIT"},
	{"closed pipes", "for i := 0; i < 20; i++ { syscall.Close(i) }\nselect {}", "", ""},
}

func TestDeaths(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, run with -short, has memory and words of its own")
	}
	c := living(t)
	for _, d := range deaths {
		t.Run(d.name, func(t *testing.T) {
			if err, out := play(c, "x := 41"); err != nil {
				t.Fatalf("before: %v %s", err, out)
			}
			err, out := play(c, d.code)
			if err == nil {
				t.Fatal("no error")
			}
			trace := strings.Join(err.Traceback, "\n")
			t.Logf("%s: %s\n%s\nout %q", err.Name, err.Value, trace, out)
			if !strings.Contains(err.Value, d.want) || strings.Contains(err.Value, "\n") {
				t.Errorf("the value is %q", err.Value)
			}
			if strings.Count(trace, "%run-all") != 1 || !strings.Contains(trace, d.line) {
				t.Error("the traceback does not tell enough")
			}
			if strings.Contains(trace, "yaegi") || strings.Contains(trace, ".go:") {
				t.Error("the traceback shows the interpreter")
			}
			if err, out := play(c, "x := 41; x + 1"); err != nil || out != "= 42" {
				t.Errorf("afterwards: %v %q", err, out)
			}
		})
	}
}
