package loops

// Mandelbrot counts the steps to escape on a grid.
func Mandelbrot() float64 {
	steps := 0
	for i := 0; i < 200; i++ {
		for j := 0; j < 80; j++ {
			c := complex(float64(i)/30-2, float64(j)/40-1)
			z := complex(0, 0)
			for k := 0; k < 50; k++ {
				if real(z)*real(z)+imag(z)*imag(z) > 4 {
					break
				}
				z = z*z + c
				steps++
			}
		}
	}
	return float64(steps)
}
