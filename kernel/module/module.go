// Package module finds the source of Go modules: in the cache of modules, in
// GOPATH, or fetched by the go command where there is one. It interprets
// nothing.
package module

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/build"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// A Module is the source of one version of a module.
type Module struct {
	Path, Version, Dir string
}

// A Set holds the modules that a session works with. The zero Set is empty.
type Set struct {
	mu       sync.Mutex
	modules  map[string]Module
	required map[string]string // versions that modules of the set ask for
}

// ErrNoToolchain says that a module is not on this machine and cannot be
// fetched.
var ErrNoToolchain = errors.New("there is no Go toolchain on this machine to fetch it with")

// Get adds a module, given as PATH, PATH@VERSION or the path of one of its
// packages, to the set.
func (s *Set) Get(ctx context.Context, spec string) (Module, error) {
	name, version, _ := strings.Cut(spec, "@")
	if err := module.CheckImportPath(name); err != nil {
		return Module{}, fmt.Errorf("%q is no path of a module, as in github.com/google/uuid@v1.6.0", name)
	}
	var first error
	for p := name; strings.Contains(p, "/") || p == name; p = path.Dir(p) {
		m, err := fetch(ctx, p, version)
		if err == nil {
			return m, s.add(m)
		}
		if first == nil {
			first = err
		}
		if errors.Is(err, ErrNoToolchain) && !strings.Contains(path.Dir(p), "/") || ctx.Err() != nil {
			break
		}
	}
	return Module{}, first
}

// fetch finds a module on this machine or has the go command download it.
func fetch(ctx context.Context, name, version string) (Module, error) {
	if m, ok := cached(name, version); ok && version != "" && version != "latest" {
		return m, nil
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		if m, ok := cached(name, version); ok {
			return m, nil
		}
		return Module{}, ErrNoToolchain
	}
	if version == "" {
		version = "latest"
	}
	dir, err := os.MkdirTemp("", "nabla-get-")
	if err != nil {
		return Module{}, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(ctx, tool, "mod", "download", "-json", name+"@"+version)
	cmd.Dir = dir // outside of any module
	out, err := cmd.Output()
	var answer struct{ Path, Version, Dir, Error string }
	if json.Unmarshal(out, &answer) == nil && answer.Error != "" {
		return Module{}, errors.New(answer.Error)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return Module{}, errors.New(strings.TrimSpace(string(exit.Stderr)))
	}
	if err != nil {
		return Module{}, err
	}
	if answer.Dir == "" {
		return Module{}, fmt.Errorf("go mod download gives no folder for %s", name)
	}
	return Module{answer.Path, answer.Version, answer.Dir}, nil
}

// cached looks for a module in the cache, the newest version when none is asked
// for, then in GOPATH.
func cached(name, version string) (Module, bool) {
	escaped, err := module.EscapePath(name)
	if err != nil {
		return Module{}, false
	}
	for _, gopath := range filepath.SplitList(build.Default.GOPATH) {
		cache := os.Getenv("GOMODCACHE")
		if cache == "" {
			cache = filepath.Join(gopath, "pkg", "mod")
		}
		found, _ := filepath.Glob(filepath.Join(cache, filepath.FromSlash(escaped)+"@*")) // the pattern is right
		versions := []string{}
		for _, dir := range found {
			_, v, _ := strings.Cut(filepath.Base(dir), "@")
			if v, err := module.UnescapeVersion(v); err == nil && (version == "" || version == "latest" || v == version) {
				versions = append(versions, v)
			}
		}
		if len(versions) > 0 {
			v := slices.MaxFunc(versions, semver.Compare)
			ev, _ := module.EscapeVersion(v) // it was unescaped above
			return Module{name, v, filepath.Join(cache, filepath.FromSlash(escaped)+"@"+ev)}, true
		}
		if dir := filepath.Join(gopath, "src", filepath.FromSlash(name)); isDir(dir) && version == "" {
			return Module{name, "", dir}, true
		}
	}
	return Module{}, false
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// add notes a module and what it requires.
func (s *Set) add(m Module) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.modules == nil {
		s.modules, s.required = map[string]Module{}, map[string]string{}
	}
	s.modules[m.Path] = m
	data, err := os.ReadFile(filepath.Join(m.Dir, "go.mod"))
	if err != nil {
		return nil // from before there were modules
	}
	file, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", m.Path, err)
	}
	for _, r := range file.Require {
		if have := s.required[r.Mod.Path]; have == "" || semver.Compare(have, r.Mod.Version) < 0 {
			s.required[r.Mod.Path] = r.Mod.Version
		}
	}
	return nil
}

// Locate gives the module that a package belongs to and the folder of the
// package; one that a module of the set requires is fetched.
func (s *Set) Locate(importPath string) (m Module, dir string, ok bool) {
	s.mu.Lock()
	m, known := longest(s.modules, importPath)
	version, required := longest(s.required, importPath)
	s.mu.Unlock()
	if !known && required {
		for p := importPath; p != "."; p = path.Dir(p) {
			if s.requires(p) == version {
				if got, err := fetch(context.Background(), p, version); err == nil && s.add(got) == nil {
					m, known = got, true
				}
				break
			}
		}
	}
	if !known {
		return m, "", false
	}
	dir = filepath.Join(m.Dir, filepath.FromSlash(strings.TrimPrefix(importPath, m.Path)))
	return m, dir, isDir(dir)
}

func (s *Set) requires(p string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.required[p]
}

// longest is the entry of the longest path that the import path lies in.
func longest[T any](entries map[string]T, importPath string) (value T, ok bool) {
	for p := importPath; p != "." && p != "/"; p = path.Dir(p) {
		if v, found := entries[p]; found {
			return v, true
		}
	}
	return value, false
}

// Files gives the Go files of a package for this system, name to text. What an
// interpreter cannot have is an error that names it.
func (s *Set) Files(importPath string) (map[string]string, error) {
	_, dir, ok := s.Locate(importPath)
	if !ok {
		return nil, fmt.Errorf("the package %s is in no module that was fetched", importPath)
	}
	ctx := build.Default
	ctx.CgoEnabled = false
	pkg, err := ctx.ImportDir(dir, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", importPath, err)
	}
	switch {
	case len(pkg.EmbedPatterns) > 0:
		return nil, fmt.Errorf("%s embeds files, which interpreted code cannot", importPath)
	case len(pkg.CFiles)+len(pkg.CXXFiles) > 0:
		return nil, fmt.Errorf("%s is written in C, which cannot be interpreted", importPath)
	}
	files := map[string]string{}
	for _, name := range pkg.GoFiles {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		files[name] = string(data)
	}
	return files, nil
}

// Packages lists the packages of a module that can be imported.
func (m Module) Packages() (list []string) {
	_ = filepath.WalkDir(m.Dir, func(name string, d os.DirEntry, err error) error { // what cannot be read is left out
		if err != nil || !d.IsDir() {
			return nil
		}
		base := d.Name()
		if name != m.Dir && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "internal" || base == "vendor") {
			return filepath.SkipDir
		}
		if pkg, err := build.ImportDir(name, 0); err == nil && pkg.Name != "main" {
			rel, _ := filepath.Rel(m.Dir, name) // name is below
			list = append(list, path.Join(m.Path, filepath.ToSlash(rel)))
		}
		return nil
	})
	return list
}
