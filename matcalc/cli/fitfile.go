package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/nabla-go/nabla/matcalc/regress"
)

// fitFile fits the formula to a CSV file and prints the summary.
func fitFile(out io.Writer, model, lang, formula, path string, lambda float64) (err error) {
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case *regress.Error:
			err = fault
		default:
			panic(fault)
		}
	}()
	regress.SetLanguage(lang)
	t := regress.ReadCSV(path)
	var m *regress.Model
	switch model {
	case "linear":
		m = regress.Fit(formula, t)
	case "ridge":
		m = regress.Ridge(formula, t, lambda)
	case "logistic":
		m = regress.Logistic(formula, t)
	case "poisson":
		m = regress.Poisson(formula, t)
	default:
		return errors.New("the model is linear, ridge, logistic or poisson, not " + model)
	}
	_, err = fmt.Fprint(out, m.String())
	return err
}
