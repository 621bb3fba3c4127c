package regress

import (
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"
)

func wellFormed(t *testing.T, name string, f *Figure) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(f.SVG()))
	shapes := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if s, ok := token.(xml.StartElement); ok && s.Name.Local == "path" {
			shapes++
		}
	}
	if shapes < 10 || strings.Contains(f.SVG(), "NaN") {
		t.Errorf("%s: %d shapes", name, shapes)
	}
}

func TestPlots(t *testing.T) {
	table := cars(t)
	m := Fit("dist ~ speed", table)
	wellFormed(t, "residuals", m.PlotResiduals())
	wellFormed(t, "Q-Q", m.PlotQQ())
	wellFormed(t, "scale-location", m.PlotScaleLocation())
	wellFormed(t, "leverage", m.PlotLeverage())
	wellFormed(t, "fit", m.PlotFit("speed", 0.95))
	path := RidgePathOf("dist ~ poly(speed, 3)", table, Lambdas(0.01, 100, 15), 5, 1)
	wellFormed(t, "path", path.Plot())
	if !strings.Contains(path.String(), "GCV") {
		t.Error(path)
	}
}

// With the penalty towards zero the path ends in least squares, and the
// effective degrees of freedom fall as it grows.
func TestRidgePath(t *testing.T) {
	table := cars(t)
	path := RidgePathOf("dist ~ poly(speed, 3)", table, []float64{0, 0.1, 1, 10}, 10, 3)
	ols := Fit("dist ~ poly(speed, 3)", table)
	for j := range ols.Coef {
		near(t, "coefficient", path.Coef[0][j], ols.Coef[j])
	}
	near(t, "degrees of freedom", path.DFEffective[0], 4)
	for i := 1; i < 4; i++ {
		if !(path.DFEffective[i] < path.DFEffective[i-1]) {
			t.Error(path.DFEffective)
		}
	}
	// Leave-one-out has the closed form mean of (e/(1-h))^2.
	loo := RidgePathOf("dist ~ poly(speed, 3)", table, []float64{0}, table.Rows(), 1).CV[0]
	want := 0.0
	for i, e := range ols.Residuals {
		want += math.Pow(e/(1-ols.Leverage()[i]), 2)
	}
	near(t, "leave-one-out", loo, want/float64(table.Rows()))
}

// Sum-to-one and an equality, against the substitution done by hand.
func TestConstrained(t *testing.T) {
	table := NewTable().Add("y", []float64{1, 3, 2, 5, 4.5}).Add("a", []float64{1, 2, 3, 4, 5}).Add("b", []float64{2, 1, 4, 3, 7})
	m := Constrained("y ~ a + b", table, [][]float64{{0, 1, 1}}, []float64{1})
	near(t, "the condition", m.Coef[1]+m.Coef[2], 1)
	hand := Fit("I(y - b) ~ I(a - b)", table)
	near(t, "intercept", m.Coef[0], hand.Coef[0])
	near(t, "slope", m.Coef[1], hand.Coef[1])
	near(t, "standard error", m.SE[1], hand.SE[1])
	near(t, "standard error of the other", m.SE[2], hand.SE[1])
	_ = m.String()
}
