package cell

import (
	"slices"
	"strings"
)

// Nearest gives up to n of the known words that look most like the given one,
// best first.
func Nearest(word string, known []string, n int) []string {
	type near struct {
		word  string
		edits int
	}
	all := make([]near, len(known))
	for i, k := range known {
		all[i] = near{k, Edits(strings.ToLower(word), strings.ToLower(k))}
	}
	slices.SortStableFunc(all, func(a, b near) int { return a.edits - b.edits })
	out := make([]string, 0, n)
	for _, a := range all[:min(n, len(all))] {
		out = append(out, a.word)
	}
	return out
}

// longestWord bounds what Edits compares.
const longestWord = 200

// Edits counts the letters to insert, delete, replace or swap with their
// neighbour to make one word of another.
func Edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	x, y = x[:min(len(x), longestWord)], y[:min(len(y), longestWord)]
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
