package regress

import (
	"math"
	"strings"

	"gonum.org/v1/gonum/mathext"
)

// An AnovaTable compares nested models, each with the one before: by F for
// least squares, by the chi-squared distribution of the deviance otherwise.
type AnovaTable struct {
	Models   []string
	ResDF    []float64
	RSS      []float64 // residual sums of squares, or deviances
	DF, Diff []float64 // NaN in the first row
	F        []float64 // NaN for deviances
	P        []float64
	deviance bool
}

// Anova compares models fitted to the same rows, from small to large.
func Anova(models ...*Model) *AnovaTable {
	if len(models) < 2 {
		panic(fail(BadInput, "anova compares at least two models"))
	}
	a := &AnovaTable{}
	for _, m := range models {
		if err := models[0].comparable(m); err != nil {
			panic(err)
		}
	}
	a.deviance = models[0].normal()
	largest := models[0]
	for _, m := range models {
		if m.DFResidual < largest.DFResidual {
			largest = m
		}
	}
	for i, m := range models {
		size := m.RSS
		switch {
		case m.Kind == KindML:
			size = -2 * m.LogLik
		case a.deviance:
			size = m.Deviance
		}
		a.Models, a.ResDF, a.RSS = append(a.Models, m.Formula), append(a.ResDF, m.DFResidual), append(a.RSS, size)
		df, diff, f, p := math.NaN(), math.NaN(), math.NaN(), math.NaN()
		if i > 0 {
			df, diff = a.ResDF[i-1]-m.DFResidual, a.RSS[i-1]-size
			switch {
			case df == 0:
			case a.deviance:
				p = mathext.GammaIncRegComp(math.Abs(df)/2, math.Abs(diff)/2)
			default:
				f = diff / df / (largest.RSS / largest.DFResidual)
				p = fisherTail(f, math.Abs(df), largest.DFResidual)
			}
		}
		a.DF, a.Diff, a.F, a.P = append(a.DF, df), append(a.Diff, diff), append(a.F, f), append(a.P, p)
	}
	return a
}

// comparable says what keeps m and other from being compared, if anything does.
func (m *Model) comparable(other *Model) error {
	switch {
	case m.Kind == KindRidge || other.Kind == KindRidge:
		return fail(BadInput, "anova does not compare ridge regressions, which minimise another loss")
	case m.family() != other.family():
		return fail(BadInput, "anova compares models of one kind; %s is %s, %s is %s", m.Formula, m.Kind, other.Formula, other.Kind)
	case m.N != other.N:
		return fail(BadInput, "anova compares models fitted to the same rows; %s has %d rows, %s %d", m.Formula, m.N, other.Formula, other.N)
	case m.frame.response.name != other.frame.response.name:
		return fail(BadInput, "anova compares models of the same response, not of %s and %s", m.frame.response.name, other.frame.response.name)
	}
	return nil
}

// family is the kind of model that m is a case of.
func (m *Model) family() Kind {
	if m.Kind == KindConstrained {
		return KindOLS
	}
	return m.Kind
}

func blank(v float64, digits int) string {
	if v != v {
		return ""
	}
	return short(v, digits)
}

func (a *AnovaTable) grid() grid {
	size, test := "rss", "F"
	if a.deviance {
		size, test = "dev", ""
	}
	header := []string{word("model"), word("resdf"), word(size), word("df"), word("ss")}
	if test != "" {
		header = append(header, test, "Pr(>F)")
	} else {
		header[4] = "Δ"
		header = append(header, "Pr(>χ²)")
	}
	g := grid{header}
	for i := range a.Models {
		row := []string{a.Models[i], short(a.ResDF[i], 8), short(a.RSS[i], 6), blank(a.DF[i], 8), blank(a.Diff[i], 6)}
		if test != "" {
			row = append(row, blank(a.F[i], 5))
		}
		p := ""
		if i > 0 {
			p = strings.TrimSpace(pValue(a.P[i]) + " " + stars(a.P[i]))
		}
		g = append(g, append(row, p))
	}
	return g
}

// String is the table as aligned text.
func (a *AnovaTable) String() string { return a.title() + "\n" + a.grid().text(true) }

// HTML is the table as HTML.
func (a *AnovaTable) HTML() string { return "<p><b>" + a.title() + "</b></p>" + a.grid().html(true) }

func (a *AnovaTable) title() string {
	if a.deviance {
		return word("analysisd")
	}
	return word("analysis")
}
