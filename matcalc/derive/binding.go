package derive

import (
	"slices"
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
)

// A Use is one application of a rule within a line: what it was applied to and
// what came of it.
type Use struct {
	Rule          string // the rule's ID
	Before, After *expr.Node
}

// A Binding says what a letter of a rule's statement stands for.
type Binding struct {
	Letter string // LaTeX
	Node   *expr.Node
}

// mostUses bounds the applications that an opened step shows.
const mostUses = 6

// binders tell what the letters of a rule stand for where it is applied to e;
// x is the variable of the derivation.
var binders = map[string]func(e, x *expr.Node) []Binding{
	"sum":       func(e, x *expr.Node) []Binding { return halves(e, expr.Add) },
	"product":   func(e, x *expr.Node) []Binding { return halves(e, expr.Mul) },
	"hadamard":  func(e, x *expr.Node) []Binding { return halves(e, expr.Had) },
	"constant":  around,
	"transpose": operand("X"), "trace": operand("X"), "inverse": operand("X"), "determinant": operand("X"), "logdet": operand("X"),
	"norm": operand("u"), "square": operand("u"), "elementwise": operand("X"), "first order": operand("u"),
	"power": func(e, x *expr.Node) []Binding {
		return []Binding{{"s", e.Arg(0)}, {"k", e.Arg(1)}}
	},
	"move": func(e, x *expr.Node) []Binding { return []Binding{{"X", x}} },
}

func operand(letter string) func(e, x *expr.Node) []Binding {
	return func(e, x *expr.Node) []Binding {
		if len(e.Args()) == 0 {
			return nil
		}
		return []Binding{{letter, e.Arg(0)}}
	}
}

// halves binds X to the first operand and Y to the others.
func halves(e *expr.Node, join func(...*expr.Node) *expr.Node) []Binding {
	if len(e.Args()) < 2 {
		return nil
	}
	return []Binding{{"X", e.Arg(0)}, {"Y", join(e.Args()[1:]...)}}
}

// around binds X to the factor that varies and A and B to those beside it.
func around(e, x *expr.Node) []Binding {
	at := slices.IndexFunc(e.Args(), func(a *expr.Node) bool { return a.DependsOn(x) })
	if at < 0 {
		return nil
	}
	var out []Binding
	if at > 0 {
		out = append(out, Binding{"A", expr.Mul(e.Args()[:at]...)})
	}
	out = append(out, Binding{"X", e.Arg(at)})
	if at+1 < len(e.Args()) {
		out = append(out, Binding{"B", expr.Mul(e.Args()[at+1:]...)})
	}
	return out
}

// uses are the applications of a rule in a line: those recorded, or what the
// line before holds that the rule speaks of.
func (d *Derivation) uses(i int, r Rule) []Use {
	var out []Use
	for _, u := range d.Lines[i].Uses {
		if u.Rule == r.ID {
			out = append(out, u)
		}
	}
	if len(out) > 0 || i == 0 {
		return out
	}
	switch r.ID {
	case "move":
		return []Use{{Rule: r.ID, Before: d.F}}
	case "square":
		for _, n := range expr.PostOrder(d.F) {
			if n.Op() == expr.OpNorm2 {
				out = append(out, Use{Rule: r.ID, Before: n})
			}
		}
	case "first order":
		for _, n := range expr.PostOrder(d.F) {
			if n.DependsOn(d.Wrt) && (n.Op().IsElementwise() || byOp[n.Op()] != "" && n.Op() != expr.OpTr && n.Op() != expr.OpHad) {
				out = append(out, Use{Rule: r.ID, Before: n})
			}
		}
	}
	return out
}

// bindings writes the applications of a rule in a line as LaTeX, each with what
// its letters stand for.
func (d *Derivation) bindings(i int, r Rule) []string {
	var out []string
	if r.ID == "chain" {
		out = d.links(d.Lines[i])
	}
	for _, u := range d.uses(i, r) {
		if len(out) == mostUses {
			break
		}
		var parts []string
		if u.After != nil {
			parts = append(parts, d.tex(expr.Apply(dName, 0, u.Before))+"="+d.tex(u.After))
		}
		if bind := binders[r.ID]; bind != nil {
			for _, b := range bind(u.Before, d.Wrt) {
				parts = append(parts, b.Letter+`\mapsto `+d.tex(b.Node))
			}
		}
		if r.ID == "elementwise" || r.ID == "first order" {
			parts = append(parts, map[string]string{"elementwise": `\sigma`, "first order": `\varphi`}[r.ID]+`\mapsto `+functionTeX(u.Before))
		}
		if text := strings.Join(parts, `,\quad `); text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// functionTeX is the function of a node, a dot in place of its operand.
func functionTeX(n *expr.Node) string {
	args := slices.Clone(n.Args())
	args[0] = n.Context().Sym("z", n.Arg(0).Shape(), facts(n.Arg(0)))
	return format.LaTeX(expr.Rebuild(n, args)) + `\ (z)`
}

// links say through which parts a name acts on f: those whose slopes the line
// holds.
func (d *Derivation) links(l Line) []string {
	if l.Left != Slope || l.Right == nil {
		return nil
	}
	name := d.Wrt
	if l.Name != nil {
		name = l.Name
	}
	out := []string{`x\mapsto ` + format.LaTeX(name)}
	for _, v := range l.Right.Variables() {
		if part, ok := strings.CutPrefix(v.Name(), "∂f/∂"); ok {
			out = append(out, `u_i\mapsto `+d.nameTeX(part))
		}
	}
	return []string{strings.Join(out, `,\quad `)}
}
