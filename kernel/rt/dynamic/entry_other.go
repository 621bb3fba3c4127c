//go:build !amd64 && !arm64

package dynamic

import "errors"

// Entries is the number of methods that types can have all together.
const Entries = 0

// enter has no code for this processor: types have no methods that compiled
// packages see.
func enter(any) (entry, error) {
	return 0, errors.New("methods of types made at run time need an amd64 or arm64 processor")
}

// An entry is the number of code that jumps to a closure.
type entry int

func (entry) set(any) {}

func (entry) offset() int32 { return 0 }
