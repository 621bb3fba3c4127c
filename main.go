// Nabla is a Jupyter kernel for Go with symbolic matrix calculus.
//
//	nabla lab                      open JupyterLab with Nabla
//	nabla run notebooks/first.ipynb   run a notebook in the terminal
//	nabla derive --vars "A: n×n symmetric; x: n" --wrt x "x'*A*x"
package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/nabla-go/nabla/install"
	"github.com/nabla-go/nabla/kernel"
	"github.com/nabla-go/nabla/matcalc/cli"
)

// A command is one subcommand; run gets the arguments after its name and gives
// the exit status.
type command struct {
	name, help string
	run        func(args []string) int
}

var commands = []command{
	{"lab", "open JupyterLab with Nabla, setting up what is missing", install.LabCommand},
	{"run", "execute a notebook in the terminal, without Python", kernel.RunCommand},
	{"derive", "derive a gradient, Jacobian or Hessian step by step", cli.DeriveCommand},
	{"fit", "fit a regression model", cli.FitCommand},
	{"install", "register the kernel with Jupyter", install.InstallCommand},
	{"uninstall", "remove the kernel from Jupyter", install.UninstallCommand},
	{"doctor", "check the installation and say how to mend it", install.DoctorCommand},
	{"kernel", "serve one connection file (Jupyter runs this)", kernel.KernelCommand},
	{"worker", "run the cells of a kernel (the kernel runs this)", kernel.WorkerCommand},
	{"version", "print the version", version},
}

func main() {
	if len(os.Args) < 2 {
		usage(os.Stderr)
		os.Exit(2)
	}
	name, args := os.Args[1], os.Args[2:]
	for _, c := range commands {
		if c.name == name {
			os.Exit(c.run(args))
		}
	}
	switch name {
	case "help", "-h", "-help", "--help":
		usage(os.Stdout)
	default:
		fmt.Fprintf(os.Stderr, "nabla: there is no command %q\n\n", name)
		usage(os.Stderr)
		os.Exit(2)
	}
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Nabla is a Jupyter kernel for Go with symbolic matrix calculus.\n\nUsage: nabla COMMAND [ARGUMENTS]\n\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.help)
	}
	fmt.Fprint(w, "\nnabla COMMAND --help shows the arguments of a command, with an example.\n")
}

func version(args []string) int {
	if len(args) > 0 {
		fmt.Println("Usage: nabla version\n\nPrints the version of Nabla and of the Go that built it.\n\nExample: nabla version")
		return 0
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		fmt.Println("nabla", kernel.Version)
		return 0
	}
	fmt.Println("nabla", kernel.Version, info.GoVersion)
	return 0
}
