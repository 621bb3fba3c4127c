package install

import (
	"bytes"
	"encoding/json"
	"errors"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// capture runs a command with its output in buffers.
func capture(t *testing.T, run func([]string) int, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	oldOut, oldErr := stdout, stderr
	stdout, stderr = &o, &e
	defer func() { stdout, stderr = oldOut, oldErr }()
	status = run(args)
	return status, o.String(), e.String()
}

// pretend makes path this program's binary.
func pretend(t *testing.T, path string) {
	t.Helper()
	old := executable
	executable = func() (string, error) { return path, nil }
	t.Cleanup(func() { executable = old })
}

// privateCache gives the test a user cache folder of its own.
func privateCache(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "LocalAppData", "HOME"} {
		t.Setenv(name, folder)
	}
}

func TestKernelspecFolder(t *testing.T) {
	text, err := os.ReadFile("nabla/kernel.json")
	if err != nil {
		t.Fatal(err)
	}
	var spec map[string]any
	if err := json.Unmarshal(text, &spec); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"display_name": "Go (Nabla)", "language": "go", "interrupt_mode": "message", "kernel_protocol_version": "5.6.0",
	} {
		if spec[key] != want {
			t.Errorf("%s is %v, want %v", key, spec[key], want)
		}
	}
	if want := []any{"nabla", "kernel", "{connection_file}"}; !slices.Equal(spec["argv"].([]any), want) {
		t.Errorf("argv is %v, want %v", spec["argv"], want)
	}
	for name, size := range map[string]int{"logo-32x32.png": 32, "logo-64x64.png": 64} {
		file, err := os.Open("nabla/" + name)
		if err != nil {
			t.Fatal(err)
		}
		config, err := png.DecodeConfig(file)
		file.Close()
		if err != nil || config.Width != size || config.Height != size {
			t.Errorf("%s: %d by %d, error %v", name, config.Width, config.Height, err)
		}
	}
}

func TestLogoIsFresh(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	folder := t.TempDir()
	if output, err := exec.Command("go", "run", "./generate", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for _, name := range []string{"logo-svg.svg", "logo-32x32.png", "logo-64x64.png"} {
		want, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile("nabla/" + name)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run go generate ./install (%v)", name, err)
		}
	}
}

func TestInstallAndUninstall(t *testing.T) {
	prefix, binary := t.TempDir(), filepath.Join(t.TempDir(), "nabla")
	pretend(t, binary)
	status, out, errs := capture(t, InstallCommand, "--prefix", prefix, "--name", "Nabla-Dev")
	if status != 0 {
		t.Fatalf("install: status %d, %s", status, errs)
	}
	folder := filepath.Join(prefix, "share", "jupyter", "kernels", "nabla-dev")
	if !strings.Contains(out, folder) {
		t.Errorf("install does not name %s: %s", folder, out)
	}
	spec, err := ReadSpec(folder)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{binary, "kernel", "{connection_file}"}; !slices.Equal(spec.Argv, want) {
		t.Errorf("argv %q, want %q", spec.Argv, want)
	}
	if spec.Metadata == nil || !strings.Contains(spec.DisplayName, "nabla-dev") {
		t.Errorf("unexpected kernelspec %+v", spec)
	}
	if _, err := os.Stat(filepath.Join(folder, "logo-svg.svg")); err != nil {
		t.Error(err)
	}
	if status, _, errs := capture(t, InstallCommand, "--prefix", prefix, "--name", "nabla-dev"); status != 0 {
		t.Errorf("second install: status %d, %s", status, errs)
	}
	for want := range 2 {
		if status, _, errs := capture(t, UninstallCommand, "--prefix", prefix, "--name", "nabla-dev"); status != want {
			t.Errorf("uninstall: status %d, want %d; %s", status, want, errs)
		}
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there", folder)
	}
}

func TestAnotherKernelIsLeftAlone(t *testing.T) {
	prefix := t.TempDir()
	folder := filepath.Join(prefix, "share", "jupyter", "kernels", "nabla")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	other := []byte(`{"argv": ["other", "{connection_file}"], "display_name": "Other", "language": "other"}`)
	path := filepath.Join(folder, "kernel.json")
	if err := os.WriteFile(path, other, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, run := range []func([]string) int{InstallCommand, UninstallCommand} {
		pretend(t, filepath.Join(prefix, "binary"))
		if status, _, errs := capture(t, run, "--prefix", prefix); status != 1 || !strings.Contains(errs, "another kernel (Other)") {
			t.Errorf("status %d, %s", status, errs)
		}
	}
	if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, other) {
		t.Errorf("the other kernel's file was changed: %s, %v", text, err)
	}
}

func TestHelpAndUsage(t *testing.T) {
	for name, run := range map[string]func([]string) int{
		"install": InstallCommand, "uninstall": UninstallCommand, "doctor": DoctorCommand, "lab": LabCommand,
	} {
		status, out, _ := capture(t, run, "--help")
		if status != 0 || !strings.Contains(out, "Example:\n  nabla "+name) {
			t.Errorf("%s --help: status %d\n%s", name, status, out)
		}
		for _, bad := range []string{"--nonsense", "stray"} {
			if status, _, errs := capture(t, run, bad); status != 2 || !strings.Contains(errs, "--help") {
				t.Errorf("%s %s: status %d, %s", name, bad, status, errs)
			}
		}
	}
	for _, c := range []struct {
		run  func([]string) int
		args []string
		want string
	}{
		{InstallCommand, []string{"--user", "--sys-prefix"}, "exclude each other"},
		{InstallCommand, []string{"--prefix", "x", "--name", "a/b"}, "only letters"},
		{UninstallCommand, []string{"--prefix", "x", "--name", ".."}, "only letters"},
		{LabCommand, []string{"--dir", "no/such/folder"}, "--dir"},
		{LabCommand, []string{"--port", "70000"}, "between 1 and 65535"},
	} {
		if status, _, errs := capture(t, c.run, c.args...); status != 1 || !strings.Contains(errs, c.want) {
			t.Errorf("%q: status %d, %q, want %q", c.args, status, errs, c.want)
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Setenv("JUPYTER_DATA_DIR", filepath.FromSlash("/jupyter/data"))
	t.Setenv("VIRTUAL_ENV", filepath.FromSlash("/some/venv"))
	for _, c := range []struct {
		place place
		want  string
	}{
		{place{}, "/jupyter/data"},
		{place{user: true}, "/jupyter/data"},
		{place{sysPrefix: true}, "/some/venv/share/jupyter"},
	} {
		if got, err := c.place.data(); err != nil || got != filepath.FromSlash(c.want) {
			t.Errorf("%+v: %q, %v, want %q", c.place, got, err, c.want)
		}
	}
	if runtime.GOOS != "linux" {
		return
	}
	t.Setenv("JUPYTER_DATA_DIR", "")
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("HOME", "/home/someone")
	if got, _ := UserData(); got != "/home/someone/.local/share/jupyter" {
		t.Errorf("UserData() = %q", got)
	}
}
