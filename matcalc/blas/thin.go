package blas

import "sync"

const (
	// thinColumns is the greatest number of columns whose sums a kernel holds in
	// registers.
	thinColumns = 5
	// thinLimit is the greatest number of columns of a thin product, which are done
	// in parts; beyond thinShort of them only where k is at least thinLong.
	thinLimit, thinShort, thinLong = 16, 8, 128
	// thinBlock is the part of A, in numbers, that stays in the cache for all parts.
	thinBlock = 1 << 14
)

// isThin reports a product that the kernels for few columns do better: C of a few
// columns, and rows of A that are contiguous and long enough to be worth adding
// lanes up.
func (p *product) isThin() bool {
	return p.n >= 2 && (p.n <= thinShort || p.n <= thinLimit && p.k >= thinLong) && p.m >= 2 && p.k >= 4*p.lanes && p.a.col == 1 && p.half == whole && p.weights == nil
}

// few calculates a thin product.
func (p product) few() {
	b, ldb := p.b.data, p.b.col
	if p.b.row != 1 {
		ldb = roundUp(p.k, p.lanes)
		s, turned := borrow(p.n * ldb)
		defer s.release()
		p.transpose(p.k, p.n, b, p.b.row, turned, ldb)
		b = turned
	}
	w := thinWorks.Get().(*thinWork)
	*w = thinWork{p, b, ldb, p.m}
	pieces := 1
	if !p.serial && p.m*p.n*p.k >= threadWork/2 && threads() > 1 {
		pieces = 4 * threads()
	}
	w.stripe = roundUp((p.m+pieces-1)/pieces, p.rows)
	if pieces = (p.m + w.stripe - 1) / w.stripe; pieces == 1 {
		w.do(0)
	} else {
		parallel(pieces, w)
	}
	*w = thinWork{}
	thinWorks.Put(w)
}

// thinWork is a thin product by stripes of rows; b is Bᵀ.
type thinWork struct {
	product
	b      []float64
	ldb    int
	stripe int
}

var thinWorks = sync.Pool{New: func() any { return new(thinWork) }}

func (w *thinWork) do(piece int) {
	i := piece * w.stripe
	rows := min(w.stripe, w.m-i)
	for r := i; r < i+rows; r++ {
		c := w.c.data[r*w.c.row : r*w.c.row+w.n]
		if w.beta == 0 {
			clear(c)
			continue
		}
		for j := range c {
			c[j] *= w.beta
		}
	}
	parts := (w.n + thinColumns - 1) / thinColumns
	high := rows
	if parts > 1 {
		high = max(w.rows, thinBlock/w.k/w.rows*w.rows)
	}
	a := w.product.a
	for r := i; r < i+rows; r += high {
		for part := range parts {
			from, to := part*w.n/parts, (part+1)*w.n/parts
			w.thin[to-from-2](min(high, i+rows-r), w.k, w.alpha, &a.data[r*a.row], a.row, &w.b[from*w.ldb], w.ldb, &w.c.data[r*w.c.row+from], w.c.row)
		}
	}
}
