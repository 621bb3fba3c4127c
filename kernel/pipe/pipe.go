// Package pipe reads what programs print: pipes whose reader delivers text as
// it comes, and on request at once all that has been written so far. That gives
// an order among several pipes and what is printed in other ways.
package pipe

import (
	"os"
	"sync"
	"unicode/utf8"
)

// A Tap reads one pipe.
type Tap struct {
	file    *os.File
	mu      sync.Locker
	deliver func(text string)
	buffer  []byte
	rest    []byte // the beginning of a character
}

// New makes a pipe. What is written to the writer is given to deliver, in
// pieces that do not cut characters, while mu is held: taps that share mu
// deliver one at a time.
func New(mu sync.Locker, deliver func(text string)) (t *Tap, writer *os.File, err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	t = &Tap{file: r, mu: mu, deliver: deliver, buffer: make([]byte, 64<<10)}
	go func() {
		t.run()
		mu.Lock()
		defer mu.Unlock()
		t.Flush()
		r.Close()
	}()
	return t, w, nil
}

// take delivers what was read. The caller holds mu.
func (t *Tap) take(data []byte) {
	if len(t.rest) > 0 {
		data = append(t.rest, data...)
		t.rest = nil
	}
	if cut := unfinished(data); cut > 0 {
		t.rest = append([]byte(nil), data[len(data)-cut:]...)
		data = data[:len(data)-cut]
	}
	if len(data) > 0 {
		t.deliver(string(data))
	}
}

// Flush delivers the beginning of a character that was never finished. The
// caller holds mu.
func (t *Tap) Flush() {
	if len(t.rest) > 0 {
		text := string(t.rest)
		t.rest = nil
		t.deliver(text)
	}
}

// unfinished counts the bytes at the end that begin a character.
func unfinished(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if b := text[len(text)-n]; utf8.RuneStart(b) {
			if utf8.FullRune(text[len(text)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}
