package loops

// Matrix multiplies square matrices by hand.
func Matrix() float64 {
	const n = 110
	a, b, c := square(n), square(n), square(n)
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			a[i][j] = float64(i - j)
			b[i][j] = float64(i + j)
		}
	}
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			s := 0.0
			for k := 0; k < n; k++ {
				s += a[i][k] * b[k][j]
			}
			c[i][j] = s
		}
	}
	trace := 0.0
	for i := 0; i < n; i++ {
		trace += c[i][i]
	}
	return trace
}

func square(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	return m
}
