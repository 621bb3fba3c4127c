package dd

import "math"

// Constants to doubled precision; pi2 in three parts, since reducing an
// argument modulo pi/2 cancels digits.
var (
	Pi   = Float{3.141592653589793116e+00, 1.224646799147353207e-16}
	Ln2  = Float{6.931471805599452862e-01, 2.319046813846299558e-17}
	Ln10 = Float{2.302585092994045901e+00, -2.170756223382249351e-16}
	pi2  = [3]float64{1.570796326794896558e+00, 6.123233995736766036e-17, -1.497384904859169777e-33}
)

// series sums t + t*next(1) + ..., where step gives the factor from one term
// to the next, until a term no longer counts.
func series(first Float, step func(k int) Float) Float {
	sum, term := first, first
	for k := 1; k < 60; k++ {
		term = term.Mul(step(k))
		sum = sum.Add(term)
		if math.Abs(term.Hi) <= 1e-34*math.Abs(sum.Hi) {
			break
		}
	}
	return sum
}

// Exp returns e^a. With a = k ln2 + 512 r it sums the series of e^r - 1 and
// squares nine times in the form (1+s)^2 - 1 = 2s + s^2, which keeps the
// digits of s.
func (a Float) Exp() Float {
	switch {
	case a.Hi != a.Hi:
		return a
	case a.Hi > 709.79:
		return Float{math.Inf(1), 0}
	case a.Hi < -745.2:
		return Float{}
	}
	k := math.Round(a.Hi / Ln2.Hi)
	r := a.Sub(Ln2.Scale(k)).Ldexp(-9)
	if r.IsZero() {
		return Float{math.Ldexp(1, int(k)), 0}
	}
	s := series(r, func(i int) Float { return r.Scale(1).Div(Of(float64(i + 1))) })
	for range 9 {
		s = s.Ldexp(1).Add(s.Sqr())
	}
	return s.Add(Of(1)).Ldexp(int(k))
}

// Log returns the natural logarithm of a: one Newton step on e^x = a from the
// float64 logarithm, which squares its relative error.
func (a Float) Log() Float {
	x := math.Log(a.Hi)
	if math.IsInf(x, 0) || x != x {
		return Float{x, 0}
	}
	y := Of(x)
	return y.Add(a.Mul(y.Neg().Exp()).Sub(Of(1)))
}

// SinCos returns the sine and the cosine of a.
func (a Float) SinCos() (sin, cos Float) {
	k := math.Round(a.Hi / pi2[0])
	if math.Abs(k) > 1<<30 || k != k {
		s, c := math.Sincos(a.Hi)
		return Of(s), Of(c)
	}
	r := a
	for _, part := range pi2 {
		p := part * k
		r = r.Sub(Float{p, math.FMA(part, k, -p)})
	}
	s, c := sinSeries(r), cosSeries(r)
	switch int64(k) & 3 {
	case 1:
		return c, s.Neg()
	case 2:
		return s.Neg(), c.Neg()
	case 3:
		return c.Neg(), s
	}
	return s, c
}

func sinSeries(r Float) Float {
	if r.IsZero() {
		return r
	}
	q := r.Sqr().Neg()
	return series(r, func(k int) Float { return q.Div(Of(float64(2*k) * float64(2*k+1))) })
}

func cosSeries(r Float) Float {
	q := r.Sqr().Neg()
	return series(Of(1), func(k int) Float { return q.Div(Of(float64(2*k-1) * float64(2*k))) })
}

// Sin returns the sine of a.
func (a Float) Sin() Float { s, _ := a.SinCos(); return s }

// Cos returns the cosine of a.
func (a Float) Cos() Float { _, c := a.SinCos(); return c }

// Tan returns the tangent of a.
func (a Float) Tan() Float { s, c := a.SinCos(); return s.Div(c) }

// Atan returns the arc tangent of a: with x the float64 value, the rest is
// atan a - x = atan((a cos x - sin x)/(cos x + a sin x)), and that argument
// is so small that it is its own arc tangent.
func (a Float) Atan() Float {
	if math.IsInf(a.Hi, 0) {
		return Float{pi2[0], pi2[1]}.Scale(math.Copysign(1, a.Hi))
	}
	x := Of(math.Atan(a.Hi))
	s, c := x.SinCos()
	return x.Add(a.Mul(c).Sub(s).Div(c.Add(a.Mul(s))))
}

// Asin returns the arc sine of a.
func (a Float) Asin() Float {
	return a.Div(Of(1).Sub(a).Mul(Of(1).Add(a)).Sqrt()).Atan()
}

// Acos returns the arc cosine of a.
func (a Float) Acos() Float {
	return Float{pi2[0], pi2[1]}.Sub(a.Asin())
}

// Sinh returns the hyperbolic sine of a, by its series near 0, where the
// difference of exponentials would cancel.
func (a Float) Sinh() Float {
	if math.Abs(a.Hi) < 0.5 {
		if a.IsZero() {
			return a
		}
		q := a.Sqr()
		return series(a, func(k int) Float { return q.Div(Of(float64(2*k) * float64(2*k+1))) })
	}
	e := a.Exp()
	return e.Sub(e.Inv()).Ldexp(-1)
}

// Cosh returns the hyperbolic cosine of a.
func (a Float) Cosh() Float {
	e := a.Exp()
	return e.Add(e.Inv()).Ldexp(-1)
}

// Tanh returns the hyperbolic tangent of a.
func (a Float) Tanh() Float {
	if math.Abs(a.Hi) > 350 {
		return Of(math.Copysign(1, a.Hi))
	}
	return a.Sinh().Div(a.Cosh())
}

// PowInt returns a^n by repeated squaring.
func (a Float) PowInt(n int) Float {
	if n < 0 {
		return a.PowInt(-n).Inv()
	}
	result := Of(1)
	for base := a; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = result.Mul(base)
		}
		base = base.Sqr()
	}
	return result
}

// Pow returns a^b: by multiplication for a whole b, e^(b log a) otherwise. A
// negative a with a fractional b gives NaN.
func (a Float) Pow(b Float) Float {
	if b.Lo == 0 && b.Hi == math.Trunc(b.Hi) && math.Abs(b.Hi) <= 1<<20 {
		return a.PowInt(int(b.Hi))
	}
	if a.IsZero() {
		return Of(math.Pow(0, b.Hi))
	}
	if a.Hi < 0 {
		return Of(math.NaN())
	}
	return b.Mul(a.Log()).Exp()
}
