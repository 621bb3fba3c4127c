package loops

type figure interface{ area() float64 }

type disc struct{ r float64 }

type box struct{ w, h float64 }

func (d disc) area() float64 { return 3 * d.r * d.r }
func (b box) area() float64  { return b.w * b.h }

// Interfaces calls a method through an interface.
func Interfaces() float64 {
	figures := []figure{disc{1}, box{2, 3}, disc{2}}
	sum := 0.0
	for i := 0; i < 60000; i++ {
		sum += figures[i%3].area()
	}
	return sum
}
