package compile

import (
	"slices"

	gonum "gonum.org/v1/gonum/blas"

	"github.com/nabla-go/nabla/matcalc/blas"
)

// A sweep is how a step works through the rows of its operands, a panel at a
// time. Steps that sweep the same rows can be joined: each panel goes through
// all of them while it is in the cache, so that a gradient X'*f(X*w) reads X from
// memory once, not twice.
type sweep struct {
	height int
	rows   []*array // part reads and writes the panel's rows only of these
	part   func(p panel)
	// A result that adds up over the rows has partial ones: begin makes them 0, end
	// adds them to the result in the order of the lanes. Both are nil for a result
	// by rows.
	begin, end func()
	adds       bool // to what the result holds before
}

// A panel is rows from to to of height. A lane is a range of rows whose panels
// are done from the top down, so that sums do not depend on which core does it.
type panel struct{ height, from, to, lane int }

// take are the rows of an array that the panel covers; those of a vector are
// its entries.
func (p panel) take(a *array) []float64 {
	if p.height == 0 {
		return nil
	}
	width := a.size() / p.height
	if a.mem.strip > 0 {
		return a.mem.data[p.lane*a.mem.strip:][:(p.to-p.from)*width]
	}
	return a.v()[p.from*width : p.to*width]
}

const (
	// lanes is the number of parts of a sweep: enough for the cores to end
	// together even if one is disturbed.
	lanes = 8
	// panelWidth bounds the rows of operands.
	panelWidth = 1 << 14
	// smallWords bounds operands that every panel reads as a whole, and partial
	// results.
	smallWords = 1 << 14
)

// What pays in a sweep; tests make everything pay.
var (
	// panelWords is the size of the widest operand's rows in a panel: they stay in
	// the second cache.
	panelWords = 1 << 15
	// panelRows is a number of rows that kernels like: panels are multiples of it.
	panelRows = 4
	// joinWords is how many numbers must be saved from going through memory for
	// steps to be joined: what fits the second cache is fast as it is.
	joinWords = 1 << 16
)

// tall is the number of rows by which an array is swept.
func (a *array) tall() int {
	if a.isVector() {
		return a.size()
	}
	return a.r
}

// sweeping tells how the step that was emitted last works by rows.
func (b *builder) sweeping(s sweep) {
	if b.parent != nil || s.height < 2*panelRows {
		return
	}
	last := &b.steps[len(b.steps)-1]
	for _, a := range s.rows {
		if a.size()/s.height > panelWidth || a.size()%s.height != 0 {
			return
		}
	}
	for _, a := range append([]*array{last.out}, last.read...) {
		if a.size() > smallWords && !s.byRows(a.mem) {
			return
		}
	}
	last.sweep = &s
}

func (s *sweep) byRows(m *memory) bool {
	return slices.ContainsFunc(s.rows, func(a *array) bool { return a.mem == m })
}

// addsUp reports a result that is there at the end only.
func (s *sweep) addsUp() bool { return s.end != nil }

// partials are the partial results of the lanes.
type partials struct {
	out  *array
	data []float64
}

func (p *partials) stride() int { return (p.out.size() + 7) / 8 * 8 }

func (p *partials) lane(i int) []float64 { return p.data[i*p.stride():][:p.out.size()] }

// summed is a sweep whose result adds up over the rows: part adds a panel's to
// its last argument.
func summed(height int, out *array, adds bool, part func(p panel, to []float64), rows ...*array) sweep {
	sum := &partials{out: out}
	return sweep{height: height, rows: rows, adds: adds,
		part: func(p panel) { part(p, sum.lane(p.lane)) },
		begin: func() {
			if sum.data == nil {
				sum.data = make([]float64, lanes*sum.stride())
			}
			clear(sum.data)
			if !adds {
				clear(out.v())
			}
		},
		end: func() {
			for i := range lanes {
				blas.Axpy(1, sum.lane(i), out.v())
			}
		}}
}

// folded is a sweep to one number, by a function that folds numbers and also
// its own results; neutral is what it gives for none.
func folded(a, out *array, neutral float64, fold func([]float64) float64) sweep {
	partial := make([]float64, 2*lanes)
	return sweep{height: a.tall(), rows: []*array{a},
		part: func(p panel) {
			pair := partial[2*p.lane : 2*p.lane+2]
			pair[1] = fold(p.take(a))
			pair[0] = fold(pair)
		},
		begin: func() {
			for i := range partial {
				partial[i] = neutral
			}
		},
		end: func() {
			for i := range lanes {
				partial[2*i+1] = neutral
			}
			out.v()[0] = fold(partial)
		}}
}

// gemvSweep is out = alpha*a*x + beta*out, or with a transposed.
func gemvSweep(t gonum.Transpose, alpha *scalar, a, x *array, beta float64, out *array) sweep {
	if t == gonum.NoTrans {
		return sweep{height: a.r, rows: []*array{a, out}, adds: beta != 0, part: func(p panel) {
			engine.Dgemv(t, p.to-p.from, a.c, alpha.at(), p.take(a), a.stride(), x.v(), 1, beta, p.take(out), 1)
		}}
	}
	return summed(a.r, out, beta != 0, func(p panel, to []float64) {
		engine.Dgemv(t, p.to-p.from, a.c, alpha.at(), p.take(a), a.stride(), p.take(x), 1, 1, to, 1)
	}, a, x)
}

// gemmSweep is out = alpha*x*y + beta*out, or x'*y, which adds up.
func gemmSweep(trans bool, alpha *scalar, x, y *array, yTrans bool, beta float64, out *array) sweep {
	if !trans {
		return sweep{height: x.r, rows: []*array{x, out}, adds: beta != 0, part: func(p panel) {
			engine.Dgemm(gonum.NoTrans, flag(yTrans), p.to-p.from, out.c, x.c, alpha.at(), p.take(x), x.stride(), y.v(), y.stride(), beta, p.take(out), out.stride())
		}}
	}
	return summed(x.r, out, beta != 0, func(p panel, to []float64) {
		engine.Dgemm(gonum.Trans, gonum.NoTrans, out.r, out.c, p.to-p.from, alpha.at(), p.take(x), x.stride(), p.take(y), y.stride(), 1, to, out.stride())
	}, x, y)
}
