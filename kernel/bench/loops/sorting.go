package loops

// Sorting sorts pseudo-random numbers by quicksort.
func Sorting() float64 {
	xs := make([]int, 20000)
	seed := 42
	for i := range xs {
		seed = (seed*1103515245 + 12345) % 2147483648
		xs[i] = seed
	}
	quicksort(xs, 0, len(xs)-1)
	sum := 0
	for i := 0; i < len(xs); i += 100 {
		sum += xs[i] % 1000
	}
	return float64(sum)
}

func quicksort(xs []int, low, high int) {
	for low < high {
		pivot := xs[(low+high)/2]
		i, j := low, high
		for i <= j {
			for xs[i] < pivot {
				i++
			}
			for xs[j] > pivot {
				j--
			}
			if i <= j {
				xs[i], xs[j] = xs[j], xs[i]
				i++
				j--
			}
		}
		quicksort(xs, low, j)
		low = i
	}
}
