package eval

import (
	"os"
	"strconv"
	"syscall"
)

// A socket is one of this process, which may use its number again.
type socket struct {
	fd    int
	inode uint64
}

// listeners are the sockets of this process that wait for connections.
func listeners() map[socket]bool {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return nil
	}
	var all map[socket]bool
	for _, entry := range entries {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if waits, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN); err != nil || waits == 0 {
			continue
		}
		var stat syscall.Stat_t
		if syscall.Fstat(fd, &stat) == nil {
			if all == nil {
				all = map[socket]bool{}
			}
			all[socket{fd, stat.Ino}] = true
		}
	}
	return all
}

// hangUp ends the waiting of all listeners but some: Accept fails, servers
// return, and their ports are free.
func hangUp(but map[socket]bool) {
	for s := range listeners() {
		if !but[s] {
			_ = syscall.Shutdown(s.fd, syscall.SHUT_RDWR) // it may have been closed by itself
		}
	}
}
