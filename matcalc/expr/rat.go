package expr

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

// Rat is an exact rational number: small ones in two words, others in a
// big.Rat. The zero Rat is 0.
type Rat struct {
	num, den int64 // den > 0, or 0 for the zero value; lowest terms
	big      *big.Rat
}

// Int is the Rat k.
func Int(k int64) Rat { return Rat{num: k, den: 1} }

// Frac is the Rat a/b; b must not be 0.
func Frac(a, b int64) Rat { return fromBig(big.NewRat(a, b)) }

// Rational numbers that occur everywhere.
var (
	RatZero = Int(0)
	RatOne  = Int(1)
	RatNeg  = Int(-1)
	RatHalf = Frac(1, 2)
)

// maxDigits bounds the exponent that a number's text may carry.
const maxDigits = 400

// ParseRat reads a decimal number such as 2, 0.5 or 1e-3.
func ParseRat(text string) (Rat, error) {
	if k := strings.IndexAny(text, "eE"); k >= 0 {
		digits := strings.TrimLeft(text[k+1:], "+-0")
		if len(digits) > 3 || len(digits) == 3 && digits > "400" {
			return Rat{}, fmt.Errorf("the exponent of %s is beyond 1e400", text)
		}
	}
	if len(text) > maxDigits {
		return Rat{}, fmt.Errorf("a number of %d digits is too long (%d at most)", len(text), maxDigits)
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return Rat{}, fmt.Errorf("%s is not a number", text)
	}
	return fromBig(r), nil
}

func fromBig(r *big.Rat) Rat {
	if r.Num().IsInt64() && r.Denom().IsInt64() {
		return Rat{num: r.Num().Int64(), den: r.Denom().Int64()}
	}
	return Rat{big: r}
}

// Big is the number as a big.Rat that the caller may keep but not change.
func (r Rat) Big() *big.Rat {
	if r.big != nil {
		return r.big
	}
	if r.den == 0 {
		return new(big.Rat)
	}
	return big.NewRat(r.num, r.den)
}

func small(a, b Rat) bool {
	const lim = 1 << 30
	ok := func(r Rat) bool { return r.big == nil && r.num < lim && r.num > -lim && r.den < lim }
	return ok(a) && ok(b)
}

func reduced(n, d int64) Rat {
	if n == 0 {
		return Int(0)
	}
	a, b := n, d
	for b != 0 {
		a, b = b, a%b
	}
	if a < 0 {
		a = -a
	}
	n, d = n/a, d/a
	if d < 0 {
		n, d = -n, -d
	}
	return Rat{num: n, den: d}
}

// Add is r + s.
func (r Rat) Add(s Rat) Rat {
	if small(r, s) {
		if r.dn() == 1 && s.dn() == 1 {
			return Int(r.num + s.num)
		}
		return reduced(r.num*s.dn()+s.num*r.dn(), r.dn()*s.dn())
	}
	return fromBig(new(big.Rat).Add(r.Big(), s.Big()))
}

// Mul is r * s.
func (r Rat) Mul(s Rat) Rat {
	if small(r, s) {
		return reduced(r.num*s.num, r.dn()*s.dn())
	}
	return fromBig(new(big.Rat).Mul(r.Big(), s.Big()))
}

// Neg is -r.
func (r Rat) Neg() Rat { return r.Mul(RatNeg) }

// Inv is 1/r; r must not be 0.
func (r Rat) Inv() Rat {
	if r.big == nil {
		return reduced(r.dn(), r.num)
	}
	return fromBig(new(big.Rat).Inv(r.big))
}

func (r Rat) dn() int64 {
	if r.den == 0 {
		return 1
	}
	return r.den
}

// Sign is -1, 0 or 1.
func (r Rat) Sign() int {
	if r.big != nil {
		return r.big.Sign()
	}
	switch {
	case r.num > 0:
		return 1
	case r.num < 0:
		return -1
	}
	return 0
}

// Cmp compares r with s: -1, 0 or 1.
func (r Rat) Cmp(s Rat) int { return r.Add(s.Neg()).Sign() }

// Equal reports r == s.
func (r Rat) Equal(s Rat) bool {
	if r.big == nil && s.big == nil {
		return r.num == s.num && r.dn() == s.dn()
	}
	return r.Cmp(s) == 0
}

// IsInt reports whether r is whole.
func (r Rat) IsInt() bool {
	if r.big != nil {
		return r.big.IsInt()
	}
	return r.dn() == 1
}

// Int64 is the whole number r; ok is false when r is a fraction or too large.
func (r Rat) Int64() (k int64, ok bool) {
	if r.big != nil || r.dn() != 1 {
		return 0, false
	}
	return r.num, true
}

// Pow is r to a whole power of modest size; ok is false when it would grow
// beyond reason or divide by zero.
func (r Rat) Pow(k int64) (p Rat, ok bool) {
	if k < 0 {
		if r.Sign() == 0 || k == math.MinInt64 {
			return Rat{}, false
		}
		r, k = r.Inv(), -k
	}
	if k > 64 {
		return Rat{}, false
	}
	p = RatOne
	for ; k > 0; k-- {
		p = p.Mul(r)
	}
	return p, true
}

// Float is the nearest float64.
func (r Rat) Float() float64 {
	if r.big == nil {
		return float64(r.num) / float64(r.dn())
	}
	f, _ := r.big.Float64()
	return f
}

// String writes a whole number plainly, a terminating decimal with its digits
// when it is short (0.5), and any other number as a fraction (1/3).
func (r Rat) String() string {
	b := r.Big()
	if b.IsInt() {
		return b.Num().String()
	}
	if n, exact := b.FloatPrec(); exact && n <= 12 {
		return b.FloatString(n)
	}
	return b.String()
}
