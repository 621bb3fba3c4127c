package main

import (
	"math"

	"github.com/mmcloughlin/avo/reg"
)

// Powers of two are made in the exponent bits: adding roundShift leaves an
// integer in the low bits of a number.
const (
	roundShift   = 0x1.8p52
	mantissaBits = 52
	signBit      = 1 << 63
)

// Below the one e^x is rounded to zero, above the other it overflows.
const lowestArgument, highestArgument = -750, 710

// reduced is x = n*log 2 + r + low with |r| <= log(2)/2, and tail such that
// e^x = 2^n * (1 + r + tail).
type reduced struct{ n, r, tail reg.VecVirtual }

// reduce prepares e^x.
func (a *asm) reduce(x reg.VecVirtual) reduced {
	high, low := ln2()
	shift := a.load(a.num(roundShift))
	t := a.fma(x, a.num(1/math.Ln2), shift)
	n := a.sub(t, shift)
	r1 := a.fnma(n, a.num(high), x) // exact
	r := a.fnma(n, a.num(low), r1)
	rest := a.fnma(n, a.num(low), a.sub(r1, r)) // what the rounding of r lost
	q := a.horner(r, expTail.polynomial(-math.Ln2/2-1e-3, math.Ln2/2+1e-3, 10))
	tail := a.fma(a.mul(r, r), q, rest)
	return reduced{n, r, tail}
}

// horner evaluates a polynomial, its constant coefficient first.
func (a *asm) horner(x reg.VecVirtual, c []float64) reg.VecVirtual {
	v := a.load(a.num(c[len(c)-1]))
	for i := len(c) - 2; i >= 0; i-- {
		a.VFMADD213PD(a.num(c[i]), x, v)
	}
	return v
}

// powerOfTwo is 2^n for -1022 <= n <= 1023.
func (a *asm) powerOfTwo(n reg.VecVirtual) reg.VecVirtual {
	t := a.add(n, a.num(roundShift))
	return a.addInt(a.shiftLeft(t, mantissaBits), a.num(1))
}

// scaleBy is v*2^n with one rounding, also where the result overflows or is
// denormal.
func (a *asm) scaleBy(v, n reg.VecVirtual) reg.VecVirtual {
	if a.wide {
		out := a.vec()
		a.VSCALEFPD(n, v, out)
		return out
	}
	shift := a.load(a.num(roundShift))
	half := a.sub(a.fma(n, a.num(0.5), shift), shift)
	v = a.mul(v, a.powerOfTwo(half))
	return a.mul(v, a.powerOfTwo(a.sub(n, half)))
}

// clamp keeps x where exponentials are of interest; a NaN stays.
func (a *asm) clamp(x reg.VecVirtual, low, high float64) reg.VecVirtual {
	x = a.max(a.load(a.num(low)), x)
	return a.min(a.load(a.num(high)), x)
}

func (a *asm) magnitude(x reg.VecVirtual) reg.VecVirtual { return a.and(x, a.bits(math.MaxInt64)) }
func (a *asm) negate(x reg.VecVirtual) reg.VecVirtual    { return a.or(a.magnitude(x), a.bits(signBit)) }

// elementwise emits a function of each number.
func (a *asm) elementwise(name, doc string, f func(x reg.VecVirtual) reg.VecVirtual) {
	a.begin(name, "(x, dst []float64)", doc)
	x, dst, n := a.pointer("x"), a.pointer("dst"), a.length("x")
	a.stream(name, n, 1, []reg.GPVirtual{x, dst}, func(j int, rest *mask) {
		a.write(f(a.read(a.at(x, j), rest)), a.at(dst, j), rest)
	})
	a.end()
}

// expOf is e^x.
func (a *asm) expOf(x reg.VecVirtual) reg.VecVirtual {
	e := a.reduce(a.clamp(x, lowestArgument, highestArgument))
	return a.scaleBy(a.add(a.add(e.r, e.tail), a.num(1)), e.n)
}

func (a *asm) exp() { a.elementwise("exp", "sets dst[:len(x)] to e^x.", a.expOf) }

func (a *asm) expSum() {
	a.begin("expSum", "(shift float64, x, dst []float64) float64", "sets dst[:len(x)] to e^(x-shift) and adds it up.")
	x, dst, n := a.pointer("x"), a.pointer("dst"), a.length("x")
	acc := a.zeros(1)
	a.stream("expSum", n, 1, []reg.GPVirtual{x, dst}, func(j int, rest *mask) {
		v := a.expOf(a.sub(a.read(a.at(x, j), rest), a.scalar("shift")))
		a.write(v, a.at(dst, j), rest)
		if rest != nil {
			v = a.blendMask(*rest, v, a.zero())
		}
		a.VADDPD(v, acc[0], acc[0])
	})
	a.Store(a.total(acc), a.ReturnIndex(0))
	a.end()
}

// log: x = 2^e * m with m in [√½, √2), log x = e*log 2 + 2 atanh(s) with
// s = (m-1)/(m+1).
func (a *asm) log() {
	high, low := ln2()
	atanh := atanhTail.polynomial(0, 0.0295, 8)
	const halfRoot = 0x3fe6a09e667f3bcd // bits of √½
	const minNormal, lift = 0x1p-1022, 54
	a.elementwise("log", "sets dst[:len(x)] to the natural logarithm of x.", func(x reg.VecVirtual) reg.VecVirtual {
		tiny := a.load(a.num(minNormal))
		normal := a.where(x, less, tiny, a.mul(x, a.num(math.Ldexp(1, lift))), x)
		// The exponent counts from a power of two times √½.
		b := a.addInt(normal, a.bits(0x3ff0000000000000-halfRoot))
		e := a.or(a.shiftRight(b, mantissaBits), a.num(1<<52))
		offset := a.where(x, less, tiny, a.load(a.num(1<<52+1023+lift)), a.load(a.num(1<<52+1023)))
		e = a.sub(e, offset)
		m := a.addInt(a.and(b, a.bits(1<<mantissaBits-1)), a.bits(halfRoot))
		f := a.sub(m, a.num(1))
		s := a.div(f, a.add(f, a.num(2)))
		z := a.mul(s, s)
		// 2 atanh(s) = f - s*(f - z*P(z)): f is exact.
		inner := a.sub(f, a.mul(z, a.horner(z, atanh)))
		result := a.fnma(s, inner, a.mul(e, a.num(low)))
		// The larger of e*log 2 and f first, the rounding of their sum kept.
		top := a.mul(e, a.num(high))
		sum := a.add(top, f)
		lost := a.sub(f, a.sub(sum, top))
		result = a.add(sum, a.add(result, lost))
		result = a.where(x, less, a.num(math.Inf(1)), result, x)
		result = a.where(x, less, a.zero(), a.load(a.num(math.NaN())), result)
		return a.where(x, equal, a.zero(), a.load(a.num(math.Inf(-1))), result)
	})
}

// tanh|x| is -E/(2+E) with E = e^(-2|x|) - 1, in twice the precision until the
// last addition.
func (a *asm) tanh() {
	a.elementwise("tanh", "sets dst[:len(x)] to the hyperbolic tangent of x.", func(x reg.VecVirtual) reg.VecVirtual {
		twice := a.negate(a.add(x, x))
		e := a.reduce(a.max(a.load(a.num(-80)), twice))
		scale := a.powerOfTwo(e.n)
		base := a.sub(scale, a.num(1))
		step := a.mul(scale, e.r)
		high := a.add(base, step)
		lost := a.sub(scale, a.add(base, a.num(1))) // when the scale is below the last place of 1
		lost = a.add(lost, a.sub(step, a.sub(high, base)))
		high, low := a.carry(high, a.fma(scale, e.tail, lost))
		divisor := a.add(high, a.num(2))
		under := a.add(a.sub(high, a.sub(divisor, a.num(2))), low)
		v := a.quotient(high, low, divisor, under)
		return a.or(a.magnitude(v), a.and(x, a.bits(signBit)))
	})
}

// carry gives the same sum of two numbers with the second below the last place
// of the first; x is the larger one.
func (a *asm) carry(x, y reg.VecVirtual) (high, low reg.VecVirtual) {
	high = a.add(x, y)
	return high, a.sub(y, a.sub(high, x))
}

// quotient is (x + xlow)/(d + dlow), rounded once but for a little; xlow and dlow
// are below the last places of x and d.
func (a *asm) quotient(x, xlow, d, dlow reg.VecVirtual) reg.VecVirtual {
	q, rest := a.quotientParts(x, xlow, d, dlow)
	return a.add(q, rest)
}

// quotientParts is the quotient as a sum of two numbers.
func (a *asm) quotientParts(x, xlow, d, dlow reg.VecVirtual) (q, rest reg.VecVirtual) {
	q = a.div(x, d)
	rest = a.add(a.fnma(q, d, x), xlow)
	rest = a.div(a.fnma(q, dlow, rest), d)
	return q, rest
}

// decay is e^-|x| = 2^n*(h + low), with z + zlow the same where it counts
// beside 1.
type decay struct{ n, h, low, z, zlow reg.VecVirtual }

func (a *asm) decayOf(x reg.VecVirtual) decay {
	e := a.reduce(a.max(a.load(a.num(lowestArgument)), a.negate(x)))
	one := a.load(a.num(1))
	h := a.add(one, e.r)
	h, low := a.carry(h, a.add(a.sub(e.r, a.sub(h, one)), e.tail))
	scale := a.powerOfTwo(a.max(e.n, a.load(a.num(-100))))
	return decay{e.n, h, low, a.mul(scale, h), a.mul(scale, low)}
}

// plus is c + z + zlow as a sum of two numbers, c at least 1.
func (a *asm) plus(c float64, d decay) (high, low reg.VecVirtual) {
	high = a.add(d.z, a.num(c))
	return high, a.add(a.sub(d.z, a.sub(high, a.num(c))), d.zlow)
}

// sigmoid is 1/(1+z) for x >= 0 and z/(1+z) below, z = e^-|x|.
func (a *asm) sigmoid() {
	a.elementwise("sigmoid", "sets dst[:len(x)] to 1/(1+e^-x).", func(x reg.VecVirtual) reg.VecVirtual {
		d := a.decayOf(x)
		divisor, under := a.plus(1, d)
		zero := a.zero()
		top := a.where(x, less, zero, d.h, a.load(a.num(1)))
		low := a.where(x, less, zero, d.low, zero)
		n := a.where(x, less, zero, d.n, zero)
		return a.scaleBy(a.quotient(top, low, divisor, under), n)
	})
}

// softplus is max(x, 0) + log(1+z), z = e^-|x|, log(1+z) = 2 atanh(z/(2+z)).
func (a *asm) softplus() {
	atanh := atanhTail.polynomial(0, 1.0/9+1e-4, 13)
	a.elementwise("softplus", "sets dst[:len(x)] to log(1+e^x).", func(x reg.VecVirtual) reg.VecVirtual {
		d := a.decayOf(x)
		divisor, under := a.plus(2, d)
		q, rest := a.quotientParts(d.h, d.low, divisor, under)
		s := a.mul(q, a.powerOfTwo(a.max(d.n, a.load(a.num(-100)))))
		w := a.mul(s, s)
		tail := a.fma(a.mul(q, w), a.horner(w, atanh), a.add(rest, rest))
		double := a.add(q, q)
		// The sum with x is rounded once: what is lost joins the tail.
		top := a.scaleBy(double, d.n)
		floor := a.max(x, a.zero())
		sum := a.add(floor, top)
		lost := a.add(a.sumError(floor, top, sum), a.scaleBy(tail, d.n))
		small := a.scaleBy(a.add(double, tail), d.n)
		return a.where(x, less, a.zero(), small, a.finite(x, a.add(sum, lost)))
	})
}

// sumError is what the rounding of x+y lost.
func (a *asm) sumError(x, y, sum reg.VecVirtual) reg.VecVirtual {
	v := a.sub(sum, x)
	return a.add(a.sub(x, a.sub(sum, v)), a.sub(y, v))
}

// finite gives v, and x itself where it is infinite or NaN.
func (a *asm) finite(x, v reg.VecVirtual) reg.VecVirtual {
	return a.where(x, less, a.num(math.Inf(1)), v, x)
}
