package eval

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/kernel/engine"
)

// A magic is one row of the table: a command that starts with %, %% or !.
type magic struct {
	usage, help string
	run         func(r *run, m cell.Magic) error
}

var magics map[string]magic

func init() {
	magics = map[string]magic{
		"help":      {"%help", "list the magics", magicHelp},
		"who":       {"%who", "list the names that live", magicWho},
		"reset":     {"%reset", "forget all names", magicReset},
		"time":      {"%time STATEMENT", "run a statement and say how long it took", magicTime},
		"timeit":    {"%timeit STATEMENT", "run a statement many times and say how long one run takes", magicTimeit},
		"cd":        {"%cd [DIR]", "change the working directory", magicCD},
		"pwd":       {"%pwd", "show the working directory", magicPWD},
		"env":       {"%env [NAME[=VALUE]]", "show or set environment variables", magicEnv},
		"writefile": {"%%writefile FILE", "write the rest of the cell to a file", magicWriteFile},
		"bash":      {"%%bash", "run the rest of the cell in a shell", magicBash},
		"!":         {"!COMMAND", "run a shell command", magicShell},
	}
}

// Magics lists the magics with one line of help each.
func Magics() map[string]string {
	out := map[string]string{}
	for n, m := range magics {
		if n != "!" {
			out[n] = m.help
		}
	}
	return out
}

func (r *run) magic(m cell.Magic) *engine.Error {
	row, ok := magics[m.Name]
	if !ok {
		text := fmt.Sprintf("there is no magic %%%s; %%help lists them", m.Name)
		if near := nearest(m.Name); near != "" {
			text = fmt.Sprintf("there is no magic %%%s; did you mean %%%s?", m.Name, near)
		}
		return &engine.Error{Name: "MagicError", Value: text}
	}
	r.line = m.Line
	if err := row.run(r, m); err != nil {
		if f, ok := err.(fault); ok {
			return f.err
		}
		return &engine.Error{Name: "MagicError", Value: strings.TrimPrefix(m.Name, "!") + ": " + err.Error()}
	}
	return nil
}

// fault carries the error of Go code inside a magic.
type fault struct{ err *engine.Error }

func (f fault) Error() string { return f.err.Value }

func nearest(name string) string {
	best, least := "", 3
	for _, n := range slices.Sorted(maps.Keys(magics)) {
		if d := distance(name, n); d < least {
			best, least = n, d
		}
	}
	return best
}

// distance counts the edits between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			last, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, last+cost)
		}
	}
	return row[len(b)]
}

func magicHelp(r *run, _ cell.Magic) error {
	var rows []string
	for _, m := range magics {
		rows = append(rows, fmt.Sprintf("  %-24s %s", m.usage, m.help))
	}
	slices.Sort(rows)
	r.out.Stream("stdout", strings.Join(rows, "\n")+"\n")
	return nil
}

func magicWho(r *run, _ cell.Magic) error {
	var names []string
	for n := range r.engine.live.Objects() {
		names = append(names, n)
	}
	slices.Sort(names)
	if len(names) > 0 {
		r.out.Stream("stdout", strings.Join(names, "  ")+"\n")
	}
	return nil
}

func magicReset(r *run, _ cell.Magic) error {
	r.engine.live.Forget()
	r.engine.start()
	return nil
}

func (r *run) inner(code string) error {
	value, f := r.goCode(code)
	if f != nil {
		return fault{f}
	}
	if value != nil {
		r.out.Display(*value, "", false)
	}
	return nil
}

func magicTime(r *run, m cell.Magic) error {
	start := time.Now()
	err := r.inner(m.Args + m.Body)
	r.out.Stream("stdout", fmt.Sprintf("Wall time: %s\n", time.Since(start).Round(time.Microsecond)))
	return err
}

// magicTimeit finds a number of loops that takes a tenth of a second and
// reports the best of seven.
func magicTimeit(r *run, m cell.Magic) error {
	const runs = 7
	loop := func(n int) (time.Duration, error) {
		start := time.Now()
		_, f := r.goCode(fmt.Sprintf("for nablaLoop := 0; nablaLoop < %d; nablaLoop++ {\n%s\n}", n, m.Args+m.Body))
		if f != nil {
			return 0, fault{f}
		}
		return time.Since(start), nil
	}
	n := 1
	for {
		d, err := loop(n)
		if err != nil {
			return err
		}
		if d > 50*time.Millisecond || n >= 1e8 {
			break
		}
		n *= 10
	}
	var each []time.Duration
	for range runs {
		d, err := loop(n)
		if err != nil {
			return err
		}
		each = append(each, d/time.Duration(n))
	}
	slices.Sort(each)
	r.out.Stream("stdout", fmt.Sprintf("%s per loop (median of %d runs, %d loops each; best %s)\n", each[runs/2], runs, n, each[0]))
	return nil
}

func magicCD(r *run, m cell.Magic) error {
	dir := m.Args
	if dir == "" || dir == "~" {
		home, err := os.UserHomeDir()
		if err != nil {
			return err
		}
		dir = home
	}
	if err := os.Chdir(dir); err != nil {
		return err
	}
	return magicPWD(r, m)
}

func magicPWD(r *run, _ cell.Magic) error {
	dir, err := os.Getwd()
	if err == nil {
		r.out.Stream("stdout", dir+"\n")
	}
	return err
}

func magicEnv(r *run, m cell.Magic) error {
	name, value, set := strings.Cut(m.Args, "=")
	switch {
	case set:
		return os.Setenv(strings.TrimSpace(name), strings.TrimSpace(value))
	case name != "":
		r.out.Stream("stdout", os.Getenv(name)+"\n")
	default:
		env := os.Environ()
		slices.Sort(env)
		r.out.Stream("stdout", strings.Join(env, "\n")+"\n")
	}
	return nil
}

func magicWriteFile(r *run, m cell.Magic) error {
	if m.Args == "" {
		return fmt.Errorf("say which file: %%%%writefile FILE")
	}
	if err := os.WriteFile(m.Args, []byte(m.Body), 0o666); err != nil {
		return err
	}
	abs, err := filepath.Abs(m.Args)
	if err != nil {
		abs = m.Args
	}
	r.out.Stream("stdout", "wrote "+abs+"\n")
	return nil
}

func magicBash(r *run, m cell.Magic) error { return r.shell(m.Body) }

func magicShell(r *run, m cell.Magic) error { return r.shell(m.Args) }

// shell runs a command and streams what it prints.
func (r *run) shell(command string) error {
	name, flag := "/bin/sh", "-c"
	if runtime.GOOS == "windows" {
		name, flag = "cmd", "/c"
	}
	cmd := exec.CommandContext(r.ctx, name, flag, command)
	cmd.Stdout, cmd.Stderr = streamer{r.out, "stdout"}, streamer{r.out, "stderr"}
	cmd.WaitDelay = time.Second
	return cmd.Run()
}

type streamer struct {
	out  engine.Output
	name string
}

func (s streamer) Write(p []byte) (int, error) {
	s.out.Stream(s.name, string(p))
	return len(p), nil
}
