package regress

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// studentTail returns P(|T| > |t|) for Student's t with df degrees of freedom.
func studentTail(t, df float64) float64 {
	if df <= 0 || t != t {
		return math.NaN()
	}
	if math.IsInf(t, 0) {
		return 0
	}
	return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t))
}

// normalTail returns P(|Z| > |z|).
func normalTail(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// fisherTail returns P(F > f) with a and b degrees of freedom.
func fisherTail(f, a, b float64) float64 {
	if f != f || a <= 0 || b <= 0 {
		return math.NaN()
	}
	if math.IsInf(f, 1) {
		return 0
	}
	return mathext.RegIncBeta(b/2, a/2, b/(b+a*f))
}
