package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// inputs describes what the files of the group were made from: the toolchain
// for the standard library, the modules' versions for gonum. The test of
// freshness compares it: files of another toolchain are not stale, they only
// know that toolchain's packages.
func (g *group) inputs(root string) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "go %s\n", goVersion())
	if g.name == "gonum" {
		mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
		if err != nil {
			return nil, err
		}
		lines := regexp.MustCompile(`gonum\.org/v1/(gonum|plot) v\S+`).FindAll(mod, -1)
		slices.SortFunc(lines, bytes.Compare)
		for _, line := range lines {
			fmt.Fprintf(&b, "%s\n", line)
		}
	}
	return b.Bytes(), nil
}
