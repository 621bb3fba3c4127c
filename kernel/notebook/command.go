package notebook

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/nabla-go/nabla/display"
	"github.com/nabla-go/nabla/kernel/engine"
)

const usage = `Usage: nabla run NOTEBOOK.ipynb [--output FILE.ipynb]

Executes a notebook in this process, without Python, and shows the results in
the terminal. The exit status is 0 when every cell succeeded; cells tagged
raises-exception may fail.

Example: nabla run notebooks/first.ipynb --output executed.ipynb
`

// Command is nabla run.
func Command(args []string, newEngine func() (engine.Engine, error), version string) int {
	f := flag.NewFlagSet("nabla run", flag.ContinueOnError)
	f.Usage = func() { fmt.Fprint(f.Output(), usage) }
	output := f.String("output", "", "write the executed notebook to this file")
	var files []string
	for len(args) > 0 { // flags may stand after the file
		if err := f.Parse(args); err == flag.ErrHelp {
			return 0
		} else if err != nil {
			return 2
		}
		if f.NArg() == 0 {
			break
		}
		files, args = append(files, f.Arg(0)), f.Args()[1:]
	}
	if len(files) != 1 {
		f.Usage()
		return 2
	}
	if err := run(files[0], *output, newEngine, version, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "nabla run:", err)
		return 1
	}
	return 0
}

func run(path, output string, newEngine func() (engine.Engine, error), version string, w io.Writer) error {
	nb, err := Read(path)
	if err != nil {
		return err
	}
	eng, err := newEngine()
	if err != nil {
		return err
	}
	defer eng.Close()
	r := NewRunner(eng, version)
	defer r.Close()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	go func() {
		for range interrupts {
			r.Interrupt()
		}
	}()
	failed := r.all(nb, w)
	if output == "" {
		return failed
	}
	if err := nb.Write(output); err != nil {
		return err
	}
	return failed
}

// all runs the cells until one fails that may not.
func (r *Runner) all(nb *Notebook, w io.Writer) error {
	for i, c := range nb.Cells {
		if c.Type != "code" {
			if c.Type == "markdown" {
				fmt.Fprintf(w, "\n%s\n", c.Source)
			}
			continue
		}
		fmt.Fprintf(w, "\n  ┃ %s\n", strings.ReplaceAll(c.Source, "\n", "\n  ┃ "))
		failure, err := r.Cell(c, func(out map[string]any) { show(w, out) })
		if err != nil {
			return err
		}
		if failure != nil && !c.Tagged("raises-exception") {
			return fmt.Errorf("cell %d failed: %s: %s", i+1, failure.Name, failure.Value)
		}
	}
	return nil
}

// show prints one output as text.
func show(w io.Writer, out map[string]any) {
	switch out["output_type"] {
	case "stream":
		fmt.Fprint(w, out["text"])
	case "error":
		lines, _ := out["traceback"].([]any)
		for _, l := range lines {
			fmt.Fprintln(w, l)
		}
	default:
		if data, ok := out["data"].(map[string]any); ok {
			fmt.Fprintln(w, data[display.MIMEText])
		}
	}
}
