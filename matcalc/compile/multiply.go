package compile

import (
	gonum "gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/nabla-go/nabla/matcalc/blas"
	"github.com/nabla-go/nabla/matcalc/compressed"
)

// engine is called directly, so that programs are fast also where blas.Use was
// not called.
var engine blas.Implementation

// gemv is out = alpha*a*x + beta*out, or with a transposed.
func gemv(t gonum.Transpose, alpha float64, a, x *array, beta float64, out *array) {
	engine.Dgemv(t, a.r, a.c, alpha, a.v(), a.stride(), x.v(), 1, beta, out.v(), 1)
}

// multiply emits left*right, times alpha, into out (nil: a new array), which it
// adds to if accumulate.
func (b *builder) multiply(left, right operand, alpha *scalar, out *array, accumulate bool) *array {
	r, c := left.r, right.c
	switch {
	case left.kind == inverted:
		return b.scaled(b.solve(left.f, b.entries(right), left.trans), alpha, out, accumulate)
	case right.kind == inverted: // B A^-1 = (A'^-1 B')'
		t := b.solve(right.f, b.transposed(b.entries(left)), !right.trans)
		return b.scaled(b.transposed(t), alpha, out, accumulate)
	case left.kind == shaped:
		return b.scaled(b.applied(left.oriented(), left.read, b.entries(right)), alpha, out, accumulate)
	case right.kind == shaped: // X K = (K' X')'
		t := b.applied(right.transposed().oriented(), right.read, b.entries(left.transposed()))
		return b.scaled(b.transposed(t), alpha, out, accumulate)
	case left.kind == diagonal:
		return b.scaled(b.scaleRows(left.a, b.entries(right)), alpha, out, accumulate)
	case right.kind == diagonal:
		return b.scaled(b.scaleColumns(b.entries(left), right.a), alpha, out, accumulate)
	}
	if out == nil {
		out, accumulate = b.array(r, c), false
	}
	beta := 0.0
	if accumulate {
		beta = 1
	}
	x, y, k := left.a, right.a, left.c
	if r*k*c == 0 {
		return b.empty(out, accumulate)
	}
	flops := 2 * float64(r) * float64(k) * float64(c)
	read := alpha.reads(x, y)
	switch {
	case r == 1 && c == 1:
		b.emit("inner product", out, flops, func(s *source) {
			s.line("%v[0] %s %v * blas64.Dot(%s, %s)", out, assignment(accumulate), alpha, s.vector(x), s.vector(y))
		}, b.inner(out, x, y, alpha, beta), read...)
		b.sweeping(summed(x.size(), out, accumulate, func(p panel, to []float64) { to[0] += alpha.at() * blas.Dot(p.take(x), p.take(y)) }, x, y))
	case c == 1:
		b.emit("matrix × vector", out, flops, func(s *source) {
			s.line("blas64.Gemv(%s, %v, %s, %s, %v, %s)", transpose(left.trans), alpha, s.matrix(x), s.vector(y), beta, s.vector(out))
		}, func() error {
			gemv(flag(left.trans), alpha.at(), x, y, beta, out)
			return nil
		}, read...)
		b.sweeping(gemvSweep(flag(left.trans), alpha, x, y, beta, out))
	case r == 1:
		b.emit("vector × matrix", out, flops, func(s *source) {
			s.line("blas64.Gemv(%s, %v, %s, %s, %v, %s)", transpose(!right.trans), alpha, s.matrix(y), s.vector(x), beta, s.vector(out))
		}, func() error {
			gemv(flag(!right.trans), alpha.at(), y, x, beta, out)
			return nil
		}, read...)
		b.sweeping(gemvSweep(flag(!right.trans), alpha, y, x, beta, out))
	case k == 1:
		b.emit("outer product", out, flops, func(s *source) {
			if !accumulate {
				s.line("clear(%v)", out)
			}
			s.line("blas64.Ger(%v, %s, %s, %s)", alpha, s.vector(x), s.vector(y), s.matrix(out))
		}, func() error {
			if !accumulate {
				clear(out.v())
			}
			engine.Dger(out.r, out.c, alpha.at(), x.v(), 1, y.v(), 1, out.v(), out.stride())
			return nil
		}, read...)
	default:
		b.matrixProduct(left, right, alpha, out, beta)
	}
	return out
}

// empty emits a product without terms, which BLAS refuses.
func (b *builder) empty(out *array, accumulate bool) *array {
	if accumulate {
		return out
	}
	return b.emit("zeros", out, 0, func(s *source) { s.line("clear(%v)", out) }, func() error {
		clear(out.v())
		return nil
	})
}

// matrixProduct emits out = alpha*left*right + beta*out.
func (b *builder) matrixProduct(left, right operand, alpha *scalar, out *array, beta float64) {
	x, y, r, c, k := left.a, right.a, left.r, right.c, left.c
	b.emit("matrix × matrix", out, 2*float64(r)*float64(k)*float64(c), func(s *source) {
		s.line("blas64.Gemm(%s, %s, %v, %s, %s, %v, %s)", transpose(left.trans), transpose(right.trans), alpha, s.matrix(x), s.matrix(y), beta, s.matrix(out))
	}, func() error {
		engine.Dgemm(flag(left.trans), flag(right.trans), r, c, k, alpha.at(), x.v(), x.stride(), y.v(), y.stride(), beta, out.v(), out.stride())
		return nil
	}, alpha.reads(x, y)...)
	if x.mem != y.mem && !(left.trans && right.trans) {
		b.sweeping(gemmSweep(left.trans, alpha, x, y, right.trans, beta, out))
	}
}

// assignment is how a result is written, or added.
func assignment(accumulate bool) string {
	if accumulate {
		return "+="
	}
	return "="
}

func vector(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Data: v, Inc: 1} }

func general(a *array) blas64.General {
	return blas64.General{Rows: a.r, Cols: a.c, Stride: a.stride(), Data: a.v()}
}

func flag(trans bool) gonum.Transpose {
	if trans {
		return gonum.Trans
	}
	return gonum.NoTrans
}

// triangle emits h'*right, known to be symmetric: the upper triangle by matrix
// products, then its mirror.
func (b *builder) triangle(h, right operand, alpha *scalar, out *array, accumulate bool) *array {
	n := h.c
	target := out
	if out == nil || accumulate && n*h.r > 0 {
		target = b.array(n, n)
	}
	if n*h.r == 0 {
		return b.empty(target, accumulate)
	}
	x, y := b.plain(h), b.plain(right)
	lower := mirror(target)
	b.emit("symmetric product", target, float64(n)*float64(n)*float64(h.r), func(s *source) {
		if x == y {
			s.used["symmetric"] = true
			s.line("blas64.Syrk(blas.Trans, %v, %s, 0, symmetric(%d, %v))", alpha, s.matrix(x), n, target)
		} else {
			s.line("blas64.Gemm(blas.Trans, blas.NoTrans, %v, %s, %s, 0, %s)", alpha, s.matrix(x), s.matrix(y), s.matrix(target))
		}
		s.call("mirror", target, n)
	}, func() error {
		k := alpha.at()
		if x == y {
			engine.Dsyrk(gonum.Upper, gonum.Trans, n, x.r, k, x.v(), x.stride(), 0, target.v(), target.stride())
		} else {
			blas.Half(gonum.Trans, gonum.NoTrans, n, x.r, k, x.v(), x.stride(), y.v(), y.stride(), target.v(), target.stride())
		}
		lower()
		return nil
	}, alpha.reads(x, y)...)
	if target == out || out == nil {
		return target
	}
	return b.scaled(target, nil, out, true)
}

// weighted emits h'*diag(d)*h: its upper triangle, then the mirror.
func (b *builder) weighted(h operand, d *array, alpha *scalar, out *array, accumulate bool) *array {
	n := h.c
	target := out
	if out == nil || accumulate && n*h.r > 0 {
		target = b.array(n, n)
	}
	if n*h.r == 0 {
		return b.empty(target, accumulate)
	}
	x, lower := b.plain(h), mirror(target)
	b.emit("weighted symmetric product", target, float64(n)*float64(n+1)*float64(h.r), func(s *source) {
		s.used["scaled"] = true
		s.line("blas64.Gemm(blas.Trans, blas.NoTrans, %v, %s, matrix(%d, %d, scaled(%v, %v)), 0, %s)", alpha, s.matrix(x), x.r, x.c, d, x, s.matrix(target))
	}, func() error {
		blas.Weighted(n, alpha.at(), x.v(), x.stride(), d.v(), target.v(), target.stride())
		lower()
		return nil
	}, alpha.reads(x, d)...)
	if target == out || out == nil {
		return target
	}
	return b.scaled(target, nil, out, true)
}

// plain is a dense operand with its transpose carried out.
func (b *builder) plain(o operand) *array { return b.entries(o) }

// entries is any operand as an ordinary matrix.
func (b *builder) entries(o operand) *array {
	switch {
	case o.kind == diagonal:
		return b.spread(o.a)
	case o.kind == inverted:
		a := b.solve(o.f, b.identity(o.r), o.trans)
		return a
	case o.kind == shaped:
		return b.written(o.oriented(), o.read)
	case o.trans:
		return b.transposed(o.a)
	}
	return o.a
}

// oriented is the form of a shaped operand as it is to be read.
func (o operand) oriented() compressed.Form {
	if o.trans {
		return o.form.Transpose()
	}
	return o.form
}

// scaled is alpha*a, in out if that is not nil, added to it if accumulate.
func (b *builder) scaled(a *array, alpha *scalar, out *array, accumulate bool) *array {
	if out == nil {
		if alpha == nil {
			return a
		}
		out, accumulate = b.array(a.r, a.c), false
	}
	name := "scale"
	if accumulate {
		name = "add"
	}
	b.emit(name, out, float64(a.size()), func(s *source) {
		s.line("for i, v := range %v {\n%v[i] %s %v * v\n}", a, out, assignment(accumulate), alpha)
	}, moved(a.r, a.c, func(from, to int) {
		k, x, y := alpha.at(), a.v()[from*a.c:to*a.c], out.v()[from*a.c:to*a.c]
		if accumulate {
			blas.Axpy(k, x, y)
		} else {
			scaleBlock(y, x, k)
		}
	}), alpha.reads(a)...)
	b.sweeping(sweep{height: out.tall(), rows: []*array{out, a}, adds: accumulate, part: func(p panel) {
		if accumulate {
			blas.Axpy(alpha.at(), p.take(a), p.take(out))
		} else {
			scaleBlock(p.take(out), p.take(a), alpha.at())
		}
	}})
	return out
}

// hadamard is the elementwise product of two vectors, times alpha.
func (b *builder) hadamard(x, y *array, alpha *scalar) *array {
	out := b.array(x.r, x.c)
	b.emit("elementwise product", out, float64(x.size()), func(s *source) {
		s.line("for i := range %v {\n%v[i] = %v * %v[i] * %v[i]\n}", out, out, alpha, x, y)
	}, func() error {
		mulBlock(out.v(), x.v(), y.v())
		if alpha != nil {
			scaleBlock(out.v(), out.v(), alpha.at())
		}
		return nil
	}, alpha.reads(x, y)...)
	b.sweeping(sweep{height: out.tall(), rows: []*array{out, x, y}, part: func(p panel) {
		to := p.take(out)
		mulBlock(to, p.take(x), p.take(y))
		if alpha != nil {
			scaleBlock(to, to, alpha.at())
		}
	}})
	return out
}

// scaleRows is diag(d)*a.
func (b *builder) scaleRows(d, a *array) *array {
	out := b.array(a.r, a.c)
	rows := func(k, x, y []float64) {
		for i, f := range k {
			scaleBlock(y[i*a.c:(i+1)*a.c], x[i*a.c:(i+1)*a.c], f)
		}
	}
	b.emit("scale rows", out, float64(a.size()), func(s *source) { s.call("scaleRows", out, d, a, a.c) }, moved(a.r, a.c, func(from, to int) {
		rows(d.v()[from:to], a.v()[from*a.c:to*a.c], out.v()[from*a.c:to*a.c])
	}), d, a)
	b.sweeping(sweep{height: a.r, rows: []*array{out, d, a}, part: func(p panel) { rows(p.take(d), p.take(a), p.take(out)) }})
	return out
}

// scaleColumns is a*diag(d).
func (b *builder) scaleColumns(a, d *array) *array {
	out := b.array(a.r, a.c)
	columns := func(x, y []float64) {
		for k := d.v(); len(y) > 0; x, y = x[a.c:], y[a.c:] {
			mulBlock(y[:a.c], x[:a.c], k)
		}
	}
	b.emit("scale columns", out, float64(a.size()), func(s *source) { s.call("scaleColumns", out, a, d) }, moved(a.r, a.c, func(from, to int) {
		columns(a.v()[from*a.c:to*a.c], out.v()[from*a.c:to*a.c])
	}), d, a)
	b.sweeping(sweep{height: a.r, rows: []*array{out, a}, part: func(p panel) { columns(p.take(a), p.take(out)) }})
	return out
}

// spread is the diagonal matrix of a vector.
func (b *builder) spread(d *array) *array {
	n := d.size()
	out := b.array(n, n)
	return b.emit("diagonal matrix", out, 0, func(s *source) { s.call("diagonal", out, d) }, func() error {
		y := out.v()
		clear(y)
		for i, x := range d.v() {
			y[i*n+i] = x
		}
		return nil
	}, d)
}

// transposed is the transpose, in tiles; of a vector the same entries.
func (b *builder) transposed(a *array) *array {
	if a.isVector() {
		return a.reshaped(a.c, a.r)
	}
	out := b.array(a.c, a.r)
	return b.emit("transpose", out, 0, func(s *source) { s.call("transpose", out, a, a.r, a.c) }, func() error {
		blas.Transpose(out.v(), a.v(), a.r, a.c)
		return nil
	}, a)
}
