package eval

import (
	"runtime"
	"testing"
)

// TestForgetsCode runs many cells that leave nothing behind but one variable:
// what was compiled for them must go.
func TestForgetsCode(t *testing.T) {
	e := newEngine(t)
	run := func(n int) uint64 {
		for i := range n {
			play(e, "x := 1\nfor i := range 3 { x += i }\nfmt.Sprint(x, \"and some more\", x+1, x+2, x+3)", i)
		}
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := run(50)
	const cells = 300
	if after := run(cells); after > before+cells*20<<10 {
		t.Errorf("%d bytes a cell are kept", (after-before)/cells)
	}
}
