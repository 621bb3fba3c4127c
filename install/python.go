package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Python is an interpreter that can make environments.
type Python struct {
	// Command starts it: a path, and on Windows perhaps an argument of `py`.
	Command []string
	// Version is major, minor and patch level with points between.
	Version string
	// Prefix is where its installation lies, without any environment.
	Prefix string
}

// minimumPython is the oldest minor version of Python 3 that will do.
const minimumPython = 10

// PythonError says why no interpreter was found, and what to install.
type PythonError struct {
	// Tried has one line for each interpreter that was found but would not do.
	Tried []string
}

// Error implements error.
func (e *PythonError) Error() string {
	text := fmt.Sprintf("no Python 3.%d or later with its venv module was found.\n", minimumPython)
	for _, line := range e.Tried {
		text += "  found " + line + "\n"
	}
	switch runtime.GOOS {
	case "windows":
		text += "Install Python 3 from its official site or the Microsoft Store (`winget install Python.Python.3.13`)."
	case "darwin":
		text += "Install Python 3 from its official site or with Homebrew (`brew install python`)."
	default:
		text += "Install it with your package manager (Debian, Ubuntu: `apt install python3 python3-venv`; Fedora: `dnf install python3`)."
	}
	return text + "\nNABLA_PYTHON may name the interpreter to use. JupyterLab needs Python; `nabla run NOTEBOOK` needs none."
}

// FindPython looks for Python 3.10 or later: what NABLA_PYTHON names, or else
// python3, python3.15 down to python3.10, python, and on Windows py. The error
// is a *PythonError.
func FindPython() (*Python, error) {
	candidates := [][]string{{"python3"}}
	for minor := 15; minor >= minimumPython; minor-- {
		candidates = append(candidates, []string{fmt.Sprintf("python3.%d", minor)})
	}
	candidates = append(candidates, []string{"python"})
	if runtime.GOOS == "windows" {
		candidates = append([][]string{{"py", "-3"}}, candidates...)
	}
	if named := os.Getenv("NABLA_PYTHON"); named != "" {
		candidates = [][]string{{named}}
	}
	failure := &PythonError{}
	for _, command := range candidates {
		path, err := exec.LookPath(command[0])
		if err != nil {
			continue
		}
		python, err := probe(append([]string{path}, command[1:]...))
		if err == nil {
			return python, nil
		}
		failure.Tried = append(failure.Tried, fmt.Sprintf("%s: %v", path, err))
	}
	return nil, failure
}

// probe asks an interpreter who it is. Names on the path may be shims that only
// print an error, so nothing is believed but the answer.
func probe(command []string) (*Python, error) {
	const question = `
import json, sys
has = lambda name: __import__("importlib.util").util.find_spec(name) is not None
print(json.dumps({"version": list(sys.version_info[:3]), "prefix": sys.base_prefix,
    "venv": has("venv"), "ensurepip": has("ensurepip")}))`
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], append(command[1:], "-I", "-c", question)...)
	output, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && len(exit.Stderr) > 0 {
			first, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n")
			return nil, fmt.Errorf("does not run (%s)", strings.TrimSpace(first))
		}
		return nil, fmt.Errorf("does not run (%w)", err)
	}
	var answer struct {
		Version   [3]int
		Prefix    string
		Venv      bool
		EnsurePip bool
	}
	if err := json.Unmarshal(output, &answer); err != nil {
		return nil, fmt.Errorf("gives no sensible answer (%w)", err)
	}
	version := fmt.Sprintf("%d.%d.%d", answer.Version[0], answer.Version[1], answer.Version[2])
	switch {
	case answer.Version[0] != 3 || answer.Version[1] < minimumPython:
		return nil, fmt.Errorf("is version %s, too old", version)
	case !answer.Venv || !answer.EnsurePip:
		return nil, fmt.Errorf("is version %s but lacks venv or ensurepip (Debian, Ubuntu: `apt install python3-venv`)", version)
	}
	return &Python{Command: command, Version: version, Prefix: answer.Prefix}, nil
}
