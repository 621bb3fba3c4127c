// Package formula reads R's formula language and the infix expressions inside
// it: `y ~ a + b*c - 1`, `I(x^2)`, `log(x)`, `offset(log(n))`,
// `cbind(s, f)`, and the scalar models of nonlinear least squares,
// `b1*(1-exp(-b2*x))`. It expands a formula into terms in R's order and
// evaluates expressions in float64 and in doubled precision.
package formula

import (
	"strings"

	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
)

// A Node is a parsed expression. Nodes are immutable.
type Node interface {
	// deparse writes the node as R writes it.
	deparse(b *strings.Builder)
}

// Nodes of the expression tree.
type (
	// A Number is a literal, kept as written.
	Number struct {
		Text  string
		Value dd.Float
	}
	// A Name is a column, a parameter or a constant.
	Name struct{ Ident string }
	// A Text is a quoted string.
	Text struct{ Value string }
	// A Paren is (X); R keeps parentheses, so names of terms have them.
	Paren struct{ X Node }
	// A Unary is -X, +X, !X or, at the head of a one-sided formula, ~X.
	Unary struct {
		Op string
		X  Node
	}
	// A Binary is X Op Y.
	Binary struct {
		Op   string
		X, Y Node
	}
	// A Call is Func(Args...). Names[i] is the name of a named argument, or "".
	Call struct {
		Func  string
		Args  []Node
		Names []string
	}
)

// String returns n as R deparses it: `log(x)`, `a * b`, `x^2`.
func String(n Node) string {
	var b strings.Builder
	n.deparse(&b)
	return b.String()
}

func (n Number) deparse(b *strings.Builder) { b.WriteString(n.Text) }
func (n Text) deparse(b *strings.Builder)   { b.WriteString(`"` + n.Value + `"`) }
func (n Name) deparse(b *strings.Builder) {
	if plainName(n.Ident) {
		b.WriteString(n.Ident)
		return
	}
	b.WriteString("`" + n.Ident + "`")
}

func (n Paren) deparse(b *strings.Builder) {
	b.WriteByte('(')
	n.X.deparse(b)
	b.WriteByte(')')
}

func (n Unary) deparse(b *strings.Builder) {
	b.WriteString(n.Op)
	n.X.deparse(b)
}

func (n Binary) deparse(b *strings.Builder) {
	n.X.deparse(b)
	switch n.Op {
	case "^", "/", ":", "%%", "%/%":
		b.WriteString(n.Op)
	default:
		b.WriteString(" " + n.Op + " ")
	}
	n.Y.deparse(b)
}

func (n Call) deparse(b *strings.Builder) {
	b.WriteString(n.Func + "(")
	for i, a := range n.Args {
		if i > 0 {
			b.WriteString(", ")
		}
		if n.Names[i] != "" {
			b.WriteString(n.Names[i] + " = ")
		}
		a.deparse(b)
	}
	b.WriteByte(')')
}

// Children returns the operands of n.
func Children(n Node) []Node {
	switch n := n.(type) {
	case Paren:
		return []Node{n.X}
	case Unary:
		return []Node{n.X}
	case Binary:
		return []Node{n.X, n.Y}
	case Call:
		return n.Args
	}
	return nil
}

// Map rebuilds n from its leaves up, f being applied to each node whose
// operands are rebuilt.
func Map(n Node, f func(Node) Node) Node {
	switch x := n.(type) {
	case Paren:
		n = Paren{Map(x.X, f)}
	case Unary:
		n = Unary{x.Op, Map(x.X, f)}
	case Binary:
		n = Binary{x.Op, Map(x.X, f), Map(x.Y, f)}
	case Call:
		args := make([]Node, len(x.Args))
		for i, a := range x.Args {
			args[i] = Map(a, f)
		}
		n = Call{x.Func, args, x.Names}
	}
	return f(n)
}

// Names returns the distinct names in n, in order of appearance.
func Names(n Node) []string {
	var names []string
	seen := map[string]bool{}
	var walk func(Node)
	walk = func(n Node) {
		if name, ok := n.(Name); ok && !seen[name.Ident] {
			seen[name.Ident] = true
			names = append(names, name.Ident)
		}
		for _, c := range Children(n) {
			walk(c)
		}
	}
	walk(n)
	return names
}
