package install

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// executable is os.Executable, except in tests.
var executable = os.Executable

// keepCopies is how long an unused copy of a binary stays in the cache folder.
const keepCopies = 90 * 24 * time.Hour

// Binary returns the path of a binary of this program that stays where it is.
// `go run` builds into a folder that goes away; such a binary is copied to the
// user's cache folder first, under its own digest. A copy that keep asks for is
// never cleared away: an installed kernelspec points at it.
func Binary(keep bool) (string, error) {
	self, err := executable()
	if err != nil {
		return "", err
	}
	if !passing(self) {
		return filepath.Abs(self)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder for a copy of the binary: %w", err)
	}
	source, err := os.Open(self)
	if err != nil {
		return "", err
	}
	defer source.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, source); err != nil {
		return "", err
	}
	copies := filepath.Join(cache, "nabla", "bin")
	folder := filepath.Join(copies, "nabla-"+hex.EncodeToString(sum.Sum(nil))[:16])
	target := filepath.Join(folder, "nabla")
	if runtime.GOOS == "windows" {
		target += ".exe"
	}
	if _, err := os.Stat(target); err != nil {
		if err := copyBinary(source, target); err != nil {
			return "", err
		}
	}
	if keep {
		if err := os.WriteFile(filepath.Join(folder, "keep"), nil, 0o644); err != nil {
			return "", err
		}
	}
	now := time.Now()
	if err := os.Chtimes(folder, now, now); err != nil {
		return "", err
	}
	clearCopies(copies, now.Add(-keepCopies))
	return target, nil
}

var cachedBuild = regexp.MustCompile(`^[0-9a-f]{64}-d$`)

// passing tells whether a binary lies in a folder of the go command.
func passing(path string) bool {
	for part := range strings.SplitSeq(filepath.ToSlash(path), "/") {
		if strings.HasPrefix(part, "go-build") || cachedBuild.MatchString(part) {
			return true
		}
	}
	return false
}

// copyBinary writes the copy beside its place and renames it.
func copyBinary(source io.ReadSeeker, target string) error {
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(target), ".copy-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err := io.Copy(file, source); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.Chmod(file.Name(), 0o755); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), target); err != nil {
		// Another process may have been first, and may run it already.
		if _, there := os.Stat(target); there == nil {
			return nil
		}
		return err
	}
	return nil
}

// clearCopies removes the copies last used before a time, unless they are kept.
func clearCopies(folder string, before time.Time) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !entry.IsDir() || !info.ModTime().Before(before) {
			continue
		}
		path := filepath.Join(folder, entry.Name())
		if _, err := os.Stat(filepath.Join(path, "keep")); err != nil {
			os.RemoveAll(path)
		}
	}
}
