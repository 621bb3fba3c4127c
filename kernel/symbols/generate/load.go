package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// load reads the packages of the group for one platform, with types and syntax,
// sorted by path. Positions carry short file names (fmt/print.go), so that the
// result is the same on every machine.
func (g *group) load(root string, p platform) ([]*packages.Package, error) {
	fset := token.NewFileSet()
	short := shortener(root)
	mode := packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedDeps
	if g.name == "nabla" {
		// Only these few are read from source, the rest from the compiler's cache.
		mode &^= packages.NeedDeps
		mode |= packages.NeedExportFile
	}
	config := &packages.Config{
		Mode: mode,
		Dir:  root,
		Fset: fset,
		Env:  append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch, "GOWORK=off"),
		ParseFile: func(fset *token.FileSet, filename string, src []byte) (*ast.File, error) {
			return parser.ParseFile(fset, short(filename), src, parser.ParseComments|parser.SkipObjectResolution)
		},
	}
	loaded, err := packages.Load(config, g.patterns...)
	if err != nil {
		return nil, err
	}
	var wanted []*packages.Package
	var faults []error
	for _, pkg := range loaded {
		if !g.wants(pkg.PkgPath, pkg.Name) {
			continue
		}
		if len(pkg.GoFiles) == 0 && g.name == "nabla" {
			continue // a folder that does not exist yet
		}
		for _, e := range pkg.Errors {
			faults = append(faults, fmt.Errorf("%s: %v", pkg.PkgPath, e))
		}
		if pkg.Name != "" {
			wanted = append(wanted, pkg)
		}
	}
	slices.SortFunc(wanted, func(a, b *packages.Package) int { return strings.Compare(a.PkgPath, b.PkgPath) })
	return wanted, errors.Join(faults...)
}

// shortener gives the function that turns a file's path into one that does not
// depend on the machine: relative to GOROOT/src, to the module cache or to the
// parent of the module's import path.
func shortener(root string) func(string) string {
	prefixes := [][2]string{
		{filepath.Join(goEnv("GOROOT"), "src"), ""},
		{goEnv("GOMODCACHE"), ""},
		{root, modulePath},
	}
	return func(file string) string {
		for _, p := range prefixes {
			if rest, ok := strings.CutPrefix(file, p[0]+string(filepath.Separator)); ok && p[0] != "" {
				return strings.TrimPrefix(p[1]+"/"+filepath.ToSlash(rest), "/")
			}
		}
		return filepath.Base(file)
	}
}

const modulePath = "github.com/nabla-go/nabla"

// goVersion is the toolchain that the standard library's files come from.
func goVersion() string { return runtime.Version() }
