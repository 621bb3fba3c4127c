package regress

import (
	"math"
	"testing"
)

// The normal likelihood has the closed-form maximum: mean and root mean square.
func TestMaxLikNormal(t *testing.T) {
	table := cars(t)
	m := MaxLik("-log(s) - (dist - m)^2/(2*s^2)", table, Param("m", 20), Param("s", 10))
	y := table.Column("dist").Numbers
	n := float64(len(y))
	mean, square := 0.0, 0.0
	for _, v := range y {
		mean += v / n
	}
	for _, v := range y {
		square += (v - mean) * (v - mean) / n
	}
	near(t, "mean", m.Coef[0], mean)
	near(t, "deviation", m.Coef[1], math.Sqrt(square))
	near(t, "se of the mean", m.SE[0], math.Sqrt(square/n))
	near(t, "se of the deviation", m.SE[1], math.Sqrt(square/(2*n)))
	wellFormed(t, "contours", m.PlotLikelihood("m", "s"))
	_ = m.String() + m.HTML()
}

// A Poisson regression written by hand agrees with Poisson.
func TestMaxLikPoisson(t *testing.T) {
	table := cars(t)
	m := MaxLik("dist*(a + b*speed) - exp(a + b*speed)", table, Param("a", 1), Param("b", 0.1))
	p := Poisson("dist ~ speed", table)
	for j := range p.Coef {
		near(t, "coefficient", m.Coef[j], p.Coef[j])
		near(t, "standard error", m.SE[j], p.SE[j])
	}
}

func TestMaxLikRefuses(t *testing.T) {
	table := cars(t)
	for source, class := range map[string]Class{
		"-(dist-m)^2 + z":      UnknownName,
		"log(-1 - m^2)":        NonFinite,
		"-(dist - m - k)^2":    SingularGradient,
		"-(dist-m":             Syntax,
		"-(dist-m)^2 + foo(k)": UnknownName,
	} {
		_, err := maxLik(source, table, []Start{Param("m", 1), Param("k", 1)})
		if e, ok := err.(*Error); !ok || e.Class != class {
			t.Errorf("%s: %v, want %s", source, err, class)
		}
	}
}

// The engine's functions may stand in a likelihood: a logistic regression
// written out is the fit of Logistic.
func TestLikelihoodOfLogistic(t *testing.T) {
	table := cars(t)
	table.Add("far", slicesMap(table.Column("dist").Numbers, func(v float64) float64 {
		if v > 40 {
			return 1
		}
		return 0
	}))
	own := MaxLik("far*(a + b*speed) - softplus(a + b*speed)", table, Param("a", 0), Param("b", 0))
	want := Logistic("far ~ speed", table)
	for j := range want.Coef {
		near(t, "coefficient", own.Coef[j], want.Coef[j])
		near(t, "standard error", own.SE[j], want.SE[j])
	}
}
