//go:build !windows

package kerneltest

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// processes are the kernel's process and those below it.
func (c *Client) processes() []int {
	c.Helper()
	all := []int{c.kernelOf().cmd.Process.Pid}
	for i := 0; i < len(all); i++ {
		out, err := exec.Command("pgrep", "-P", strconv.Itoa(all[i])).Output()
		if err != nil {
			continue // it has none
		}
		for _, f := range strings.Fields(string(out)) {
			if pid, err := strconv.Atoi(f); err == nil {
				all = append(all, pid)
			}
		}
	}
	return all
}

// cpu is the processor time of processes.
func cpu(t *testing.T, pids []int) (sum time.Duration) {
	t.Helper()
	for _, pid := range pids {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // a system without /proc measures nothing
		}
		fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
		for _, f := range fields[11:13] {
			n, err := strconv.Atoi(f)
			if err != nil {
				t.Fatal(err)
			}
			sum += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return sum
}

// descriptors counts the open files of processes.
func descriptors(t testing.TB, pids []int) (n int) {
	t.Helper()
	for _, pid := range pids {
		files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
		if err == nil {
			n += len(files)
		}
	}
	return n
}
