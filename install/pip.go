package install

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// pip installs the packages of a stage.
func (e *Env) pip(s stage, progress io.Writer) error {
	list := filepath.Join(e.Folder, "requirements-"+s.name+".txt")
	if err := replaceFile(list, []byte(s.requirements)); err != nil {
		return err
	}
	args := []string{"-m", "pip", "install", "--no-input", "--disable-pip-version-check",
		"--progress-bar=off", "--no-color", "-r", list}
	if s.alone {
		args = append(args, "--no-deps")
	}
	cmd := exec.Command(e.Python, args...)
	cmd.Env = append(e.Environ(), "PYTHONUNBUFFERED=1", "PYTHONIOENCODING=utf-8", "LC_MESSAGES=C")
	output, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting pip: %w", err)
	}
	log := follow(output, newTicker(progress))
	if err := cmd.Wait(); err != nil {
		return pipError(log, err)
	}
	return nil
}

// follow reads pip's output to its end and returns it, telling each package.
func follow(output io.Reader, tick *ticker) string {
	var log strings.Builder
	scanner := bufio.NewScanner(output)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		line := scanner.Text()
		log.WriteString(line + "\n")
		if name, ok := strings.CutPrefix(line, "Collecting "); ok {
			name, _, _ = strings.Cut(name, " (from")
			tick.step(name)
		} else if strings.HasPrefix(line, "Installing collected packages") {
			tick.say("unpacking the packages")
		}
	}
	io.Copy(io.Discard, output)
	tick.end()
	return log.String()
}

var (
	pipMissing  = regexp.MustCompile(`(?:No matching distribution found for|Could not find a version that satisfies the requirement) ([^\s(]+)`)
	pipCollect  = regexp.MustCompile(`(?m)^Collecting ([^\s(]+)`)
	pipDownload = regexp.MustCompile(`(?m)^ *Downloading ([^\s(]+)`)
	pipNetwork  = regexp.MustCompile(`(?i)connection broken|NewConnectionError|Max retries|Temporary failure in name resolution|timed out|ProxyError|SSLError|from versions: none`)
	pipDisk     = regexp.MustCompile(`No space left on device`)
)

// pipError turns pip's output into an error that names the package that could
// not be had and says what to do.
func pipError(log string, cause error) error {
	name := ""
	if found := pipMissing.FindStringSubmatch(log); found != nil {
		name = found[1]
	} else if found := pipDownload.FindAllStringSubmatch(log, -1); found != nil {
		name = found[len(found)-1][1]
	} else if found := pipCollect.FindAllStringSubmatch(log, -1); found != nil {
		name = found[len(found)-1][1]
	}
	text := "the Python packages could not be installed"
	if name != "" {
		text = fmt.Sprintf("the Python package %s could not be had", name)
	}
	advice := "pip said:"
	switch {
	case pipDisk.MatchString(log):
		advice = "The disk is full: the environment needs about 300 MB in the user's cache folder. pip said:"
	case pipNetwork.MatchString(log):
		advice = "Is there a network, and do pip's settings (PIP_INDEX_URL, proxy) reach a package index?\n" +
			"Start again when there is one: nothing is left half done. `nabla run NOTEBOOK` needs no Python. pip said:"
	}
	return fmt.Errorf("%s (%w).\n%s\n%s", text, cause, advice, lastLines(log, 4))
}

// lastLines keeps the last n lines of a text, indented.
func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return "  " + strings.Join(lines, "\n  ")
}

// A ticker tells progress: on a terminal in one line that changes, elsewhere in
// a line for every tenth package.
type ticker struct {
	out      io.Writer
	terminal bool
	count    int
}

func newTicker(out io.Writer) *ticker {
	t := &ticker{out: out}
	if file, ok := out.(*os.File); ok {
		if info, err := file.Stat(); err == nil {
			t.terminal = info.Mode()&os.ModeCharDevice != 0
		}
	}
	return t
}

func (t *ticker) step(name string) {
	t.count++
	if t.terminal || t.count%10 == 1 {
		t.say(fmt.Sprintf("package %d: %s", t.count, name))
	}
}

func (t *ticker) say(text string) {
	if t.terminal {
		fmt.Fprintf(t.out, "\r\033[K  %s", text)
		return
	}
	fmt.Fprintf(t.out, "  %s\n", text)
}

func (t *ticker) end() {
	if t.terminal {
		fmt.Fprint(t.out, "\r\033[K")
	}
}
