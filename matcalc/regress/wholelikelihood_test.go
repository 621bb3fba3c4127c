package regress

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// A normal likelihood in matrices has the estimates of least squares, named
// after the columns.
func TestWholeNormal(t *testing.T) {
	table := cars(t)
	x, y := ModelMatrix("dist ~ speed", table)
	m := MaxLik("-n/2*log(2*pi*s^2) - norm2(y-X*b)^2/(2*s^2)", map[string]any{"X": x, "y": y}, Param("b", 0, 1), Param("s", 20))
	want := Fit("dist ~ speed", table)
	if got := strings.Join(m.Terms, " "); got != "(Intercept) speed s" {
		t.Errorf("terms %s", got)
	}
	n := float64(m.N)
	shrink := math.Sqrt(want.DFResidual / n)
	for j := range want.Coef {
		near(t, "coefficient", m.Coef[j], want.Coef[j])
		near(t, "standard error", m.SE[j], want.SE[j]*shrink)
	}
	near(t, "deviation", m.Coef[2], want.ResidualSD*shrink)
	near(t, "its standard error", m.SE[2], want.ResidualSD*shrink/math.Sqrt(2*n))
	near(t, "log-likelihood", m.LogLik, want.LogLik)
	near(t, "AIC", m.AIC, want.AIC)
	if !m.Converged || len(m.Warnings) > 0 {
		t.Error(m.Warnings)
	}
	wellFormed(t, "contours", m.PlotLikelihood("speed", "s"))
	d := m.Derivation().String()
	for _, part := range []string{"dl/db", "d2l/db db", "d2l/db ds", "d2l/ds ds", "X'*X"} {
		if !strings.Contains(d, part) {
			t.Errorf("the derivation lacks %s:\n%s", part, d)
		}
	}
}

// A logistic likelihood in matrices is the fit of Logistic, however it is
// written and wherever the data lie.
func TestWholeLogistic(t *testing.T) {
	table := cars(t)
	table.Add("far", slicesMap(table.Column("dist").Numbers, func(v float64) float64 {
		if v > 40 {
			return 1
		}
		return 0
	}))
	want := Logistic("far ~ speed", table)
	x, y := ModelMatrix("far ~ speed", table)
	matrices := map[string]any{"X": x.Dense, "y": y.RawVector().Data}
	for _, c := range []struct {
		source string
		data   any
		start  []Start
		terms  string
	}{
		{"y'*(X*b) - sum(log(1 + exp(X*b)))", matrices, []Start{Param("b", 0, 0)}, "b1 b2"},
		{"y'*X*b - sum(softplus(X*b))", matrices, []Start{Param("b", 0, 0)}, "b1 b2"},
		{"yᵀXb − sum(softplus(Xb))", matrices, []Start{Param("b", 0, 0)}, "b1 b2"},
		{"far'*(a + b*speed) - sum(log(1 + exp(a + b*speed)))", table, []Start{Param("a", 0), Param("b", 0)}, "a b"},
		{"far*(a + b*speed) - log(1 + exp(a + b*speed))", table, []Start{Param("a", 0), Param("b", 0)}, "a b"},
	} {
		m := MaxLik(c.source, c.data, c.start...)
		if got := strings.Join(m.Terms, " "); got != c.terms {
			t.Errorf("%s: terms %s, want %s", c.source, got, c.terms)
		}
		for j := range want.Coef {
			near(t, c.source, m.Coef[j], want.Coef[j])
			near(t, c.source+": standard error", m.SE[j], want.SE[j])
		}
		near(t, c.source+": log-likelihood", m.LogLik, want.LogLik)
	}
}

// Logarithms of sums with exponentials do not overflow, far from the maximum
// either.
func TestSteady(t *testing.T) {
	x := mat.NewDense(8, 2, nil)
	y := []float64{0, 0, 1, 0, 1, 0, 1, 1}
	for i := range y {
		x.SetRow(i, []float64{1, 1000 * float64(i)})
	}
	want := LogisticXY(x, mat.NewVecDense(8, y))
	table := FromMatrix(x, "one", "x").Add("y", y)
	for _, source := range []string{"y'*(X*b) - sum(log(1 + exp(X*b)))", "sum(y.*log(sigmoid(X*b)) + (1-y).*log(sigmoid(-X*b)))"} {
		m := MaxLik(source, map[string]any{"X": x, "y": y}, Param("b", 0, 1))
		near(t, source, m.Coef[1], want.Coef[1])
		near(t, source+": standard error", m.SE[1], want.SE[1])
	}
	row := MaxLik("y*(a + b*x) - log(1 + exp(a + b*x))", table, Param("a", 0), Param("b", 1))
	near(t, "row", row.Coef[1], want.Coef[1])
}

// Two vectors of parameters with a mixed block of the Hessian: a normal model
// whose logarithm of the deviation is linear, as one of rows has it.
func TestWholeTwoVectors(t *testing.T) {
	table := cars(t)
	x, y := ModelMatrix("dist ~ speed", table)
	m := MaxLik("-sum(X*g) - sum((y - X*b)^2 .* exp(-2*X*g))/2", map[string]any{"X": x, "y": y}, Param("b", -10, 3), Param("g", 2, 0.01))
	rows := MaxLik("-(g + h*speed) - (dist - a - b*speed)^2*exp(-2*(g + h*speed))/2", table, Param("a", -10), Param("b", 3), Param("g", 2), Param("h", 0.01))
	if got := strings.Join(m.Terms, " "); got != "b.(Intercept) b.speed g.(Intercept) g.speed" {
		t.Errorf("terms %s", got)
	}
	for j := range rows.Coef {
		near(t, "coefficient", m.Coef[j], rows.Coef[j])
		near(t, "standard error", m.SE[j], rows.SE[j])
	}
}

// Faults of a likelihood and of its data have classes and say what is wrong.
func TestWholeRefuses(t *testing.T) {
	x, y := ModelMatrix("dist ~ speed", cars(t))
	data := func(more ...any) map[string]any {
		out := map[string]any{"X": x, "y": y, "t": mat.NewVecDense(3, nil)}
		for i := 0; i < len(more); i += 2 {
			out[more[i].(string)] = more[i+1]
		}
		return out
	}
	twice := mat.NewDense(50, 2, nil)
	for i := range 50 {
		twice.Set(i, 0, float64(i))
		twice.Set(i, 1, float64(2*i))
	}
	b := []Start{Param("b", 0, 0)}
	for _, c := range []struct {
		source string
		data   any
		start  []Start
		class  Class
		says   string
	}{
		{"-norm2(y - X*c)^2", data(), b, UnknownName, "undefined c"},
		{"-norm2(y - X*b)^2", data(), []Start{Param("b", 0, 0, 0)}, Mismatch, "X"},
		{"-norm2(t - X*b)^2", data(), b, Mismatch, "t"},
		{"y - X*b", data(), b, Mismatch, "sum"},
		{"-norm2(y - X*b", data(), b, Syntax, "missing )"},
		{"norm2(y - X*b)^2", data(), b, Unbounded, "signs"},
		{"y'*X*b", data(), b, Unbounded, "signs"},
		{"-norm2(y - X*b)^2", data("X", twice), b, SingularGradient, "apart"},
		{"-norm2(y - X*b)^2", data(), []Start{Param("b", 0, 0), Param("k", 1)}, SingularGradient, "does not depend on k"},
		{"sum(log(X*b))", data(), b, NonFinite, "start"},
		{"-norm2(y - X*b)^2", data("y", []float64{1, math.NaN()}), b, NonFinite, "y is NaN in row 2"},
		{"-norm2(y - X*b)^2", data("y", "text"), b, BadInput, "y is a string"},
		{"-norm2(y - X*b)^2", data("b", 1), b, BadInput, "both data and a parameter"},
		{"-norm2(y - X*b)^2", 3, b, BadInput, "not int"},
		{"-norm2(y - X*b)^2", data(), []Start{Param("b")}, BadInput, "no start value"},
		{"-norm2(y - X*b)^2", data(), nil, BadInput, "start value"},
		{"-norm2(dist - b*speed)^2", cars(t), b, Mismatch, ""},
	} {
		_, err := maxLik(c.source, c.data, c.start)
		e, ok := err.(*Error)
		if !ok || e.Class != c.class || !strings.Contains(e.Message, c.says) {
			t.Errorf("%s: %#v, want class %s and %q", c.source, err, c.class, c.says)
		}
	}
}

// A likelihood whose maximum lies at infinity says so, and has no silent numbers.
func TestWholeSeparation(t *testing.T) {
	x := mat.NewDense(6, 2, []float64{1, 1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6})
	for _, source := range []string{"y'*(X*b) - sum(softplus(X*b))", "y'*(X*b) - sum(log(1 + exp(X*b)))"} {
		m := MaxLik(source, map[string]any{"X": x, "y": []float64{0, 0, 0, 1, 1, 1}}, Param("b", 0, 0))
		if m.Converged || len(m.Warnings) == 0 || m.Warnings[0].Class != Separation {
			t.Errorf("%s: converged %v after %d, %v", source, m.Converged, m.Iterations, m.Warnings)
		}
	}
}
