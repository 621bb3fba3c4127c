package session

import (
	"os"
	"runtime"
	"sync"
	"time"
)

// A load is what the processes of the kernel use, and the machine has; what
// the system does not tell is 0.
type load struct {
	cpu            time.Duration // of the kernel and its children, since their start
	memory         int64         // resident bytes of the kernel and its children
	hostBusy       time.Duration // of all processors, since the machine started
	total, free    int64         // bytes of the machine
	available      int64
	active, cached int64
}

// A meter turns two readings into a share of the time between them.
type meter struct {
	mu   sync.Mutex
	last time.Time
	used load
}

// share is in percent: 100 is one processor for the kernel, all of them for
// the host.
func (m *meter) share(now load, at time.Time) (kernel, host float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if passed := at.Sub(m.last); !m.last.IsZero() && passed > 0 {
		kernel = 100 * float64(now.cpu-m.used.cpu) / float64(passed)
		host = 100 * float64(now.hostBusy-m.used.hostBusy) / float64(passed) / float64(runtime.NumCPU())
	}
	m.last, m.used = at, now
	return max(kernel, 0), min(max(host, 0), 100)
}

// usage answers jupyter-resource-usage, and nabla doctor, which wants to know as
// well what was dropped.
func usage(r *request) func() {
	now := measure()
	kernel, host := r.session.meter.share(now, time.Now())
	name, err := os.Hostname()
	if err != nil {
		name = "localhost"
	}
	used := 0.0
	if now.total > 0 {
		used = 100 * float64(now.total-now.available) / float64(now.total)
	}
	content := object{
		"hostname":         name,
		"pid":              os.Getpid(),
		"kernel_cpu":       kernel,
		"kernel_memory":    now.memory,
		"host_cpu_percent": host,
		"cpu_count":        runtime.NumCPU(),
		"host_virtual_memory": object{
			"total":     now.total,
			"available": now.available,
			"percent":   used,
			"used":      now.total - now.available,
			"free":      now.free,
			"active":    now.active,
			"cached":    now.cached,
		},
	}
	if r.session.Dropped != nil {
		content["dropped"] = r.session.Dropped()
	}
	r.reply(content)
	return nil
}
