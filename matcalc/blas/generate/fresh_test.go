package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestFresh holds the committed assembly to what the generator writes.
func TestFresh(t *testing.T) {
	files, err := generated()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), want) {
			t.Errorf("%s is not what the generator writes: run go run ./matcalc/blas/generate -out matcalc/blas", name)
		}
	}
}
