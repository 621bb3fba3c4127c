//go:build amd64 || arm64

package dynamic

import (
	"errors"
	"sync"
	"unsafe"
)

// Entries is the number of methods that types can have all together.
const Entries = 8192

// closures are what the entries jump to.
var closures [Entries]unsafe.Pointer

var entered struct {
	sync.Mutex
	count int
}

// entries is the code: entry i loads closures[i] and jumps to it.
//
//lint:ignore U1000 entriesAt gives its address
func entries()

// entriesAt is the address of the first entry.
func entriesAt() unsafe.Pointer

var errFull = errors.New("there are too many methods in this session: restart it")

// An entry is the number of code that jumps to a closure.
type entry int

// enter gives an entry for a function value.
func enter(function any) (entry, error) {
	entered.Lock()
	defer entered.Unlock()
	if entered.count == Entries {
		return 0, errFull
	}
	e := entry(entered.count)
	entered.count++
	e.set(function)
	return e, nil
}

func (e entry) set(function any) { closures[e] = Word(function) }

func (e entry) offset() int32 { return addReflectOff(unsafe.Add(entriesAt(), int(e)*stride)) }
