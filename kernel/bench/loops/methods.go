package loops

type vector struct{ X, Y float64 }

func (v vector) dot(w vector) float64 { return v.X*w.X + v.Y*w.Y }

func (v *vector) grow(by float64) {
	v.X += by
	v.Y -= by
}

// Methods calls methods of values and of pointers.
func Methods() float64 {
	v, w := vector{1, 2}, vector{3, -1}
	sum := 0.0
	for i := 0; i < 100000; i++ {
		v.grow(0.5)
		sum += v.dot(w)
	}
	return sum
}
