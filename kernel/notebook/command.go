package notebook

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"time"

	"github.com/nabla-go/nabla/kernel/engine"
)

const usage = `Usage: nabla run NOTEBOOK.ipynb [--output FILE.ipynb] [-p NAME=VALUE]... [--timeout 30s]

Executes a notebook in this process, without Python, and shows the results in
the terminal. The exit status is 0 when every cell succeeded; cells tagged
raises-exception may fail.

  --output FILE   write the executed notebook, also when a cell has failed
  -p NAME=VALUE   set a variable after the cell tagged "parameters", which
                  declares it: text, a number, true, 1.5s, a JSON list or object
                  by the type of the variable, or else a Go expression
  --timeout D     end a cell that runs longer, such as 90s or 5m

Example: nabla run notebooks/first.ipynb --output executed.ipynb
`

// A job is one call of nabla run.
type job struct {
	path, output string
	parameters   []Parameter
	timeout      time.Duration
}

// parse reads the arguments, flags before or after the file.
func parse(args []string) (job, error) {
	var j job
	f := flag.NewFlagSet("nabla run", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&j.output, "output", "", "")
	f.DurationVar(&j.timeout, "timeout", 0, "")
	f.Func("p", "", func(text string) error {
		p, err := parseParameter(text)
		j.parameters = append(j.parameters, p)
		return err
	})
	var files []string
	for len(args) > 0 {
		if err := f.Parse(args); err != nil {
			return j, err
		}
		if f.NArg() == 0 {
			break
		}
		files, args = append(files, f.Arg(0)), f.Args()[1:]
	}
	if len(files) != 1 {
		return j, fmt.Errorf("one notebook is wanted, got %d", len(files))
	}
	j.path = files[0]
	return j, nil
}

// Command is nabla run.
func Command(args []string, newEngine func() (engine.Engine, error), version string) int {
	j, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Print(usage)
		return 0
	case err != nil:
		fmt.Fprintf(os.Stderr, "nabla run: %v (nabla run --help shows the flags)\n", err)
		return 2
	}
	if err := j.run(newEngine, version, newTerminal(os.Stdout)); err != nil {
		fmt.Fprintln(os.Stderr, "nabla run:", err)
		return 1
	}
	return 0
}

func (j job) run(newEngine func() (engine.Engine, error), version string, t *terminal) error {
	nb, err := Read(j.path)
	if err != nil {
		return err
	}
	if len(j.parameters) > 0 {
		if _, err := parameterCell(nb); err != nil {
			return fmt.Errorf("%s: %w", j.path, err)
		}
	}
	if folder := filepath.Dir(j.output); j.output != "" { // before a long run, not after it
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return fmt.Errorf("--output %s: there is no folder %s", j.output, folder)
		}
	}
	eng, err := newEngine()
	if err != nil {
		return err
	}
	defer eng.Close()
	r := NewRunner(eng, version)
	defer r.Close()
	r.Timeout = j.timeout
	lines := bufio.NewReader(os.Stdin)
	r.Input = func(prompt string, _ bool) (string, error) { return t.ask(prompt, lines) }
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	go func() {
		for range interrupts {
			r.Interrupt()
		}
	}()
	failed := r.all(nb, j, t)
	if j.output == "" {
		return failed
	}
	if err := nb.Write(j.output); err != nil {
		return errors.Join(failed, err)
	}
	return failed
}

// all runs the cells until one fails that may not.
func (r *Runner) all(nb *Notebook, j job, t *terminal) error {
	for i := 0; i < len(nb.Cells); i++ {
		c := nb.Cells[i]
		if c.Type != "code" {
			if c.Type == "markdown" {
				t.markdown(c.Source)
			}
			continue
		}
		t.source(c.Source)
		failure, err := r.Cell(c, t.output)
		name := fmt.Sprintf("%s: cell %d", filepath.Base(j.path), i+1)
		if c.Count != nil {
			name += fmt.Sprintf(" (In [%d])", *c.Count)
		}
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		case failure != nil && !c.Tagged("raises-exception"):
			return fmt.Errorf("%s%s: %s: %s", name, failure.line(), failure.Name, failure.Value)
		}
		if len(j.parameters) > 0 && c.Tagged("parameters") {
			if err := r.inject(nb, i, j.parameters); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			j.parameters = nil
		}
	}
	return nil
}

var (
	place = regexp.MustCompile(`\bcell \d+:(\d+)`)
	ansi  = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// line names the line of the failure, when its report does.
func (f *Failure) line() string {
	for _, text := range append([]string{f.Value}, f.Traceback...) {
		if at := place.FindStringSubmatch(ansi.ReplaceAllString(text, "")); at != nil {
			return ", line " + at[1]
		}
	}
	return ""
}
