//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package install

import "os"

// lockFile does nothing where the system has no whole-file locks.
func lockFile(*os.File, bool) error { return nil }
