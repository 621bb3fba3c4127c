package compile

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/nabla-go/nabla/matcalc/blas"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// trace of a product is an inner product of its two halves: tr(AB) = sum(A'⊙B).
func (b *builder) trace(n *expr.Node) *array {
	arg := n.Arg(0)
	p := arg.Product()
	if len(p.Chain) < 2 || b.known(arg) != nil {
		a := b.value(arg)
		out := b.array(1, 1)
		return b.emit("trace", out, float64(a.r), func(s *source) {
			s.used["trace"] = true
			s.line("%v[0] = trace(%v, %d)", out, a, a.r)
		}, func() error {
			t := 0.0
			for i := range a.r {
				t += a.v()[i*a.c+i]
			}
			out.v()[0] = t
			return nil
		}, a)
	}
	var ops []operand
	for _, f := range p.Chain {
		ops = append(ops, b.operand(f))
	}
	alpha := b.scaling(p)
	c := newChain(b, ops)
	at, best := 0, math.Inf(1)
	for m := 0; m+1 < len(ops); m++ {
		if cost := c.cells[0][m].cost + c.cells[m+1][len(ops)-1].cost + 2*float64(ops[0].r)*float64(ops[m].c); cost < best {
			at, best = m, cost
		}
	}
	left, right := c.multiply(0, at, nil, nil, false), c.multiply(at+1, len(ops)-1, nil, nil, false)
	if left.kind != dense || right.kind != dense {
		left, right = operand{a: b.entries(left), r: left.r, c: left.c}, operand{a: b.entries(right), r: right.r, c: right.c}
	}
	x := left.a
	if !left.trans == !right.trans { // one of them is to be read by columns
		x = b.transposed(left.a)
	}
	out := b.array(1, 1)
	b.emit("trace of a product", out, 2*float64(x.size()), func(s *source) {
		s.line("%v[0] = %v * blas64.Dot(%s, %s)", out, alpha, s.vector(x), s.vector(right.a))
	}, b.inner(out, x, right.a, alpha, 0), alpha.reads(x, right.a)...)
	y := right.a
	b.sweeping(summed(x.tall(), out, false, func(p panel, to []float64) { to[0] += alpha.at() * blas.Dot(p.take(x), p.take(y)) }, x, y))
	return out
}

// total is the sum of all entries.
func (b *builder) total(n *expr.Node) *array {
	arg := n.Arg(0)
	if fusible(arg) && b.uses[arg] <= 1 && b.known(arg) == nil && !(arg.Op() == expr.OpAdd && b.accumulates(arg)) {
		return b.fuseSum(arg)
	}
	a := b.value(arg)
	out := b.array(1, 1)
	run := reduced(a.size(), func(from, to int) float64 { return sumBlock(a.v()[from:to]) }, sumBlock)
	b.emit("sum", out, float64(a.size()), func(s *source) {
		s.used["sum"] = true
		s.line("%v[0] = sum(%v)", out, a)
	}, func() error { out.v()[0] = run(); return nil }, a)
	b.sweeping(folded(a, out, 0, sumBlock))
	return out
}

// norm is norm1 or norm2.
func (b *builder) norm(n *expr.Node) *array {
	a := b.value(n.Arg(0))
	out := b.array(1, 1)
	f, name := func(x blas64.Vector) float64 { return engine.Dnrm2(x.N, x.Data, 1) }, "Nrm2"
	if n.Op() == expr.OpNorm1 {
		f, name = func(x blas64.Vector) float64 { return engine.Dasum(x.N, x.Data, 1) }, "Asum"
	}
	run := reduced(a.size(), func(from, to int) float64 { return f(vector(a.v()[from:to])) }, func(partial []float64) float64 { return f(vector(partial)) })
	b.emit(n.Op().String(), out, 2*float64(a.size()), func(s *source) {
		s.line("%v[0] = blas64.%s(%s)", out, name, s.vector(a))
	}, func() error { out.v()[0] = run(); return nil }, a)
	b.sweeping(folded(a, out, 0, func(v []float64) float64 { return f(vector(v)) }))
	return out
}

// logSumExp is that of all entries, or of each row; the largest entry is taken
// out first, so that nothing overflows.
func (b *builder) logSumExp(n *expr.Node) *array {
	a := b.value(n.Arg(0))
	rows, width := 1, a.size()
	if n.Op() == expr.OpLSERows {
		rows, width = a.r, a.c
	}
	out := b.array(rows, 1)
	run := moved(rows, width, func(from, to int) {
		for i := from; i < to; i++ {
			out.v()[i] = blas.LogSumExp(a.v()[i*width : (i+1)*width])
		}
	})
	if rows == 1 { // of the whole: that of the parts' own
		one := reduced(width, func(from, to int) float64 { return blas.LogSumExp(a.v()[from:to]) }, blas.LogSumExp)
		run = func() error { out.v()[0] = one(); return nil }
	}
	b.emit(n.Op().String(), out, 12*float64(a.size()), func(s *source) {
		s.used["logSumExp"] = true
		s.line("for i := range %v {\n%v[i] = logSumExp(%v[i*%d:(i+1)*%d])\n}", out, out, a, width, width)
	}, run, a)
	if rows == 1 {
		b.sweeping(folded(a, out, math.Inf(-1), blas.LogSumExp))
		return out
	}
	b.sweeping(sweep{height: rows, rows: []*array{out, a}, part: func(p panel) {
		x, y := p.take(a), p.take(out)
		for i := range y {
			y[i] = blas.LogSumExp(x[i*width : (i+1)*width])
		}
	}})
	return out
}

// softmax is that of all entries, or of each row.
func (b *builder) softmax(n *expr.Node) *array {
	a := b.value(n.Arg(0))
	rows, width := 1, a.size()
	if n.Op() == expr.OpSoftmaxRows {
		rows, width = a.r, a.c
	}
	out := b.array(a.r, a.c)
	softmax := func(x, y []float64) {
		for at := 0; at < len(x); at += width {
			x, y := x[at:at+width], y[at:at+width]
			scaleBlock(y, y, 1/blas.ExpSum(y, x, blas.Max(x)))
		}
	}
	b.emit(n.Op().String(), out, 12*float64(a.size()), func(s *source) { s.call("softmax", out, a, width) }, moved(rows, width, func(from, to int) {
		softmax(a.v()[from*width:to*width], out.v()[from*width:to*width])
	}), a)
	if rows > 1 {
		b.sweeping(sweep{height: rows, rows: []*array{out, a}, part: func(p panel) { softmax(p.take(a), p.take(out)) }})
	}
	return out
}

// inner is the step out = alpha*x'y + beta*out.
func (b *builder) inner(out, x, y *array, alpha *scalar, beta float64) func() error {
	run := reduced(x.size(), func(from, to int) float64 { return blas.Dot(x.v()[from:to], y.v()[from:to]) }, sumBlock)
	return func() error {
		product := alpha.at() * run()
		if beta != 0 {
			product += beta * out.v()[0]
		}
		out.v()[0] = product
		return nil
	}
}
