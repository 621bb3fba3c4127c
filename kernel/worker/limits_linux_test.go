package worker

import (
	"slices"
	"testing"
)

func TestLimitFiles(t *testing.T) {
	for text, want := range map[string][]string{
		"0::/user/a\n":                    {"/sys/fs/cgroup/user/a/memory.max", "/sys/fs/cgroup/user/memory.max", "/sys/fs/cgroup/memory.max"},
		"5:cpu,memory:/x\n4:freezer:/y\n": {"/sys/fs/cgroup/memory/x/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.limit_in_bytes"},
		"nonsense":                        nil,
		"0::../../..":                     {"/sys/fs/cgroup/memory.max"},
	} {
		if got := limitFiles([]byte(text)); !slices.Equal(got, want) {
			t.Errorf("%q gives %q", text, got)
		}
	}
	if n := memTotal([]byte("MemFree: 1 kB\nMemTotal:       2 kB\n")); n != 2048 {
		t.Errorf("MemTotal is %d", n)
	}
	if available() <= 0 {
		t.Error("the memory of this machine is not known")
	}
}
