package regress

import (
	"fmt"
	"strings"
	"testing"
)

// With its own covariance a fit keeps its tests: Wald's F is that of the sums of
// squares.
func TestWald(t *testing.T) {
	for _, model := range []string{"dist ~ speed", "dist ~ poly(speed, 3)", "dist ~ speed - 1", "dist ~ speed + I(2*speed) + log(speed)"} {
		m := Fit(model, cars(t))
		own := m.withErrors(m.Cov, "")
		near(t, model+": F", own.F, m.F)
		near(t, model+": p", own.FP, m.FP)
		for j := range m.SE {
			if m.P[j] == m.P[j] {
				near(t, model+": p", own.P[j], m.P[j])
			}
		}
	}
}

// Under constraints the sandwich is that of the model they leave.
func TestRobustUnderConstraints(t *testing.T) {
	table := cars(t)
	m := Constrained("dist ~ speed", table, [][]float64{{1, 1}}, []float64{0})
	free := Fit("dist ~ I(speed - 1) - 1", table)
	for kind := range 4 {
		near(t, "slope", m.RobustSE(kind)[1], free.RobustSE(kind)[0])
	}
}

// Robust and Clustered change the summary, and say so.
func TestRobustSummary(t *testing.T) {
	table := cars(t)
	groups := make([]string, table.Rows())
	for i := range groups {
		groups[i] = fmt.Sprint("g", i%7)
	}
	table.AddFactor("g", groups)
	m := Fit("dist ~ speed", table)
	robust, clustered := m.Robust(3), m.Clustered("g")
	for j := range m.SE {
		near(t, "robust", robust.SE[j], m.RobustSE(3)[j])
		near(t, "clustered", clustered.SE[j], m.ClusteredSE(groups)[j])
		near(t, "statistic", robust.Stat[j], m.Coef[j]/robust.SE[j])
	}
	if s := robust.String(); !strings.Contains(s, "HC3") || s == m.String() {
		t.Error(s)
	}
	if s := clustered.HTML(); !strings.Contains(s, "clustered by g, 7 groups") {
		t.Error(s)
	}
}

// What takes rows or errors that a fit has not got is refused.
func TestRowsRefused(t *testing.T) {
	table := cars(t)
	stream := FitStream("y ~ x", streamFile(t, "data.csv", 100))
	likelihood := MaxLik("-log(s) - (dist - m)^2/(2*s^2)", table, Param("m", 20), Param("s", 10))
	for name, f := range map[string]func(){
		"leverage of a stream":      func() { stream.Leverage() },
		"robust stream":             func() { stream.RobustSE(0) },
		"plot of a stream":          func() { stream.PlotQQ() },
		"robust likelihood":         func() { likelihood.Robust(0) },
		"residuals of a likelihood": func() { likelihood.PlotResiduals() },
		"robust ridge":              func() { Ridge("dist ~ speed", table, 1).RobustSE(0) },
		"HC4":                       func() { Fit("dist ~ speed", table).RobustSE(4) },
		"one group":                 func() { Fit("dist ~ speed", table).ClusteredSE(make([]string, 50)) },
		"labels":                    func() { Fit("dist ~ speed", table).ClusteredSE(make([]string, 5)) },
		"no column":                 func() { Fit("dist ~ speed", table).Clustered("group") },
		"responses":                 func() { Anova(Fit("dist ~ speed", table), Fit("speed ~ dist", table)) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if e, ok := recover().(*Error); !ok {
					t.Error("no *Error")
				} else {
					t.Log(e)
				}
			}()
			f()
		})
	}
}

// Diagnostics and robust errors of fits in float64 are those of doubled ones.
func TestLargeDiagnostics(t *testing.T) {
	x, eta, r := sample(500, 4, 11)
	y, c := noisy(eta, r), classes(eta, r)
	groups := make([]string, 500)
	for i := range groups {
		groups[i] = fmt.Sprint(i % 20)
	}
	rows := rowsOf(x)
	quick := newModel(plainFrame(rows, &options{}, true), KindLogistic)
	quick.frame.large = &rows
	if !largeGLM(quick, logistic, rows, vectorOf(c), nil) {
		t.Fatal("no convergence")
	}
	table := FromMatrix(x, "a", "b", "c", "d").Add("y", vectorOf(y))
	w := make([]float64, 500)
	for i := range w {
		w[i] = float64(i%5) / 2
	}
	fr, err := buildFrame("y ~ b + c + d", table, frameSpec{weights: collect([]Option{Weights(w)}).weights})
	must(err)
	weighted := newModel(fr, KindWLS)
	design, response := fr.frameRows()
	if !largeLinear(weighted, design, response, true) {
		t.Fatal("not fitted")
	}
	slow := Fit("y ~ b + c + d", table, Weights(w))
	compareFits(t, weighted, slow)
	near(t, "log-likelihood", weighted.LogLik, slow.LogLik)
	near(t, "R squared", weighted.RSquared, slow.RSquared)
	near(t, "AIC", weighted.AIC, slow.AIC)
	for name, pair := range map[string][2]*Model{
		"weighted": {weighted, slow},
		"linear":   {largePlain(x, y, &options{}), OLS(x, y)},
		"logistic": {quick, LogisticXY(x, c)},
	} {
		fast, exact := pair[0], pair[1]
		all := func(what string, got, want []float64) {
			for i := range want {
				if want[i] == want[i] || got[i] == got[i] {
					near(t, name+": "+what, got[i], want[i])
				}
			}
		}
		all("leverage", fast.Leverage(), exact.Leverage())
		all("Cook", fast.Cooks(), exact.Cooks())
		all("standardised", fast.RStandard(), exact.RStandard())
		all("studentised", fast.RStudent(), exact.RStudent())
		all("clustered", fast.ClusteredSE(groups), exact.ClusteredSE(groups))
		for kind := range 4 {
			all(fmt.Sprint("HC", kind), fast.RobustSE(kind), exact.RobustSE(kind))
		}
	}
}

// Likelihoods are compared by the ratio test.
func TestAnovaOfLikelihoods(t *testing.T) {
	table := cars(t)
	small := MaxLik("dist*a - exp(a)", table, Param("a", 1))
	large := MaxLik("dist*(a + b*speed) - exp(a + b*speed)", table, Param("a", 1), Param("b", 0.1))
	got, want := Anova(small, large), Anova(Poisson("dist ~ 1", table), Poisson("dist ~ speed", table))
	near(t, "difference", got.Diff[1], want.Diff[1])
	near(t, "p", got.P[1], want.P[1])
	if got.DF[1] != 1 {
		t.Error(got.DF)
	}
}
