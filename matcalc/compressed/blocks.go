package compressed

import "fmt"

// blocks are n blocks r×c: along the diagonal, or interleaved as a grid of r×c
// diagonal matrices n×n.
type blocks struct {
	n, r, c     int
	v           Numbers // n rows of the r·c entries of a block
	interleaved bool
	trans       bool // the numbers are those of the transposed blocks, c×r
}

// Blocks are n blocks of r×c numbers along the diagonal; the numbers hold one
// block after the other. Interleaved, entry (a,b) of block i is at (a·n+i, b·n+i):
// the matrix is a grid r×c of diagonal matrices.
func Blocks(n, r, c int, v Numbers, interleaved bool) Form {
	return blocks{n, r, c, v, interleaved, false}
}

func (b blocks) dims() (int, int) { return b.n * b.r, b.n * b.c }
func (b blocks) words() int       { return b.n * b.r * b.c }
func (b blocks) work() float64    { return 2 * float64(b.words()) }

func (b blocks) text() string {
	if b.interleaved {
		return fmt.Sprintf("%d×%d blocks, each a diagonal of %d", b.r, b.c, b.n)
	}
	return fmt.Sprintf("%d blocks %d×%d on the diagonal", b.n, b.r, b.c)
}

func (b blocks) Transpose() Form {
	return blocks{b.n, b.c, b.r, b.v, b.interleaved, !b.trans}
}

// entry is where entry (a,c) of block i is in the numbers.
func (b blocks) entry(i, a, c int) int {
	if b.trans {
		return (i*b.c+c)*b.r + a
	}
	return (i*b.r+a)*b.c + c
}

// place is where row (or column) a of block i is; count is that of a block.
func (b blocks) place(i, a, count int) int {
	if b.interleaved {
		return a*b.n + i
	}
	return i*count + a
}

func (b blocks) at(i, j int) float64 {
	bi, a, bj, c := i/b.r, i%b.r, j/b.c, j%b.c
	if b.interleaved {
		bi, a, bj, c = i%b.n, i/b.n, j%b.n, j/b.n
	}
	if bi != bj {
		return 0
	}
	return b.v.Numbers()[b.entry(bi, a, c)]
}

func (b blocks) mul(dst, x []float64, p int) {
	clear(dst[:b.n*b.r*p])
	v := b.v.Numbers()
	for i := range b.n {
		for a := range b.r {
			to := dst[b.place(i, a, b.r)*p:][:p]
			for c := range b.c {
				k, from := v[b.entry(i, a, c)], x[b.place(i, c, b.c)*p:][:p]
				for q := range to {
					to[q] += k * from[q]
				}
			}
		}
	}
}

func (b blocks) store(dst []float64, ld int, alpha float64, add bool) {
	if !add {
		wipe(dst, ld, b.n*b.r, b.n*b.c)
	}
	v := b.v.Numbers()
	for i := range b.n {
		for a := range b.r {
			row := dst[b.place(i, a, b.r)*ld:]
			for c := range b.c {
				row[b.place(i, c, b.c)] += alpha * v[b.entry(i, a, c)]
			}
		}
	}
}
