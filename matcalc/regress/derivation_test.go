package regress

import (
	"fmt"
	"strings"
	"testing"
)

// fits are one model of each kind.
func fits(t *testing.T) map[string]*Model {
	table := cars(t)
	n := table.Rows()
	w, far := make([]float64, n), make([]float64, n)
	for i, d := range table.Column("dist").Numbers {
		w[i] = float64(1 + i%3)
		if d > 40 {
			far[i] = 1
		}
	}
	table.Add("far", far)
	return map[string]*Model{
		"ols":              Fit("dist ~ speed", table),
		"offset":           Fit("dist ~ speed + offset(2*speed)", table),
		"wls":              Fit("dist ~ speed", table, Weights(w)),
		"gls":              GLS("dist ~ speed", table, 0.4),
		"ridge":            Ridge("dist ~ speed", table, 10),
		"constrained":      Constrained("dist ~ speed + I(speed^2)", table, [][]float64{{0, 1, 10}}, []float64{3}),
		"logistic":         Logistic("far ~ speed", table),
		"logistic weights": Logistic("far ~ speed", table, Weights(w)),
		"poisson":          Poisson("dist ~ speed", table),
		"poisson offset":   Poisson("dist ~ 1 + offset(log(speed))", table),
		"nls":              NLS("dist", "a*speed^b", table, Param("a", 1), Param("b", 1)),
		"ml":               MaxLik("-log(s) - (dist - a - b*speed)^2/(2*s^2)", table, Param("a", 0), Param("b", 1), Param("s", 20)),
	}
}

// Every kind of model is derived, and what is derived gives at the data what
// the fit computed.
func TestDerivations(t *testing.T) {
	var all strings.Builder
	models := fits(t)
	for _, name := range sortedKeys(models) {
		d, err := models[name].derive()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if last := &d.Steps[len(d.Steps)-1]; name != "ml" {
			var gradient, covariance int
			if _, err := fmt.Sscanf(last.Label, words["at-gradient"][0]+"; "+words["at-covariance"][0], &gradient, &covariance); name != "ridge" && err != nil || gradient < 13 {
				t.Errorf("%s: %s", name, last.Label)
			}
			if name != "ridge" && covariance < 11 {
				t.Errorf("%s: %s", name, last.Label)
			}
			d.Steps = d.Steps[:len(d.Steps)-1] // the digits depend on the machine
		}
		all.WriteString(name + ": " + d.String())
		if !strings.Contains(d.HTML(), "$") || len(d.Steps) < 6 {
			t.Error(d)
		}
	}
	golden(t, "derivations.txt", all.String())
}
