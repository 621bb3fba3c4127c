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

// quantile returns the two-sided quantile of the statistic at the level.
func (m *Model) quantile(level float64) float64 {
	half := (1 + level) / 2
	if m.normal() {
		return mathext.NormalQuantile(half)
	}
	return studentQuantile(half, m.DFResidual)
}

// studentQuantile inverts the distribution by the incomplete beta function,
// and takes Newton steps on the tail for the last digits.
func studentQuantile(p, df float64) float64 {
	if df <= 0 {
		return math.NaN()
	}
	tail := 2 * (1 - p)
	x := mathext.InvRegIncBeta(df/2, 0.5, tail)
	t := math.Sqrt(df * (1 - x) / x)
	a, _ := math.Lgamma((df + 1) / 2)
	b, _ := math.Lgamma(df / 2)
	for range 3 {
		density := math.Exp(a-b-(df+1)/2*math.Log1p(t*t/df)) / math.Sqrt(df*math.Pi)
		t += (studentTail(t, df) - tail) / (2 * density)
	}
	return t
}

// normal says that the statistics are z rather than t.
func (m *Model) normal() bool {
	return m.Kind == KindLogistic || m.Kind == KindPoisson || m.Kind == KindML
}
