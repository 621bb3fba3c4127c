package derive

import (
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
)

// A printer writes entries as text or as LaTeX.
type printer struct{ latex bool }

func (p printer) pick(text, latex string) string {
	if p.latex {
		return latex
	}
	return text
}

// The precedences of sums, of products and sums over an index, and of the rest.
const (
	loose = iota
	tight
	closed
)

func (p printer) write(e entry) string { s, _ := p.form(e); return s }

// at writes an operand in brackets unless it binds tightly enough.
func (p printer) at(e entry, least int) string {
	s, prec := p.form(e)
	if prec < least {
		return p.brackets(s)
	}
	return s
}

func (p printer) brackets(s string) string { return p.pick("("+s+")", `\left(`+s+`\right)`) }

func (p printer) form(e entry) (string, int) {
	switch e := e.(type) {
	case number:
		return p.number(e.value)
	case atom:
		return p.atom(e), closed
	case delta:
		return p.pick("δ_", `\delta_{`) + e.i.name + e.j.name + p.pick("", "}"), closed
	case total:
		return p.pick("Σ_"+e.over.name+" ", `\sum_{`+e.over.name+"} ") + p.at(e.body, tight), tight
	case plus:
		return p.plus(e), loose
	case times:
		return p.times(e)
	case raised:
		return p.raised(e)
	case applied:
		return p.function(e) + p.brackets(p.write(e.arg)), closed
	}
	return "", closed
}

func (p printer) number(r expr.Rat) (string, int) {
	prec := closed
	if r.Sign() < 0 {
		prec = loose
	}
	if b := r.Big(); p.latex && !b.IsInt() {
		sign := ""
		if b.Sign() < 0 {
			sign = "-"
		}
		return sign + `\tfrac{` + strings.TrimPrefix(b.Num().String(), "-") + "}{" + b.Denom().String() + "}", prec
	}
	return r.String(), prec
}

func (p printer) atom(a atom) string {
	base := p.pick(format.Shown(a.node), format.LaTeX(a.node))
	if a.node.Op() != expr.OpSym && a.node.Op() != expr.OpDim {
		base = p.pick("("+base+")", `\left(`+base+`\right)`)
	}
	sub := ""
	for _, i := range []*index{a.i, a.j} {
		if i != nil {
			sub += i.name
		}
	}
	if sub == "" {
		return p.pick(format.Shown(a.node), format.LaTeX(a.node))
	}
	return base + p.pick("_"+sub, "_{"+sub+"}")
}

func (p printer) plus(e plus) string {
	var b strings.Builder
	for i, t := range e.terms {
		sign, rest := negative(t)
		switch {
		case sign && i == 0:
			b.WriteString(p.pick("−", "-"))
		case sign:
			b.WriteString(p.pick(" − ", " - "))
		case i > 0:
			b.WriteString(" + ")
		}
		b.WriteString(p.at(rest, tight))
	}
	return b.String()
}

// negative takes a minus sign off a term.
func negative(e entry) (bool, entry) {
	switch e := e.(type) {
	case number:
		if e.value.Sign() < 0 {
			return true, number{e.value.Neg()}
		}
	case times:
		if k, ok := e.factors[0].(number); ok && k.value.Sign() < 0 {
			return true, prod(append([]entry{number{k.value.Neg()}}, e.factors[1:]...)...)
		}
	case total:
		if minus, rest := negative(e.body); minus {
			return true, total{e.over, rest}
		}
	}
	return false, e
}

// times writes factors side by side; a sum over an index comes last, so that it
// needs no brackets.
func (p printer) times(e times) (string, int) {
	if minus, rest := negative(e); minus {
		return p.pick("−", "-") + p.at(rest, tight), loose
	}
	var over, under, sums []string
	for k, f := range e.factors {
		switch f := f.(type) {
		case raised:
			if n, ok := f.exponent.(number); ok && n.value.Sign() < 0 {
				under = append(under, p.at(power(f.base, n.value.Neg()), closed))
				continue
			}
		case total:
			s := p.write(f)
			if len(sums) > 0 || k < len(e.factors)-1 && lastTotal(e.factors[k+1:]) {
				s = p.brackets(s)
				over = append(over, s)
				continue
			}
			sums = append(sums, s)
			continue
		}
		over = append(over, p.at(f, closed))
	}
	text := strings.Join(append(over, sums...), p.pick("·", `\,`))
	if text == "" {
		text = "1"
	}
	if len(under) == 0 {
		return text, tight
	}
	if p.latex {
		return `\frac{` + text + "}{" + strings.Join(under, `\,`) + "}", closed
	}
	if len(sums) > 0 {
		text = "(" + text + ")"
	}
	return text + "/" + strings.Join(under, "/"), tight
}

func lastTotal(rest []entry) bool {
	for _, f := range rest {
		if _, ok := f.(total); ok {
			return true
		}
	}
	return false
}

func (p printer) raised(e raised) (string, int) {
	if n, ok := e.exponent.(number); ok {
		switch {
		case n.value.Equal(expr.RatHalf):
			if p.latex {
				return `\sqrt{` + p.write(e.base) + "}", closed
			}
			return "√(" + p.write(e.base) + ")", closed
		case n.value.Sign() < 0:
			under := power(e.base, n.value.Neg())
			if p.latex {
				return `\frac{1}{` + p.write(under) + "}", closed
			}
			return "1/" + p.at(under, closed), tight
		}
	}
	return p.at(e.base, closed) + "^" + p.pick(p.at(e.exponent, closed), "{"+p.write(e.exponent)+"}"), tight
}

func (p printer) function(e applied) string {
	if e.op == expr.OpApply {
		return p.pick(e.name, format.LaTeXName(e.name)) + strings.Repeat("'", e.order)
	}
	if p.latex {
		return format.LaTeXFunction(e.op)
	}
	return e.op.Info().Spell[0]
}
