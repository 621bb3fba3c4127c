package loops

// Deferred calls a function that defers.
func Deferred() float64 {
	n := 0
	for i := 0; i < 20000; i++ {
		guarded(&n)
	}
	return float64(n)
}

func guarded(n *int) {
	defer leave(n)
	*n++
}

func leave(n *int) { *n++ }
