package loops

// Conversions puts numbers into interfaces.
func Conversions() float64 {
	var last interface{}
	list := make([]interface{}, 10)
	for i := 0; i < 400000; i++ {
		last = i
		list[i%10] = last
	}
	n, _ := list[3].(int)
	return float64(n)
}
