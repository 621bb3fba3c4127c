package lower_test

import (
	"flag"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/symbols"
)

var update = flag.Bool("update", false, "write the golden files anew")

// bundled are the packages that cells have.
type bundled struct{ types.Importer }

func (bundled) Resolve(name string, members []string) string { return symbols.Resolve(name, members) }
func (bundled) Source(path string) map[string]string         { return symbols.Source(path) }
func (bundled) Module(string) bool                           { return false }
func (bundled) Symbol(path, name string) reflect.Value       { return symbols.Values(path)[name] }

const (
	cellMark    = "---- cell\n"
	loweredMark = "---- lowered\n"
)

// TestGolden holds the lowered text of cells: each file in testdata is one
// session.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			live := cell.NewLive(bundled{symbols.Importer()})
			var again strings.Builder
			for i, part := range strings.Split(string(data), cellMark) {
				if i == 0 {
					again.WriteString(part)
					continue
				}
				code, want, _ := strings.Cut(part, loweredMark)
				got := lowered(live, code)
				if got != strings.TrimRight(want, "\n")+"\n" && !*update {
					t.Errorf("cell %d:\n%slowered to\n%swant\n%s", i, code, got, want)
				}
				again.WriteString(cellMark + code + loweredMark + got)
			}
			if *update {
				if err := os.WriteFile(file, []byte(again.String()), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// lowered is what the interpreter would be given.
func lowered(live *cell.Live, code string) string {
	plan, faults := live.Check(code)
	if len(faults) > 0 {
		var b strings.Builder
		for _, f := range faults {
			fmt.Fprintf(&b, "error %d:%d: %s\n", f.Line, f.Column, f.Message)
		}
		return b.String()
	}
	plan.Commit()
	var b strings.Builder
	for _, i := range plan.Imports {
		fmt.Fprintf(&b, "import %s %q\n", i.Alias, i.Path)
	}
	b.WriteString(plan.Types + strings.TrimLeft(plan.Declarations, "\n"))
	if plan.Run != "" {
		fmt.Fprintf(&b, "run %s\n", plan.Run)
	}
	return b.String()
}
