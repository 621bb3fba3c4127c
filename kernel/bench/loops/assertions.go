package loops

// Assertions takes numbers and strings out of interfaces.
func Assertions() float64 {
	values := []interface{}{1, "two", 3.5, 4}
	sum := 0.0
	for i := 0; i < 100000; i++ {
		v := values[i%4]
		if n, ok := v.(int); ok {
			sum += float64(n)
		}
		switch x := v.(type) {
		case string:
			sum += float64(len(x))
		case float64:
			sum += x
		}
	}
	return sum
}
