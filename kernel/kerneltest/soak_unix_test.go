//go:build !windows

package kerneltest

import (
	"fmt"
	"math/rand"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/session"
)

// TestSoak uses a kernel as people do, for three seconds or as long as
// NABLA_SOAK says:
//
//	NABLA_SOAK=1h go test ./kernel/kerneltest -run TestSoak -timeout 2h -v
//
// Memory, descriptors, goroutines and the time of a cell are measured at the
// start and at the end.
func TestSoak(t *testing.T) {
	length := 3 * time.Second
	if text := os.Getenv("NABLA_SOAK"); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	s := &soak{TB: t, random: rand.New(rand.NewSource(seed)), kernel: launch(t), done: map[string]int{}}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("step %d, the last of %v", s.count, s.last)
		}
	})
	s.client = s.kernel.client()
	for range 50 {
		s.step("cell")
	}
	before := s.health()
	for end, n := time.Now().Add(length), 0; time.Now().Before(end); n++ {
		s.step(s.choose())
		if n%5000 == 4999 {
			t.Logf("%v: %s", s.done, s.health())
		}
	}
	after := s.health()
	t.Logf("%v\nat the start: %s\nat the end:   %s", s.done, before, after)
	if grown := after.memory - before.memory; grown > 200<<20 {
		t.Errorf("memory grew by %d MB", grown>>20)
	}
	if after.files > before.files+20 {
		t.Errorf("descriptors grew from %d to %d", before.files, after.files)
	}
}

// A soak is a kernel in long use.
type soak struct {
	testing.TB
	random *rand.Rand
	kernel *kernel
	client *Client
	count  int
	done   map[string]int
	last   []string // steps, for a failure
}

// weights say how often each thing is done.
var weights = map[string]int{"cell": 400, "print": 100, "error": 100, "compile error": 50, "complete": 100, "comm": 30, "interrupt": 10, "reconnect": 10, "deaf": 5, "garbage": 10, "restart": 1}

var doings = map[string]func(s *soak){
	"cell":          func(s *soak) { s.client.OK(fmt.Sprintf("v%d := %d; v%d + 1", s.count%50, s.count, s.count%50)) },
	"print":         func(s *soak) { s.client.OK("for i := 0; i < 1000; i++ { fmt.Println(i) }") },
	"error":         func(s *soak) { s.client.Run(`panic("soak")`) },
	"compile error": func(s *soak) { s.client.Run("undefined +") },
	"complete": func(s *soak) {
		s.client.Ask(session.Shell, "complete_request", map[string]any{"code": "strings.", "cursor_pos": 8})
	},
	"comm": func(s *soak) {
		s.client.OK(`display.OpenComm("soak", map[string]any{"n": 1}).Close()`)
	},
	"interrupt": func(s *soak) {
		id := s.client.Start("for { }")
		s.client.Published(id, "execute_input")
		time.Sleep(20 * time.Millisecond)
		s.client.Ask(session.Control, "interrupt_request", map[string]any{})
		s.client.Finish(session.Shell, id)
	},
	"reconnect": func(s *soak) {
		s.client.leave()
		s.client = s.kernel.client()
	},
	"deaf": func(s *soak) { // a subscriber that never reads, and goes
		p := s.kernel.dial(s.kernel.c.IOPubPort, "SUB", "")
		_ = p.Subscribe("") // it may be gone
		s.client.OK("for i := 0; i < 1000; i++ { fmt.Println(i) }")
		p.Close()
	},
	"garbage": func(s *soak) {
		p := s.kernel.dial(s.kernel.c.ShellPort, "DEALER", "")
		_ = p.Send([]byte("nonsense")) // the kernel may hang up
		p.Close()
	},
	"restart": func(s *soak) {
		s.kernel = s.kernel.restart(s.client)
		s.client = s.kernel.client()
	},
}

func (s *soak) choose() string {
	sum := 0
	names := make([]string, 0, len(weights))
	for name, w := range weights {
		sum += w
		names = append(names, name)
	}
	slices.Sort(names)
	at := s.random.Intn(sum)
	for _, name := range names {
		if at -= weights[name]; at < 0 {
			return name
		}
	}
	return "cell"
}

func (s *soak) step(name string) {
	s.count++
	s.last = append(s.last[max(0, len(s.last)-9):], name)
	s.done[name]++
	doings[name](s)
	s.client.forget()
}

// forget drops what nobody has asked for: a long test must not keep it.
func (c *Client) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.waiting)
	if len(c.seen) > 100_000 {
		clear(c.seen)
	}
}

// A state is what a kernel uses.
type state struct {
	memory     int64
	files      int
	goroutines string
	cell       time.Duration
}

func (s state) String() string {
	return fmt.Sprintf("%d MB, %d descriptors, %s goroutines in the worker, %s a cell", s.memory>>20, s.files, s.goroutines, s.cell)
}

// health measures the kernel; a cell's time is the median of 50.
func (s *soak) health() state {
	var times []time.Duration
	for range 50 {
		start := time.Now()
		s.client.OK("1 + 1")
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return state{
		memory:     s.client.memory(),
		files:      descriptors(s.TB, s.client.processes()),
		goroutines: s.client.OK("runtime.NumGoroutine()").Value(),
		cell:       times[len(times)/2],
	}
}
