package matcalc

import (
	"fmt"
	"html"
	"strings"

	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// Rulebook is the reference of the rules that the engine uses.
type Rulebook struct {
	Differentials []diff.Rule
	Identities    []rewrite.Rule
}

// Rules is the reference; in a notebook it shows as a table.
func Rules() Rulebook { return Rulebook{diff.Rules(), rewrite.Rules()} }

// String is one line per rule.
func (b Rulebook) String() string {
	var s strings.Builder
	for _, r := range b.Differentials {
		fmt.Fprintf(&s, "%s (%s): d(%s) = %s\n    %s\n", r.Name, r.NameZH, r.F, r.D, r.Why)
	}
	for _, r := range b.Identities {
		fmt.Fprintf(&s, "%s (%s): %s = %s\n    where %s; %s\n", r.Name, r.NameZH, r.Left, r.Right, r.Vars, r.Why)
	}
	return s.String()
}

// HTML is a table of all rules with their formulas in TeX.
func (b Rulebook) HTML() string {
	var s strings.Builder
	s.WriteString("<table><thead><tr><th>rule</th><th>规则</th><th>formula</th><th>where</th><th>why</th></tr></thead><tbody>")
	row := func(name, zh, vars, formula, why string) {
		fmt.Fprintf(&s, "<tr><td>%s</td><td>%s</td><td>$%s$</td><td>%s</td><td>%s</td></tr>",
			html.EscapeString(name), html.EscapeString(zh), html.EscapeString(formula), html.EscapeString(vars), html.EscapeString(why))
	}
	for _, r := range b.Differentials {
		v := Vars(r.Vars)
		row(r.Name, r.NameZH, r.Vars, `\mathrm{d}\left(`+v.Expr(r.F).LaTeX()+`\right) = `+v.Expr(r.D).LaTeX(), r.Why)
	}
	for _, r := range b.Identities {
		v := Vars(r.Vars)
		row(r.Name, r.NameZH, r.Vars, v.Expr(r.Left).LaTeX()+" = "+v.Expr(r.Right).LaTeX(), r.Why)
	}
	s.WriteString("</tbody></table>")
	return s.String()
}
