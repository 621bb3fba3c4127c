package loops

// Channels sends numbers through a pipeline of goroutines.
func Channels() float64 {
	numbers, squares := make(chan int, 64), make(chan int, 64)
	go func() {
		for i := 0; i < 200000; i++ {
			numbers <- i
		}
		close(numbers)
	}()
	go func() {
		for n := range numbers {
			squares <- n * n % 1000
		}
		close(squares)
	}()
	sum := 0
	for s := range squares {
		sum += s
	}
	return float64(sum)
}
