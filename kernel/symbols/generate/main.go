// Command generate writes what cells know about the compiled packages: symbol
// tables for the interpreter, export data for the type checker, documentation
// and, for packages with generic functions, source. It writes into the folders
// std, gonum and nabla beside it:
//
//	go generate ./kernel/symbols                  # everything, some minutes
//	go run ./kernel/symbols/generate -only nabla  # after a change of display or matcalc
//
// Packages whose exported names differ between platforms (os, runtime, syscall
// and a few more) get files for each platform; all others are shared.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	only := flag.String("only", "", "comma separated groups to write: std, gonum, nabla (default all)")
	dir := flag.String("dir", "", "folder of package symbols (default: found from the module)")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: generate [-only std,gonum,nabla] [-dir kernel/symbols]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(*dir, *only); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(dir, only string) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if dir == "" {
		dir = filepath.Join(root, "kernel", "symbols")
	}
	chosen, err := choose(only)
	if err != nil {
		return err
	}
	for _, g := range chosen {
		files, err := g.generate(root)
		if err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		if err := replace(filepath.Join(dir, g.name), files); err != nil {
			return err
		}
		fmt.Printf("%s: %d files, %d bytes\n", g.name, len(files), total(files))
	}
	return nil
}

// choose gives the groups named in only, all of them for "".
func choose(only string) ([]*group, error) {
	if only == "" {
		return groups, nil
	}
	var chosen []*group
	for name := range strings.SplitSeq(only, ",") {
		g := groupNamed(name)
		if g == nil {
			return nil, fmt.Errorf("-only %s: no such group; there are std, gonum and nabla", name)
		}
		chosen = append(chosen, g)
	}
	return chosen, nil
}

// replace writes files into dir and removes generated files that are not among them.
func replace(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, prefix+"*"))
	if err != nil {
		return err
	}
	for _, file := range old {
		if _, keep := files[filepath.Base(file)]; !keep {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

func total(files map[string][]byte) (n int) {
	for _, data := range files {
		n += len(data)
	}
	return n
}

// moduleRoot is the folder of go.mod at or above the working directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no go.mod at or above the working directory: run it inside the module")
		}
		dir = parent
	}
}
