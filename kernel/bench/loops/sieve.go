package loops

// Sieve counts primes.
func Sieve() float64 {
	const limit = 500000
	composite := make([]bool, limit+1)
	count := 0
	for i := 2; i <= limit; i++ {
		if composite[i] {
			continue
		}
		count++
		for j := 2 * i; j <= limit; j += i {
			composite[j] = true
		}
	}
	return float64(count)
}
