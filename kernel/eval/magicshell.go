package eval

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
)

var shellMagics = []magic{
	{cell.Command{Name: "!", Takes: cell.Files, Usage: "!COMMAND",
		Help: cell.Text{En: "run a shell command", Zh: "运行系统外壳命令"}}, magicShell},
	{cell.Command{Name: "bash", Alias: []string{"sh"}, Usage: "%%bash",
		Help: cell.Text{En: "run the rest of the cell in a shell", Zh: "在系统外壳中运行单元格其余内容"}}, magicBash},
	{cell.Command{Name: "env", Takes: cell.Variable, Alias: []string{"set_env"}, Usage: "%env [NAME[=VALUE]]",
		Help: cell.Text{En: "show or set environment variables", Zh: "显示或设置环境变量"},
		More: cell.Text{En: "%env GOFLAGS=-mod=mod\n%env GOFLAGS", Zh: "%env GOFLAGS=-mod=mod\n%env GOFLAGS"}}, magicEnv},
}

func magicEnv(r *run, m cell.Magic) error {
	name, value, set := strings.Cut(m.Args, "=")
	name = strings.TrimSpace(name)
	if !set {
		if first, rest, ok := strings.Cut(name, " "); ok {
			name, value, set = first, rest, true
		}
	}
	switch {
	case set:
		return os.Setenv(name, unquotedValue(strings.TrimSpace(value)))
	case name != "":
		text, ok := os.LookupEnv(name)
		if !ok {
			return fmt.Errorf(r.say("%s is not set", "%s 没有设置"), name)
		}
		r.print(text + "\n")
	default:
		env := os.Environ()
		slices.Sort(env)
		r.print(strings.Join(env, "\n") + "\n")
	}
	return nil
}

func unquotedValue(text string) string {
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		return text[1 : len(text)-1]
	}
	return text
}

func magicBash(r *run, m cell.Magic) error {
	if !m.Cell {
		return r.shell(m.Args, true)
	}
	return r.shell(m.Body, true)
}

func magicShell(r *run, m cell.Magic) error { return r.shell(m.Args, false) }

// shell runs a command and streams what it prints; the status of one that
// fails is the error. A script asks for bash where there is one.
func (r *run) shell(command string, script bool) error {
	name, flag := "/bin/sh", "-c"
	if runtime.GOOS == "windows" {
		name, flag = "cmd", "/c"
	}
	if path, err := exec.LookPath("bash"); err == nil && script {
		name, flag = path, "-c"
	}
	cmd := exec.CommandContext(r.ctx, name, flag, command)
	group(cmd)
	cmd.Stdout, cmd.Stderr = streamer{r.out, "stdout"}, streamer{r.out, "stderr"}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return err
	}
	r.engine.mu.Lock()
	r.engine.children = append(r.engine.children, cmd.Process.Pid)
	r.engine.mu.Unlock()
	err := cmd.Wait()
	var exit *exec.ExitError
	switch {
	case r.ctx.Err() != nil, err == nil, errors.Is(err, exec.ErrWaitDelay):
		return r.ctx.Err()
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return fmt.Errorf(r.say("exit status %d", "退出状态 %d"), exit.ExitCode())
	}
	return err
}

type streamer struct {
	out  engine.Output
	name string
}

func (s streamer) Write(p []byte) (int, error) {
	s.out.Stream(s.name, string(p))
	return len(p), nil
}
