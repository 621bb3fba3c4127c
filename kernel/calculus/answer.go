package calculus

import (
	"fmt"
	"strings"

	"github.com/nabla-go/nabla/matcalc"
)

// An equation is a result with what it is the value of. It shows as a formula.
type equation struct {
	left, leftTeX string
	right         *matcalc.Expr
}

// String is the equation as a terminal shows it.
func (e equation) String() string { return e.left + " = " + e.right.Text() }

// LaTeX is the equation as mathematics.
func (e equation) LaTeX() string { return e.leftTeX + " = " + e.right.LaTeX() }

// A listing is text in a programming language.
type listing struct{ language, text string }

// String is the text itself.
func (l listing) String() string { return l.text }

// Markdown is the text as a block of code.
func (l listing) Markdown() string {
	fence := "```"
	for strings.Contains(l.text, fence) {
		fence += "`"
	}
	return fence + l.language + "\n" + l.text + "\n" + fence
}

// symbols write the left side of a result; %[1]s is the function, %[2]s the variable.
type symbol struct{ text, tex string }

var symbolOf = map[matcalc.Kind]symbol{
	"gradient":         {"∇_%[2]s f", `\nabla_{%[2]s} f`},
	"jacobian":         {"∂f/∂%[2]s", `\frac{\partial f}{\partial %[2]s}`},
	"hessian":          {"∇²_%[2]s f", `\nabla^2_{%[2]s} f`},
	"matrix_by_scalar": {"∂f/∂%[2]s", `\frac{\partial f}{\partial %[2]s}`},
}

// equationOf writes a derivative with its symbol.
func equationOf(kind matcalc.Kind, x *matcalc.Expr, d *matcalc.Expr) equation {
	s := symbolOf[kind]
	return equation{fmt.Sprintf(s.text, "f", x.Text()), fmt.Sprintf(s.tex, "f", x.LaTeX()), d}
}
