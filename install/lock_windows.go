package install

import (
	"os"
	"syscall"
	"unsafe"
)

var lockFileEx = syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")

// lockFile takes the lock of an open file, and waits for it when told to. The
// system gives the lock back when the file is closed or the process ends.
func lockFile(file *os.File, wait bool) error {
	const failImmediately, exclusive = 1, 2
	flags := uintptr(exclusive)
	if !wait {
		flags |= failImmediately
	}
	var overlapped syscall.Overlapped
	ok, _, err := lockFileEx.Call(file.Fd(), flags, 0, 1, 0, uintptr(unsafe.Pointer(&overlapped)))
	if ok == 0 {
		return err
	}
	return nil
}
