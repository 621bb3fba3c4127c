package blas

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// elementary are the functions of vectors, what they are in package math's
// terms for special numbers, and exactly.
var elementary = []struct {
	name    string
	vector  func(dst, x []float64)
	special func(float64) float64
	exact   func(x float64) *big.Float
	domain  [][2]float64 // where the samples come from
}{
	{"exp", Exp, math.Exp, func(x float64) *big.Float { return bigExp(exactly(x)) },
		[][2]float64{{-745.5, 709.7}, {-1, 1}, {-1e-8, 1e-8}, {-745, -708}}},
	{"log", Log, log, bigLog64,
		[][2]float64{{0, 1e308}, {0, 3}, {0.99, 1.01}, {0, 1e-308}, {0.7, 1.42}}},
	{"tanh", Tanh, math.Tanh, func(x float64) *big.Float {
		e := bigExp(exactly(2 * x))
		return ratio(sum(e, exactly(-1)), sum(e, exactly(1)))
	}, [][2]float64{{-20, 20}, {-1, 1}, {-0.2, 0.2}, {-1e-5, 1e-5}}},
	{"sigmoid", Sigmoid, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, func(x float64) *big.Float {
		return ratio(exactly(1), sum(exactly(1), bigExp(exactly(-x))))
	}, [][2]float64{{-745, 50}, {-40, 40}, {-1, 1}, {-745, -700}}},
	{"softplus", Softplus, func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }, func(x float64) *big.Float {
		e := bigExp(exactly(x))
		if x < -100 { // log(1+e) = e - e²/2 + ...
			return e
		}
		return bigLog(sum(exactly(1), e), math.Log1p(math.Exp(-math.Abs(x)))+max(x, 0))
	}, [][2]float64{{-745, 50}, {-40, 40}, {-1, 1}, {-1, 800}}},
}

const exactBits = 320

func exactly(x float64) *big.Float     { return new(big.Float).SetPrec(exactBits).SetFloat64(x) }
func sum(x, y *big.Float) *big.Float   { return exactly(0).Add(x, y) }
func ratio(x, y *big.Float) *big.Float { return exactly(0).Quo(x, y) }

// bigExp halves the argument, sums the series, and squares as often.
func bigExp(x *big.Float) *big.Float {
	const halvings = 24
	r := exactly(0).SetMantExp(x, -halvings)
	total, term := exactly(1), exactly(1)
	for k := 1; k <= 24; k++ {
		term.Mul(term, r)
		term.Quo(term, exactly(float64(k)))
		total.Add(total, term)
	}
	for range halvings {
		total.Mul(total, total)
	}
	return total
}

// bigLog improves a guess by Newton's method.
func bigLog(x *big.Float, guess float64) *big.Float {
	y := exactly(guess)
	for range 3 {
		e := bigExp(exactly(0).Neg(y))
		y.Add(y, sum(e.Mul(e, x), exactly(-1)))
	}
	return y
}

func bigLog64(x float64) *big.Float { return bigLog(exactly(x), log(x)) }

// log is math.Log, whose assembly is wrong for denormal numbers.
func log(x float64) float64 {
	if x > 0 && x < 0x1p-1022 {
		return math.Log(x*0x1p54) - 54*math.Ln2
	}
	return math.Log(x)
}

// ulps is the distance of got from the exact value in units of the last place
// of the exact value.
func ulps(got float64, want *big.Float) float64 {
	nearest, _ := want.Float64()
	_, exponent := math.Frexp(nearest)
	unit := math.Ldexp(1, max(exponent-53, -1074))
	d := exactly(0).Sub(exactly(got), want)
	d.Quo(d, exactly(unit))
	f, _ := d.Float64()
	return math.Abs(f)
}

// TestElementaryPrecision measures the error against exact values.
func TestElementaryPrecision(t *testing.T) {
	samples := 400
	if testing.Short() {
		samples = 60
	}
	seed := rand.Uint64()
	atEachLevel(t, func(t *testing.T) {
		if ActiveLevel() == Generic {
			t.Skip("package math is not ours to measure")
		}
		for _, f := range elementary {
			r := rand.New(rand.NewPCG(seed, 1))
			worst, where := 0.0, 0.0
			for _, d := range f.domain {
				x, got := make([]float64, samples), make([]float64, samples)
				for i := range x {
					x[i] = d[0] + (d[1]-d[0])*r.Float64()
				}
				f.vector(got, x)
				for i := range x {
					if u := ulps(got[i], f.exact(x[i])); u > worst || math.IsNaN(u) {
						worst, where = u, x[i]
					}
				}
			}
			t.Logf("%-8s %.3f ulp at %v", f.name, worst, where)
			if !(worst <= 1) {
				t.Errorf("%s: %.3f units in the last place at %v (seed %d)", f.name, worst, where, seed)
			}
		}
	})
}

// TestElementarySpecial holds special numbers to package math, at every place
// of a register and in tails.
func TestElementarySpecial(t *testing.T) {
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 5e-324, -5e-324, 1e-310, -1e-310,
		709.9, 710.5, -745.2, -746, -1000, 1e300, -1e300, math.MaxFloat64, -math.MaxFloat64, 1, -1, 37, -37}
	atEachLevel(t, func(t *testing.T) {
		for _, f := range elementary {
			for shift := range 9 {
				x := append(make([]float64, shift), special...)
				dst := make([]float64, len(x)+1)
				dst[len(x)] = 42
				f.vector(dst, x)
				for i := range x {
					got, want := dst[i], f.special(x[i])
					if math.IsNaN(got) != math.IsNaN(want) || math.Signbit(got) != math.Signbit(want) && !math.IsNaN(want) ||
						got != want && math.Abs(got-want) > 4e-16*math.Abs(want)+1e-323 {
						t.Errorf("%s(%v) = %v, math gives %v", f.name, x[i], got, want)
					}
				}
				if dst[len(x)] != 42 {
					t.Errorf("%s writes behind the vector", f.name)
				}
				same := slices.Clone(x)
				f.vector(same, same)
				for i := range same {
					if math.Float64bits(same[i]) != math.Float64bits(dst[i]) {
						t.Errorf("%s in place: number %d is %v, not %v", f.name, i, same[i], dst[i])
					}
				}
			}
		}
	})
}

// TestReductions compares sums with loops at all short lengths and one that
// threads share.
func TestReductions(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		for _, n := range append(sizes, 0, 4, 6, 10, 70000) {
			x := numbers(n, uint64(n))
			total, top := 0.0, math.Inf(-1)
			for _, v := range x {
				total += v
				top = max(top, v)
			}
			if got := Sum(x); math.Abs(got-total) > 1e-12*float64(n+1) {
				t.Errorf("sum of %d: %v, not %v", n, got, total)
			}
			if got := Max(x); got != top {
				t.Errorf("largest of %d: %v, not %v", n, got, top)
			}
			sumExp := 0.0
			for i := range x {
				x[i] += 800
				sumExp += math.Exp(x[i] - 800)
			}
			if got, want := LogSumExp(x), 800+math.Log(sumExp); n > 0 && math.Abs(got-want) > 1e-12 {
				t.Errorf("logsumexp of %d: %v, not %v", n, got, want)
			}
			if n > 0 {
				x[n/2] = math.NaN()
				if !math.IsNaN(Max(x)) || !math.IsNaN(LogSumExp(x)) {
					t.Errorf("a NaN among %d is lost", n)
				}
				x[n/2] = math.Inf(1)
				if !math.IsInf(LogSumExp(x), 1) {
					t.Errorf("an infinity among %d is lost", n)
				}
			}
		}
		if !math.IsInf(LogSumExp([]float64{math.Inf(-1)}), -1) || !math.IsInf(LogSumExp(nil), -1) {
			t.Error("logsumexp of nothing is -Inf")
		}
	})
}

func TestArithmetic(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		for _, n := range sizes {
			x, y := numbers(n, 1), numbers(n, 2)
			for name, f := range map[string]struct {
				vector func(dst, x, y []float64)
				scalar func(x, y float64) float64
			}{
				"add": {Add, func(x, y float64) float64 { return x + y }}, "sub": {Sub, func(x, y float64) float64 { return x - y }},
				"mul": {Mul, func(x, y float64) float64 { return x * y }}, "div": {Div, func(x, y float64) float64 { return x / y }},
				"scale": {func(dst, x, _ []float64) { Scale(dst, 0.3, x) }, func(x, _ float64) float64 { return 0.3 * x }},
			} {
				dst := make([]float64, n)
				f.vector(dst, x, y)
				for i := range dst {
					if dst[i] != f.scalar(x[i], y[i]) {
						t.Fatalf("%s: number %d of %d is %v, not %v", name, i, n, dst[i], f.scalar(x[i], y[i]))
					}
				}
			}
		}
	})
}

func TestShortDestination(t *testing.T) {
	atEachLevel(t, func(t *testing.T) {
		for _, f := range elementary {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s accepts a destination that is too short", f.name)
					}
				}()
				f.vector(make([]float64, 3), make([]float64, 4))
			}()
		}
	})
}

func BenchmarkElementary(b *testing.B) {
	x, dst := numbers(1000, 1), make([]float64, 1000)
	for i := range x {
		x[i] = math.Abs(x[i]) * 5
	}
	for _, f := range elementary {
		b.Run(fmt.Sprint(f.name), func(b *testing.B) {
			for b.Loop() {
				f.vector(dst, x)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/number")
		})
	}
}
