package compile_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/compile"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// TestSource prints the plans of a spread of cases as one program outside
// Nabla, runs it, and compares its numbers with the plans'. NABLA_FULL=1 takes
// all cases.
func TestSource(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("go is not installed")
	}
	spread := 11
	if os.Getenv("NABLA_FULL") == "1" {
		spread = 1
	}
	defer compile.JoinAll()() // sweeps are printed step by step
	var file compile.Source
	var calls strings.Builder
	var want [][]float64
	var names []string
	for i, d := range cases(t) {
		if i%spread != 0 {
			continue
		}
		f, g := d.roots()
		if f == nil || declared(f) {
			continue
		}
		env, err := check.Draw(both(f, g), 0, 0, f, g)
		if err != nil {
			continue
		}
		plan, err := compile.New(f, g).Plan(env.Dims)
		if err != nil {
			t.Fatal(d.ID, err)
		}
		name := fmt.Sprintf("F%d", i)
		if err := file.Add(plan, name, "value", "derivative"); err != nil {
			if !strings.Contains(err.Error(), "no form in plain Go") {
				t.Errorf("%s: %v", d.ID, err)
			}
			continue
		}
		var args []string
		for _, sym := range plan.Inputs() {
			v := env.Vars[sym]
			if err := plan.Set(sym, v.V); err != nil {
				t.Fatal(err)
			}
			args = append(args, literal(v.V))
		}
		if plan.Run() != nil || !conditioned(plan, env, f, g) {
			fmt.Fprintf(&calls, "_ = %s\n", name)
			continue
		}
		for root := range 2 {
			_, _, entries := plan.Result(root)
			want = append(want, append([]float64(nil), entries...))
			names = append(names, d.ID)
		}
		fmt.Fprintf(&calls, "show(%s()(%s))\n", name, strings.Join(args, ", "))
	}
	if len(want) < 100 {
		t.Fatalf("only %d results", len(want))
	}
	text := file.Text("main")
	if _, err := parser.ParseFile(token.NewFileSet(), "main.go", text, parser.AllErrors); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	main := "package main\n\nimport \"fmt\"\n\nfunc show(a, b []float64, err error) {\nif err != nil {\npanic(err)\n}\nfmt.Println(a)\nfmt.Println(b)\n}\n\nfunc main() {\n" + calls.String() + "}\n"
	write(t, filepath.Join(dir, "main.go"), main)
	write(t, filepath.Join(dir, "plans.go"), text)
	out, err := exec.Command(tool, "run", filepath.Join(dir, "main.go"), filepath.Join(dir, "plans.go")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d lines for %d results", len(lines), len(want))
	}
	for i, l := range lines {
		got := strings.Fields(strings.Trim(l, "[]"))
		for k, w := range want[i] {
			if x, _ := strconv.ParseFloat(got[k], 64); math.Abs(x-w) > 1e-8*(1+math.Abs(w)) {
				t.Errorf("%s: entry %d is %v, want %v", names[i], k, x, w)
				break
			}
		}
	}
	t.Logf("%d results compared", len(want))
}

// conditioned tells that rounding does not decide the results here.
func conditioned(p *compile.Plan, env *check.Env, roots ...*expr.Node) bool {
	for i, n := range roots {
		v, err := env.Eval(n)
		if err != nil || !v.Finite() {
			return false
		}
		r, c, entries := p.Result(i)
		if off, _, _ := check.Distance(&check.Value{R: r, C: c, V: entries}, v); !(off < 1e-9) {
			return false
		}
	}
	return true
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func literal(v []float64) string {
	var out []string
	for _, x := range v {
		out = append(out, strconv.FormatFloat(x, 'g', -1, 64))
	}
	return "[]float64{" + strings.Join(out, ", ") + "}"
}
