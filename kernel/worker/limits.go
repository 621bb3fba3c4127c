package worker

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
)

// largestStack is that of one goroutine. Go's own limit, 1 GB, would take that
// much memory before an endless recursion ends.
const largestStack = 256 << 20

// limits bounds what the cells may take: NABLA_THREADS processors, and
// NABLA_MEMORY_LIMIT bytes, at which the process ends with Go's "out of memory"
// before the machine is in need.
func limits() {
	debug.SetMaxStack(largestStack)
	if n, err := strconv.Atoi(os.Getenv("NABLA_THREADS")); err == nil && n > 0 {
		runtime.GOMAXPROCS(n)
	}
	limit := memoryLimit()
	if limit <= 0 {
		return
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit / 10 * 9) // the collector works harder before the end
	}
	limitData(limit)
	g := &gauge{limit: limit, w: lastWordsTo}
	g.arm()
}

// memoryLimit is the number of bytes that the process may take, 0 for any.
var memoryLimit = sync.OnceValue(func() int64 {
	there := available()
	if text := os.Getenv("NABLA_MEMORY_LIMIT"); text != "" {
		limit, err := parseSize(text, there)
		if err == nil {
			return limit
		}
		fmt.Fprintln(os.Stderr, "NABLA_MEMORY_LIMIT:", err)
	}
	return there / 10 * 8
})

// units are the endings of a number of bytes, longer ones first.
var units = []struct {
	ending string
	bytes  float64
}{
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"tib", 1 << 40},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"tb", 1e12},
	{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}, {"t", 1 << 40}, {"b", 1}, {"", 1},
}

// parseSize reads 2GiB, 500MB, 50% (of what is there), a number of bytes, or
// off.
func parseSize(text string, there int64) (int64, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "off" {
		return 0, nil
	}
	number, unit := text, 0.0
	if rest, ok := strings.CutSuffix(text, "%"); ok {
		number, unit = rest, float64(there)/100
	} else {
		for _, u := range units {
			if rest, ok := strings.CutSuffix(text, u.ending); ok {
				number, unit = rest, u.bytes
				break
			}
		}
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if size := n * unit; err == nil && size >= 0 && size < 1<<62 {
		return int64(size), nil
	}
	return 0, fmt.Errorf("%q is no amount of memory; write 2GiB, 500MB, 50%% or off", text)
}

// size writes a number of bytes for people.
func size(n int64) string {
	if n < 1e9 {
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// A gauge looks at the memory in use after each collection of garbage, which
// is to say when it has grown; it costs nothing otherwise.
type gauge struct {
	limit  int64
	w      io.Writer
	warned bool
}

// A collected is garbage whose finalizer tells of a collection.
type collected struct{ _ [16]byte }

func (g *gauge) arm() {
	runtime.SetFinalizer(&collected{}, func(*collected) {
		g.look(inUse())
		g.arm()
	})
}

func inUse() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64()) - int64(samples[1].Value.Uint64())
}

// look warns once each time that the memory in use comes near the limit, and
// ends the process beyond it.
func (g *gauge) look(used int64) {
	switch {
	case used > g.limit:
		fmt.Fprintf(lastWordsTo, "fatal error: out of memory: %s in use\n", size(used))
		os.Exit(2)
	case used > g.limit/100*85 && !g.warned:
		g.warned = true
		fmt.Fprintf(g.w, "warning: the cells use %s of the %s of memory that they may take (NABLA_MEMORY_LIMIT); beyond that their process ends and all values are gone\n", size(used), size(g.limit))
	case used < g.limit/100*70:
		g.warned = false
	}
}

// lastWordsTo is the standard error that the kernel reads, whatever a cell makes
// of os.Stderr.
var lastWordsTo io.Writer = os.Stderr
