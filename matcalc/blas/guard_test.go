//go:build linux

package blas

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// A fence gives memory with a page behind it, or before it, that must not be
// touched.
type fence struct {
	before bool
	pages  [][]byte
}

func (f *fence) room(n int) []float64 {
	page := syscall.Getpagesize()
	size := (8*n + page - 1) / page * page
	all, err := syscall.Mmap(-1, 0, size+page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	f.pages = append(f.pages, all)
	closed, start := all[size:], all[size-8*n:]
	if f.before {
		closed, start = all[:page], all[page:]
	}
	if err := syscall.Mprotect(closed, syscall.PROT_NONE); err != nil {
		panic(err)
	}
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(start))), n)
}

func (f *fence) free() {
	for _, p := range f.pages {
		_ = syscall.Munmap(p)
	}
	f.pages = nil
}

// TestGuarded calls every routine with matrices at the border of memory that
// cannot be read: a kernel that reads or writes beside its arguments crashes.
func TestGuarded(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 15
	}
	seed := rand.Uint64()
	atEachLevel(t, func(t *testing.T) {
		for round := range uint64(rounds) {
			for name, call := range routines {
				f := &fence{before: round%2 == 1}
				t.Logf("%s, seed %d, round %d", name, seed, round)
				call(arguments{rand.New(rand.NewPCG(seed, round)), f.room}, Implementation{})
				f.free()
			}
		}
	})
}
