//go:build unix && !linux

package eval

import (
	"fmt"
	"os/exec"
	"strings"
)

// groupMembers lists the processes of a process group.
func groupMembers(group int) (pids []int) {
	list, err := exec.Command("ps", "-A", "-o", "pid=", "-o", "pgid=").Output()
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(list)) {
		var pid, of int
		if _, err := fmt.Sscan(line, &pid, &of); err == nil && of == group {
			pids = append(pids, pid)
		}
	}
	return pids
}
