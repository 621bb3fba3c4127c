package install

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Where help and errors of the commands go; tests put buffers here.
var (
	stdout io.Writer = os.Stdout
	stderr io.Writer = os.Stderr
)

// Exit statuses of the commands.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// command is a subcommand's name and flags with its help text around them.
type command struct {
	*flag.FlagSet
	about string
}

func newCommand(name, about string) *command {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	return &command{set, about}
}

// parse reads the flags; when done is true the command ends with the status.
func (c *command) parse(args []string) (status int, done bool) {
	err := c.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		c.help(stdout)
		return exitDone, true
	case err == nil && c.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", c.Arg(0))
	}
	if err != nil {
		fmt.Fprintf(stderr, "nabla %s: %v (`nabla %s --help` shows the flags)\n", c.Name(), err, c.Name())
		return exitUsage, true
	}
	return exitDone, false
}

// help prints the text and the flags, with two hyphens as in the examples.
func (c *command) help(out io.Writer) {
	fmt.Fprintf(out, "%s\n", strings.TrimSpace(c.about))
	heading := "\nFlags:\n"
	c.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		if value != "" {
			value = " " + value
		}
		fmt.Fprintf(out, "%s  %-16s %s\n", heading, "--"+f.Name+value, usage)
		heading = ""
	})
}

// fail prints an error and gives the status for it.
func (c *command) fail(err error) int {
	fmt.Fprintf(stderr, "nabla %s: %v\n", c.Name(), err)
	return exitFailed
}

// place is the choice of the Jupyter data folder for a kernelspec.
type place struct {
	user, sysPrefix bool
	prefix, name    string
}

func (p *place) flags(c *command) {
	c.BoolVar(&p.user, "user", false, "the user's Jupyter folder (the default)")
	c.BoolVar(&p.sysPrefix, "sys-prefix", false, "the active Python environment: venv, conda or python3's own")
	c.StringVar(&p.prefix, "prefix", "", "`P`/share/jupyter")
	c.StringVar(&p.name, "name", DefaultName, "`N`ame of the kernelspec")
}

// data is the Jupyter data folder that was chosen.
func (p *place) data() (string, error) {
	chosen := 0
	for _, on := range []bool{p.user, p.sysPrefix, p.prefix != ""} {
		if on {
			chosen++
		}
	}
	switch {
	case chosen > 1:
		return "", errors.New("--user, --sys-prefix and --prefix exclude each other")
	case p.prefix != "":
		prefix, err := filepath.Abs(p.prefix)
		return filepath.Join(prefix, "share", "jupyter"), err
	case p.sysPrefix:
		prefix, err := sysPrefix()
		return filepath.Join(prefix, "share", "jupyter"), err
	}
	return UserData()
}

// sysPrefix is sys.prefix of the Python environment that the shell is in.
func sysPrefix() (string, error) {
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if prefix := os.Getenv(name); prefix != "" {
			return prefix, nil
		}
	}
	python, err := FindPython()
	if err != nil {
		return "", err
	}
	cmd := exec.Command(python.Command[0], append(python.Command[1:], "-c", "import sys; print(sys.prefix)")...)
	output, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("asking %s for its prefix: %w", python.Command[0], err)
	}
	return strings.TrimSpace(string(output)), nil
}

const installAbout = `
nabla install [--user | --sys-prefix | --prefix P] [--name N]

Makes the kernel "Go (Nabla)" known to the Jupyter that you have: writes a
kernelspec that starts this binary. (` + "`nabla lab`" + ` needs no install.)

Example:
  nabla install --user
  jupyter lab
`

// InstallCommand is `nabla install`: it writes a kernelspec with the absolute
// path of this binary. It returns the exit status.
func InstallCommand(args []string) int {
	c := newCommand("install", installAbout)
	var where place
	where.flags(c)
	if status, done := c.parse(args); done {
		return status
	}
	data, err := where.data()
	if err != nil {
		return c.fail(err)
	}
	binary, err := Binary(true)
	if err != nil {
		return c.fail(err)
	}
	folder, err := WriteSpec(data, where.name, binary)
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(stdout, "Installed kernelspec %s\n  it starts %s\n", folder, binary)
	if env, ok := ReadyEnvironment(); ok {
		mathJax, err := env.mathJax()
		if err != nil {
			return c.fail(err)
		}
		if folder, err = WriteTemplate(data, mathJax); err != nil {
			return c.fail(err)
		}
		fmt.Fprintf(stdout, "Installed HTML template %s\n  jupyter nbconvert --to html --template %s F.ipynb shows mathematics without a network\n", folder, templateName)
	}
	return exitDone
}

const uninstallAbout = `
nabla uninstall [--user | --sys-prefix | --prefix P] [--name N]

Removes the kernelspec that ` + "`nabla install`" + ` wrote with the same flags.

Example:
  nabla uninstall --user
`

// UninstallCommand is `nabla uninstall`: it removes a kernelspec of Nabla and no
// other's. It returns the exit status.
func UninstallCommand(args []string) int {
	c := newCommand("uninstall", uninstallAbout)
	var where place
	where.flags(c)
	if status, done := c.parse(args); done {
		return status
	}
	data, err := where.data()
	if err != nil {
		return c.fail(err)
	}
	folder, err := RemoveSpec(data, where.name)
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(stdout, "Removed kernelspec %s\n", folder)
	if err := RemoveTemplate(data); err != nil {
		return c.fail(err)
	}
	return exitDone
}
