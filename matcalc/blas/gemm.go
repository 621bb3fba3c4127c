package blas

import "sync"

// Blocks of the packed product, in numbers: a block of A (blockRows by
// blockDepth) stays in the second cache, a panel of B (blockDepth by the width
// of a tile) in the first, all panels (up to blockColumns) in the third.
const (
	blockDepth   = 256
	blockRows    = 192
	blockColumns = 4080
)

const (
	// directSize bounds the cube root of the work of a product that is not packed.
	directSize = 80
	// threadWork is the least number of multiplications worth a second thread.
	threadWork = 100 * 100 * 100
)

// matrix is a view of numbers with a stride for each direction, so that a
// transpose costs nothing. One of the strides is 1.
type matrix struct {
	data     []float64
	row, col int
}

// view is a row-major matrix, or its transpose.
func view(data []float64, ld int, transposed bool) matrix {
	if transposed {
		return matrix{data, 1, ld}
	}
	return matrix{data, ld, 1}
}

// at is the part of the matrix from row i and column j on.
func (m matrix) at(i, j int) matrix { return matrix{m.data[i*m.row+j*m.col:], m.row, m.col} }

// t is the transpose.
func (m matrix) t() matrix { return matrix{m.data, m.col, m.row} }

// product is C = alpha*A*B + beta*C with C m by n, rows contiguous; m, n, k
// are at least 1.
type product struct {
	*kernels
	m, n, k     int
	alpha, beta float64
	a, b, c     matrix
	serial      bool // do not use other threads
	half        half // which part of C is wanted
	first       int  // for half: the column of the whole C that c starts with
	loose       bool // for half: tiles on the diagonal may be written whole
	// weights multiply the rows of B, if there are any.
	weights []float64
}

// half is a part of a square C.
type half int8

const (
	whole half = iota
	upper
	lower
)

// run chooses the way.
func (p product) run() {
	work := p.m * p.n * p.k
	switch {
	case p.isThin():
		p.few()
	case work <= directSize*directSize*directSize && p.k <= 2*blockDepth:
		p.direct()
	case p.serial || work < threadWork || threads() == 1:
		p.packed(1)
	default:
		p.packed(threads())
	}
}

// direct reads both factors where they lie; only a transposed or weighted B is
// packed.
func (p product) direct() {
	ldb := p.b.row
	b := p.b.data
	if p.b.col != 1 || p.weights != nil {
		ldb = roundUp(p.n, p.lanes)
		s, packed := borrow(p.k * ldb)
		defer s.release()
		if p.b.col != 1 {
			p.transpose(p.n, p.k, b, p.b.col, packed, ldb)
			b = packed
		}
		for i, d := range p.weights {
			p.scale(d, b[i*p.b.row:i*p.b.row+p.n], packed[i*ldb:])
		}
		b = packed
	}
	for j := 0; j < p.n; j += p.width {
		w := min(p.width, p.n-j)
		for i := 0; i < p.m; i += p.rows {
			p.tile(i, j, min(p.rows, p.m-i), w, &p.a.data[i*p.a.row], p.a.row, p.a.col, &b[j], ldb)
		}
	}
}

// tile calculates the tile of C, m by n, at row i and column j.
func (p *product) tile(i, j, m, n int, a *float64, ars, acs int, b *float64, ldb int) {
	if p.half != whole && p.border(i, j, m, n, a, ars, acs, b, ldb) {
		return
	}
	p.gemm(m, n, p.k, p.alpha, a, ars, acs, b, ldb, p.beta, &p.c.data[i*p.c.row+j], p.c.row)
}

// border does a tile that is not all in the wanted half: nothing outside it,
// the wanted part of one on the diagonal.
func (p *product) border(i, j, m, n int, a *float64, ars, acs int, b *float64, ldb int) bool {
	column := p.first + j
	below, above := i+m-1 > column, i < column+n-1 // entries below and above the diagonal
	if p.half == upper && !below || p.half == lower && !above {
		return false
	}
	if p.half == upper && i > column+n-1 || p.half == lower && i+m-1 < column {
		return true
	}
	if p.loose {
		return false
	}
	s, room := borrow(maxTile)
	defer s.release()
	p.gemm(m, n, p.k, p.alpha, a, ars, acs, b, ldb, 0, &room[0], n)
	for r := range m {
		from, to := 0, min(n, i+r-column+1)
		if p.half == upper {
			from, to = max(0, i+r-column), n
		}
		if from >= to {
			continue
		}
		c, part := p.c.data[(i+r)*p.c.row+j+from:], room[r*n+from:r*n+to]
		if p.beta == 0 {
			copy(c, part)
			continue
		}
		for q, v := range part {
			c[q] = v + p.beta*c[q]
		}
	}
	return true
}

// maxTile is the number of entries of the largest tile.
const maxTile = 8 * 24

// packed goes through blocks of k, and of n when B is very wide: first B is
// packed, then pieces of C are calculated.
func (p product) packed(workers int) {
	depth := evenly(p.k, blockDepth, 1)
	columns := evenly(p.n, blockColumns, p.width)
	s, panels := borrow(depth * roundUp(columns, p.width))
	defer s.release()
	for j := 0; j < p.n; j += columns {
		for q := 0; q < p.k; q += depth {
			part := p
			part.n, part.k = min(columns, p.n-j), min(depth, p.k-q)
			part.a, part.b, part.c, part.first = p.a.at(0, q), p.b.at(q, j), p.c.at(0, j), p.first+j
			if p.weights != nil {
				part.weights = p.weights[q : q+part.k]
			}
			if q > 0 {
				part.beta = 1
			}
			part.block(panels, workers)
		}
	}
}

// block is one step of packed: k is at most blockDepth.
func (p product) block(panels []float64, workers int) {
	count := (p.n + p.width - 1) / p.width
	if workers == 1 {
		p.packB(panels, 0, count)
		for i := 0; i < p.m; i += blockRows {
			p.stripe(panels, i, min(blockRows, p.m-i), 0, count)
		}
		return
	}
	b := blocks.Get().(*blockWork)
	defer b.release()
	b.product, b.panels, b.count = p, panels, count
	b.down = 0
	parallel((count+panelsAtOnce-1)/panelsAtOnce, b)
	// Enough pieces for all to finish together even when one is disturbed;
	// columns are split only when there are too few rows.
	pieces := 4 * workers
	b.stripeRows = min(blockRows, max(4*p.rows, roundUp((p.m+pieces-1)/pieces, p.rows)))
	b.down = (p.m + b.stripeRows - 1) / b.stripeRows
	b.across = min(count, (pieces+b.down-1)/b.down)
	if b.down >= 2*workers {
		b.across = 1
	}
	parallel(b.down*b.across, b)
}

// panelsAtOnce is how many panels of B are packed in one piece of work.
const panelsAtOnce = 4

// blockWork is block on several threads: first the panels of B are packed, then,
// with down set, stripes of C are calculated.
type blockWork struct {
	product
	panels                          []float64
	count, stripeRows, down, across int
}

var blocks = sync.Pool{New: func() any { return new(blockWork) }}

func (b *blockWork) release() {
	*b = blockWork{}
	blocks.Put(b)
}

func (b *blockWork) do(piece int) {
	if b.down == 0 {
		b.packB(b.panels, piece*panelsAtOnce, min(b.count, (piece+1)*panelsAtOnce))
		return
	}
	if b.half == lower { // the pieces with the most work first
		piece = b.down*b.across - 1 - piece
	}
	i, j := piece/b.across*b.stripeRows, piece%b.across
	b.stripe(b.panels, i, min(b.stripeRows, b.m-i), j*b.count/b.across, (j+1)*b.count/b.across)
}

// packB packs the panels from first up to end: rows as wide as the tile, the
// last panel as wide as the registers it needs.
func (p product) packB(panels []float64, first, end int) {
	for panel := first; panel < end; panel++ {
		j := panel * p.width
		w := min(p.width, p.n-j)
		dst := panels[panel*p.width*p.k:]
		ld := roundUp(w, p.lanes)
		if p.b.col == 1 {
			p.packRows(w, p.k, &p.b.data[j], p.b.row, &dst[0])
		} else {
			p.transpose(w, p.k, p.b.data[j*p.b.col:], p.b.col, dst, ld)
		}
		for i, d := range p.weights {
			row := dst[i*ld : i*ld+w]
			p.scale(d, row, row)
		}
	}
}

// stripe calculates rows i to i+rows of C in the panels from first up to end.
func (p product) stripe(panels []float64, i, rows, first, end int) {
	s, packed := borrow(roundUp(rows, p.rows) * p.k)
	defer s.release()
	for r := 0; r < rows; r += p.rows {
		h := min(p.rows, rows-r)
		dst := &packed[r*p.k]
		if p.a.row == 1 {
			p.packRows(h, p.k, &p.a.data[i+r], p.a.col, dst)
		} else {
			p.packTranspose(h, p.k, &p.a.data[(i+r)*p.a.row], p.a.row, dst, p.rows)
		}
	}
	for panel := first; panel < end; panel++ {
		j := panel * p.width
		w := min(p.width, p.n-j)
		ld := roundUp(w, p.lanes)
		for r := 0; r < rows; r += p.rows {
			p.tile(i+r, j, min(p.rows, rows-r), w, &packed[r*p.k], 1, p.rows, &panels[j*p.k], ld)
		}
	}
}

// evenly is the size of the fewest equal pieces of n that are at most limit,
// rounded up to a multiple of unit.
func evenly(n, limit, unit int) int {
	pieces := (n + limit - 1) / limit
	return min(limit, roundUp((n+pieces-1)/pieces, unit))
}
