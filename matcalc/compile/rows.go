package compile

import "github.com/nabla-go/nabla/matcalc/blas"

const (
	// tile is the side of the squares in which a matrix is transposed.
	tile = 32
	// threadWords is the number of entries worth a second core, where a step
	// only moves them.
	threadWords = 1 << 16
)

// byRows is the work of part over n rows of c entries: at once, or on all cores
// by pieces of whole tiles where there are many.
func byRows(n, c int, part func(from, to int)) func() {
	if n*c < 2*threadWords || n < 2*tile {
		return func() { part(0, n) }
	}
	rows := max(tile, threadWords/c/tile*tile)
	piece := func(k int) { part(k*rows, min(n, (k+1)*rows)) }
	return func() { blas.Parallel((n+rows-1)/rows, piece) }
}

// moved is a step that only moves entries, by rows.
func moved(n, c int, part func(from, to int)) func() error {
	run := byRows(n, c, part)
	return func() error {
		run()
		return nil
	}
}

// mirror gives the work of copying the upper triangle of an n×n matrix to the
// lower.
func mirror(a *array) func() {
	return byRows(a.r, a.r/2+1, func(from, to int) { blas.Mirror(a.v(), a.r, from, to) })
}

// reduced is the work of folding size entries: part does a range of them, and
// fold joins the results of the ranges, of which there is one for few entries.
func reduced(size int, part func(from, to int) float64, fold func(partial []float64) float64) func() float64 {
	if size < 4*threadWords {
		return func() float64 { return part(0, size) }
	}
	partial := make([]float64, (size+threadWords-1)/threadWords)
	piece := func(k int) { partial[k] = part(k*threadWords, min(size, (k+1)*threadWords)) }
	return func() float64 {
		blas.Parallel(len(partial), piece)
		return fold(partial)
	}
}
