package kerneltest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nabla-go/nabla/install"
)

// tools are the lines about real clients: functions of testdata/tools.py, and
// Jupyter's own test of kernels.
var tools = map[string]func(*testing.T){
	"L01": func(t *testing.T) {
		for range 2 {
			out := python(t, filepath.Join("..", "clients", "testdata", "kernel_test.py"), "-v")
			if !strings.Contains(out, "\nOK\n") || strings.Contains(out, "skipped") {
				t.Errorf("%s", out)
			}
		}
	},
}

func init() {
	for i := 2; i <= 12; i++ {
		line := fmt.Sprintf("L%02d", i)
		tools[line] = func(t *testing.T) {
			out := python(t, filepath.Join("testdata", "tools.py"), line)
			contains(t, out, line+" holds")
			t.Log(strings.TrimSpace(out))
		}
	}
}

// environment is the private Python environment, nil when it is not there and
// nobody insists.
var environment = sync.OnceValues(func() (*install.Env, error) {
	if _, ready := install.ReadyEnvironment(); !ready && os.Getenv("NABLA_REQUIRE") != "all" {
		return nil, nil
	}
	return install.Environment(install.TierTest, os.Stderr)
})

// python runs a script that finds the kernel nabla, and nothing else.
func python(t *testing.T, args ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("real clients take too long for -short")
	}
	env, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	if env == nil {
		t.Skip("the Python environment is not set up (NABLA_REQUIRE=all sets it up)")
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	built.Store(true)
	dir := t.TempDir()
	if _, err := install.WriteSpec(filepath.Join(dir, "jupyter"), install.DefaultName, path); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, env.Python, args...)
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = append(env.Environ(),
		"JUPYTER_PATH="+filepath.Join(dir, "jupyter"),
		"JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "runtime"),
		"JUPYTER_CONFIG_DIR="+filepath.Join(dir, "config"),
		"JUPYTER_DATA_DIR="+filepath.Join(dir, "data"),
		"NABLA_HISTORY="+filepath.Join(dir, "history.jsonl"),
		"LANG=en_US.UTF-8", "PYTHONIOENCODING=utf-8", "TERM=xterm", "PYTHONWARNINGS=ignore")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}
