package loops

// Maps counts in maps of integers and of strings.
func Maps() float64 {
	counts := map[int]int{}
	names := []string{"a", "bb", "ccc", "dd", "e"}
	lengths := map[string]int{}
	for i := 0; i < 400000; i++ {
		counts[i%1000] += i
		lengths[names[i%5]]++
	}
	sum := 0
	for k, v := range counts {
		sum += k ^ v
	}
	if n, ok := lengths["ccc"]; ok {
		sum += n
	}
	return float64(sum)
}
