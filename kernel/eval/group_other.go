//go:build !unix

package eval

import "os/exec"

// group does nothing here: there are no process groups.
func group(*exec.Cmd) {}

// endGroup does nothing here.
func endGroup(int) {}

// endOthers does nothing here.
func endOthers() {}

// interruptOthers does nothing here.
func interruptOthers() {}
