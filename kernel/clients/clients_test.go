// Package clients holds the tests that drive Nabla through the programs that
// people use: JupyterLab in a browser, nbconvert, the terminal console,
// jupyter_client and Jupyter's own test of kernels. They run with
// NABLA_REQUIRE=all, or when the Python environment of the tests is there already.
package clients

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/nabla-go/nabla/install"
)

// A home is what all tests share: the program, built once, and a kernelspec
// that starts it, in a folder of its own.
type home struct {
	folder, program string
	env             *install.Env
}

var shared = sync.OnceValues(func() (*home, error) {
	if _, ready := install.ReadyEnvironment(); !ready && os.Getenv("NABLA_REQUIRE") != "all" {
		return nil, nil
	}
	env, err := install.Environment(install.TierTest, os.Stderr)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "nabla-clients")
	if err != nil {
		return nil, err
	}
	h := &home{folder: folder, program: filepath.Join(folder, "nabla"), env: env}
	if runtime.GOOS == "windows" {
		h.program += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", h.program, "../..").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	_, err = install.WriteSpec(filepath.Join(folder, "jupyter"), install.DefaultName, h.program)
	return h, err
})

func TestMain(m *testing.M) {
	status := m.Run()
	if h, err := shared(); err == nil && h != nil {
		os.RemoveAll(h.folder)
	}
	os.Exit(status)
}

// open gives the shared home, or skips.
func open(t *testing.T) *home {
	t.Helper()
	if testing.Short() {
		t.Skip("real clients take too long for -short")
	}
	h, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	if h == nil {
		t.Skip("the Python environment is not set up (NABLA_REQUIRE=all sets it up)")
	}
	return h
}

// command is a process of the environment that sees only our kernelspec and
// ends with the test; runtime files and history are the test's own.
func (h *home) command(t *testing.T, limit time.Duration, name string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, h.env.Bin(name), args...)
	cmd.WaitDelay = 5 * time.Second
	dir := t.TempDir()
	cmd.Env = append(h.env.Environ(),
		"JUPYTER_PATH="+filepath.Join(h.folder, "jupyter"),
		"JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "runtime"),
		"JUPYTER_CONFIG_DIR="+filepath.Join(dir, "config"),
		"JUPYTER_DATA_DIR="+filepath.Join(dir, "data"),
		"NABLA_HISTORY="+filepath.Join(dir, "history.jsonl"),
		"LANG=en_US.UTF-8", "PYTHONIOENCODING=utf-8", "TERM=xterm")
	return cmd
}

// python runs a script of testdata to its end and returns what it printed.
func (h *home) python(t *testing.T, limit time.Duration, script string, args ...string) string {
	t.Helper()
	cmd := h.command(t, limit, "python", append([]string{filepath.Join("testdata", script)}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return string(out)
}
