package loops

// Closures calls functions that functions have made.
func Closures() float64 {
	total := 0
	add := counter(&total)
	twice := compose(increment, increment)
	x := 0
	for i := 0; i < 60000; i++ {
		add(i)
		x = twice(x)
	}
	return float64(total + x)
}

func counter(total *int) func(int) {
	calls := 0
	return func(n int) {
		calls++
		*total += n % 3
	}
}

func compose(f, g func(int) int) func(int) int {
	return func(x int) int { return g(f(x)) }
}

func increment(x int) int { return x + 1 }
