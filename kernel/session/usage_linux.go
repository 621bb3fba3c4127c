package session

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc, a hundredth of a second on all systems
// that Go runs on.
const tick = 10 * time.Millisecond

// measure reads /proc.
func measure() (l load) {
	parents := map[int]int{}
	times := map[int]time.Duration{}
	pages := map[int]int64{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return l
	}
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			parents[pid], times[pid], pages[pid] = processStat(pid)
		}
	}
	self := os.Getpid()
	for pid := range parents {
		if descends(pid, self, parents) {
			l.cpu += times[pid]
			l.memory += pages[pid] * int64(os.Getpagesize())
		}
	}
	l.hostBusy = busyTime()
	l.total, l.free, l.available = memory("MemTotal"), memory("MemFree"), memory("MemAvailable")
	l.active, l.cached = memory("Active"), memory("Cached")
	return l
}

// descends tells whether a process is the ancestor or below it.
func descends(pid, ancestor int, parents map[int]int) bool {
	for range len(parents) + 1 {
		if pid == ancestor {
			return true
		}
		if pid = parents[pid]; pid == 0 {
			return false
		}
	}
	return false
}

// processStat reads the parent, the processor time and the resident pages.
func processStat(pid int) (parent int, cpu time.Duration, pages int64) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, 0, 0
	}
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:])) // the name may hold spaces
	if len(fields) < 22 {
		return 0, 0, 0
	}
	number := func(i int) int64 {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0
		}
		return n
	}
	return int(number(1)), time.Duration(number(11)+number(12)) * tick, number(21)
}

// busyTime is what all processors have worked.
func busyTime() (busy time.Duration) {
	data, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(data), "\n")
	for i, f := range strings.Fields(line) {
		if n, err := strconv.ParseInt(f, 10, 64); err == nil && i != 4 && i != 5 { // idle, iowait
			busy += time.Duration(n) * tick
		}
	}
	return busy
}

// memory reads one line of /proc/meminfo in bytes.
func memory(name string) int64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), name+":"); ok {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err != nil {
				return 0
			}
			return n << 10
		}
	}
	return 0
}
