package memory

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"
)

const smaps = `00400000-02a00000 r-xp 00000000 fe:01 7 /opt/nabla
Size:              39936 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
02a00000-05000000 r--p 02600000 fe:01 7 /opt/nabla
Anonymous:             0 kB
05000000-05100000 r--p 04c00000 fe:01 7 /opt/nabla
Anonymous:             8 kB
05100000-05200000 rw-p 04d00000 fe:01 7 /opt/nabla
Anonymous:             0 kB
c000000000-c000400000 rw-p 00000000 00:00 0
Anonymous:          4096 kB
7f0000000000-7f0000001000 r-xp 00000000 fe:01 8 /lib/libc.so
Anonymous:             0 kB
7f1000000000-7f1000001000 r--s 00000000 fe:01 7 /opt/nabla
Anonymous:             0 kB
`

func TestUnwritten(t *testing.T) {
	got := unwritten(bufio.NewScanner(strings.NewReader(smaps)), "/opt/nabla")
	if want := []mapping{{0x400000, 0x2a00000}, {0x2a00000, 0x5000000}}; !slices.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

// TestDropCode goes on running after its own code was dropped.
func TestDropCode(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip("there is no /proc")
	}
	defer f.Close()
	if len(unwritten(bufio.NewScanner(f), self)) == 0 {
		t.Error("no mapping of the program is found")
	}
	for range 3 {
		dropCode()
		if got := strings.ToUpper("still here"); got != "STILL HERE" {
			t.Error(got)
		}
	}
}

// TestKeeper counts what is to do.
func TestKeeper(t *testing.T) {
	k := NewKeeper()
	k.Begin()
	k.Begin()
	k.End()
	k.release() // busy: nothing happens
	k.End()
	k.release()
	if k.busy != 0 {
		t.Errorf("%d are left", k.busy)
	}
}
