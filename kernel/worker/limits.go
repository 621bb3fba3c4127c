package worker

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
)

// largestStack is that of one goroutine. Go's own limit, 1 GB, would take that
// much memory before an endless recursion ends.
const largestStack = 512 << 20

// limits bounds what the cells may take: NABLA_THREADS processors.
func limits() {
	debug.SetMaxStack(largestStack)
	if n, err := strconv.Atoi(os.Getenv("NABLA_THREADS")); err == nil && n > 0 {
		runtime.GOMAXPROCS(n)
	}
}
