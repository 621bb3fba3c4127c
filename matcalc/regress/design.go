package regress

import (
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// buildDesign makes the columns of the design matrix and their names.
func (fr *frame) buildDesign() {
	n := len(fr.rows)
	if fr.formula.Intercept {
		ones := make([]dd.Float, n)
		for i := range ones {
			ones[i] = dd.Of(1)
		}
		fr.x, fr.terms, fr.assign = lsq.Matrix{ones}, []string{"(Intercept)"}, []int{-1}
	}
	full := fr.fullCoding()
	for t, term := range fr.formula.Terms {
		names, columns := []string{""}, lsq.Matrix{nil}
		for i, v := range term {
			suffixes, factors := fr.variables[v].code(full[t][i], n)
			names, columns = interact(names, columns, suffixes, factors, i > 0)
		}
		for j := range columns {
			fr.x = append(fr.x, columns[j])
			fr.terms = append(fr.terms, names[j])
			fr.assign = append(fr.assign, t)
		}
	}
}

// fullCoding decides for each factor in each term whether it has a column for
// every level (true) or treatment contrasts (false). As R: contrasts if an
// earlier term contains the rest of this one; and without an intercept the
// first factor of the formula has all its levels.
func (fr *frame) fullCoding() [][]bool {
	terms := fr.formula.Terms
	full := make([][]bool, len(terms))
	for t, term := range terms {
		full[t] = make([]bool, len(term))
		for i, v := range term {
			full[t][i] = len(term) > 1 && !marginPresent(terms[:t], term, v)
		}
	}
	if fr.formula.Intercept {
		return full
	}
	for t, term := range terms {
		for i, v := range term {
			if fr.variables[v].levels != nil {
				full[t][i] = true
				return full
			}
		}
	}
	return full
}

func marginPresent(earlier []formula.Term, term formula.Term, without int) bool {
	for _, e := range earlier {
		covers := true
		for _, v := range term {
			if v == without {
				continue
			}
			found := false
			for _, u := range e {
				found = found || u == v
			}
			covers = covers && found
		}
		if covers {
			return true
		}
	}
	return false
}

// code returns the columns of one variable within a term.
func (v *variable) code(full bool, n int) ([]string, lsq.Matrix) {
	if v.levels == nil {
		names := make([]string, len(v.suffix))
		for i, s := range v.suffix {
			names[i] = v.label + s
		}
		return names, v.columns
	}
	first := 1
	if full {
		first = 0
	}
	var names []string
	var columns lsq.Matrix
	for l := first; l < len(v.levels); l++ {
		column := make([]dd.Float, n)
		for i, c := range v.codes {
			if c == l {
				column[i] = dd.Of(1)
			}
		}
		names, columns = append(names, v.label+v.levels[l]), append(columns, column)
	}
	return names, columns
}

// interact multiplies the columns so far with those of one more variable; the
// earlier ones vary fastest.
func interact(names []string, columns lsq.Matrix, moreNames []string, more lsq.Matrix, product bool) ([]string, lsq.Matrix) {
	if !product {
		return moreNames, more
	}
	var outNames []string
	var out lsq.Matrix
	for j, b := range more {
		for i, a := range columns {
			c := make([]dd.Float, len(a))
			for k := range a {
				c[k] = a[k].Mul(b[k])
			}
			out, outNames = append(out, c), append(outNames, names[i]+":"+moreNames[j])
		}
	}
	return outNames, out
}

// knownFunctions are the names that a formula may call besides the elementwise
// functions.
func knownFunctions() []string {
	return append(formula.FunctionNames(), "poly", "factor", "as.factor", "offset", "cbind")
}
