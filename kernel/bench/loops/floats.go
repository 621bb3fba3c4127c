package loops

// Floats integrates by Simpson's rule.
func Floats() float64 {
	const n = 400000
	h := 1.0 / float64(n)
	sum := 0.0
	for i := 1; i < n; i++ {
		x := float64(i) * h
		w := 2.0
		if i%2 == 1 {
			w = 4
		}
		sum += w * (4 / (1 + x*x))
	}
	return (sum + 4 + 2) * h / 3
}
