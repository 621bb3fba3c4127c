package kernel

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/notebook"
)

// nabla is the path of the program, built once.
var nabla = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "nabla-test")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "nabla")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.Command("go", "build", "-o", path, "..").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: string(out), Err: err}
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := nabla(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

func program(t *testing.T) string {
	t.Helper()
	path, err := nabla()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCheck makes a round trip through the sockets of a real kernel process.
func TestCheck(t *testing.T) {
	out, err := exec.Command(program(t), "kernel", "--check").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "a kernel process ran a cell and answered") {
		t.Fatalf("%v: %s", err, out)
	}
}

// TestBadConnection wants one clear line and status 2.
func TestBadConnection(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.json")
	if err := os.WriteFile(bad, []byte(`{"transport":"udp","shell_port":1,"iopub_port":1,"stdin_port":1,"control_port":1,"hb_port":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{filepath.Join(dir, "none.json"): "none.json", bad: "udp"} {
		cmd := exec.Command(program(t), "kernel", file)
		out, _ := cmd.CombinedOutput() // the status is looked at below
		if code := cmd.ProcessState.ExitCode(); code != 2 || !strings.Contains(string(out), want) || strings.Count(string(out), "\n") != 1 {
			t.Errorf("status %d: %s", code, out)
		}
	}
}

// TestNotebooks runs every notebook and compares the text of its outputs with
// what is committed.
func TestNotebooks(t *testing.T) {
	files, err := filepath.Glob("../notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatal("no notebooks", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want, got := outputs(t, file), run(t, file)
			if len(want) != len(got) {
				t.Fatalf("%d outputs, committed are %d", len(got), len(want))
			}
			for i := range want {
				if want[i] != got[i] {
					t.Errorf("output %d is\n%s\ncommitted is\n%s", i+1, got[i], want[i])
				}
			}
		})
	}
}

// outputs lists the text of the outputs in a file.
func outputs(t *testing.T, file string) (texts []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var nb struct {
		Cells []struct {
			Outputs []struct {
				Data map[string]json.RawMessage `json:"data"`
				Name string                     `json:"ename"`
			} `json:"outputs"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(data, &nb); err != nil {
		t.Fatal(err)
	}
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			var lines []string
			if raw, ok := o.Data[display.MIMEText]; ok {
				if err := json.Unmarshal(raw, &lines); err != nil {
					t.Fatal(err)
				}
			}
			texts = append(texts, o.Name+strings.Join(lines, ""))
		}
	}
	return texts
}

// run executes a notebook with nabla run and lists the text of the outputs.
func run(t *testing.T, file string) []string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.ipynb")
	if text, err := exec.Command(program(t), "run", file, "--output", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return outputs(t, out)
}

// TestBadNotebooks wants errors that name what is wrong, and nothing written.
func TestBadNotebooks(t *testing.T) {
	for text, want := range map[string]string{
		`{`:              "no notebook",
		`{"cells":[]}`:   "nbformat",
		`{"nbformat":3}`: "nbformat 3",
		`{"nbformat":4,"metadata":{"kernelspec":{"language":"python"}},"cells":[]}`: "python",
	} {
		if _, err := notebook.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
