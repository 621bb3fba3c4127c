package regress

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// sample draws n rows of p columns, the first of ones, and a linear predictor.
func sample(n, p int, seed uint64) (x *mat.Dense, eta *mat.VecDense, r *rand.Rand) {
	r = rand.New(rand.NewPCG(seed, 1))
	x, eta = mat.NewDense(n, p, nil), mat.NewVecDense(n, nil)
	for i := range n {
		s := 0.0
		for j := range p {
			v := 1.0
			if j > 0 {
				v = r.NormFloat64()
			}
			x.Set(i, j, v)
			s += v * (0.3 - 0.05*float64(j))
		}
		eta.SetVec(i, s)
	}
	return x, eta, r
}

func noisy(eta *mat.VecDense, r *rand.Rand) *mat.VecDense {
	y := mat.NewVecDense(eta.Len(), nil)
	for i := range eta.Len() {
		y.SetVec(i, eta.AtVec(i)+r.NormFloat64())
	}
	return y
}

func classes(eta *mat.VecDense, r *rand.Rand) *mat.VecDense {
	y := mat.NewVecDense(eta.Len(), nil)
	for i := range eta.Len() {
		if r.Float64() < 1/(1+math.Exp(-eta.AtVec(i))) {
			y.SetVec(i, 1)
		}
	}
	return y
}

// The fits in float64 for large data agree with those in doubled precision.
func TestLargeAgreesWithDoubled(t *testing.T) {
	x, eta, r := sample(3000, 6, 7)
	y, c := noisy(eta, r), classes(eta, r)
	exact := OLS(x, y)
	fast := largePlain(x, y, &options{})
	compareFits(t, fast, exact)
	near(t, "R squared", fast.RSquared, exact.RSquared)
	near(t, "log-likelihood", fast.LogLik, exact.LogLik)
	for j, v := range exact.VIF() {
		if v == v {
			near(t, "VIF", fast.VIF()[j], v)
		}
	}
	for i, h := range exact.Leverage() {
		near(t, "leverage", fast.Leverage()[i], h)
	}
	slow := LogisticXY(x, c)
	rows := rowsOf(x)
	quick := newModel(plainFrame(rows, &options{}, true), KindLogistic)
	if !largeGLM(quick, logistic, rows, vectorOf(c), nil) {
		t.Fatal("no convergence")
	}
	compareFits(t, quick, slow)
	_ = quick.String() + slow.HTML()
	for j, v := range slow.VIF() {
		if v == v {
			near(t, "VIF", quick.VIF()[j], v)
		}
	}
	near(t, "deviance", quick.Deviance, slow.Deviance)
	near(t, "null deviance", quick.NullDeviance, slow.NullDeviance)
}

// The null deviance of large fits is that of the offset, with an intercept where
// the model has one.
func TestLargeNull(t *testing.T) {
	_, eta, r := sample(3000, 3, 5)
	table := NewTable()
	x, offset, counts, binary := make([]float64, 3000), make([]float64, 3000), make([]float64, 3000), make([]float64, 3000)
	for i := range x {
		x[i], offset[i] = r.NormFloat64(), r.NormFloat64()
		counts[i] = math.Floor(r.ExpFloat64() * math.Exp(0.3*offset[i]) * 3)
		if r.Float64() < 1/(1+math.Exp(-eta.AtVec(i))) {
			binary[i] = 1
		}
	}
	table.Add("x", x).Add("o", offset).Add("counts", counts).Add("binary", binary)
	for _, right := range []string{"x", "x + offset(o)", "x - 1", "x - 1 + offset(o)"} {
		for response, f := range map[string]family{"counts": poisson, "binary": logistic} {
			fr, err := buildFrame(response+" ~ "+right, table, frameSpec{})
			must(err)
			d, err := fr.glmData(f)
			must(err)
			quick := newModel(fr, f.kind)
			if !quick.fitLarge(f, d) {
				t.Fatal("no convergence")
			}
			slow, err := fitGLM(fr, f)
			must(err)
			compareFits(t, quick, slow)
			near(t, right+": deviance", quick.Deviance, slow.Deviance)
			near(t, right+": null deviance", quick.NullDeviance, slow.NullDeviance)
		}
	}
}

// The design of a large table, made in parts, is that of all rows at once, and
// what a part finds wrong is said of its row.
func TestLargeTable(t *testing.T) {
	const n = 60_000
	_, _, r := sample(2, 2, 5)
	table := NewTable()
	x, z := make([]float64, n), make([]float64, n)
	g := make([]string, n)
	for i := range x {
		x[i], z[i] = r.NormFloat64(), 1+r.ExpFloat64()
		g[i] = string(rune('a' + i*10/n)) // levels that single parts have not got
	}
	table.Add("x", x).Add("z", z).AddFactor("g", g)
	table.Column("x").Missing = make([]bool, n)
	table.Column("x").Missing[17] = true
	for _, model := range []string{"z ~ x*g + I(x^2)", "z ~ log(z) + x:g - 1 + (x > 0)", "x ~ x + offset(z) + sqrt(z) + I(x*z) + I(z^3) + g", "z ~ poly(x, 3)*g"} {
		fr, err := buildFrame(model, table, frameSpec{large: true})
		must(err)
		want, err := buildFrame(model, table, frameSpec{})
		must(err)
		if got, want := strings.Join(fr.terms, " "), strings.Join(want.terms, " "); got != want {
			t.Errorf("%s: terms %s, want %s", model, got, want)
		}
		if strings.Contains(model, "poly") {
			if fr.large != nil {
				t.Error("poly was made in parts")
			}
			continue
		}
		if fr.large == nil {
			t.Fatalf("%s: not made in parts", model)
		}
		for j, column := range want.x {
			for i, v := range column {
				if got := fr.large.Row(i)[j]; got != v.Hi {
					t.Fatalf("%s: row %d of %s is %v, want %v", model, i, want.terms[j], got, v.Hi)
				}
			}
		}
		must(fr.expand())
		if len(fr.x) != len(want.x) || fr.x[1][n/2] != want.x[1][n/2] {
			t.Errorf("%s: not as it is", model)
		}
	}
	x[n-3] = 0
	table.Add("x", x)
	if _, err := buildFrame("z ~ log(x^2)*g + x:g", table, frameSpec{large: true}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("row %d;", n-2)) {
		t.Error(err)
	}
}

// R squared of a large fit counts the offset as one of doubled precision does.
func TestLargeOffset(t *testing.T) {
	table := cars(t)
	for _, model := range []string{"dist ~ speed + offset(speed^2/10)", "dist ~ speed - 1 + offset(speed)"} {
		want := Fit(model, table)
		fr, err := buildFrame(model, table, frameSpec{})
		must(err)
		m := newModel(fr, KindOLS)
		x, y := fr.frameRows()
		if !largeLinear(m, x, y, fr.formula.Intercept) {
			t.Fatal("not fitted")
		}
		m.addOffset()
		near(t, "R squared", m.RSquared, want.RSquared)
		near(t, "F", m.F, want.F)
		near(t, "fitted", m.Fitted[3], want.Fitted[3])
	}
}

func compareFits(t *testing.T, got, want *Model) {
	t.Helper()
	for j := range want.Coef {
		near(t, "coefficient of "+want.Terms[j], got.Coef[j], want.Coef[j])
		near(t, "standard error of "+want.Terms[j], got.SE[j], want.SE[j])
		near(t, "p of "+want.Terms[j], got.P[j], want.P[j])
	}
}

func benchmarkFit(b *testing.B, n, p int, y func(*mat.VecDense, *rand.Rand) *mat.VecDense, fit func(x, y mat.Matrix, list ...Option) *Model) {
	x, eta, r := sample(n, p, 1)
	response := y(eta, r)
	b.ReportAllocs()
	for b.Loop() {
		_ = fit(x, response).String()
	}
}

func BenchmarkOLS1e6x10(b *testing.B)      { benchmarkFit(b, 1e6, 10, noisy, OLS) }
func BenchmarkOLS1e5x100(b *testing.B)     { benchmarkFit(b, 1e5, 100, noisy, OLS) }
func BenchmarkLogistic1e6x10(b *testing.B) { benchmarkFit(b, 1e6, 10, classes, LogisticXY) }
func BenchmarkOLS1e3x5(b *testing.B)       { benchmarkFit(b, 1e3, 5, noisy, OLS) }
