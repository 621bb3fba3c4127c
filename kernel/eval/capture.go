package eval

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// A capture takes what cells print through pipes, so that everything that
// writes to a file is seen.
type capture struct {
	out, err *tap
	stdin    *os.File // always at its end
	deliver  func(name, text string)
	mark     int
}

// A tap is one pipe. Its reader hands text on as it comes.
type tap struct {
	writer *os.File
	reader *os.File
	mu     sync.Mutex
	marks  map[string]chan struct{}
}

func newCapture() (*capture, error) {
	c := &capture{deliver: func(string, string) {}}
	var err error
	if c.out, err = c.tap("stdout"); err != nil {
		return nil, err
	}
	if c.err, err = c.tap("stderr"); err != nil {
		return nil, err
	}
	stdin, end, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.stdin = stdin
	return c, end.Close()
}

func (c *capture) tap(name string) (*tap, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	t := &tap{writer: w, reader: r, marks: map[string]chan struct{}{}}
	go t.read(func(text string) { c.deliver(name, text) })
	return t, nil
}

// A mark in the pipe tells that everything written before it has been read.
// The byte 0 does not stand in text by chance with this tail.
const (
	markHead = "\x00nabla-mark-"
	markTail = "\x00"
)

func (t *tap) read(deliver func(text string)) {
	buffer := make([]byte, 64<<10)
	var kept []byte // the start of a mark or of a character
	for {
		n, err := t.reader.Read(buffer)
		text := append(kept, buffer[:n]...)
		kept = nil
		for {
			i := bytes.IndexByte(text, markHead[0])
			if i < 0 {
				break
			}
			rest := text[i:]
			if len(rest) < len(markHead) && bytes.HasPrefix([]byte(markHead), rest) {
				kept, text = append([]byte(nil), rest...), text[:i]
				break
			}
			if !bytes.HasPrefix(rest, []byte(markHead)) {
				deliver(string(text[:i+1]))
				text = text[i+1:]
				continue
			}
			end := bytes.Index(rest[len(markHead):], []byte(markTail))
			if end < 0 {
				kept, text = append([]byte(nil), rest...), text[:i]
				break
			}
			if i > 0 {
				deliver(string(text[:i]))
			}
			t.reached(string(rest[len(markHead) : len(markHead)+end]))
			text = rest[len(markHead)+end+len(markTail):]
		}
		if cut := partialRune(text); cut > 0 && err == nil && kept == nil {
			kept, text = append([]byte(nil), text[len(text)-cut:]...), text[:len(text)-cut]
		}
		if len(text) > 0 {
			deliver(string(text))
		}
		if err != nil {
			return
		}
	}
}

// partialRune counts the bytes at the end that begin a character.
func partialRune(text []byte) int {
	for n := 1; n <= 3 && n <= len(text); n++ {
		b := text[len(text)-n]
		switch {
		case b < 0x80:
			return 0
		case b >= 0xC0:
			need := 2
			if b >= 0xE0 {
				need = 3
			}
			if b >= 0xF0 {
				need = 4
			}
			if n < need {
				return n
			}
			return 0
		}
	}
	return 0
}

func (t *tap) reached(mark string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ch, ok := t.marks[mark]; ok {
		close(ch)
		delete(t.marks, mark)
	}
}

// drainTime bounds the wait for output that is on its way.
const drainTime = 2 * time.Second

// drain waits until what was printed so far has been delivered.
func (c *capture) drain() {
	c.mark++
	for _, t := range []*tap{c.out, c.err} {
		name := strconv.Itoa(c.mark)
		done := make(chan struct{})
		t.mu.Lock()
		t.marks[name] = done
		t.mu.Unlock()
		if _, err := t.writer.WriteString(markHead + name + markTail); err != nil {
			continue
		}
		select {
		case <-done:
		case <-time.After(drainTime):
		}
	}
}

func (c *capture) close() error {
	c.out.writer.Close()
	c.err.writer.Close()
	return c.stdin.Close()
}

// quiet drops the lines that yaegi prints of a panic: the cell's error says it
// better.
type quiet struct{ io.Writer }

var panicLine = regexp.MustCompile(`(?m)^[^\n]*\d+:\d+: panic(: [^\n]*)?\n?`)

func (q quiet) Write(p []byte) (int, error) {
	if text := panicLine.ReplaceAll(p, nil); len(text) > 0 {
		if _, err := q.Writer.Write(text); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
