package kernel

import (
	"flag"
	"fmt"

	"github.com/nabla-go/nabla/kernel/engine"
	"github.com/nabla-go/nabla/kernel/notebook"
	"github.com/nabla-go/nabla/kernel/worker"
)

// flags makes the flag set of a command whose --help shows the usage and an
// example.
func flags(usage, example string) *flag.FlagSet {
	f := flag.NewFlagSet("nabla", flag.ContinueOnError)
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "Usage: %s\n\nExample: %s\n", usage, example)
		f.PrintDefaults()
	}
	return f
}

// parse reads the arguments; status is -1 when the command is to go on.
func parse(f *flag.FlagSet, args []string) (status int) {
	switch err := f.Parse(args); err {
	case nil:
		return -1
	case flag.ErrHelp:
		return 0
	default:
		return 2
	}
}

// KernelCommand is nabla kernel: it serves a connection file.
func KernelCommand(args []string) int {
	f := flags("nabla kernel CONNECTION_FILE\n       nabla kernel --check\n       nabla kernel --status CONNECTION_FILE...", "nabla kernel /run/user/1000/jupyter/kernel-1.json")
	check := f.Bool("check", false, "start on free ports, run a cell through the sockets, and say how it went")
	status := f.Bool("status", false, "say of running kernels what they use and what they have dropped")
	if status := parse(f, args); status >= 0 {
		return status
	}
	if *check {
		return checkKernel()
	}
	if *status {
		return showStatus(f.Args())
	}
	if f.NArg() == 0 { // launchers may add arguments of their own after the file
		f.Usage()
		return 2
	}
	if err := Run(f.Arg(0)); err != nil {
		return fail(err)
	}
	return 0
}

// RunCommand is nabla run: it executes a notebook in this process.
func RunCommand(args []string) int {
	return notebook.Command(args, func() (engine.Engine, error) { return newEngine(false) }, Version)
}

// WorkerCommand is nabla worker, which people do not start.
func WorkerCommand(args []string) int {
	f := flags("nabla worker", "nabla worker (started by the kernel)")
	if status := parse(f, args); status >= 0 {
		return status
	}
	return worker.Command(func() (engine.Engine, error) { return newEngine(true) })
}
