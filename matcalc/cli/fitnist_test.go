package cli

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
)

// More nonlinear problems of NIST's Statistical Reference Datasets, with the
// certified estimates; those on which least squares programs fail most.
var certified = []struct {
	name, model, y, x string
	start             [2]string
	want              string
}{
	{"MGH09", "b1*(x^2+x*b2)/(x^2+x*b3+b4)",
		"0.1957 0.1947 0.1735 0.1600 0.0844 0.0627 0.0456 0.0342 0.0323 0.0235 0.0246",
		"4 2 1 0.5 0.25 0.167 0.125 0.1 0.0833 0.0714 0.0625",
		[2]string{"25 39 41.5 39", "0.25 0.39 0.415 0.39"},
		"1.9280693458E-01 1.9128232873E-01 1.2305650693E-01 1.3606233068E-01"},
	{"MGH10", "b1*exp(b2/(x+b3))",
		"34780 28610 23650 19630 16370 13720 11540 9744 8261 7030 6005 5147 4427 3820 3307 2872",
		"50 55 60 65 70 75 80 85 90 95 100 105 110 115 120 125",
		[2]string{"2 400000 25000", "0.02 4000 250"},
		"5.6096364710E-03 6.1813463463E+03 3.4522363462E+02"},
	{"MGH17", "b1 + b2*exp(-x*b4) + b3*exp(-x*b5)",
		"0.844 0.908 0.932 0.936 0.925 0.908 0.881 0.850 0.818 0.784 0.751 0.718 0.685 0.658 0.628 0.603 0.580 0.558 0.538 0.522 0.506 0.490 0.478 0.467 0.457 0.448 0.438 0.431 0.424 0.420 0.414 0.411 0.406",
		"0 10 20 30 40 50 60 70 80 90 100 110 120 130 140 150 160 170 180 190 200 210 220 230 240 250 260 270 280 290 300 310 320",
		[2]string{"50 150 -100 1 2", "0.5 1.5 -1 0.01 0.02"},
		"3.7541005211E-01 1.9358469127E+00 -1.4646871366E+00 1.2867534640E-02 2.2122699662E-02"},
	{"Rat42", "b1/(1+exp(b2-b3*x))",
		"8.930 10.800 18.590 22.330 39.350 56.110 61.730 64.620 67.080",
		"9 14 21 28 42 57 63 70 79",
		[2]string{"100 1 0.1", "75 2.5 0.07"},
		"7.2462237576E+01 2.6180768402E+00 6.7359200066E-02"},
	{"Rat43", "b1/((1+exp(b2-b3*x))^(1/b4))",
		"16.08 33.83 65.80 97.20 191.55 326.20 386.87 520.53 590.03 651.92 724.93 699.56 689.96 637.56 717.41",
		"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
		[2]string{"100 10 1 1", "700 5 0.75 1.3"},
		"6.9964151270E+02 5.2771253025E+00 7.5962938329E-01 1.2792483859E+00"},
}

func TestFitHardNonlinear(t *testing.T) {
	for _, c := range certified {
		for i, start := range c.start {
			t.Run(fmt.Sprintf("%s/start%d", c.name, i+1), func(t *testing.T) {
				var b []string
				for k, v := range strings.Fields(start) {
					b = append(b, fmt.Sprintf(`"b%d":%s`, k+1, v))
				}
				result := answer(t, map[string]any{"id": c.name, "task": "nls", "model": c.model, "response": "y",
					"columns": map[string]any{"y": strings.Fields(c.y), "x": strings.Fields(c.x)},
					"start":   json.RawMessage("{" + strings.Join(b, ",") + "}")})
				if result["error"] != nil {
					t.Fatal(result["error"])
				}
				var want []any
				for _, w := range strings.Fields(c.want) {
					want = append(want, w)
				}
				check(t, result, "coef", want, 10)
				t.Log(result["iterations"], result["warnings"])
			})
		}
	}
}

// A sum of three exponentials without noise, rounded to 14 decimals (as the
// Lanczos problems are): the estimate is as good as the rounding allows.
func TestFitExponentials(t *testing.T) {
	var x, y []string
	for i := range 24 {
		v := float64(i) * 0.05
		x = append(x, fmt.Sprintf("%.2f", v))
		y = append(y, fmt.Sprintf("%.14f", 0.0951*math.Exp(-v)+0.8607*math.Exp(-3*v)+1.5576*math.Exp(-5*v)))
	}
	for _, start := range []string{`{"b1":1.2,"b2":0.3,"b3":5.6,"b4":5.5,"b5":6.5,"b6":7.6}`, `{"b1":0.5,"b2":0.7,"b3":3.6,"b4":4.2,"b5":4,"b6":6.3}`} {
		result := answer(t, map[string]any{"id": 1, "task": "nls", "response": "y",
			"model":   "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)",
			"columns": map[string]any{"y": y, "x": x}, "start": json.RawMessage(start)})
		check(t, result, "coef", []any{"0.0951", "1", "0.8607", "3", "1.5576", "5"}, 8)
		t.Log(result["rss"], result["iterations"], result["warnings"])
	}
}
