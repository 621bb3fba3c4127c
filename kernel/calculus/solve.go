package calculus

import (
	"fmt"
	"strconv"
	"strings"
)

// The words before the constraints of %solve.
var subjectWords = []string{"subject to", "s.t.", "约束", "满足"}

// solve finds where the gradient is zero, under equality constraints.
func (n *Notebook) solve(text string, show func(any)) error {
	text, tail := splitOptions(text)
	body, where := cutWord(text, whereWords)
	body, constraints := cutWord(body, subjectWords)
	if where != "" {
		body += " where " + where
	}
	q, err := read(body + " " + tail)
	if err != nil {
		return err
	}
	if q.expr == "" {
		return fmt.Errorf("%s", say("the expression is missing, as in norm2(X*w-y)^2 wrt w", "缺少表达式，例如 norm2(X*w-y)^2 wrt w"))
	}
	var equations []string
	whole := q.expr
	for c := range strings.FieldsFuncSeq(constraints, func(r rune) bool { return r == ',' || r == ';' || r == '，' || r == '；' }) {
		left, right, ok := cutEquation(c)
		if !ok {
			return fmt.Errorf(say("%q is no equation: a constraint is written C*x = d", "%q 不是等式：约束写作 C*x = d"), strings.TrimSpace(c))
		}
		equations = append(equations, left+" = "+right)
		whole += " + sum(" + difference(left, right) + ")"
	}
	v, err := n.scope(whole, q.where, show)
	if err != nil {
		return err
	}
	f, err := v.Parse(q.expr)
	if err != nil {
		return err
	}
	x, err := variable(f, q.wrt)
	if err != nil {
		return err
	}
	defer (&task{q: q}).speak()()
	point, err := f.FindStationary(x, equations...)
	if err != nil {
		return err
	}
	if q.options.latex {
		show(listing{"latex", point.LaTeX()})
		return nil
	}
	show(point)
	return nil
}

// difference is what is zero when both sides are equal; a number on the right
// may stand for a vector of them.
func difference(left, right string) string {
	if _, err := strconv.ParseFloat(right, 64); err == nil {
		return left
	}
	return left + " - (" + right + ")"
}
