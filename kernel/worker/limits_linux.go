package worker

import (
	"bufio"
	"bytes"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
)

const limitOfData = 2 // RLIMIT_DATA

// limitData makes the system refuse memory beyond the limit.
func limitData(limit int64) {
	var old syscall.Rlimit
	if syscall.Getrlimit(limitOfData, &old) == nil && old.Max >= uint64(limit) {
		syscall.Setrlimit(limitOfData, &syscall.Rlimit{Cur: uint64(limit), Max: old.Max})
	}
}

// available is the memory of the machine or, when that is less, of the control
// group; 0 if it is not known.
func available() int64 {
	total := int64(0)
	if data, err := os.ReadFile("/proc/meminfo"); err == nil {
		total = memTotal(data)
	}
	data, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return total
	}
	for _, file := range limitFiles(data) {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n > 0 && (total == 0 || n < total) {
			total = n
		}
	}
	return total
}

// memTotal reads MemTotal of /proc/meminfo, in bytes.
func memTotal(meminfo []byte) int64 {
	lines := bufio.NewScanner(bytes.NewReader(meminfo))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) >= 2 && fields[0] == "MemTotal:" {
			n, _ := strconv.ParseInt(fields[1], 10, 64) // 0 if it is none
			return n << 10
		}
	}
	return 0
}

// limitFiles lists the files that may hold a limit of the control groups named
// in /proc/self/cgroup, and of those above them.
func limitFiles(cgroup []byte) (files []string) {
	lines := bufio.NewScanner(bytes.NewReader(cgroup))
	for lines.Scan() {
		parts := strings.SplitN(lines.Text(), ":", 3)
		if len(parts) != 3 {
			continue
		}
		root, name := "", ""
		switch {
		case parts[0] == "0" && parts[1] == "":
			root, name = "/sys/fs/cgroup", "memory.max"
		case strings.Contains(","+parts[1]+",", ",memory,"):
			root, name = "/sys/fs/cgroup/memory", "memory.limit_in_bytes"
		default:
			continue
		}
		for dir := path.Clean("/" + parts[2]); ; dir = path.Dir(dir) {
			files = append(files, path.Join(root, dir, name))
			if dir == "/" {
				break
			}
		}
	}
	return files
}
