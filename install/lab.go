package install

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const labAbout = `
nabla lab [--no-browser] [--port N] [--dir D]

Opens JupyterLab with the kernel "Go (Nabla)". The first start sets up a private
Python environment in your cache folder (about a minute); later ones take seconds.
Ctrl-C ends it. Without a display the URL is printed and no browser started.
It needs Python 3.10 or later; ` + "`nabla run NOTEBOOK`" + ` needs none.

Example:
  nabla lab --dir notebooks --port 8890
`

// LabCommand is `nabla lab`: it opens JupyterLab with Nabla in the private
// environment and returns the exit status when JupyterLab has ended.
func LabCommand(args []string) int {
	c := newCommand("lab", labAbout)
	noBrowser := c.Bool("no-browser", false, "print the URL and start no browser")
	port := c.Int("port", 8888, "first port to try, `N`; one in use is skipped")
	dir := c.String("dir", "", "folder `D` to open (default notebooks, if there is one, or else this one)")
	if status, done := c.parse(args); done {
		return status
	}
	root, err := labFolder(*dir)
	if err != nil {
		return c.fail(err)
	}
	if *port < 1 || *port > 65535 {
		return c.fail(fmt.Errorf("--port %d: a port lies between 1 and 65535", *port))
	}
	env, err := Environment(TierLab, stderr)
	if err != nil {
		return c.fail(err)
	}
	binary, err := Binary(false)
	if err != nil {
		return c.fail(err)
	}
	if err := env.Register(DefaultName, binary); err != nil {
		return c.fail(err)
	}
	lab := &server{env: env, root: root, token: rand.Text(), browser: !*noBrowser && hasDisplay(), binary: binary}
	if lab.port, err = freePort(*port); err != nil {
		return c.fail(err)
	}
	if lab.port != *port {
		fmt.Fprintf(stderr, "Port %d is in use: trying %d.\n", *port, lab.port)
	}
	if err := lab.run(); err != nil {
		return c.fail(err)
	}
	return exitDone
}

// labFolder is the folder to open, as an absolute path.
func labFolder(dir string) (string, error) {
	if dir == "" {
		dir = "."
		if info, err := os.Stat("notebooks"); err == nil && info.IsDir() {
			dir = "notebooks"
		}
	}
	info, err := os.Stat(dir)
	if err != nil {
		return "", fmt.Errorf("--dir: %w", err)
	}
	if !info.IsDir() {
		return "", fmt.Errorf("--dir %s: not a folder", dir)
	}
	return filepath.Abs(dir)
}

// hasDisplay tells whether a browser could show itself.
func hasDisplay() bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" || os.Getenv("BROWSER") != ""
}

// freePort is the first port from the given one that nobody listens on.
func freePort(first int) (int, error) {
	for port := first; port < first+portTries && port <= 65535; port++ {
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		listener.Close()
		return port, nil
	}
	return 0, fmt.Errorf("no free port from %d on: choose another with --port", first)
}

const portTries = 50

// server is one JupyterLab process.
type server struct {
	env     *Env
	root    string
	token   string
	port    int
	browser bool
	binary  string
}

// command is the process to start. The token goes through the environment: the
// arguments of a process are there for every user to read.
func (s *server) command() *exec.Cmd {
	args := []string{"-m", "jupyterlab", "-y", "--ip=127.0.0.1", "--log-level=WARN",
		"--port=" + strconv.Itoa(s.port),
		"--ServerApp.port_retries=" + strconv.Itoa(portTries),
		"--ServerApp.root_dir=" + s.root,
		"--ServerApp.use_redirect_file=False",
		"--LabApp.log_level=WARN",
		"--MappingKernelManager.default_kernel_name=" + DefaultName,
		"--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
		"--ZMQChannelsWebsocketConnection.iopub_msg_rate_limit=1e6",
		"--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=1e9",
	}
	if !s.browser {
		args = append(args, "--no-browser")
	}
	if runtime.GOOS != "windows" && os.Geteuid() == 0 {
		args = append(args, "--allow-root")
	}
	cmd := exec.Command(s.env.Python, args...)
	environ := s.env.Environ()
	path := filepath.Dir(s.env.Python) + string(os.PathListSeparator) +
		filepath.Dir(s.binary) + string(os.PathListSeparator) + os.Getenv("PATH")
	cmd.Env = append(environ, "PATH="+path, "JUPYTER_TOKEN="+s.token)
	cmd.Stdout, cmd.Stderr = stderr, stderr
	return cmd
}

// run starts JupyterLab, prints its URL when it answers, and waits for its end.
func (s *server) run() error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	cmd := s.command()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting JupyterLab: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			if err == nil {
				err = errors.New("it ended by itself")
			}
			return fmt.Errorf("JupyterLab: %w (its messages are above)", err)
		case <-signals:
			return s.stop(cmd, ended, signals)
		case <-look.C:
			if url, ok := s.answers(); ok {
				look.Stop()
				fmt.Fprintf(stdout, "JupyterLab on %s:\n\n  %slab?token=%s\n\nCtrl-C ends it.\n", s.root, url, s.token)
			}
		}
	}
}

// answers finds the URL of this server in Jupyter's runtime folder, where the
// port is the one that it really got, and asks whether it serves already.
func (s *server) answers() (string, bool) {
	files, _ := filepath.Glob(filepath.Join(s.env.Folder, "jupyter", "runtime", "jpserver-*.json"))
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		var info struct{ URL, Token string }
		if json.Unmarshal(text, &info) != nil || info.Token != s.token {
			continue
		}
		client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
		response, err := client.Get(info.URL + "api")
		if err != nil {
			return "", false
		}
		response.Body.Close()
		return strings.TrimSuffix(info.URL, "/") + "/", response.StatusCode == http.StatusOK
	}
	return "", false
}

// stop ends JupyterLab with its kernels; a second signal, or too long a wait,
// ends it at once.
func (s *server) stop(cmd *exec.Cmd, ended <-chan error, signals <-chan os.Signal) error {
	fmt.Fprintln(stderr, "\nEnding JupyterLab and its kernels.")
	// On Windows there is no such signal: there Ctrl-C has reached it already.
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
		return nil
	case <-signals:
	case <-time.After(15 * time.Second):
	}
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-ended
	return nil
}
