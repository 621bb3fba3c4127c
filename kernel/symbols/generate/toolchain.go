package main

import (
	"os/exec"
	"strings"
)

// goEnv asks the go command for one of its settings, "" if it cannot say.
func goEnv(name string) string {
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
