// Package install brings Nabla to Jupyter and Jupyter to Nabla.
//
// It holds the kernelspec folder (install/nabla) and writes it where Jupyter
// looks (InstallCommand, UninstallCommand), sets up a private Python environment
// with a pinned JupyterLab in the user's cache folder (Environment), starts
// JupyterLab from it (LabCommand) and looks for what is missing or broken
// (DoctorCommand). It knows nothing of the kernel but its command line:
// `nabla kernel CONNECTION_FILE` and `nabla kernel --check`.
package install

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

//go:generate go run ./generate nabla

//go:embed nabla
var specFolder embed.FS

// DefaultName is the kernel's name among Jupyter's kernelspecs.
const DefaultName = "nabla"

// Spec is the content of a kernel.json.
type Spec struct {
	Argv          []string       `json:"argv"`
	DisplayName   string         `json:"display_name"`
	Language      string         `json:"language"`
	InterruptMode string         `json:"interrupt_mode"`
	Protocol      string         `json:"kernel_protocol_version"`
	Metadata      map[string]any `json:"metadata"`
}

// NewSpec returns the kernelspec that starts the given binary. Another name than
// DefaultName shows in the display name, so that two installs can be told apart.
func NewSpec(name, binary string) (Spec, error) {
	var spec Spec
	text, err := specFolder.ReadFile("nabla/kernel.json")
	if err != nil {
		return spec, err
	}
	if err := json.Unmarshal(text, &spec); err != nil {
		return spec, err
	}
	spec.Argv[0] = binary
	if name != DefaultName {
		spec.DisplayName = fmt.Sprintf("Go (Nabla, %s)", name)
	}
	return spec, nil
}

// WriteSpec writes the kernelspec called name, which starts the given binary,
// below the Jupyter data folder data, and returns the folder that it wrote. A
// kernelspec of that name is replaced when it is Nabla's own.
func WriteSpec(data, name, binary string) (string, error) {
	name = strings.ToLower(name)
	if err := checkName(name); err != nil {
		return "", err
	}
	folder := filepath.Join(data, "kernels", name)
	if old, err := ReadSpec(folder); err == nil && !old.isNabla() {
		return "", fmt.Errorf("%s holds another kernel (%s): choose a different --name", folder, old.DisplayName)
	}
	spec, err := NewSpec(name, binary)
	if err != nil {
		return "", err
	}
	text, err := json.MarshalIndent(spec, "", "  ")
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	entries, err := fs.ReadDir(specFolder, "nabla")
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		content, err := specFolder.ReadFile("nabla/" + entry.Name())
		if err != nil {
			return "", err
		}
		if entry.Name() == "kernel.json" {
			content = append(text, '\n')
		}
		if err := replaceFile(filepath.Join(folder, entry.Name()), content); err != nil {
			return "", err
		}
	}
	return folder, nil
}

// RemoveSpec removes the kernelspec called name below the Jupyter data folder
// data, and returns the folder that it removed. It refuses another kernel's.
func RemoveSpec(data, name string) (string, error) {
	name = strings.ToLower(name)
	if err := checkName(name); err != nil {
		return "", err
	}
	folder := filepath.Join(data, "kernels", name)
	spec, err := ReadSpec(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no kernelspec %s", folder)
	}
	if err != nil {
		return "", err
	}
	if !spec.isNabla() {
		return "", fmt.Errorf("%s holds another kernel (%s): left alone", folder, spec.DisplayName)
	}
	return folder, os.RemoveAll(folder)
}

// ReadSpec reads the kernel.json in folder.
func ReadSpec(folder string) (Spec, error) {
	var spec Spec
	path := filepath.Join(folder, "kernel.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return spec, err
	}
	if err := json.Unmarshal(text, &spec); err != nil {
		return spec, fmt.Errorf("%s: %w", path, err)
	}
	return spec, nil
}

// isNabla tells whether the kernelspec starts Nabla, under whatever name.
func (s Spec) isNabla() bool {
	return s.Language == "go" && len(s.Argv) == 3 && s.Argv[1] == "kernel" &&
		strings.HasPrefix(s.DisplayName, "Go (Nabla")
}

var validName = regexp.MustCompile(`^[a-z0-9._-]+$`)

func checkName(name string) error {
	if !validName.MatchString(name) || strings.Trim(name, ".") == "" {
		return fmt.Errorf("kernel name %q: only letters, digits, point, underscore and hyphen are allowed", name)
	}
	return nil
}

// replaceFile writes a file beside its place and renames it, so that a reader
// sees the old content or the new one.
func replaceFile(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".nabla-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(content); err != nil {
		file.Close()
		return err
	}
	if err := file.Chmod(0o644); err != nil && runtime.GOOS != "windows" {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// UserData is the folder in which Jupyter keeps the user's data, kernelspecs
// among them.
func UserData() (string, error) {
	if folder := os.Getenv("JUPYTER_DATA_DIR"); folder != "" {
		return folder, nil
	}
	if folder := os.Getenv("APPDATA"); runtime.GOOS == "windows" && folder != "" {
		return filepath.Join(folder, "jupyter"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	switch folder := os.Getenv("XDG_DATA_HOME"); {
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Jupyter"), nil
	case folder != "":
		return filepath.Join(folder, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}
