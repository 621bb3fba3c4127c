package blas

import "testing"

// levels are the levels that this machine has, from the slowest.
func levels() []Level {
	out := []Level{Generic}
	for _, k := range available() {
		out = append(out, k.level)
	}
	return out
}

// force switches to a level that the machine has, not while other
// goroutines calculate.
func force(l Level) {
	active = nil
	for _, k := range available() {
		if k.level == l {
			active = k
		}
	}
}

// atEachLevel runs the test once for every level of the machine.
func atEachLevel(t *testing.T, test func(t *testing.T)) {
	before := ActiveLevel()
	defer force(before)
	for _, l := range levels() {
		force(l)
		t.Run(l.String(), test)
	}
}
