// Package dd is arithmetic in doubled precision: a number is the unevaluated
// sum of two float64, which carries about 32 decimal digits. The regressions
// use it so that coefficients and standard errors of small problems are right
// to the last printed digit, and for the residuals of iterative refinement.
//
// The building blocks are error-free transformations: twoSum gives the sum of
// two float64 and its rounding error exactly, a fused multiply-add does the
// same for a product. Results are accurate to a few units of 2^-104; an
// operation that overflows gives the infinity or NaN that float64 gives.
package dd

import "math"

// A Float is Hi+Lo with |Lo| at most half a unit in the last place of Hi. The
// zero value is 0.
type Float struct{ Hi, Lo float64 }

// Of returns x exactly.
func Of(x float64) Float { return Float{x, 0} }

// Float64 returns the float64 nearest to a.
func (a Float) Float64() float64 { return a.Hi + a.Lo }

// IsFinite reports whether a is neither infinite nor NaN.
func (a Float) IsFinite() bool { return !math.IsInf(a.Hi, 0) && a.Hi == a.Hi && a.Lo == a.Lo }

// IsZero reports whether a is exactly zero.
func (a Float) IsZero() bool { return a.Hi == 0 && a.Lo == 0 }

// Sign returns -1, 0 or 1.
func (a Float) Sign() int {
	switch {
	case a.Hi > 0 || a.Hi == 0 && a.Lo > 0:
		return 1
	case a.Hi < 0 || a.Hi == 0 && a.Lo < 0:
		return -1
	}
	return 0
}

// Less reports whether a < b.
func (a Float) Less(b Float) bool { return a.Hi < b.Hi || a.Hi == b.Hi && a.Lo < b.Lo }

// twoSum returns s = fl(a+b) and e with s+e = a+b exactly.
func twoSum(a, b float64) (s, e float64) {
	s = a + b
	t := s - a
	return s, (a - (s - t)) + (b - t)
}

// quickTwoSum is twoSum when |a| >= |b|.
func quickTwoSum(a, b float64) (s, e float64) {
	s = a + b
	return s, b - (s - a)
}

// Add returns a+b.
func (a Float) Add(b Float) Float {
	s, e := twoSum(a.Hi, b.Hi)
	t, f := twoSum(a.Lo, b.Lo)
	e += t
	s, e = quickTwoSum(s, e)
	e += f
	s, e = quickTwoSum(s, e)
	if e != e {
		return Float{a.Hi + b.Hi, 0}
	}
	return Float{s, e}
}

// Neg returns -a.
func (a Float) Neg() Float { return Float{-a.Hi, -a.Lo} }

// Sub returns a-b.
func (a Float) Sub(b Float) Float { return a.Add(Float{-b.Hi, -b.Lo}) }

// Mul returns a*b.
func (a Float) Mul(b Float) Float {
	p := a.Hi * b.Hi
	e := math.FMA(a.Hi, b.Hi, -p)
	e += a.Hi*b.Lo + a.Lo*b.Hi
	s, e := quickTwoSum(p, e)
	if e != e {
		return Float{a.Hi * b.Hi, 0}
	}
	return Float{s, e}
}

// Scale returns a*x.
func (a Float) Scale(x float64) Float {
	p := a.Hi * x
	e := math.FMA(a.Hi, x, -p) + a.Lo*x
	s, e := quickTwoSum(p, e)
	if e != e {
		return Float{a.Hi * x, 0}
	}
	return Float{s, e}
}

// Ldexp returns a*2^k.
func (a Float) Ldexp(k int) Float {
	return Float{math.Ldexp(a.Hi, k), math.Ldexp(a.Lo, k)}
}

// Div returns a/b by long division with three partial quotients.
func (a Float) Div(b Float) Float {
	q1 := a.Hi / b.Hi
	if math.IsInf(q1, 0) || q1 != q1 || math.IsInf(b.Hi, 0) {
		return Float{q1, 0}
	}
	r := a.Sub(b.Scale(q1))
	q2 := r.Hi / b.Hi
	r = r.Sub(b.Scale(q2))
	q3 := r.Hi / b.Hi
	s, e := quickTwoSum(q1, q2)
	return Float{s, e}.Add(Float{q3, 0})
}

// Inv returns 1/a.
func (a Float) Inv() Float { return Float{1, 0}.Div(a) }

// Sqr returns a*a.
func (a Float) Sqr() Float { return a.Mul(a) }

// Sqrt returns the square root of a; NaN if a is negative.
func (a Float) Sqrt() Float {
	x := math.Sqrt(a.Hi)
	if x == 0 || x != x || math.IsInf(x, 0) {
		return Float{x, 0}
	}
	// Two Newton steps from the float64 root: the first doubles the digits,
	// the second takes away its rounding.
	r := Float{x, 0}
	for range 2 {
		r = r.Add(a.Sub(r.Sqr()).Div(r.Ldexp(1)))
	}
	return r
}

// Abs returns |a|.
func (a Float) Abs() Float {
	if a.Hi < 0 {
		return a.Neg()
	}
	return a
}

// FMA returns a*b+c.
func FMA(a, b, c Float) Float { return a.Mul(b).Add(c) }
