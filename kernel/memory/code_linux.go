package memory

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// dropCode lets go of the pages of the program itself. They are those of its
// file, and come back from the system's cache when they are used; most were used
// at the start only. What was written to stays.
func dropCode() {
	self, err := os.Executable()
	if err != nil {
		return
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer f.Close()
	for _, m := range unwritten(bufio.NewScanner(f), self) {
		// It is a hint: what the system does not want to drop stays.
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.from, m.to-m.from, syscall.MADV_DONTNEED)
	}
}

// A mapping is a range of addresses.
type mapping struct{ from, to uintptr }

// unwritten lists the mappings of a file that can only be read and hold no page
// of their own, such as one that the dynamic linker has written to.
func unwritten(smaps *bufio.Scanner, file string) (out []mapping) {
	var at mapping
	wanted := false
	for smaps.Scan() {
		line := smaps.Text()
		if name, size, ok := strings.Cut(line, ":"); ok && !strings.Contains(name, " ") {
			if wanted && name == "Anonymous" && strings.TrimSpace(size) == "0 kB" {
				out = append(out, at)
			}
			continue
		}
		var mode string
		n, _ := fmt.Sscanf(line, "%x-%x %s", &at.from, &at.to, &mode)
		wanted = n == 3 && strings.HasPrefix(mode, "r-") && strings.HasSuffix(mode, "p") && strings.HasSuffix(line, " "+file)
	}
	return out
}
