package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const doctorAbout = `
nabla doctor

Looks whether Nabla can run here: the kernel by itself, without a Go
installation, Python, Jupyter, the kernelspecs and the binaries that they start,
and what the kernels that run use and have dropped.
Each failure comes with a way to mend it; the exit status is 0 when there is none.

Example:
  nabla doctor
`

// A finding is what one check of the doctor saw. A failure has a remedy.
type finding struct {
	ok     bool
	check  string
	detail string
	remedy string
}

// DoctorCommand is `nabla doctor`: it prints what it finds and returns the exit
// status, 0 when every check passed.
func DoctorCommand(args []string) int {
	c := newCommand("doctor", doctorAbout)
	if status, done := c.parse(args); done {
		return status
	}
	status := exitDone
	for _, check := range []func() []finding{checkKernel, checkPython, checkJupyter, checkSpecs, checkRunning} {
		for _, f := range check() {
			mark := "ok  "
			if !f.ok {
				mark, status = "FAIL", exitFailed
			}
			fmt.Fprintf(stdout, "%s  %s: %s\n", mark, f.check, strings.ReplaceAll(f.detail, "\n", "\n      "))
			if !f.ok {
				fmt.Fprintf(stdout, "      -> %s\n", strings.ReplaceAll(f.remedy, "\n", "\n         "))
			}
		}
	}
	return status
}

// checkKernel sends a cell through a real kernel process of this binary, with a
// PATH on which there is no go command.
func checkKernel() []finding {
	self, err := executable()
	if err != nil {
		return []finding{{false, "binary", err.Error(), "Start nabla by its full path."}}
	}
	if output, err := roundTrip(self); err != nil {
		return []finding{{false, "kernel", fmt.Sprintf("%s kernel --check: %v\n%s", self, err, lastLines(output, 6)),
			"Build the binary again (`go install` in the clone). When it still fails, a firewall or a\n" +
				"sandbox may forbid connections on 127.0.0.1 or child processes."}}
	}
	return []finding{{true, "kernel", fmt.Sprintf("a cell ran in %s without Go on PATH (%s/%s)",
		self, runtime.GOOS, runtime.GOARCH), ""}}
}

// roundTrip runs `kernel --check` of a binary.
func roundTrip(binary string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "kernel", "--check")
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), "PATH="+pathWithoutGo(os.Getenv("PATH")), "GOROOT=", "GOPATH=")
	output, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = errors.New("no answer within a minute")
	}
	return string(output), err
}

// pathWithoutGo leaves the folders out that hold a go command.
func pathWithoutGo(path string) string {
	var kept []string
	for _, folder := range filepath.SplitList(path) {
		_, unix := os.Stat(filepath.Join(folder, "go"))
		_, windows := os.Stat(filepath.Join(folder, "go.exe"))
		if unix != nil && windows != nil {
			kept = append(kept, folder)
		}
	}
	return strings.Join(kept, string(os.PathListSeparator))
}

func checkPython() []finding {
	python, err := FindPython()
	if err != nil {
		detail, remedy, _ := strings.Cut(err.Error(), "\nInstall")
		return []finding{{false, "Python", detail, "Install" + remedy}}
	}
	return []finding{{true, "Python", fmt.Sprintf("%s (%s)", python.Version, strings.Join(python.Command, " ")), ""}}
}

// checkJupyter is content with a Jupyter of the user's or the private one.
func checkJupyter() []finding {
	var found []finding
	if path, err := exec.LookPath("jupyter"); err == nil {
		found = append(found, finding{true, "Jupyter", "yours is " + path, ""})
	}
	if env, ok := ReadyEnvironment(); ok {
		ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, env.Python, "-c", "import jupyterlab; print(jupyterlab.__version__)")
		cmd.Env = env.Environ()
		output, err := cmd.CombinedOutput()
		if err != nil {
			return append(found, finding{false, "private JupyterLab", fmt.Sprintf("%s: %v\n%s", env.Folder, err, lastLines(string(output), 3)),
				"Remove that folder and start `nabla lab`, which sets it up again."})
		}
		found = append(found, finding{true, "private JupyterLab", strings.TrimSpace(string(output)) + " in " + env.Folder, ""})
	}
	if found == nil {
		found = append(found, finding{false, "Jupyter", "there is none on PATH, and no private JupyterLab yet",
			"Start `nabla lab`, which sets a private JupyterLab up. (`nabla run NOTEBOOK` needs none.)"})
	}
	return found
}

// checkSpecs looks at every kernelspec of Nabla that some Jupyter would see.
func checkSpecs() []finding {
	var found []finding
	for _, data := range dataFolders() {
		folders, _ := filepath.Glob(filepath.Join(data, "kernels", "*"))
		for _, folder := range folders {
			spec, err := ReadSpec(folder)
			if err != nil && strings.HasPrefix(filepath.Base(folder), DefaultName) {
				found = append(found, finding{false, "kernelspec", err.Error(), "Run `nabla install` again with the flags that made it, or remove " + folder})
			} else if err == nil && spec.isNabla() {
				found = append(found, checkSpec(folder, spec))
			}
		}
	}
	if found == nil {
		found = append(found, finding{false, "kernelspec", "no Jupyter knows Nabla yet",
			"Run `nabla install --user` for your own Jupyter, or `nabla lab`, which brings its own."})
	}
	return found
}

func checkSpec(folder string, spec Spec) finding {
	path, err := exec.LookPath(spec.Argv[0])
	if err != nil {
		return finding{false, "kernelspec", fmt.Sprintf("%s starts %s: %v", folder, spec.Argv[0], err),
			"Run `nabla install` again with the flags that made it (`--user`, `--sys-prefix`, `--prefix`, `--name`),\n" +
				"or `nabla lab` when it is the private one."}
	}
	if self, err := executable(); err != nil || !sameFile(self, path) {
		if output, err := roundTrip(path); err != nil {
			return finding{false, "kernelspec", fmt.Sprintf("%s starts %s, which does not work: %v\n%s", folder, path, err, lastLines(output, 6)),
				"Run `nabla install` again with the flags that made it, from a binary that passes `nabla kernel --check`."}
		}
	}
	return finding{true, "kernelspec", fmt.Sprintf("%s starts %s", folder, path), ""}
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// checkRunning asks the kernels of Nabla that run now.
func checkRunning() []finding {
	files := runningKernels()
	self, err := executable()
	if err != nil || len(files) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	output, err := exec.CommandContext(ctx, self, append([]string{"kernel", "--status"}, files...)...).Output()
	if err != nil {
		return []finding{{false, "running kernels", err.Error(), "Restart the kernels, or the Jupyter server that started them."}}
	}
	var found []finding
	for line := range strings.Lines(string(output)) {
		found = append(found, finding{true, "running", strings.TrimSpace(line), ""})
	}
	return found
}

// runningKernels are the connection files in Jupyter's runtime folders that name
// a kernel of ours.
func runningKernels() (files []string) {
	folders := []string{os.Getenv("JUPYTER_RUNTIME_DIR")}
	if user, err := UserData(); err == nil {
		folders = append(folders, filepath.Join(user, "runtime"))
	}
	if env, ok := ReadyEnvironment(); ok {
		folders = append(folders, filepath.Join(env.Folder, "jupyter", "runtime"))
	}
	seen := map[string]bool{}
	for _, folder := range folders {
		if folder == "" || seen[folder] {
			continue
		}
		seen[folder] = true
		all, _ := filepath.Glob(filepath.Join(folder, "kernel-*.json")) // the pattern is right
		for _, path := range all {
			var c struct {
				Name string `json:"kernel_name"`
			}
			if text, err := os.ReadFile(path); err == nil && json.Unmarshal(text, &c) == nil && strings.HasPrefix(c.Name, DefaultName) {
				files = append(files, path)
			}
		}
	}
	return files
}

// dataFolders are the Jupyter data folders to look at, each once.
func dataFolders() []string {
	folders := filepath.SplitList(os.Getenv("JUPYTER_PATH"))
	if user, err := UserData(); err == nil {
		folders = append(folders, user)
	}
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if prefix := os.Getenv(name); prefix != "" {
			folders = append(folders, filepath.Join(prefix, "share", "jupyter"))
		}
	}
	if env, ok := ReadyEnvironment(); ok {
		folders = append(folders, env.Data())
	}
	if runtime.GOOS == "windows" {
		folders = append(folders, filepath.Join(os.Getenv("PROGRAMDATA"), "jupyter"))
	} else {
		folders = append(folders, "/usr/local/share/jupyter", "/usr/share/jupyter")
	}
	seen := map[string]bool{}
	var each []string
	for _, folder := range folders {
		if folder != "" && !seen[folder] {
			seen[folder] = true
			each = append(each, folder)
		}
	}
	return each
}
