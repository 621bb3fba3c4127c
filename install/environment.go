package install

import (
	"crypto/sha256"
	_ "embed" // for the requirement files
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

//go:embed requirements.txt
var requirements string

//go:embed requirements-mathjax.txt
var requirementsMathJax string

//go:embed requirements-test.txt
var requirementsTest string

// The tiers of packages that Environment knows.
const (
	// TierLab holds JupyterLab, nbconvert and what they need.
	TierLab = "lab"
	// TierTest holds TierLab and the clients that only tests use.
	TierTest = "test"
)

// Env is a private Python environment. Folder holds it and its Jupyter folders.
type Env struct {
	Folder string
	Python string
}

// Environment returns the private Python environment with the packages of a
// tier, and builds what is missing of it, which takes about a minute the first
// time; progress is told to the writer, which may be nil. Processes that ask at
// the same time wait for each other. All tiers share one folder in the user's
// cache folder, named by the pinned versions and the Python in use.
func Environment(tier string, progress io.Writer) (*Env, error) {
	if progress == nil {
		progress = io.Discard
	}
	var stages []stage
	switch tier {
	case TierLab:
		stages = labStages
	case TierTest:
		stages = allStages
	default:
		return nil, fmt.Errorf("unknown tier %q of the Python environment", tier)
	}
	python, err := FindPython()
	if err != nil {
		return nil, err
	}
	env, err := environmentOf(python)
	if err != nil {
		return nil, err
	}
	if env.complete(stages) {
		return env, nil
	}
	if err := os.MkdirAll(filepath.Join(env.Folder, "jupyter"), 0o755); err != nil {
		return nil, err
	}
	unlock, err := lockFolder(env.Folder, progress)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := env.build(python, stages, progress); err != nil {
		return nil, err
	}
	return env, nil
}

// ReadyEnvironment returns the environment of TierLab if it is complete, and
// builds nothing.
func ReadyEnvironment() (*Env, bool) {
	python, err := FindPython()
	if err != nil {
		return nil, false
	}
	env, err := environmentOf(python)
	return env, err == nil && env.complete(labStages)
}

// A stage is one requirement file; its marker tells that it was installed.
// After pip, finish does what else belongs to it.
type stage struct {
	name, requirements string
	alone              bool // without the packages' dependencies
	finish             func(*Env) error
}

var (
	allStages = []stage{
		{name: TierLab, requirements: requirements, finish: (*Env).settings},
		{name: "mathjax", requirements: requirementsMathJax, alone: true, finish: (*Env).template},
		{name: TierTest, requirements: requirementsTest},
	}
	labStages = allStages[:2]
)

// environmentOf names the environment for an interpreter.
func environmentOf(python *Python) (*Env, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("no cache folder for the Python environment: %w", err)
	}
	sum := sha256.New()
	for _, text := range []string{requirements, requirementsMathJax, requirementsTest, python.Version, python.Prefix, runtime.GOARCH} {
		fmt.Fprintf(sum, "%d %s\n", len(text), text)
	}
	folder := filepath.Join(cache, "nabla", "python-"+hex.EncodeToString(sum.Sum(nil))[:12])
	env := &Env{Folder: folder}
	env.Python = env.Bin("python")
	return env, nil
}

// marker is the file that tells that a stage is complete.
func (e *Env) marker(s stage) string {
	return filepath.Join(e.Folder, "complete-"+s.name)
}

func (e *Env) complete(stages []stage) bool {
	paths := []string{e.Python}
	for _, s := range stages {
		paths = append(paths, e.marker(s))
	}
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return false
		}
	}
	return true
}

// build makes the environment and installs the stages that have no marker. An
// environment cannot be moved once it is made, so it is built in place.
func (e *Env) build(python *Python, stages []stage, progress io.Writer) error {
	if e.complete(stages) {
		return nil
	}
	if !e.complete(allStages[:1]) {
		fmt.Fprintf(progress, "Setting up JupyterLab for Nabla, once, in %s\n", e.Folder)
		fmt.Fprintf(progress, "  Python %s (%s)\n", python.Version, strings.Join(python.Command, " "))
		for _, s := range allStages {
			if err := os.Remove(e.marker(s)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
		if err := os.RemoveAll(e.venv()); err != nil {
			return err
		}
		cmd := exec.Command(python.Command[0], append(python.Command[1:], "-m", "venv", e.venv())...)
		cmd.Env = cleanEnviron()
		if output, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("making the Python environment %s: %w\n%s", e.venv(), err, lastLines(string(output), 8))
		}
	}
	for _, s := range stages {
		if e.complete([]stage{s}) {
			continue
		}
		if err := e.pip(s, progress); err != nil {
			return err
		}
		if s.finish != nil {
			if err := s.finish(e); err != nil {
				return err
			}
		}
		if err := replaceFile(e.marker(s), []byte(s.requirements)); err != nil {
			return err
		}
	}
	fmt.Fprintln(progress, "  ready")
	return nil
}

// settings turns the question about Jupyter news off, as a default that a
// person may still change.
func (e *Env) settings() error {
	folder := filepath.Join(e.venv(), "share", "jupyter", "lab", "settings")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return replaceFile(filepath.Join(folder, "overrides.json"),
		[]byte(`{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}`+"\n"))
}

// template makes Nabla's template the default of HTML exports, also from the
// menu of JupyterLab.
func (e *Env) template() error {
	mathJax, err := e.mathJax()
	if err != nil {
		return err
	}
	if _, err := WriteTemplate(e.Data(), mathJax); err != nil {
		return err
	}
	folder := filepath.Join(e.venv(), "etc", "jupyter")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return replaceFile(filepath.Join(folder, "jupyter_nbconvert_config.json"),
		[]byte(`{"HTMLExporter": {"template_name": "`+templateName+`"}}`+"\n"))
}

// mathJax is the script of MathJax in the environment.
func (e *Env) mathJax() ([]byte, error) {
	packages := "lib/python3*/site-packages"
	if runtime.GOOS == "windows" {
		packages = "Lib/site-packages"
	}
	path := filepath.Join(e.venv(), filepath.FromSlash(packages), mathJaxFile)
	if found, err := filepath.Glob(path); err == nil && len(found) > 0 {
		path = found[0]
	}
	return os.ReadFile(path)
}

func (e *Env) venv() string { return filepath.Join(e.Folder, "venv") }

// Bin is the path of a command of the environment, such as "jupyter".
func (e *Env) Bin(name string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(e.venv(), "Scripts", name+".exe")
	}
	return filepath.Join(e.venv(), "bin", name)
}

// Data is the environment's own Jupyter data folder, as `--sys-prefix` means it.
func (e *Env) Data() string { return filepath.Join(e.venv(), "share", "jupyter") }

// Register writes Nabla's kernelspec with the given binary into the environment.
func (e *Env) Register(name, binary string) error {
	_, err := WriteSpec(e.Data(), name, binary)
	return err
}

// Environ is the process environment for commands of this environment: its
// commands come first on PATH, and Jupyter's configuration, data and runtime
// folders are private to it.
func (e *Env) Environ() []string {
	jupyter := filepath.Join(e.Folder, "jupyter")
	return append(cleanEnviron(),
		"VIRTUAL_ENV="+e.venv(),
		"PATH="+filepath.Dir(e.Python)+string(os.PathListSeparator)+os.Getenv("PATH"),
		"JUPYTER_CONFIG_DIR="+filepath.Join(jupyter, "config"),
		"JUPYTER_DATA_DIR="+filepath.Join(jupyter, "data"),
		"JUPYTER_RUNTIME_DIR="+filepath.Join(jupyter, "runtime"),
		"IPYTHONDIR="+filepath.Join(jupyter, "ipython"))
}

// cleanEnviron is this process's environment without what would lead Python,
// pip or Jupyter out of a private environment.
func cleanEnviron() []string {
	drop := map[string]bool{}
	for _, name := range []string{"PATH", "VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP",
		"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_PATH", "JUPYTER_CONFIG_PATH",
		"JUPYTER_PREFER_ENV_PATH", "JUPYTER_NO_CONFIG", "JUPYTERLAB_DIR", "JUPYTERLAB_SETTINGS_DIR",
		"JUPYTERLAB_WORKSPACES_DIR", "JUPYTER_TOKEN", "JUPYTER_PORT", "IPYTHONDIR",
		"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_PYTHON"} {
		drop[name] = true
	}
	var kept []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !drop[strings.ToUpper(name)] {
			kept = append(kept, entry)
		}
	}
	return append(kept, "PATH="+os.Getenv("PATH"), "PYTHONNOUSERSITE=1")
}

// lockFolder takes the lock of a folder and says so when it must wait.
func lockFolder(folder string, progress io.Writer) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if lockFile(file, false) != nil {
		fmt.Fprintln(progress, "Waiting for another process that sets up the Python environment")
		if err := lockFile(file, true); err != nil {
			file.Close()
			return nil, fmt.Errorf("locking %s: %w", file.Name(), err)
		}
	}
	return func() { file.Close() }, nil
}
