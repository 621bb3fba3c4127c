package cli

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

// nist is testdata/nist.json: the eleven linear problems of NIST's Statistical
// Reference Datasets with answers in exact rational arithmetic, and the 27
// nonlinear ones with the certified answers (eleven digits).
type nist struct {
	Linear []struct {
		Name, Formula string
		Columns       map[string][]string
		Coef, SE      []any
		ResidualSD    any `json:"residual_sd"`
	}
	Nonlinear []struct {
		Name, Response, Model  string
		Columns                map[string][]string
		Params, Start1, Start2 []string
		Coef, SE               []any
	}
}

func loadNIST(t *testing.T) nist {
	t.Helper()
	data, err := os.ReadFile("testdata/nist.json")
	if err != nil {
		t.Fatal(err)
	}
	var all nist
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestNISTLinear(t *testing.T) {
	for _, c := range loadNIST(t).Linear {
		t.Run(c.Name, func(t *testing.T) {
			result := answer(t, map[string]any{"id": c.Name, "task": "ols", "formula": c.Formula, "columns": c.Columns})
			check(t, result, "coef", c.Coef, 15)
			check(t, result, "se", c.SE, 15)
			check(t, result, "residual_sd", c.ResidualSD, 15)
		})
	}
}

// From both starts; of the slower problems some, unless NABLA_FULL is set.
func TestNISTNonlinear(t *testing.T) {
	for i, c := range loadNIST(t).Nonlinear {
		for k, start := range [][]string{c.Start1, c.Start2} {
			if os.Getenv("NABLA_FULL") == "" && len(c.Columns["y"]) > 100 && i%4 != 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s/start%d", c.Name, k+1), func(t *testing.T) {
				var b []string
				for j, name := range c.Params {
					b = append(b, fmt.Sprintf("%q:%q", name, start[j]))
				}
				result := answer(t, map[string]any{"id": c.Name, "task": "nls", "model": c.Model, "response": c.Response,
					"columns": c.Columns, "start": json.RawMessage("{" + strings.Join(b, ",") + "}")})
				if result["error"] != nil {
					t.Fatal(result["error"])
				}
				check(t, result, "coef", c.Coef, 10)
				check(t, result, "se", c.SE, 10)
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
