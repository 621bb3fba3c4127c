package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// accumulators are enough to hide the latency of an addition or FMA.
const accumulators = 4

func (a *asm) zeros(n int) []reg.VecVirtual {
	vs := make([]reg.VecVirtual, n)
	for i := range vs {
		vs[i] = a.zero()
	}
	return vs
}

// total adds up registers and their lanes.
func (a *asm) total(vs []reg.VecVirtual) reg.Register {
	for gap := len(vs) / 2; gap > 0; gap /= 2 {
		for i := range gap {
			a.VADDPD(vs[i+gap], vs[i], vs[i])
		}
	}
	return a.foldSum(vs[0])
}

func (a *asm) dot() {
	a.begin("dot", "(x, y []float64) float64", "is the inner product of x and y[:len(x)].")
	x, y, n := a.pointer("x"), a.pointer("y"), a.length("x")
	acc := a.zeros(accumulators)
	a.stream("dot", n, accumulators, []reg.GPVirtual{x, y}, func(j int, rest *mask) {
		if rest == nil {
			a.VFMADD231PD(a.at(y, j), a.load(a.at(x, j)), acc[j])
			return
		}
		a.VFMADD231PD(a.loadMasked(a.at(y, j), *rest), a.loadMasked(a.at(x, j), *rest), acc[j])
	})
	a.Store(a.total(acc), a.ReturnIndex(0))
	a.end()
}

func (a *asm) sum() {
	a.begin("sum", "(x []float64) float64", "adds up x.")
	x, n := a.pointer("x"), a.length("x")
	acc := a.zeros(accumulators)
	a.stream("sum", n, accumulators, []reg.GPVirtual{x}, func(j int, rest *mask) {
		a.VADDPD(a.read(a.at(x, j), rest), acc[j], acc[j])
	})
	a.Store(a.total(acc), a.ReturnIndex(0))
	a.end()
}

func (a *asm) asum() {
	a.begin("asum", "(x []float64) float64", "adds up the absolute values of x.")
	x, n := a.pointer("x"), a.length("x")
	magnitude := a.load(a.bits(math.MaxInt64))
	acc := a.zeros(accumulators)
	a.stream("asum", n, accumulators, []reg.GPVirtual{x}, func(j int, rest *mask) {
		a.VADDPD(a.and(a.read(a.at(x, j), rest), magnitude), acc[j], acc[j])
	})
	a.Store(a.total(acc), a.ReturnIndex(0))
	a.end()
}

// maximum starts from the lowest number, so that the lanes beyond a tail do
// not count; a NaN among the numbers is found by comparing each with itself.
func (a *asm) maximum() {
	a.begin("maximum", "(x []float64) float64", "is the largest number of x, -Inf when x is empty, NaN when there is one.")
	x, n := a.pointer("x"), a.length("x")
	lowest := a.load(a.num(math.Inf(-1)))
	best, ordered := a.copy(lowest), a.zero()
	a.stream("max", n, 1, []reg.GPVirtual{x}, func(j int, rest *mask) {
		v := a.read(a.at(x, j), rest)
		// x - x is 0 or NaN: infinities become NaN too, so compare instead.
		a.VADDPD(a.where(v, unordered, v, v, a.zero()), ordered, ordered)
		if rest != nil {
			v = a.blendMask(*rest, v, lowest)
		}
		a.VMAXPD(v, best, best)
	})
	top := a.fold(best, func(x, y, to operand.Op) { a.VMAXPD(x, y, to) })
	nan := a.foldSum(ordered)
	a.VADDSD(nan, top, top)
	a.Store(top, a.ReturnIndex(0))
	a.end()
}

func (a *asm) axpy() {
	a.begin("axpy", "(alpha float64, x, y []float64)", "adds alpha*x to y[:len(x)].")
	x, y, n := a.pointer("x"), a.pointer("y"), a.length("x")
	alpha := a.scalar("alpha")
	a.stream("axpy", n, accumulators, []reg.GPVirtual{x, y}, func(j int, rest *mask) {
		a.write(a.fma(alpha, a.read(a.at(x, j), rest), a.read(a.at(y, j), rest)), a.at(y, j), rest)
	})
	a.end()
}

func (a *asm) scale() {
	a.begin("scale", "(alpha float64, x, dst []float64)", "sets dst[:len(x)] to alpha*x.")
	x, dst, n := a.pointer("x"), a.pointer("dst"), a.length("x")
	alpha := a.scalar("alpha")
	a.stream("scale", n, accumulators, []reg.GPVirtual{x, dst}, func(j int, rest *mask) {
		a.write(a.mul(alpha, a.read(a.at(x, j), rest)), a.at(dst, j), rest)
	})
	a.end()
}

// arithmetic emits the elementwise operations.
func (a *asm) arithmetic() {
	for _, op := range []struct {
		name, doc string
		apply     func(x reg.VecVirtual, y operand.Op) reg.VecVirtual
	}{
		{"add", "sets dst[:len(x)] to x+y.", a.add},
		{"sub", "sets dst[:len(x)] to x-y.", a.sub},
		{"mul", "sets dst[:len(x)] to x*y.", a.mul},
		{"div", "sets dst[:len(x)] to x/y.", a.div},
	} {
		a.begin(op.name, "(x, y, dst []float64)", op.doc)
		x, y, dst, n := a.pointer("x"), a.pointer("y"), a.pointer("dst"), a.length("x")
		a.stream(op.name, n, accumulators, []reg.GPVirtual{x, y, dst}, func(j int, rest *mask) {
			a.write(op.apply(a.read(a.at(x, j), rest), a.read(a.at(y, j), rest)), a.at(dst, j), rest)
		})
		a.end()
	}
}
