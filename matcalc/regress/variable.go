package regress

import (
	"slices"
	"strings"

	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/regress/internal/lsq"
)

// variable evaluates one factor of the terms.
func (fr *frame) variable(n formula.Node) (variable, error) {
	v := variable{label: formula.String(n)}
	if name, ok := n.(formula.Name); ok {
		v.label = name.Ident
		if c := fr.table.Column(name.Ident); c != nil && c.IsFactor() {
			fr.code(&v, c)
			return v, nil
		}
	}
	if call, ok := n.(formula.Call); ok {
		switch call.Func {
		case "factor", "as.factor", "C":
			return fr.factorCall(v, call)
		case "poly":
			return fr.polyCall(v, call)
		}
	}
	values, err := fr.numeric(n)
	if err != nil {
		return v, err
	}
	if isLogical(n) {
		v.levels, v.codes = []string{"FALSE", "TRUE"}, make([]int, len(values))
		for k, x := range values {
			v.codes[k] = int(x.Hi)
		}
		return v, nil
	}
	v.columns, v.suffix = lsq.Matrix{values}, []string{""}
	return v, nil
}

// isLogical reports whether n compares, which R makes a factor with the levels
// FALSE and TRUE.
func isLogical(n formula.Node) bool {
	switch x := n.(type) {
	case formula.Paren:
		return isLogical(x.X)
	case formula.Unary:
		return x.Op == "!"
	case formula.Binary:
		return strings.ContainsAny(x.Op, "<>=&|")
	case formula.Call:
		return x.Func == "I" && len(x.Args) == 1 && isLogical(x.Args[0])
	}
	return false
}

func (fr *frame) code(v *variable, c *Column) {
	v.levels = presentLevels(c, fr.rows)
	v.codes = make([]int, len(fr.rows))
	for k, i := range fr.rows {
		v.codes[k] = slices.Index(v.levels, c.Text[i])
	}
}

func (fr *frame) factorCall(v variable, call formula.Call) (variable, error) {
	if len(call.Args) != 1 {
		return v, fail(Syntax, "%s takes one column or expression", call.Func)
	}
	if name, ok := call.Args[0].(formula.Name); ok {
		c := fr.table.Column(name.Ident)
		if c == nil {
			return v, unknownColumn(name.Ident, fr.table.Names())
		}
		fr.code(&v, c.factorOf())
		return v, nil
	}
	if isLogical(call.Args[0]) {
		inner, err := fr.variable(call.Args[0])
		inner.label = v.label
		return inner, err
	}
	values, err := fr.numeric(call.Args[0])
	if err != nil {
		return v, err
	}
	all := &Column{Numbers: make([]float64, fr.table.Rows())}
	for k, i := range fr.rows {
		all.Numbers[i] = values[k].Float64()
	}
	fr.code(&v, all.factorOf())
	return v, nil
}

// conform makes a variable of new data agree with the one of the fit: the same
// levels, the same polynomial basis.
func (v *variable) conform(fit variable) error {
	if fit.basis != nil && v.basis != nil {
		v.columns = fit.basis.eval(v.basis.x)
		return nil
	}
	if (fit.levels == nil) != (v.levels == nil) {
		return fail(BadInput, "%s is not of the type it had in the fit", v.label)
	}
	for k, code := range v.codes {
		at := slices.Index(fit.levels, v.levels[code])
		if at < 0 {
			return fail(UnknownName, "%s has the level %q, which the fit has not seen; known are %s", v.label, v.levels[code], listNames(fit.levels))
		}
		v.codes[k] = at
	}
	v.levels = fit.levels
	return nil
}
