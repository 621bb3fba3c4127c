package optimize

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// A Set is a convex set with its projection.
type Set struct {
	Name    string
	Project func(x []float64)
}

// Sets are the constraints that are known by name.
var Sets = []Set{
	{"nonnegative", func(x []float64) {
		for i := range x {
			x[i] = math.Max(x[i], 0)
		}
	}},
	{"simplex", projectSimplex},
	{"unit ball", func(x []float64) {
		if length := floats.Norm(x, 2); length > 1 {
			floats.Scale(1/length, x)
		}
	}},
}

// projectSimplex finds the nearest point with x >= 0 and sum 1: what exceeds a
// threshold, which sorting finds.
func projectSimplex(x []float64) {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	sum, threshold := 0.0, 0.0
	for i, v := range sorted {
		sum += v
		if t := (sum - 1) / float64(i+1); v > t {
			threshold = t
		}
	}
	for i := range x {
		x[i] = math.Max(x[i]-threshold, 0)
	}
}
