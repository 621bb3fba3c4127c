package kernel_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/nabla-go/nabla"

// policy says what each room of the house may import besides the standard
// library: rooms by their path in the module, other modules by their full path
// ("..." allows everything below). A room that is not in the table, or an
// import that is not in its row, fails the test; so does a row without a room.
// Tests of a room are free: they may look into any other.
var policy = map[string]string{
	"":        "kernel install matcalc/cli",
	"display": "gonum.org/v1/gonum/... gonum.org/v1/plot/...",
	"install": "",

	"kernel":          "display kernel/wire kernel/zmq kernel/session kernel/engine kernel/worker kernel/memory kernel/cell kernel/eval kernel/calculus kernel/assist kernel/symbols kernel/notebook",
	"kernel/engine":   "display",
	"kernel/worker":   "kernel/engine kernel/pipe kernel/memory display",
	"kernel/pipe":     "",
	"kernel/memory":   "",
	"kernel/wire":     "",
	"kernel/zmq":      "kernel/wire github.com/go-zeromq/zmq4/...",
	"kernel/session":  "kernel/wire kernel/engine display",
	"kernel/rt":       "kernel/rt/dynamic",
	"kernel/cell":     "kernel/rt",
	"kernel/module":   "golang.org/x/mod/...",
	"kernel/eval":     "kernel/pipe kernel/module kernel/cell kernel/rt kernel/rt/dynamic kernel/symbols kernel/engine display github.com/traefik/yaegi/...",
	"kernel/calculus": "kernel/cell matcalc/... matcalc",
	"kernel/assist":   "kernel/cell kernel/symbols kernel/engine display",
	"kernel/symbols":  "display matcalc matcalc/... gonum.org/v1/... golang.org/x/tools/...",
	"kernel/notebook": "kernel/wire kernel/session kernel/engine display",

	"kernel/rt/dynamic":  "",
	"kernel/bench/loops": "",

	"kernel/kerneltest": "kernel/wire kernel/session kernel/engine display",

	"matcalc":            "matcalc/words matcalc/shape matcalc/expr matcalc/index matcalc/parse matcalc/format matcalc/rewrite matcalc/diff matcalc/derive matcalc/check matcalc/compile matcalc/compressed matcalc/optimize matcalc/halt matcalc/claim matcalc/stationary matcalc/review gonum.org/v1/gonum/...",
	"matcalc/words":      "",
	"matcalc/shape":      "matcalc/words",
	"matcalc/expr":       "matcalc/shape",
	"matcalc/function":   "matcalc/expr",
	"matcalc/index":      "matcalc/shape matcalc/expr",
	"matcalc/parse":      "matcalc/shape matcalc/expr matcalc/index",
	"matcalc/format":     "matcalc/shape matcalc/expr matcalc/function matcalc/index",
	"matcalc/rewrite":    "matcalc/shape matcalc/expr matcalc/function matcalc/parse",
	"matcalc/diff":       "matcalc/shape matcalc/expr matcalc/function matcalc/parse matcalc/rewrite",
	"matcalc/derive":     "matcalc/words matcalc/shape matcalc/expr matcalc/parse matcalc/format matcalc/rewrite matcalc/diff matcalc/check",
	"matcalc/check":      "matcalc/shape matcalc/expr matcalc/function matcalc/index",
	"matcalc/stationary": "matcalc/shape matcalc/expr matcalc/format matcalc/rewrite matcalc/diff matcalc/check gonum.org/v1/gonum/...",
	"matcalc/review":     "matcalc/words matcalc/shape matcalc/expr matcalc/parse matcalc/format matcalc/rewrite matcalc/diff matcalc/check matcalc/claim matcalc/stationary",
	"matcalc/claim":      "matcalc/words matcalc/shape matcalc/expr matcalc/format matcalc/rewrite matcalc/diff matcalc/check",
	"matcalc/regress":    "matcalc/words matcalc/halt matcalc/shape matcalc/expr matcalc/parse matcalc/format matcalc/rewrite matcalc/diff matcalc/derive matcalc/check matcalc/compile gonum.org/v1/...",
	"matcalc/compile":    "matcalc/shape matcalc/expr matcalc/check matcalc/blas matcalc/compressed gonum.org/v1/gonum/...",
	"matcalc/compressed": "matcalc/blas gonum.org/v1/gonum/...",
	"matcalc/optimize":   "gonum.org/v1/gonum/...",
	"matcalc/halt":       "",
	"matcalc/blas":       "gonum.org/v1/gonum/... golang.org/x/sys/cpu",
	"matcalc/bench":      "matcalc matcalc/blas matcalc/regress gonum.org/v1/gonum/...",
	"matcalc/cli":        "matcalc matcalc/regress",
}

// generators are commands that run at generation time only; they may read anything.
var generators = []string{"kernel/symbols/generate", "matcalc/blas/generate", "install/generate"}

// TestImports holds the borders between the rooms.
func TestImports(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		room := strings.TrimPrefix(filepath.ToSlash(rel), ".")
		if slices.ContainsFunc(generators, func(g string) bool { return room == g || strings.HasPrefix(room, g+"/") }) {
			return nil
		}
		room = house(room)
		row, ok := policy[room]
		if !ok {
			t.Errorf("%s: room %q has no row in the import policy", path, room)
			return nil
		}
		seen[room] = true
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if first, _, _ := strings.Cut(imp, "/"); !strings.Contains(first, ".") {
				continue // the standard library
			}
			if short, ok := strings.CutPrefix(imp, module+"/"); ok {
				imp = short
				if house(imp) == room {
					continue
				}
			}
			if !allowed(row, imp) {
				t.Errorf("%s imports %s: not allowed for room %q", filepath.Join(rel, name), imp, room)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room := range policy {
		if !seen[room] {
			t.Errorf("room %q of the import policy has no Go files", room)
		}
	}
}

// house gives the room that a package belongs to: its own row, else that of
// the nearest folder above which has one.
func house(pkg string) string {
	for p := pkg; p != "."; p = filepath.ToSlash(filepath.Dir(p)) {
		if _, ok := policy[p]; ok {
			return p
		}
		if !strings.Contains(p, "/") {
			break
		}
	}
	return pkg
}

// allowed tells whether a word of the row covers the import.
func allowed(row, imp string) bool {
	for word := range strings.FieldsSeq(row) {
		if word == imp {
			return true
		}
		if base, ok := strings.CutSuffix(word, "/..."); ok && (imp == base || strings.HasPrefix(imp, base+"/")) {
			return true
		}
	}
	return false
}
