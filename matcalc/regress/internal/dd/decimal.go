package dd

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// pow10 holds the powers of ten that float64 represents exactly.
var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// Parse reads a decimal number as it is written: 0.1 is one tenth to 32
// digits, not the float64 nearest to it. ok is false if s is not a number;
// "inf" and "nan" in the spellings of strconv give the float64 value.
func Parse(s string) (x Float, ok bool) {
	if mantissa, exponent, short := scanShort(s); short {
		return scalePow10(mantissa, exponent), true
	}
	if strings.ContainsAny(s, "_xXpP") { // Go's own ways of writing numbers are not data
		return Float{}, false
	}
	hi, err := strconv.ParseFloat(s, 64)
	if err != nil && !isRange(err) {
		return Float{}, false
	}
	if math.IsInf(hi, 0) || math.IsNaN(hi) || hi == 0 {
		return Float{hi, 0}, true
	}
	// 220 bits are enough to round the rest correctly for any input whose
	// digits are not a deliberate attack on a rounding boundary.
	exact, _, err := big.ParseFloat(s, 10, 220, big.ToNearestEven)
	if err != nil {
		return Float{hi, 0}, true
	}
	lo, _ := exact.Sub(exact, new(big.Float).SetFloat64(hi)).Float64()
	return Float{hi, lo}, true
}

func isRange(err error) bool {
	e, ok := err.(*strconv.NumError)
	return ok && e.Err == strconv.ErrRange
}

// scanShort reads [-+]digits[.digits][e[-+]digits] when the digits together
// are below 2^53 and the power of ten at most 22: nearly all data.
func scanShort(s string) (mantissa float64, exponent int, ok bool) {
	i, negative := 0, false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		negative = s[i] == '-'
		i++
	}
	var m uint64
	digits, dot := 0, -1
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if m > (1<<53)/10-1 {
				return 0, 0, false
			}
			m = m*10 + uint64(c-'0')
			digits++
			continue
		case c == '.' && dot < 0:
			dot = digits
			continue
		}
		break
	}
	if digits == 0 {
		return 0, 0, false
	}
	if dot >= 0 {
		exponent = dot - digits
	}
	if i < len(s) {
		if s[i] != 'e' && s[i] != 'E' {
			return 0, 0, false
		}
		e, err := strconv.Atoi(s[i+1:])
		if err != nil {
			return 0, 0, false
		}
		exponent += e
	}
	if exponent < -22 || exponent > 22 {
		return 0, 0, false
	}
	mantissa = float64(m)
	if negative {
		mantissa = -mantissa
	}
	return mantissa, exponent, true
}

// scalePow10 returns m*10^e for |e| <= 22; product and quotient of two exact
// float64 have exact rounding errors.
func scalePow10(m float64, e int) Float {
	if e >= 0 {
		p := m * pow10[e]
		return Float{p, math.FMA(m, pow10[e], -p)}
	}
	q := m / pow10[-e]
	if q == 0 {
		return Float{q, 0}
	}
	s, r := quickTwoSum(q, math.FMA(-q, pow10[-e], m)/pow10[-e])
	return Float{s, r}
}
