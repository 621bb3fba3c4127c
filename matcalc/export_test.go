package matcalc

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// exported are derivatives of every form whose code must agree with itself.
var exported = []struct {
	vars, f, wrt string
	q            Request
}{
	{"A: n×n; x: n", "x'*A*x", "x", Request{}},
	{"A: n×n; x: n", "x'*A*x", "x", Request{Layout: Numerator}},
	{"A: n×n; x: n", "x'*A*x", "x", Request{Kind: "hessian"}},
	{"A: m×n; x: n", "sin(A*x)", "x", Request{}},
	{"A: m×n; x: n", "sin(A*x)", "x", Request{Layout: Denominator}},
	{"X: m×n; W: n×k; Y: m×k", "norm2(tanh(X*W)-Y)^2", "W", Request{}},
	{"A: n×n bigpd; B: n×n small; t: scalar small", "inv(A+t*B)", "t", Request{}},
	{"t: scalar positive", "t^2*log(t)", "t", Request{}},
	{"t: scalar positive", "t^2*log(t)", "t", Request{Kind: "hessian"}},
	{"A: n×n; t: scalar; x: n", "sin(t)*A*x", "t", Request{Kind: "jacobian"}},
	{"X: n×n posdet", "logdet(X)", "X", Request{}},
	{"X: n×n pd; a: n", "a'*inv(X)*a", "X", Request{Structure: Projected}},
	{"X: n×n pd; a: n", "a'*inv(X)*a+logdet(X)", "X", Request{Structure: Independent}},
	{"X: n×n skew; a, b: n", "norm2(X*a-b)^2", "X", Request{Structure: SkewOf}},
	{"X: n×n diagonal; A: n×n", "norm2(A*X)^2", "X", Request{Structure: DiagonalOf}},
	{"X: m×n; A: p×n; B: m×q", "A*X'*B", "X", Request{Layout: "numerator-vec"}},
	{"A: n×n; x: n", "sum(A*softmax(x))", "x", Request{}},
	{"x: n; b: m", "b*sum(x)", "x", Request{}},
	{"d, row, entry: n; here: scalar", "here*d'*(row.*entry)", "row", Request{}},
	{"X: m×n", "sum(X)", "X", Request{}},
}

// TestExport builds and runs exported Go and Python with their self-tests, and
// the Go once more with a derivative that is wrong, which must be found.
func TestExport(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	var files []string
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range exported {
		d, err := Vars(c.vars).Expr(c.f).Ask(c.wrt, c.q)
		if err != nil {
			t.Fatalf("%s: %v", c.f, err)
		}
		pkg := fmt.Sprintf("p%d", i)
		if err := os.Mkdir(filepath.Join(dir, pkg), 0o700); err != nil {
			t.Fatal(err)
		}
		write(filepath.Join(pkg, "d.go"), d.GoFile(pkg, "Slope", true))
		write(filepath.Join(pkg, "d_test.go"), "package "+pkg+"\n\nimport \"testing\"\n\nfunc TestSlope(t *testing.T) {\n\tif err := SlopeSelfTest(); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n")
		write(fmt.Sprintf("d%d.py", i), d.NumPyFile("slope", true))
		files = append(files, fmt.Sprintf("d%d.py", i))
	}
	runExportedGo(t, dir)
	runExportedPython(t, dir, files)
}

// runExportedGo tests the packages in a module that borrows ours.
func runExportedGo(t *testing.T, dir string) {
	t.Helper()
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Log("go is not installed")
		return
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		raw, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command(tool, "test", "./...")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
	if out, err := run.CombinedOutput(); err != nil {
		t.Errorf("exported Go: %v\n%s", err, out)
	}
	// A wrong derivative must be found.
	path := filepath.Join(dir, "p0", "d.go")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := strings.Replace(string(raw), "\treturn v3\n", "\tv3.Scale(2, v3)\n\treturn v3\n", 1)
	if bad == string(raw) {
		t.Fatalf("nothing to spoil in\n%s", raw)
	}
	if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	run = exec.Command(tool, "test", "./p0")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
	if out, err := run.CombinedOutput(); err == nil || !strings.Contains(string(out), "by differences") {
		t.Errorf("a wrong derivative passes its self-test: %v\n%s", err, out)
	}
}

// runExportedPython runs the modules, where Python has NumPy and SciPy.
func runExportedPython(t *testing.T, dir string, files []string) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if p := os.Getenv("NABLA_PYTHON"); p != "" {
		python, err = p, nil
	}
	if err != nil || exec.Command(python, "-c", "import numpy, scipy").Run() != nil {
		t.Log("python3 with numpy and scipy is not installed")
		return
	}
	for _, f := range files {
		run := exec.Command(python, f)
		run.Dir = dir
		if out, err := run.CombinedOutput(); err != nil || !strings.Contains(string(out), "agrees") {
			raw, _ := os.ReadFile(filepath.Join(dir, f))
			t.Errorf("exported Python: %v\n%s\n%s", err, out, raw)
		}
	}
}
