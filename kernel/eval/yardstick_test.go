package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nabla-go/nabla/kernel/engine"
)

// A program is one yardstick: a whole Go program and what it prints.
type program struct {
	Name      string
	Source    string
	Want      string
	Unordered bool // lines in any order, as the testable examples may say
	Stderr    bool // what goes to stderr counts too
	Strict    bool // to the last byte
}

// A verdict is how a program did in the worker.
type verdict struct {
	Name, Fault string
}

// ended tells that the program has come to an end by itself.
func (v verdict) ended() bool { return v.Fault != "does not end" && v.Fault != "timeout" }

// limit is the time that a program may take. On a machine that is busy with
// other things NABLA_PATIENCE, a number, makes it as many times longer.
var limit = func() time.Duration {
	if n, err := strconv.Atoi(os.Getenv("NABLA_PATIENCE")); err == nil {
		return time.Duration(n) * 10 * time.Second
	}
	return 10 * time.Second
}()

// workerVariable makes the test binary run the programs of a file.
const workerVariable = "NABLA_YARDSTICK"

// TestMain runs the programs of a file when it is asked to: they share one
// engine, which may hang or end the process.
func TestMain(m *testing.M) {
	if file := os.Getenv(workerVariable); file != "" {
		os.Exit(yardstickWorker(file))
	}
	os.Exit(m.Run())
}

func yardstickWorker(file string) int {
	data, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	var programs []program
	if err := json.Unmarshal(data, &programs); err != nil {
		panic(err)
	}
	answers := os.NewFile(3, "answers")
	e, err := New(Options{WholeProcess: true})
	if err != nil {
		panic(err)
	}
	for _, p := range programs {
		ended := make(chan string, 1)
		go func() { ended <- p.run(e) }()
		v := verdict{Name: p.Name}
		select {
		case v.Fault = <-ended:
		case <-time.After(2 * limit):
			v.Fault = "does not end"
		}
		line, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(answers, "%s\n", line)
		if !v.ended() {
			return 1 // what it has left running would disturb the others
		}
	}
	return 0
}

// run plays the program twice as a cell, with a reset between, and says what is
// wrong with what it shows.
func (p program) run(e *Engine) string {
	for range 2 {
		out := &recorder{plain: !p.Stderr, joint: p.Stderr}
		timer := time.AfterFunc(limit, e.Interrupt)
		result := e.Execute(engine.Request{Code: p.Source, Count: 1}, out)
		if !timer.Stop() {
			return "timeout"
		}
		got := out.text.String()
		e.Execute(engine.Request{Code: "%reset", Count: 2}, &recorder{})
		if result.Err != nil {
			return colour.ReplaceAllString(strings.Join(append([]string{result.Err.Value}, result.Err.Traceback...), "\n"), "")
		}
		if !p.agrees(got) {
			return fmt.Sprintf("prints %.300q, want %.300q", got, p.Want)
		}
	}
	return ""
}

func (p program) agrees(got string) bool {
	if p.Strict {
		return got == p.Want
	}
	lines := func(s string) []string {
		all := strings.Split(strings.TrimSpace(s), "\n")
		for i := range all {
			all[i] = strings.TrimRight(all[i], " \t")
		}
		if p.Unordered {
			slices.Sort(all)
		}
		return all
	}
	return slices.Equal(lines(got), lines(p.Want))
}

// measure runs the programs in worker processes and gives the faults by name.
func measure(t *testing.T, programs []program) map[string]string {
	t.Helper()
	faults := map[string]string{}
	for len(programs) > 0 {
		file := filepath.Join(t.TempDir(), "programs.json")
		data, err := json.Marshal(programs)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		done := 0
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		var trouble bytes.Buffer
		cmd := exec.Command(testProgram)
		cmd.Env = append(os.Environ(), workerVariable+"="+file)
		cmd.Dir = t.TempDir()
		cmd.ExtraFiles = []*os.File{w}
		cmd.Stderr = &trouble
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		w.Close()
		for lines := bufio.NewScanner(r); lines.Scan(); {
			var v verdict
			if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
				t.Fatal(err)
			}
			done++
			if v.Fault != "" {
				faults[v.Name] = v.Fault
			}
		}
		r.Close()
		last := verdict{}
		if done > 0 {
			last = verdict{Fault: faults[programs[done-1].Name]}
		}
		if err := cmd.Wait(); err != nil && done < len(programs) && last.ended() {
			faults[programs[done].Name] = "ends the process: " + firstLines(trouble.String(), 3)
			done++
		}
		programs = programs[done:]
	}
	return faults
}

func firstLines(s string, n int) string {
	lines := strings.SplitN(s, "\n", n+1)
	return strings.Join(lines[:min(n, len(lines))], "\n")
}

// spread keeps every nth program unless all are asked for, or those whose names
// NABLA_PROGRAMS, a regular expression, matches.
func spread(programs []program, n int) []program {
	if only := os.Getenv("NABLA_PROGRAMS"); only != "" {
		re := regexp.MustCompile(only)
		return slices.DeleteFunc(programs, func(p program) bool { return !re.MatchString(p.Name) })
	}
	if os.Getenv("NABLA_FULL") != "" {
		return programs
	}
	var out []program
	for i := 0; i < len(programs); i += n {
		out = append(out, programs[i])
	}
	return out
}

// languageTests are Go's own run-time tests by folder of GOROOT/test.
func languageTests(t *testing.T, folder string) []program {
	t.Helper()
	dir := filepath.Join(toolchain(), "test", folder)
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Skipf("no Go tests in %s", dir)
	}
	var out []program
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(string(source), "\n"); strings.TrimSpace(first) != "// run" {
			continue
		}
		want, err := os.ReadFile(strings.TrimSuffix(file, ".go") + ".out")
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		out = append(out, program{Name: strings.TrimSuffix(filepath.Base(file), ".go"), Source: string(source), Want: string(want), Stderr: true, Strict: true})
	}
	return out
}

// interpreterTests are the programs by which yaegi is tested that say what they
// print, but for those that import packages beside them.
func interpreterTests(t *testing.T) []program {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(moduleFolder(t, "github.com/traefik/yaegi"), "_test", "*.go"))
	if err != nil || len(files) == 0 {
		t.Skip("no tests of yaegi")
	}
	var out []program
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ParseComments)
		if err != nil || len(f.Comments) == 0 || slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return strings.ContainsAny(s.Path.Value, ".") }) {
			continue
		}
		if want, ok := strings.CutPrefix(f.Comments[len(f.Comments)-1].Text(), "Output:"); ok {
			out = append(out, program{Name: strings.TrimSuffix(filepath.Base(file), ".go"), Source: string(source), Want: want, Stderr: true})
		}
	}
	return out
}

// examples are the testable examples with output below a folder, as whole
// programs.
func examples(t *testing.T, root string) []program {
	t.Helper()
	var out []program
	err := filepath.WalkDir(root, func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		switch d.Name() {
		case "internal", "vendor", "testdata", "cmd":
			return filepath.SkipDir
		}
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return err
		}
		out = append(out, examplesIn(t, dir, filepath.ToSlash(rel))...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func examplesIn(t *testing.T, dir, name string) []program {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var parsed []*ast.File
	for _, file := range files {
		if ok, err := build.Default.MatchFile(dir, filepath.Base(file)); err != nil || !ok {
			continue
		}
		f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
		if err == nil {
			parsed = append(parsed, f)
		}
	}
	var out []program
	for _, ex := range doc.Examples(parsed...) {
		if ex.Play == nil || ex.Output == "" {
			continue
		}
		var b bytes.Buffer
		if err := format.Node(&b, fset, ex.Play); err != nil {
			t.Fatal(err)
		}
		out = append(out, program{Name: name + "." + ex.Name, Source: b.String(), Want: ex.Output, Unordered: ex.Unordered})
	}
	return out
}

// unreachable reads the programs that cannot be right, with their reasons.
func unreachable(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("testdata/unreachable.list")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for line := range strings.Lines(string(data)) {
		name, reason, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && !strings.HasPrefix(name, "#") {
			out[name] = strings.TrimSpace(reason)
		}
	}
	return out
}

// A yardstick is one collection of programs. Floor is the share, in percent,
// that must be right; unreachable programs count as wrong.
type yardstick struct {
	name  string
	floor int
	step  int // of the sample that is run by default
	load  func(t *testing.T) []program
}

// stale complains of rows of the list that name no program.
func (y yardstick) stale(t *testing.T, cannot map[string]string, programs []program) {
	t.Helper()
	for name, reason := range cannot {
		if rest, ok := strings.CutPrefix(name, y.name+"/"); ok && (reason == "" || !slices.ContainsFunc(programs, func(p program) bool { return p.Name == rest })) {
			t.Errorf("unreachable.list: %s is no program, or has no reason", name)
		}
	}
}

func goroot(folder string) func(t *testing.T) []program {
	return func(t *testing.T) []program { return languageTests(t, folder) }
}

func moduleFolder(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", path).Output()
	if err != nil {
		t.Skipf("the source of %s is not here: %v", path, err)
	}
	return strings.TrimSpace(string(out))
}

var yardsticks = []yardstick{
	{"test", 65, 7, goroot(".")},
	{"typeparam", 90, 7, goroot("typeparam")},
	{"ken", 75, 4, goroot("ken")},
	{"chan", 50, 4, goroot("chan")},
	{"interface", 90, 3, goroot("interface")},
	{"fixedbugs", 85, 44, goroot("fixedbugs")},
	{"yaegi", 90, 60, interpreterTests},
	{"examples", 90, 20, func(t *testing.T) []program { return examples(t, filepath.Join(toolchain(), "src")) }},
	{"gonum", 85, 10, func(t *testing.T) []program { return examples(t, moduleFolder(t, "gonum.org/v1/gonum")) }},
	{"plot", 50, 2, func(t *testing.T) []program { return examples(t, moduleFolder(t, "gonum.org/v1/plot")) }},
}

// TestYardsticks runs programs that others wrote, each as one cell.
// NABLA_FULL=1 runs all of them, NABLA_PROGRAMS=regexp those of that name.
func TestYardsticks(t *testing.T) {
	if testing.Short() {
		t.Skip("many programs")
	}
	cannot := unreachable(t)
	full := os.Getenv("NABLA_FULL") != ""
	for _, y := range yardsticks {
		t.Run(y.name, func(t *testing.T) {
			programs := spread(y.load(t), y.step)
			faults := measure(t, programs)
			for _, p := range programs {
				if fault := faults[p.Name]; fault != "" {
					reason := cannot[y.name+"/"+p.Name]
					t.Logf("FAIL %s [%s]: %s", p.Name, reason, firstLines(fault, 4))
				}
			}
			right := len(programs) - len(faults)
			t.Logf("%s: %d of %d", y.name, right, len(programs))
			if full {
				y.stale(t, cannot, programs)
			}
			if len(programs) > 0 && right*100 < y.floor*len(programs) {
				t.Errorf("%s: %d of %d are right, want %d %%", y.name, right, len(programs), y.floor)
			}
		})
	}
}

// testProgram is this test's binary: cells may have changed os.Args since.
var testProgram = os.Args[0]

// toolchain is where the standard library's source is; "" without a Go toolchain.
var toolchain = sync.OnceValue(func() string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
})
