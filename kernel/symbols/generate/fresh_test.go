package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The generated files are what the generator writes now. The standard library's
// and gonum's depend on the toolchain: another one than recorded skips them,
// since its packages differ from the recorded ones without anything being stale.
func TestFresh(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			dir := filepath.Join(root, "kernel", "symbols", g.name)
			record, err := os.ReadFile(filepath.Join(dir, prefix+"inputs.txt"))
			if err != nil {
				t.Fatal(err)
			}
			version, _, _ := strings.Cut(string(record), "\n")
			if g.name == "std" && version != "go "+goVersion() {
				t.Skipf("made with %s, this is go %s: run go generate ./kernel/symbols to move on", version, goVersion())
			}
			want, err := g.generate(root)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, dir, want)
		})
	}
}

func compare(t *testing.T, dir string, want map[string][]byte) {
	const mend = "run go generate ./kernel/symbols"
	for name, content := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		switch {
		case err != nil:
			t.Errorf("%v; %s", err, mend)
		case name == prefix+"inputs.txt":
		case !bytes.Equal(got, content):
			t.Errorf("%s is stale; %s", name, mend)
		}
	}
	old, err := filepath.Glob(filepath.Join(dir, prefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range old {
		if _, ok := want[filepath.Base(file)]; !ok {
			t.Errorf("%s is left over; %s", file, mend)
		}
	}
}
