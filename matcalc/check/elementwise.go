package check

import "math"

// declaredFunction gives an unknown elementwise function a value: a smooth one
// that is fixed by its name, with derivatives of every order.
func declaredFunction(name string, order int) (f, df func(float64) float64) {
	h := uint32(2166136261)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint32(name[i])) * 16777619
	}
	a := 0.6 + float64(h%997)/1500
	b := 0.3 + float64(h/997%997)/1100
	at := func(k int) func(float64) float64 {
		return func(x float64) float64 {
			return math.Pow(a, float64(k))*math.Sin(a*x+b+float64(k)*math.Pi/2) + 0.3*math.Pow(0.7, float64(k))*math.Exp(0.7*x)
		}
	}
	return at(order), at(order + 1)
}
