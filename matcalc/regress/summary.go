package regress

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Summary is a report of a fit, in three forms: String aligns as plain text,
// HTML is a table, LaTeX a booktabs table.
type Summary struct {
	title, formula string
	quantiles      grid     // of the residuals; may be empty
	coefficients   grid     // with a header row
	lines          []string // what stands below
	warnings       []string
	stars          bool
}

// A grid is a table of cells; the first row is the header, the first column
// the labels.
type grid [][]string

// Summary reports the fit as R does.
func (m *Model) Summary() *Summary {
	s := &Summary{title: word(string(m.Kind)), formula: m.Formula}
	s.quantiles = m.residualQuantiles()
	s.coefficients = m.coefficientGrid()
	s.stars = m.Kind != KindRidge
	s.lines = m.summaryLines()
	for _, w := range m.Warnings {
		s.warnings = append(s.warnings, word("warning")+" ("+string(w.Class)+"): "+w.Message)
	}
	return s
}

// String is the summary as plain text.
func (m *Model) String() string { return m.Summary().String() }

// HTML is the summary as HTML.
func (m *Model) HTML() string { return m.Summary().HTML() }

// LaTeX is the summary as LaTeX with booktabs.
func (m *Model) LaTeX() string { return m.Summary().LaTeX() }

// short formats v to digits significant digits, "NA" if it is not defined.
func short(v float64, digits int) string {
	switch {
	case v != v:
		return "NA"
	case math.IsInf(v, 0):
		return strings.ToLower(strconv.FormatFloat(v, 'g', -1, 64))
	case v == 0:
		return "0"
	}
	return strconv.FormatFloat(v, 'g', digits, 64)
}

// pValue formats a p-value as R does.
func pValue(p float64) string {
	switch {
	case p != p:
		return "NA"
	case p < 2.2e-16:
		return "<2e-16"
	case p < 1e-4:
		return strconv.FormatFloat(p, 'e', 2, 64)
	}
	return strconv.FormatFloat(p, 'g', 3, 64)
}

func stars(p float64) string {
	switch {
	case p != p:
		return ""
	case p < 0.001:
		return "***"
	case p < 0.01:
		return "**"
	case p < 0.05:
		return "*"
	case p < 0.1:
		return "."
	}
	return ""
}

// decimalsFor returns the number of decimals at which the smallest magnitude
// of the values keeps digits significant ones, or -1 if fixed notation would
// be unwieldy.
func decimalsFor(values []float64, digits int) int {
	low, high := math.Inf(1), 0.0
	for _, v := range values {
		if a := math.Abs(v); a > 0 && !math.IsInf(a, 0) {
			low, high = min(low, a), max(high, a)
		}
	}
	if high == 0 {
		return digits - 1
	}
	if high >= 1e9 || low < 1e-6 || high/low > 1e9 {
		return -1
	}
	return max(0, digits-1-int(math.Floor(math.Log10(low))))
}

func fixed(v float64, decimals, digits int) string {
	if v != v || math.IsInf(v, 0) || decimals < 0 {
		return short(v, digits)
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" { // zero has no sign
		text = strings.TrimPrefix(text, "-")
	}
	return text
}

func (m *Model) residualQuantiles() grid {
	if len(m.Residuals) == 0 || m.Kind == KindLogistic || m.Kind == KindPoisson {
		return nil
	}
	var header, row []string
	at := quantiles(m.Residuals, []float64{0, 0.25, 0.5, 0.75, 1})
	largest := 0.0
	for _, v := range at {
		largest = max(largest, math.Abs(v))
	}
	decimals := -1
	if largest > 1e-5 && largest < 1e9 {
		decimals = max(0, 3-int(math.Floor(math.Log10(largest))))
	}
	for i, key := range []string{"min", "q1", "median", "q3", "max"} {
		header = append(header, word(key))
		row = append(row, fixed(at[i], decimals, 4))
	}
	return grid{header, row}
}

func (m *Model) coefficientGrid() grid {
	if m.Kind == KindRidge {
		g := grid{{word("term"), word("estimate")}}
		for j, t := range m.Terms {
			g = append(g, []string{t, short(m.Coef[j], 6)})
		}
		return g
	}
	statistic, p := "t", "pt"
	if m.normal() {
		statistic, p = "z", "pz"
	}
	lower, upper := m.ConfInt(0.95)
	g := grid{{word("term"), word("estimate"), word("se"), word(statistic), word(p), "", "2.5 %", "97.5 %"}}
	decimals := decimalsFor(m.SE, 4)
	for j, t := range m.Terms {
		g = append(g, []string{t, fixed(m.Coef[j], decimals, 6), fixed(m.SE[j], decimals, 5), fixed(m.Stat[j], 3, 4), pValue(m.P[j]), stars(m.P[j]),
			fixed(lower[j], decimals, 5), fixed(upper[j], decimals, 5)})
	}
	return g
}

func (m *Model) summaryLines() []string {
	var lines []string
	add := func(key string, args ...any) { lines = append(lines, fmt.Sprintf(word(key), args...)) }
	if m.Dropped > 0 {
		add("dropped", m.N, m.Dropped)
	} else {
		add("rows", m.N)
	}
	if m.errors != "" {
		lines = append(lines, m.errors)
	}
	if m.Kind == KindGLS {
		line := word("ar1", short(m.rho, 6))
		if m.Dropped > 0 && !m.frame.closed {
			line += "; " + word("gaps")
		}
		lines = append(lines, line)
	}
	switch m.Kind {
	case KindRidge:
		add("ridge2", short(m.Lambda, 5), short(m.DFEffective, 5), short(m.RSS, 5))
		return lines
	case KindLogistic, KindPoisson:
		add("dispersion", short(m.Dispersion, 4))
		add("null", short(m.NullDeviance, 6), short(m.DFNull, 6))
		add("deviance", short(m.Deviance, 6), short(m.DFResidual, 6))
		add("iterations", m.Iterations)
	case KindML:
		add("ic", short(m.LogLik, 6), short(m.AIC, 6), short(m.BIC, 6))
		add("iterations", m.Iterations)
		return lines
	default:
		add("rse", short(m.ResidualSD, 4), short(m.DFResidual, 8))
		if m.RSS == 0 {
			add("perfect")
		}
	}
	if m.RSquared == m.RSquared {
		add("r2", short(m.RSquared, 4), short(m.AdjR2, 4))
	}
	if m.F == m.F {
		add("F", short(m.F, 4), short(m.FDF[0], 8), short(m.FDF[1], 8), pValue(m.FP))
	}
	add("ic", short(m.LogLik, 6), short(m.AIC, 6), short(m.BIC, 6))
	add("condition", short(m.Condition, 4))
	if m.Kind == KindNLS {
		add("iterations", m.Iterations)
	} else if vif := m.vifText(); vif != "" {
		add("vif", vif)
	}
	return lines
}

func (m *Model) vifText() string {
	if m.Rank < 3 || m.Cov == nil {
		return ""
	}
	var parts []string
	for j, v := range m.VIF() {
		if v == v {
			parts = append(parts, m.Terms[j]+" "+short(v, 3))
		}
	}
	return strings.Join(parts, ", ")
}
