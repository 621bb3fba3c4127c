package display

import (
	"math"
	"strconv"
	"strings"
)

// How numbers that stand together are written. The largest of a column gets
// six digits, the smallest at least three; zeros at the end are dropped where
// the number is exactly what is left, so 0.5 is a half and 0.50000 nearly so.
const (
	digitsOfLargest  = 6
	digitsOfSmallest = 3
	maxRange         = 5     // powers of ten that a common factor may span
	maxDigits        = 10    // of one number, before exponents are used
	noise            = 1e-12 // what is smaller, beside the largest, sets no digits
	plainIntegers    = 1e9   // integers below are never scaled
)

// A numeral is a number in parts, to be aligned at the point.
type numeral struct {
	whole string // sign and digits before the point, or a word such as NaN
	frac  string // digits after it
	exp   string // power of ten, "" for none
	tex   string // the whole number as TeX where the parts do not say it
}

// exponent is the power of ten of |x| as it shows when rounded to six digits.
func exponent(x float64) int {
	s := strconv.FormatFloat(math.Abs(x), 'e', digitsOfLargest-1, 64)
	e, _ := strconv.Atoi(s[strings.IndexByte(s, 'e')+1:])
	return e
}

// shift is x·10^(-k), exact in decimal.
func shift(x float64, k int) float64 {
	if k == 0 || x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	s := strconv.FormatFloat(x, 'e', -1, 64)
	at := strings.IndexByte(s, 'e')
	e, _ := strconv.Atoi(s[at+1:])
	y, _ := strconv.ParseFloat(s[:at]+"e"+strconv.Itoa(e-k), 64)
	return y
}

// A span is what the finite numbers of a column have in common.
type span struct {
	largest, smallest float64 // in absolute value, zero and noise left out
	integers          bool
}

func measure(xs []float64) span {
	s := span{integers: true}
	for _, x := range xs {
		if x = math.Abs(x); x > s.largest && !math.IsInf(x, 0) {
			s.largest = x
		}
	}
	s.smallest = s.largest
	for _, x := range xs {
		x = math.Abs(x)
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		if x != math.Trunc(x) {
			s.integers = false
		}
		if x > s.largest*noise && x < s.smallest {
			s.smallest = x
		}
	}
	return s
}

// commonFactor is the k for which the numbers are better read as 10^k times
// others, 0 where they are good as they are or too far apart.
func commonFactor(xs []float64) int {
	s := measure(xs)
	if s.largest == 0 || s.integers && s.largest < plainIntegers {
		return 0
	}
	top := exponent(s.largest)
	if top-exponent(s.smallest) > maxRange || -3 < top && top < 6 {
		return 0
	}
	return top
}

// numerals writes the numbers of one column.
func numerals(xs []float64) []numeral {
	s := measure(xs)
	write := fixed(0)
	if !s.integers || s.largest >= 1e15 {
		top, low := exponent(s.largest), exponent(s.smallest)
		after := max(digitsOfLargest-1-top, digitsOfSmallest-1-low, 0)
		write = fixed(after)
		if max(top, 0)+1+after > maxDigits {
			write = scientific
		}
	}
	out := make([]numeral, len(xs))
	for i, x := range xs {
		switch {
		case math.IsNaN(x):
			out[i].whole = "NaN"
		case math.IsInf(x, 1):
			out[i].whole = "∞"
		case math.IsInf(x, -1):
			out[i].whole = "-∞"
		case x == 0:
			out[i].whole = "0"
		default:
			out[i] = write(x)
		}
	}
	return out
}

// fixed writes numbers with at most d digits after the point. What would be
// written as 0 and is not gets an exponent.
func fixed(d int) func(float64) numeral {
	return func(x float64) numeral {
		if d == 0 && math.Abs(x) < 0.5 {
			return scientific(x)
		}
		whole, frac, _ := strings.Cut(strconv.FormatFloat(x, 'f', d, 64), ".")
		return numeral{whole: whole, frac: telling(x, whole, frac, "")}
	}
}

// scientific writes one digit before the point and a power of ten.
func scientific(x float64) numeral {
	mantissa, exp, _ := strings.Cut(strconv.FormatFloat(x, 'e', digitsOfLargest-1, 64), "e")
	whole, frac, _ := strings.Cut(mantissa, ".")
	out := numeral{whole: whole, frac: telling(x, whole, frac, exp)}
	if n, _ := strconv.Atoi(exp); n != 0 {
		out.exp = strconv.Itoa(n)
	}
	return out
}

// telling drops the zeros at the end of frac when x is what is left, up to the
// rounding errors of a few operations.
func telling(x float64, whole, frac, exp string) string {
	short := strings.TrimRight(frac, "0")
	s := whole + "." + short
	if exp != "" {
		s += "e" + exp
	}
	if y, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(y-x) <= 1e-13*math.Abs(x) {
		return short
	}
	return frac
}

// tail is what stands after the digits before the point.
func (n numeral) tail() string {
	s := ""
	if n.frac != "" {
		s = "." + n.frac
	}
	if n.exp != "" {
		s += "e" + n.exp
	}
	return s
}

func (n numeral) String() string { return n.whole + n.tail() }

// latex is the number as TeX; words become upright text.
func (n numeral) latex() string {
	if n.tex != "" {
		return n.tex
	}
	switch n.whole {
	case "NaN":
		return `\mathrm{NaN}`
	case "∞":
		return `\infty`
	case "-∞":
		return `-\infty`
	}
	s := n.whole
	if n.frac != "" {
		s += "." + n.frac
	}
	if n.exp != "" {
		s += ` \times 10^{` + n.exp + `}`
	}
	return s
}

// complexNumerals writes complex numbers, real and imaginary parts each with
// the digits of their own column.
func complexNumerals(re, im []float64) []numeral {
	x, y := numerals(re), numerals(im)
	out := make([]numeral, len(re))
	for i := range out {
		sign := "+"
		if strings.HasPrefix(y[i].whole, "-") {
			sign = ""
		}
		switch {
		case im[i] == 0:
			out[i] = numeral{whole: x[i].String(), tex: x[i].latex()}
		case re[i] == 0:
			out[i] = numeral{whole: imaginary(y[i].String()), tex: imaginary(y[i].latex())}
		default:
			out[i].whole = x[i].String() + sign + imaginary(y[i].String())
			out[i].tex = x[i].latex() + sign + imaginary(y[i].latex())
		}
	}
	return out
}

// imaginary puts i behind a number.
func imaginary(s string) string {
	switch s {
	case "1":
		return "i"
	case "-1":
		return "-i"
	case "NaN", "∞", "-∞":
		return s + "·i"
	case `\mathrm{NaN}`, `\infty`, `-\infty`:
		return s + ` \cdot i`
	}
	return s + "i"
}

var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")
