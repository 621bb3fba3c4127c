package main

import (
	"math"
	"math/big"
)

// precision of the calculation of coefficients, in bits.
const precision = 300

// A series is a function given by its power series: term(k) is the coefficient
// of x^k.
type series struct {
	term  func(k int) *big.Float
	terms int // enough for full precision on the interval
}

func (s series) at(x *big.Float) *big.Float {
	sum := number(0)
	for k := s.terms - 1; k >= 0; k-- {
		sum.Mul(sum, x)
		sum.Add(sum, s.term(k))
	}
	return sum
}

func number(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

// expTail is (e^x - 1 - x)/x².
var expTail = series{terms: 60, term: func(k int) *big.Float {
	f := new(big.Int).MulRange(1, int64(k+2))
	return number(1).Quo(number(1), number(0).SetInt(f))
}}

// atanhTail is (2 atanh(s) - 2s)/s³ as a function of s².
var atanhTail = series{terms: 400, term: func(k int) *big.Float {
	return number(2).Quo(number(2), number(float64(2*k+3)))
}}

// polynomial gives the coefficients, constant first, of the polynomial that
// equals s at the Chebyshev nodes of [low, high]: within a small factor of the
// best of its degree.
func (s series) polynomial(low, high float64, degree int) []float64 {
	n := degree + 1
	nodes, table := make([]*big.Float, n), make([]*big.Float, n)
	for i := range n {
		x := (low+high)/2 + (high-low)/2*math.Cos(math.Pi*(float64(i)+0.5)/float64(n))
		// Few bits, so that the file does not depend on how math.Cos rounds.
		nodes[i] = number(float64(float32(x)))
		table[i] = s.at(nodes[i])
	}
	// Newton's divided differences, then the powers of x.
	for order := 1; order < n; order++ {
		for i := n - 1; i >= order; i-- {
			gap := number(0).Sub(nodes[i], nodes[i-order])
			table[i] = number(0).Quo(number(0).Sub(table[i], table[i-1]), gap)
		}
	}
	power := make([]*big.Float, n)
	for i := range power {
		power[i] = number(0)
	}
	for i := n - 1; i >= 0; i-- {
		for j := n - 1; j >= 0; j-- { // power = power*(x - node) + table[i]
			next := number(0).Mul(power[j], nodes[i])
			next.Neg(next)
			if j > 0 {
				next.Add(next, power[j-1])
			}
			power[j] = next
		}
		power[0].Add(power[0], table[i])
	}
	out := make([]float64, n)
	for i, p := range power {
		out[i], _ = p.Float64()
	}
	return out
}

// ln2 is log 2 in two parts; the first has trailing zeros enough that its
// product with an exponent is exact.
func ln2() (high, low float64) {
	// 2 atanh(1/3) = 2/3 + atanhTail(1/9)/27
	third := number(1).Quo(number(1), number(3))
	ninth := number(0).Mul(third, third)
	value := number(0).Mul(atanhTail.at(ninth), number(0).Mul(ninth, third))
	value.Add(value, number(0).Mul(number(2), third))
	f, _ := value.Float64()
	high = math.Float64frombits(math.Float64bits(f) &^ (1<<20 - 1))
	low, _ = number(0).Sub(value, number(high)).Float64()
	return high, low
}
