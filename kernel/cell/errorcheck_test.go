package cell_test

import (
	"fmt"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/symbols"
)

// bundled are the packages that cells have.
type bundled struct{ types.Importer }

func (bundled) Resolve(name string, members []string) string { return symbols.Resolve(name, members) }
func (bundled) Source(path string) map[string]string         { return symbols.Source(path) }
func (bundled) Module(string) bool                           { return false }
func (bundled) Symbol(path, name string) reflect.Value       { return symbols.Values(path)[name] }

var (
	expected = regexp.MustCompile(`// (?:GC_)?ERROR ((?:"(?:[^"\\]|\\.)*"|` + "`[^`]*`" + `| )+)`)
	quoted   = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|` + "`[^`]*`")
	relative = regexp.MustCompile(`LINE([+-]\d+)?`)
	lenient  = regexp.MustCompile(`(declared|defined|imported) (and|but) not used|not used|imported as`)
)

// wrong are the errors that the comments of a program promise, by line.
func wrong(t *testing.T, source string) map[int][]*regexp.Regexp {
	out := map[int][]*regexp.Regexp{}
	for i, line := range strings.Split(source, "\n") {
		m := expected.FindStringSubmatch(line)
		if m == nil || strings.Contains(line, "////") { // which switches it off
			continue
		}
		for _, q := range quoted.FindAllString(m[1], -1) {
			text, err := strconv.Unquote(q)
			if err != nil {
				text = q[1 : len(q)-1] // an escape of regular expressions
			}
			text = relative.ReplaceAllStringFunc(text, func(r string) string {
				n, _ := strconv.Atoi(strings.TrimPrefix(r, "LINE")) // 0 without a number
				return strconv.Itoa(i + 1 + n)
			})
			pattern, err := regexp.Compile(text)
			if err != nil {
				t.Fatal(err)
			}
			out[i+1] = append(out[i+1], pattern)
		}
	}
	return out
}

// TestErrorCheck holds the errors of cells against those that Go's own test
// programs promise: every one on its line, and no others. Unused variables and
// imports are none in a cell. The programs of testdata/errorcheck.list differ,
// with the reason.
func TestErrorCheck(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no Go toolchain: ", err)
	}
	root := filepath.Join(strings.TrimSpace(string(goroot)), "test")
	var files []string
	for _, pattern := range []string{"*.go", "fixedbugs/*.go", "typeparam/*.go", "ken/*.go", "interface/*.go"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Skip("no tests in ", root)
	}
	excused := map[string]bool{}
	list, err := os.ReadFile("testdata/errorcheck.list")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(list)) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		excused[name] = true
	}
	passed, all := 0, 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source := string(data)
		if first, _, _ := strings.Cut(source, "\n"); first != "// errorcheck" {
			continue
		}
		all++
		name := strings.TrimSuffix(strings.TrimPrefix(file, root+"/"), ".go")
		_, faults := cell.NewLive(bundled{symbols.Importer()}).Check(source)
		complaint := judge(wrong(t, source), faults)
		switch {
		case complaint == "":
			passed++
			if excused[name] {
				t.Errorf("%s passes: take it off testdata/errorcheck.list", name)
			}
		case !excused[name]:
			t.Errorf("%s: %s", name, complaint)
		}
	}
	t.Logf("%d of %d", passed, all)
}

// judge says what is missing or too much, "" when all is as promised.
func judge(want map[int][]*regexp.Regexp, faults []cell.Error) string {
	for i := range faults { // places are written without the name of the file
		faults[i].Message = strings.ReplaceAll(faults[i].Message, "cell:", "")
	}
	for _, f := range faults {
		at := slices.IndexFunc(want[f.Line], func(r *regexp.Regexp) bool { return r.MatchString(f.Message) })
		if at < 0 {
			return fmt.Sprintf("%d:%d: %s: not promised", f.Line, f.Column, f.Message)
		}
	}
	for line, patterns := range want {
		for _, p := range patterns {
			if lenient.MatchString(p.String()) {
				continue
			}
			if !slices.ContainsFunc(faults, func(f cell.Error) bool { return f.Line == line && p.MatchString(f.Message) }) {
				return fmt.Sprintf("%d: no error matches %s", line, p)
			}
		}
	}
	return ""
}
