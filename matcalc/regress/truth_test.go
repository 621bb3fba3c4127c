package regress

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
)

// truth is testdata/truth.json, written by bench/truth.py with mpmath.
type truth struct {
	Functions []struct{ F, X, Want string }
	Fits      []struct {
		Request  json.RawMessage
		Coef, SE []string
	}
}

func loadTruth(t *testing.T) truth {
	t.Helper()
	data, err := os.ReadFile("testdata/truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var all truth
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// Elementary functions in doubled precision have 28 digits at least.
func TestDoubledFunctions(t *testing.T) {
	for _, row := range loadTruth(t).Functions {
		n, err := formula.ParseExpr(row.F + "(x)")
		if err != nil {
			t.Fatal(err)
		}
		p, err := formula.Compile(n, []string{"x"})
		if err != nil {
			t.Fatal(err)
		}
		x, _ := dd.Parse(row.X)
		want, _ := dd.Parse(row.Want)
		got := p.Doubled([]dd.Float{x})
		if e := math.Abs(got.Sub(want).Div(want).Float64()); !(e < 1e-28) {
			t.Errorf("%s(%s): relative error %.1e", row.F, row.X, e)
		}
		if e := math.Abs(p.Float64([]float64{x.Hi})/want.Hi - 1); !(e < 1e-9) {
			t.Errorf("%s(%s) in float64: relative error %.1e", row.F, row.X, e)
		}
	}
}

// Coefficients and standard errors are right to the last digits of float64.
func TestFitsToTheLastDigit(t *testing.T) {
	for _, c := range loadTruth(t).Fits {
		var r Request
		if err := json.Unmarshal(c.Request, &r); err != nil {
			t.Fatal(err)
		}
		t.Run(string(r.ID), func(t *testing.T) {
			m, err := FitRequest(&r)
			if err != nil {
				t.Fatal(err)
			}
			for j := range c.Coef {
				check17(t, "coefficient of "+m.Terms[j], m.Coef[j], c.Coef[j])
				check17(t, "standard error of "+m.Terms[j], m.SE[j], c.SE[j])
			}
		})
	}
}

func check17(t *testing.T, what string, got float64, want string) {
	t.Helper()
	w, ok := dd.Parse(want)
	if !ok {
		t.Fatal(want)
	}
	if e := math.Abs((got - w.Hi) / w.Hi); !(e <= 4e-16) {
		t.Errorf("%s is %.17g, want %s (%.1e)", what, got, want, e)
	}
}

// Numbers as they are written, and the derivative against differences.
func TestDecimal(t *testing.T) {
	for s, want := range map[string]dd.Float{
		"0.5": dd.Of(0.5), "-3": dd.Of(-3), "1e3": dd.Of(1000), "1e400": dd.Of(math.Inf(1)), ".5": dd.Of(0.5), "12345678901234567890": {Hi: 12345678901234567168, Lo: 722},
		"1E-2": {Hi: 0.01, Lo: -2.0816681711721684e-19},
	} {
		if got, ok := dd.Parse(s); !ok || got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
	for _, s := range []string{"", "a", "1.2.3", "--1", "1e", "0x", "1_0"} {
		if _, ok := dd.Parse(s); ok {
			t.Errorf("%q is no number", s)
		}
	}
}
