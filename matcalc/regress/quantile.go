package regress

import (
	"math"
	"slices"
)

// sampled is the number of values from which on quantiles are found by a sample.
const sampled = 1 << 14

// quantiles returns the quantiles at the shares, interpolated linearly (R's type
// 7). The values are finite; they are not changed.
func quantiles(values []float64, shares []float64) []float64 {
	ranks := make([]int, 0, 2*len(shares))
	for _, q := range shares {
		i := int(q * float64(len(values)-1))
		ranks = append(ranks, i, min(i+1, len(values)-1))
	}
	at := orderStatistics(values, ranks)
	out := make([]float64, len(shares))
	for k, q := range shares {
		h := q * float64(len(values)-1)
		low, high := at[2*k], at[2*k+1]
		out[k] = low + (h-math.Floor(h))*(high-low)
	}
	return out
}

// orderStatistics returns the values of the ranks, counted from 0. Many values
// are not sorted: a sample gives bounds between which each rank lies almost
// surely, and only what falls there is.
func orderStatistics(values []float64, ranks []int) []float64 {
	var gates []gate
	if len(values) >= sampled {
		gates = gatesFor(values, ranks)
		for _, v := range values {
			for k := range gates {
				gates[k].pass(v)
			}
		}
	}
	out := make([]float64, len(ranks))
	var sorted []float64
	for k, rank := range ranks {
		found := false
		for i := range gates {
			if out[k], found = gates[i].rank(rank); found {
				break
			}
		}
		if found {
			continue
		}
		if sorted == nil {
			sorted = slices.Clone(values)
			slices.Sort(sorted)
		}
		out[k] = sorted[rank]
	}
	return out
}

// A gate keeps the values between two bounds and counts those below.
type gate struct {
	low, high float64
	below     int
	within    []float64
	sorted    bool
}

func (g *gate) pass(v float64) {
	if v < g.low {
		g.below++
	} else if v <= g.high {
		g.within = append(g.within, v)
	}
}

// rank returns the value of a rank, if it lies within the bounds.
func (g *gate) rank(rank int) (float64, bool) {
	if rank -= g.below; rank < 0 || rank >= len(g.within) {
		return 0, false
	}
	if !g.sorted {
		slices.Sort(g.within)
		g.sorted = true
	}
	return g.within[rank], true
}

// gatesFor places bounds about the ranks, four standard deviations of a rank in
// the sample to each side; neighbouring ranks share theirs.
func gatesFor(values []float64, ranks []int) []gate {
	const size = 4096
	sample := make([]float64, size)
	for i := range sample {
		sample[i] = values[i*(len(values)-1)/(size-1)]
	}
	slices.Sort(sample)
	var gates []gate
	for k, rank := range ranks {
		if k > 0 && (rank == ranks[k-1] || rank == ranks[k-1]+1) {
			continue
		}
		q := float64(rank) / float64(len(values)-1)
		middle, reach := q*(size-1), 4*math.Sqrt(size*q*(1-q))+2
		g := gate{low: math.Inf(-1), high: math.Inf(1)}
		if i := int(middle - reach); i >= 0 {
			g.low = sample[i]
		}
		if i := int(middle + reach); i < size {
			g.high = sample[i]
		}
		gates = append(gates, g)
	}
	return gates
}
