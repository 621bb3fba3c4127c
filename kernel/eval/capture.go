package eval

import (
	"io"
	"os"
	"regexp"
	"sync"
	"sync/atomic"

	"github.com/nabla-go/nabla/kernel/pipe"
	"github.com/nabla-go/nabla/kernel/rt"
)

// A capture takes what cells print, in the order in which they print it. What
// goes through fmt.Print and log is delivered at once; what is written to
// os.Stdout and os.Stderr as files, which other processes can do as well, goes
// through pipes that are swept before anything else is delivered.
type capture struct {
	mu       sync.Mutex // orders what is delivered
	out, err *tap
	stdin    *os.File    // always at its end
	loud     atomic.Bool // there may be something in the pipes at any time
	// deliver takes text; direct tells that the goroutine which printed it calls.
	deliver func(name, text string, direct bool)
}

// A tap is standard output or standard error.
type tap struct {
	capture *capture
	name    string
	pipe    *pipe.Tap
	writer  *os.File
	seen    **os.File // the variable that cells see as os.Stdout or os.Stderr
}

func newCapture() (*capture, error) {
	c := &capture{deliver: func(string, string, bool) {}}
	c.out = &tap{capture: c, name: "stdout", seen: new(*os.File)}
	c.err = &tap{capture: c, name: "stderr", seen: new(*os.File)}
	for _, t := range c.taps() {
		if err := t.open(); err != nil {
			return nil, err
		}
	}
	stdin, end, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.stdin = stdin
	return c, end.Close()
}

func (c *capture) taps() [2]*tap { return [2]*tap{c.out, c.err} }

// open makes the pipe and lets cells see it.
func (t *tap) open() error {
	c := t.capture
	p, writer, err := pipe.New(&c.mu, func(text string) { c.deliver(t.name, text, false) })
	if err != nil {
		return err
	}
	t.pipe, t.writer, *t.seen = p, writer, writer
	return nil
}

// redirect makes the variables of package os those that cells see.
func (c *capture) redirect() {
	c.out.seen, c.err.seen = &os.Stdout, &os.Stderr
	os.Stdout, os.Stderr = c.out.writer, c.err.writer
}

// renew opens again what a cell has closed or set to nil.
func (c *capture) renew() {
	for _, t := range c.taps() {
		switch {
		case closed(t.writer):
			old, seen := t.writer, *t.seen
			if t.open() == nil && seen != old && seen != nil {
				*t.seen = seen // the cells have a file of their own there
			}
		case *t.seen == nil:
			*t.seen = t.writer
		}
	}
}

// closed tells whether a program has closed the file.
func closed(f *os.File) bool {
	conn, err := f.SyscallConn()
	if err != nil {
		return true
	}
	return conn.Control(func(uintptr) {}) != nil
}

// Write delivers what fmt.Print and log print, after what was printed before.
// Cells may have put another file in the place of the stream.
func (t *tap) Write(p []byte) (int, error) {
	if f := *t.seen; f != nil && f != t.writer {
		return f.Write(p)
	}
	c := t.capture
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loud.Load() {
		c.sweep()
	}
	c.deliver(t.name, string(p), true)
	return len(p), nil
}

func (c *capture) sweep() {
	c.out.pipe.Sweep()
	c.err.pipe.Sweep()
}

// drain delivers what was printed so far.
func (c *capture) drain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sweep()
}

func (c *capture) close() error {
	c.out.writer.Close()
	c.err.writer.Close()
	return c.stdin.Close()
}

// quiet drops the lines that yaegi prints of a panic, one for each call that it
// ends: the cell's error says it better. The first tells that the panic begins.
type quiet struct{ io.Writer }

var panicLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^(?:\d+:)?\d+: panic: [^\n]*\(\.\.\.\)\n?`) })

func (q quiet) Write(p []byte) (int, error) {
	text := panicLine().ReplaceAll(p, nil)
	if len(text) < len(p) {
		rt.Unwinding()
	}
	if len(text) > 0 {
		if _, err := q.Writer.Write(text); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
