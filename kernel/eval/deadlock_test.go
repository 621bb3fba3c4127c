package eval

import (
	"strings"
	"testing"
	"time"
)

// TestDeadlock wants Go's words where all goroutines wait for one another, with
// the values kept.
func TestDeadlock(t *testing.T) {
	for _, code := range []string{
		"<-make(chan int)",
		"select {}",
		"var mu sync.Mutex\nmu.Lock()\nmu.Lock()",
		"var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()",
		"a, b := make(chan int), make(chan int)\ngo func() { a <- <-b }()\nb <- <-a",
	} {
		t.Run(code, func(t *testing.T) {
			e := newEngine(t)
			e.firstLook = 30 * time.Millisecond
			play(e, "x := 41", 1)
			if got := play(e, code, 2); !strings.Contains(got, "fatal error: all goroutines are asleep - deadlock!") || !strings.Contains(got, "cell 2:") {
				t.Errorf("shows %s", got)
			}
			if got := play(e, "x + 1", 3); got != "= 42\n" {
				t.Errorf("afterwards x+1 shows %s", got)
			}
		})
	}
}

// TestNoDeadlock wants cells left alone whose goroutines will be woken.
func TestNoDeadlock(t *testing.T) {
	for _, code := range []string{
		"<-time.After(500 * time.Millisecond)",
		"c := make(chan int)\ngo func() { time.Sleep(500 * time.Millisecond); c <- 1 }()\n<-c",
		"c := make(chan bool)\ngo func() { exec.Command(\"sleep\", \"0.5\").Run(); close(c) }()\n<-c",
		"c := make(chan int)\ngo func() { for i := 0; i < 1e9; i++ { if i == 1e7 { c <- 1 } } }()\n<-c",
		"ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)\ndefer cancel()\n<-ctx.Done()",
		"a, _ := net.Pipe()\na.SetReadDeadline(time.Now().Add(500 * time.Millisecond))\n_, _ = a.Read(make([]byte, 1))",
		"c := make(chan bool)\nfunc() { p := new([64]int); runtime.SetFinalizer(p, func(*[64]int) { time.Sleep(300 * time.Millisecond); close(c) }) }()\ngo func() { for range 5 { runtime.GC(); time.Sleep(20*time.Millisecond) } }()\nselect { case <-c: case <-time.NewTimer(time.Second).C: }",
	} {
		t.Run(code, func(t *testing.T) {
			e := newEngine(t)
			e.firstLook = 30 * time.Millisecond
			start := time.Now()
			if got := play(e, code+"\nfmt.Println(\"done\")", 1); !strings.HasSuffix(got, "done\n") {
				t.Errorf("after %s shows %s", time.Since(start), got)
			}
		})
	}
}

// TestGoroutinePanic wants the panic of a goroutine to end its cell, with the
// values kept.
func TestGoroutinePanic(t *testing.T) {
	e := newEngine(t)
	play(e, "x := 41", 1)
	if got := play(e, "go func() { panic(\"boom\") }()\ntime.Sleep(time.Hour)", 2); !strings.Contains(got, "panic in a goroutine: boom") {
		t.Errorf("shows %s", got)
	}
	if got := play(e, "go func() { os.Exit(3) }()\ntime.Sleep(time.Hour)", 3); !strings.Contains(got, "exit status 3") {
		t.Errorf("shows %s", got)
	}
	if got := play(e, "x + 1", 4); got != "= 42\n" {
		t.Errorf("afterwards x+1 shows %s", got)
	}
}

// TestRuntimeWaits holds that a wait for a cycle of the collector is no deadlock.
func TestRuntimeWaits(t *testing.T) {
	const looks = "goroutine 1 [running]:\nx()\n\n"
	const receives = "goroutine 12 [chan receive]:\ntesting.(*B).doBench(0x1)\n\n"
	for head, want := range map[string]string{
		"goroutine 14 [semacquire]:\nruntime.GC()\n":                      "",
		"goroutine 14 [semacquire]:\nsync.runtime_SemacquireMutex(0x1)\n": "12 chan receive\n14 semacquire",
	} {
		if got := asleep(looks + receives + head); got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}
