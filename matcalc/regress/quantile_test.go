package regress

import (
	"math/rand"
	"slices"
	"testing"
)

// Quantiles by a sample are those of the sorted values, whatever the order and
// the ties.
func TestQuantiles(t *testing.T) {
	const seed = 7
	rng := rand.New(rand.NewSource(seed))
	shapes := map[string]func(i, n int) float64{
		"normal":   func(int, int) float64 { return rng.NormFloat64() },
		"rising":   func(i, _ int) float64 { return float64(i) },
		"falling":  func(i, _ int) float64 { return -float64(i) },
		"few":      func(int, int) float64 { return float64(rng.Intn(3)) },
		"constant": func(int, int) float64 { return 2 },
		"periodic": func(i, _ int) float64 { return float64(i % 5) },
		"blocks":   func(i, n int) float64 { return float64(i/(n/7+1))*1e6 + rng.Float64() },
		"spikes":   func(i, n int) float64 { return map[bool]float64{true: rng.ExpFloat64() * 1e9}[i%1000 == 1] },
	}
	shares := []float64{0, 0.25, 0.5, 0.75, 1}
	for name, f := range shapes {
		for _, n := range []int{1, 2, 3, 10, sampled - 1, sampled, 50_001} {
			v := make([]float64, n)
			for i := range v {
				v[i] = f(i, n)
			}
			got := quantiles(v, shares)
			slices.Sort(v)
			for k, q := range shares {
				h := q * float64(n-1)
				i := int(h)
				want := v[i] + (h-float64(i))*(v[min(i+1, n-1)]-v[i])
				if got[k] != want {
					t.Errorf("%s, n = %d, q = %v: %v, want %v (seed %d)", name, n, q, got[k], want, seed)
				}
			}
		}
	}
}
