package matcalc

import (
	"fmt"
	"html"
	"strings"

	"github.com/nabla-go/nabla/matcalc/derive"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// The conventions for a derivative by a matrix whose entries are tied.
const (
	Free        = diff.Free        // every entry varies by itself
	Projected   = diff.Projected   // gradient within the symmetric matrices: (G+G')/2
	Independent = diff.Independent // x_ij and x_ji are one variable: G+G'-G.*I
	DiagonalOf  = diff.DiagonalOf  // only the diagonal varies: G.*I
	SkewOf      = diff.SkewOf      // gradient within the skew matrices: (G-G')/2
)

// GradientWithin is the gradient of a scalar by a matrix with structure, under
// the convention named. It panics with *Error.
func (f *Expr) GradientWithin(wrt string, convention Structure) *Expr {
	return f.must(wrt, Request{Kind: diff.Gradient, Structure: convention})
}

// A convention is one way to differentiate by a matrix with a fact, in words
// and as a formula in the free gradient G.
type convention struct {
	structure Structure
	when      expr.Props // of the variable
	words     [2]string  // en, zh
	formula   string     // LaTeX
}

var conventions = []convention{
	{Free, 0, [2]string{"every entry free", "各元素自由变化"}, "G"},
	{Projected, expr.Symmetric, [2]string{"within the symmetric matrices", "限于对称矩阵"}, `\tfrac12(G+G^{\top})`},
	{Independent, expr.Symmetric, [2]string{"x_ij and x_ji one variable", "x_ij 与 x_ji 视为同一变量"}, `G+G^{\top}-G\odot I`},
	{SkewOf, expr.Skew, [2]string{"within the skew matrices", "限于反对称矩阵"}, `\tfrac12(G-G^{\top})`},
	{DiagonalOf, expr.Diagonal, [2]string{"only the diagonal varies", "仅对角元变化"}, `G\odot I`},
}

// Convention says, of a derivative by a variable with structure, which entries
// were taken to vary, and names the other conventions; "" for a variable whose
// entries are free anyway.
func (f *Expr) Convention() string {
	chosen, others := f.conventions()
	if chosen == nil {
		return ""
	}
	lang := language()
	var alternatives []string
	for _, c := range others {
		alternatives = append(alternatives, fmt.Sprintf("%s (%s)", c.words[lang], c.name()))
	}
	if len(others) == 0 {
		return fmt.Sprintf([2]string{"%s: %s", "%s：%s"}[lang], f.from.wrt.Name(), chosen.words[lang])
	}
	return fmt.Sprintf([2]string{"%s: %s; other conventions: %s", "%s：%s；其他约定：%s"}[lang],
		f.from.wrt.Name(), chosen.words[lang], strings.Join(alternatives, ", "))
}

// name is the constant that GradientWithin takes.
func (c convention) name() string {
	return map[Structure]string{Free: "Free", Projected: "Projected", Independent: "Independent", DiagonalOf: "DiagonalOf", SkewOf: "SkewOf"}[c.structure]
}

// conventions are the one that was used and those that the variable's facts
// allow besides; nil where there is one only.
func (f *Expr) conventions() (chosen *convention, others []convention) {
	if f.from == nil || f.from.wrt.Shape().Rows.IsOne() || f.from.wrt.Shape().Cols.IsOne() {
		return nil, nil
	}
	if f.from.request.Kind != diff.Gradient {
		if expr.Loosened(f.from.wrt) == f.from.wrt {
			return nil, nil
		}
		return &conventions[0], nil // there is no other for Jacobians and Hessians
	}
	for i, c := range conventions {
		switch {
		case c.structure == f.from.request.Structure:
			chosen = &conventions[i]
		case c.when == 0 || f.from.wrt.Is(c.when):
			others = append(others, c)
		}
	}
	if len(others) == 0 && expr.Loosened(f.from.wrt) == f.from.wrt {
		return nil, nil
	}
	return chosen, others
}

func language() int {
	if derive.Language() == "zh" {
		return 1
	}
	return 0
}

// HTML shows a derivative with the convention that it follows, if there is a
// choice, and folded below it how it was checked. Long formulas are broken into
// lines. It is "" for a short plain expression, which shows as LaTeX.
func (f *Expr) HTML() string {
	if f.from == nil {
		if lines := format.LaTeXLines(f.node, format.LineWidth); lines != format.LaTeX(f.node) {
			return "<div>$$" + html.EscapeString(lines) + "$$</div>"
		}
		return ""
	}
	lang := language()
	var b strings.Builder
	short, defs := f.where()
	fmt.Fprintf(&b, "<div>$$%s$$</div>", html.EscapeString(format.LaTeXLines(short, format.LineWidth)))
	for i, d := range defs {
		lead := [2]string{"where", "其中"}[lang]
		if i > 0 {
			lead = ""
		}
		fmt.Fprintf(&b, "<div>%s $%s = %s$</div>", lead, html.EscapeString(format.LaTeX(d.Name)), html.EscapeString(format.LaTeX(d.Is)))
	}
	if chosen, others := f.conventions(); chosen != nil {
		fmt.Fprintf(&b, `<p style="opacity:0.8">$%s$: %s`, html.EscapeString(format.LaTeX(f.from.wrt)), chosen.words[lang])
		if len(others) > 0 {
			b.WriteString([2]string{". Other conventions, of this gradient $G$: ", "。其他约定（$G$ 为该梯度）："}[lang])
		}
		var list []string
		for _, c := range others {
			list = append(list, fmt.Sprintf("%s $%s$ (<code>matcalc.%s</code>)", c.words[lang], c.formula, c.name()))
		}
		b.WriteString(strings.Join(list, "; ") + "</p>")
	}
	fmt.Fprintf(&b, `<details style="opacity:0.8"><summary>%s</summary><pre>%s</pre></details>`,
		[2]string{"checked numerically", "已作数值检验"}[lang], html.EscapeString(f.Verify().String()))
	return b.String()
}

// where shortens the expression by names for the parts that it repeats.
func (f *Expr) where() (*expr.Node, []format.Definition) {
	scope := f.vars.scope
	return format.Where(f.node, func(name string) bool {
		return scope.Vars[name] != nil || scope.Funcs[name] || scope.Dims[name] != shape.One
	})
}

// Where is a long expression with names for the parts that it repeats, as in
// "P.*(R*V')-..., where P = softmax(Q*K', rows)"; a short one as it is.
func (f *Expr) Where() string {
	short, defs := f.where()
	text := format.ASCII(short)
	for i, d := range defs {
		text += [2]string{", where ", "; "}[min(i, 1)] + format.ASCII(d.Name) + " = " + format.ASCII(d.Is)
	}
	return text
}
