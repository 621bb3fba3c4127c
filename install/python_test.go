package install

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestNoPython(t *testing.T) {
	privateCache(t)
	t.Setenv("NABLA_PYTHON", "")
	t.Setenv("PATH", t.TempDir())
	status, _, errs := capture(t, LabCommand, "--no-browser", "--dir", t.TempDir())
	if status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	for _, want := range []string{"no Python 3.10", "nstall", "`nabla run NOTEBOOK` needs none"} {
		if !strings.Contains(errs, want) {
			t.Errorf("the error lacks %q:\n%s", want, errs)
		}
	}
}

func TestUnfitPython(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs shell scripts")
	}
	for name, c := range map[string]struct{ script, want string }{
		"old":     {`echo '{"version": [3, 9, 2], "prefix": "/", "venv": true, "ensurepip": true}'`, "3.9.2, too old"},
		"two":     {`echo '{"version": [2, 7, 18], "prefix": "/", "venv": true, "ensurepip": true}'`, "2.7.18, too old"},
		"no venv": {`echo '{"version": [3, 12, 1], "prefix": "/", "venv": true, "ensurepip": false}'`, "lacks venv"},
		"shim":    {"echo 'shim: python3 not found' >&2; exit 127", "does not run (shim: python3 not found)"},
		"chatty":  {"echo hello", "no sensible answer"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			script := "#!/bin/sh\n" + c.script + "\n"
			if err := os.WriteFile(filepath.Join(folder, "python3"), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
			t.Setenv("NABLA_PYTHON", "")
			t.Setenv("PATH", folder)
			_, err := FindPython()
			var failure *PythonError
			if !errors.As(err, &failure) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestPipErrorNamesThePackage(t *testing.T) {
	for name, c := range map[string]struct{ log, pkg, advice string }{
		"no network": {"Collecting jupyterlab==4.6.6\n  WARNING: Retrying after connection broken by 'NewConnectionError'\n" +
			"ERROR: Could not find a version that satisfies the requirement jupyterlab==4.6.6 (from versions: none)\n", "jupyterlab==4.6.6 could", "network"},
		"lost on the way": {"Collecting pyzmq==27.3.0\n  Downloading pyzmq-27.3.0-cp311.whl (8 kB)\nERROR: Read timed out.\n", "pyzmq-27.3.0-cp311.whl could", "network"},
		"gone":            {"Collecting a\nERROR: No matching distribution found for tornado==6.6.1\n", "tornado==6.6.1 could", "pip said"},
		"full disk":       {"Collecting a\nERROR: [Errno 28] No space left on device\n", "a could", "disk is full"},
	} {
		text := pipError(c.log, errors.New("exit status 1")).Error()
		if !strings.Contains(text, c.pkg) || !strings.Contains(text, c.advice) {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestPrivateEnviron(t *testing.T) {
	t.Setenv("PYTHONPATH", "astray")
	t.Setenv("JUPYTER_PATH", "astray")
	t.Setenv("PIP_TARGET", "astray")
	env, err := environmentOf(&Python{Version: "3.12.0", Prefix: "p"})
	if err != nil {
		t.Fatal(err)
	}
	other, _ := environmentOf(&Python{Version: "3.12.1", Prefix: "p"})
	if other.Folder == env.Folder {
		t.Error("two versions of Python share a folder")
	}
	text := strings.Join(env.Environ(), "\n")
	if strings.Contains(text, "astray") {
		t.Errorf("the environment leads astray:\n%s", text)
	}
	for _, name := range []string{"CONFIG", "DATA", "RUNTIME"} {
		if !strings.Contains(text, "JUPYTER_"+name+"_DIR="+env.Folder) {
			t.Errorf("JUPYTER_%s_DIR is not private", name)
		}
	}
}

func TestBinaryOfGoRunIsCopied(t *testing.T) {
	privateCache(t)
	source := filepath.Join(t.TempDir(), "go-build123", "exe", "nabla")
	if err := os.MkdirAll(filepath.Dir(source), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(source, []byte("content"), 0o755); err != nil {
		t.Fatal(err)
	}
	pretend(t, source)
	first, err := Binary(false)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(first); err != nil || string(text) != "content" || passing(first) {
		t.Errorf("copy %s: %q, %v", first, text, err)
	}
	if info, err := os.Stat(first); err != nil || runtime.GOOS != "windows" && info.Mode()&0o111 == 0 {
		t.Errorf("the copy cannot be started: %v, %v", info, err)
	}
	again, err := Binary(true)
	if err != nil || again != first {
		t.Errorf("second copy %s, %v, want %s", again, err, first)
	}
	copies := filepath.Dir(filepath.Dir(first))
	old := filepath.Join(copies, "nabla-old")
	if err := os.Mkdir(old, 0o755); err != nil {
		t.Fatal(err)
	}
	clearCopies(copies, time.Now().Add(time.Hour))
	if _, err := os.Stat(old); err == nil {
		t.Error("an old copy was not cleared away")
	}
	if _, err := os.Stat(first); err != nil {
		t.Error("a kept copy was cleared away")
	}
	staying := filepath.Join(t.TempDir(), "bin", "nabla")
	pretend(t, staying)
	if got, err := Binary(false); err != nil || got != staying {
		t.Errorf("Binary() = %q, %v, want %q", got, err, staying)
	}
	if !passing("/cache/ab/" + strings.Repeat("ab", 32) + "-d/nabla") {
		t.Error("the go command's cache is not seen as passing")
	}
}

func TestPortInUse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	taken := listener.Addr().(*net.TCPAddr).Port
	if port, err := freePort(taken); taken < 65000 && (err != nil || port <= taken) {
		t.Errorf("freePort(%d) = %d, %v", taken, port, err)
	}
}

func TestPathWithoutGo(t *testing.T) {
	with, without := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(with, "go"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := pathWithoutGo(with + string(os.PathListSeparator) + without); got != without {
		t.Errorf("path %q, want %q", got, without)
	}
}

func TestDoctorNamesRemedies(t *testing.T) {
	privateCache(t)
	for _, name := range []string{"NABLA_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX"} {
		t.Setenv(name, "")
	}
	data := t.TempDir()
	t.Setenv("JUPYTER_DATA_DIR", data)
	t.Setenv("JUPYTER_PATH", "")
	t.Setenv("PATH", t.TempDir())
	gone := filepath.Join(data, "gone", "nabla")
	if _, err := WriteSpec(data, DefaultName, gone); err != nil {
		t.Fatal(err)
	}
	pretend(t, gone)
	status, out, _ := capture(t, DoctorCommand)
	if status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	for _, check := range []string{"kernel", "Python", "Jupyter", "kernelspec"} {
		if !strings.Contains(out, "FAIL  "+check+":") {
			t.Errorf("no failure of %s", check)
		}
	}
	if strings.Count(out, "FAIL") != strings.Count(out, "->") {
		t.Error("not every failure has a remedy")
	}
	if t.Failed() {
		t.Log(out)
	}
}

// TestEnvironment builds the environment anew, in two goroutines at once, and
// lets Jupyter list Nabla's kernelspec.
func TestEnvironment(t *testing.T) {
	if os.Getenv("NABLA_REQUIRE") != "all" && os.Getenv("NABLA_FULL") != "1" {
		t.Skip("takes about a minute: set NABLA_FULL=1")
	}
	privateCache(t)
	var wait sync.WaitGroup
	var envs [2]*Env
	var errs [2]error
	for i := range envs {
		wait.Go(func() { envs[i], errs[i] = Environment(TierTest, os.Stderr) })
	}
	wait.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	env, err := Environment(TierLab, nil)
	if err != nil || *env != *envs[0] || *env != *envs[1] {
		t.Fatalf("%v, %v, %v, %v", env, envs[0], envs[1], err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("the second time took %v", took)
	}
	if _, ok := ReadyEnvironment(); !ok {
		t.Error("the environment does not count as ready")
	}
	if err := env.Register(DefaultName, filepath.Join(t.TempDir(), "nabla")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(env.Bin("jupyter"), "kernelspec", "list", "--json")
	cmd.Env = env.Environ()
	output, err := cmd.Output()
	if err != nil || !strings.Contains(string(output), `"Go (Nabla)"`) {
		t.Errorf("jupyter kernelspec list: %v\n%s", err, output)
	}
	cmd = exec.Command(env.Python, "-c", "import jupyterlab, nbconvert, jupyter_kernel_test, pexpect, jupyter_console")
	cmd.Env = env.Environ()
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
