package kernel

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// codeCell is a code cell of a notebook for a test.
type codeCell struct {
	source string
	tags   []string
}

// write makes a notebook without cell ids, of nbformat 4.4.
func write(t *testing.T, cells ...codeCell) string {
	t.Helper()
	list := []any{map[string]any{"cell_type": "markdown", "metadata": map[string]any{}, "source": "# Title\n$x^2$"}}
	for _, c := range cells {
		metadata := map[string]any{}
		if c.tags != nil {
			metadata["tags"] = c.tags
		}
		list = append(list, map[string]any{"cell_type": "code", "metadata": metadata, "source": c.source, "outputs": []any{}, "execution_count": nil})
	}
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 4, "metadata": map[string]any{}, "cells": list})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.ipynb")
	if err := os.WriteFile(path, text, 0o640); err != nil {
		t.Fatal(err)
	}
	return path
}

var parameters = codeCell{"name := `x`\nn, rate := 1, 0.5\nflags := []bool{}", []string{"parameters"}}

// runs are calls of nabla run: what the notebook holds, the arguments, what is
// typed, and what must be in the output; failed ones have status 1.
var runs = []struct {
	name   string
	cells  []codeCell
	args   []string
	input  string
	failed bool
	want   []string
}{
	{"markdown and mathematics", []codeCell{{"mat.NewVecDense(2, []float64{1, 2})", nil}}, nil, "", false, []string{"Title", "x²", "⎡1⎤\n⎣2⎦"}},
	{"unicode", []codeCell{{"matcalc.Vars(`A: n×n; x: n`).Expr(`x'*A*x`)", nil}}, nil, "", false, []string{"xᵀAx"}},
	{"error with cell and line", []codeCell{{"x := 1", nil}, {"x +\n undefined1", nil}}, nil, "", true, []string{"test.ipynb: cell 3 (In [2]), line 2: CompileError", "undefined1"}},
	{"panic with line", []codeCell{{"s := []int{}\ni := 3\ns[i]", nil}}, nil, "", true, []string{"cell 2 (In [1]), line 3", "index out of range"}},
	{"allowed to fail", []codeCell{{"panic(1)", []string{"raises-exception"}}, {"`went` + ` on`", nil}}, nil, "", false, []string{"went on"}},
	{"parameters", []codeCell{parameters, {"fmt.Println(name, n, rate, flags)", nil}},
		[]string{"-p", "name=a b", "-p", "n=7", "-p", "rate=2", "-p", "flags=[]bool{true}"}, "", false, []string{"a b 7 2 [true]"}},
	{"parameter of a wrong type", []codeCell{parameters}, []string{"-p", "n=many"}, "", true, []string{"cell 3", "undefined: many"}},
	{"parameter that is not declared", []codeCell{parameters}, []string{"-p", "m=1"}, "", true, []string{"-p m:", "declares no variable m"}},
	{"no cell of parameters", []codeCell{{"1", nil}}, []string{"-p", "m=1"}, "", true, []string{"tagged parameters"}},
	{"timeout", []codeCell{{"for { }", nil}}, []string{"--timeout", "200ms"}, "", true, []string{"cell 2 (In [1]): ran longer than 200ms"}},
	{"input", []codeCell{{"s := display.Input(`who? `)\nfmt.Println(`hello`, s)", nil}}, nil, "Emmy\n", false, []string{"who? ", "hello Emmy"}},
	{"end of input", []codeCell{{"display.Input(`who? `)", nil}}, nil, "", true, []string{"EOF"}},
}

func TestRun(t *testing.T) {
	for _, test := range runs {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, test.cells...)
			out := filepath.Join(filepath.Dir(path), "out.ipynb")
			cmd := exec.Command(program(t), append([]string{"run", path, "--output", out}, test.args...)...)
			cmd.Stdin = strings.NewReader(test.input)
			text, _ := cmd.CombinedOutput() // the status is looked at below
			if failed := cmd.ProcessState.ExitCode() == 1; failed != test.failed {
				t.Errorf("status %d", cmd.ProcessState.ExitCode())
			}
			for _, want := range test.want {
				if !strings.Contains(string(text), want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
			checkFile(t, out, len(test.args) > 1 && test.args[1] == "m=1" && len(test.cells[0].tags) == 0)
		})
	}
}

// checkFile wants a whole notebook of nbformat 4.5 with ids, or no file at all.
func checkFile(t *testing.T, path string, none bool) {
	t.Helper()
	text, err := os.ReadFile(path)
	if none {
		if err == nil {
			t.Error("a file was written")
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	var nb struct {
		Minor int `json:"nbformat_minor"`
		Cells []struct {
			ID string `json:"id"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(text, &nb); err != nil || nb.Minor != 5 {
		t.Fatalf("%v, nbformat_minor %d", err, nb.Minor)
	}
	seen := map[string]bool{}
	for _, c := range nb.Cells {
		if c.ID == "" || seen[c.ID] {
			t.Errorf("id %q", c.ID)
		}
		seen[c.ID] = true
	}
}

// TestInPlace executes a notebook over itself: its permissions stay.
func TestInPlace(t *testing.T) {
	path := write(t, codeCell{"6 * 7", nil})
	if out, err := exec.Command(program(t), "run", path, "--output", path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o640 && os.PathSeparator == '/' {
		t.Errorf("%v, mode %v", err, info.Mode())
	}
	if got := outputs(t, path); len(got) != 1 || got[0] != "42" {
		t.Errorf("outputs %q", got)
	}
}
