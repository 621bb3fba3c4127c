package matcalc

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/shape"
)

var goSignature = regexp.MustCompile(`(?m)^func (g\d+)\((.*)\) (\S+) \{$`)

// goData is a well-conditioned matrix, symmetric when it is square, that
// differs from name to name.
func goData(name string, rows, cols int) [][]float64 {
	seed := 0.0
	for _, r := range name {
		seed += float64(r)
	}
	out := make([][]float64, rows)
	for i := range out {
		out[i] = make([]float64, cols)
		for j := range out[i] {
			out[i][j] = 0.3 + 0.1*math.Sin(float64(i+j)+seed)
			if i == j && cols > 1 {
				out[i][j] += 2
			}
		}
	}
	return out
}

func goLiteral(name string, d [][]float64) string {
	var flat []string
	for _, row := range d {
		for _, v := range row {
			flat = append(flat, strconv.FormatFloat(v, 'g', -1, 64))
		}
	}
	return fmt.Sprintf("mat.NewDense(%d, %d, []float64{%s})", len(d), len(d[0]), strings.Join(flat, ", "))
}

var goSizes = map[string]int{"m": 4, "n": 3, "p": 2, "q": 5, "l": 2, "k": 3, "r": 2}

// TestGoRuns builds one program of the answers to a spread of cases, runs it
// and compares what it prints with Eval. NABLA_FULL=1 takes all cases.
func TestGoRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("go is not installed")
	}
	step := 9
	if os.Getenv("NABLA_FULL") == "1" {
		step = 1
	}
	files, _ := filepath.Glob("testdata/cases/*.json")
	var all []tableCase
	for _, f := range append(files, "testdata/derivatives.json") {
		all = append(all, loadCases(t, f)...)
	}
	var code format.GoCode
	var want []*Expr
	var inputs []Values
	for i := 0; i < len(all); i += step {
		c := all[i]
		v := c.variables(t)
		f, err := v.Parse(c.Expr)
		if err != nil {
			t.Fatal(err)
		}
		d, err := f.Ask(c.Wrt, c.request())
		if err != nil {
			continue
		}
		values := Values{}
		for _, s := range d.node.Variables() {
			values[s.Name()] = goValue(t, s.Name(), s.Shape())
		}
		for name := range v.scope.Dims {
			values[name] = goSizes[name]
		}
		code.Add(d.node, fmt.Sprintf("g%d", len(want)))
		want, inputs = append(want, d), append(inputs, values)
	}
	text := code.String()
	var calls strings.Builder
	for i, m := range goSignature.FindAllStringSubmatch(text, -1) {
		var args []string
		for _, p := range strings.Split(m[2], ", ") {
			name, _, _ := strings.Cut(p, " ")
			if p == "" {
				continue
			}
			args = append(args, goArgument(inputs[i], name))
		}
		call := m[1] + "(" + strings.Join(args, ", ") + ")"
		if m[3] == "float64" {
			call = "mat.NewDense(1, 1, []float64{" + call + "})"
		}
		fmt.Fprintf(&calls, "\tshow(%s)\n", call)
	}
	main := "package main\n\nimport (\n\t\"fmt\"\n\t\"math\"\n\n\t\"gonum.org/v1/gonum/mat\"\n)\n\nvar _ = math.Pi\n\nfunc show(a *mat.Dense) {\n\tfmt.Println(a.RawMatrix().Rows, a.RawMatrix().Cols)\n\tfmt.Println(mat.DenseCopyOf(a).RawMatrix().Data)\n}\n\nfunc main() {\n" + calls.String() + "}\n\n" + text
	path := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(path, []byte(main), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "run", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.3000s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 2*len(want) {
		t.Fatalf("%d lines for %d answers", len(lines), len(want))
	}
	for i, d := range want {
		ref := d.Eval(inputs[i])
		r, c := ref.Dims()
		got := strings.Fields(strings.Trim(lines[2*i+1], "[]"))
		if lines[2*i] != fmt.Sprint(r, c) || len(got) != r*c {
			t.Errorf("%s: size %s, want %d %d", d, lines[2*i], r, c)
			continue
		}
		for k, g := range got {
			x, _ := strconv.ParseFloat(g, 64)
			y := ref.At(k/c, k%c)
			if math.IsNaN(y) || math.Abs(x-y) <= 1e-8*(1+math.Abs(y)) {
				continue
			}
			t.Errorf("%s: entry %d is %v, want %v", d, k, x, y)
			break
		}
	}
	t.Logf("%d answers compared", len(want))
}

func goValue(t *testing.T, name string, s shape.Shape) any {
	if s.IsScalar() {
		return 0.7 + 0.01*float64(name[0]%7)
	}
	r, err := s.Rows.Eval(goSizes)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Cols.Eval(goSizes)
	if err != nil {
		t.Fatal(err)
	}
	return goData(name, r, c)
}

func goArgument(values Values, name string) string {
	if d, ok := strings.CutSuffix(name, "Size"); ok {
		return fmt.Sprint(goSizes[d])
	}
	switch v := values[strings.TrimSuffix(name, "_")].(type) {
	case float64:
		return fmt.Sprint(v)
	case [][]float64:
		return goLiteral(name, v)
	}
	return "nil"
}
