package pipe

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestTap writes characters byte by byte and wants them whole and in order.
func TestTap(t *testing.T) {
	var mu sync.Mutex
	var got []string
	tap, w, err := New(&mu, func(text string) { got = append(got, text) })
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("é𝐚😀\n", 100)
	for i := range len(want) {
		if _, err := w.Write([]byte{want[i]}); err != nil {
			t.Fatal(err)
		}
		if i%7 == 0 {
			mu.Lock()
			tap.Sweep()
			mu.Unlock()
		}
	}
	mu.Lock()
	tap.Sweep()
	defer mu.Unlock()
	if text := strings.Join(got, ""); text != want {
		t.Errorf("got %q", text)
	}
	for _, piece := range got {
		if strings.ToValidUTF8(piece, "") != piece {
			t.Errorf("%q cuts a character", piece)
		}
	}
}

// TestSweep wants what was written before a sweep delivered by it, with the
// order of two pipes kept.
func TestSweep(t *testing.T) {
	var mu sync.Mutex
	var got strings.Builder
	add := func(text string) { got.WriteString(text) }
	a, wa, err := New(&mu, add)
	if err != nil {
		t.Fatal(err)
	}
	b, wb, err := New(&mu, add)
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for i := range 1000 {
		tap, w := a, wa
		if i%3 == 0 {
			tap, w = b, wb
		}
		fmt.Fprintf(w, "line %d\n", i)
		fmt.Fprintf(&want, "line %d\n", i)
		mu.Lock()
		tap.Sweep()
		mu.Unlock()
	}
	mu.Lock()
	defer mu.Unlock()
	if got.String() != want.String() {
		t.Error("the order is lost")
	}
}

// TestLarge wants all of what is more than a pipe holds, and an unfinished
// character at the end.
func TestLarge(t *testing.T) {
	var mu sync.Mutex
	var got strings.Builder
	_, w, err := New(&mu, func(text string) { got.WriteString(text) })
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("0123456789abcdef", 1<<18) + "\xf0\x9f"
	if _, err := w.WriteString(want); err != nil {
		t.Fatal(err)
	}
	w.Close()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		mu.Lock()
		n := got.Len()
		mu.Unlock()
		if n == len(want) {
			break
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if got.String() != want {
		t.Errorf("%d bytes of %d", got.Len(), len(want))
	}
}
