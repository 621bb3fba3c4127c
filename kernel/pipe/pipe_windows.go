package pipe

import (
	"syscall"
	"time"
	"unsafe"
)

var peekNamedPipe = syscall.NewLazyDLL("kernel32.dll").NewProc("PeekNamedPipe")

// pause keeps the reader from spinning should an empty read return at once.
const pause = 5 * time.Millisecond

// run delivers until all writers are closed. A read of no bytes waits for
// something to read, without taking it.
func (t *Tap) run() {
	handle := syscall.Handle(t.file.Fd())
	for {
		var n uint32
		if err := syscall.ReadFile(handle, nil, &n, nil); err != nil {
			return
		}
		t.mu.Lock()
		got, ended := t.read(handle)
		t.mu.Unlock()
		if ended {
			return
		}
		if got == 0 {
			time.Sleep(pause)
		}
	}
}

// Sweep delivers what has been written so far, without waiting. The caller
// holds the lock that New was given.
func (t *Tap) Sweep() { t.read(syscall.Handle(t.file.Fd())) }

// read takes what is there; ended tells that nothing more will come.
func (t *Tap) read(handle syscall.Handle) (total int, ended bool) {
	for {
		var there uint32
		ok, _, _ := peekNamedPipe.Call(uintptr(handle), 0, 0, 0, uintptr(unsafe.Pointer(&there)), 0)
		if ok == 0 {
			return total, true
		}
		if there == 0 {
			return total, false
		}
		var n uint32
		if err := syscall.ReadFile(handle, t.buffer[:min(int(there), len(t.buffer))], &n, nil); err != nil {
			return total, true
		}
		total += int(n)
		t.take(t.buffer[:n])
	}
}
