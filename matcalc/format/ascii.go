// Package format writes expressions as text.
package format

import (
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// ASCII writes the expression in the ASCII syntax; it parses back.
func ASCII(n *expr.Node) string {
	var w asciiWriter
	w.at(n, expr.PrecAdd)
	return w.String()
}

// asciiSub is an operand that must bind at least as tightly as p.
func asciiSub(n *expr.Node, p expr.Prec) string {
	var w asciiWriter
	w.at(n, p)
	return w.String()
}

// asciiWriter writes in one go, so that deep expressions take no longer than
// their text.
type asciiWriter struct{ strings.Builder }

// at writes an operand that must bind at least as tightly as p.
func (w *asciiWriter) at(n *expr.Node, p expr.Prec) {
	if asciiPrec(n) < p {
		w.WriteByte('(')
		w.node(n)
		w.WriteByte(')')
		return
	}
	w.node(n)
}

// asciiPrec is how tightly a node binds as it is written.
func asciiPrec(n *expr.Node) expr.Prec {
	switch n.Op() {
	case expr.OpNum:
		switch {
		case n.Rat().Sign() < 0:
			return expr.PrecAdd
		case strings.Contains(n.Rat().String(), "/"):
			return expr.PrecMul
		}
		return expr.PrecAtom
	case expr.OpAdd:
		return expr.PrecAdd
	case expr.OpMul:
		if n.Product().Coef.Sign() < 0 {
			return expr.PrecAdd
		}
		return expr.PrecMul
	case expr.OpHad:
		return expr.PrecMul
	case expr.OpT:
		return expr.PrecPost
	case expr.OpPow, expr.OpHPow:
		if isReciprocal(n) {
			return expr.PrecMul
		}
		return expr.PrecPow
	}
	return expr.PrecAtom
}

// isReciprocal reports a power that is written as a quotient, 1 ./x.
func isReciprocal(n *expr.Node) bool {
	return n.Arg(1).IsInt(-1) && (n.Op() == expr.OpHPow || n.Shape().IsScalar())
}

func (w *asciiWriter) node(n *expr.Node) {
	switch n.Op() {
	case expr.OpNum:
		w.WriteString(n.Rat().String())
	case expr.OpSym:
		w.WriteString(n.Name())
	case expr.OpDim:
		s := n.Sizes()[0].String()
		if strings.ContainsAny(s, "+*") {
			s = "(" + s + ")"
		}
		w.WriteString(s)
	case expr.OpEye, expr.OpComm, expr.OpOnes, expr.OpZeros:
		w.constant(n)
	case expr.OpAdd:
		w.sum(n)
	case expr.OpMul:
		w.product(n)
	case expr.OpHad:
		w.run(n.Args(), ".*", "./", "")
	case expr.OpT:
		w.at(n.Arg(0), expr.PrecPost)
		w.WriteByte('\'')
	case expr.OpPow, expr.OpHPow:
		w.power(n)
	case expr.OpHCat:
		w.WriteByte('[')
		w.list(n.Args(), ", ")
		w.WriteByte(']')
	case expr.OpVCat:
		w.blocks(n.Args())
	case expr.OpApply:
		w.WriteString(n.Name() + strings.Repeat("'", n.Order()) + "(")
		w.list(n.Args(), ",")
		w.WriteByte(')')
	default:
		name, tail := callName(n.Op())
		w.WriteString(name + "(")
		w.list(n.Args(), ",")
		w.WriteString(tail + ")")
	}
}

// callName is the name of a function and what follows its operands.
func callName(op expr.Op) (name, tail string) {
	switch op {
	case expr.OpDiagOf:
		return "diag", ""
	case expr.OpSoftmaxRows:
		return "softmax", ", rows"
	case expr.OpSoftmaxCols:
		return "softmax", ", cols"
	case expr.OpLSERows:
		return "logsumexp", ", rows"
	case expr.OpLSECols:
		return "logsumexp", ", cols"
	}
	return op.Info().Name, ""
}

func (w *asciiWriter) constant(n *expr.Node) {
	var parts []string
	for i, s := range n.Sizes() {
		if i != 1 || !s.IsOne() {
			parts = append(parts, s.String())
		}
	}
	w.WriteString(n.Op().Info().Spell[0] + "(" + strings.Join(parts, ",") + ")")
}

func (w *asciiWriter) list(args []*expr.Node, sep string) {
	for i, a := range args {
		if i > 0 {
			w.WriteString(sep)
		}
		w.at(a, expr.PrecAdd)
	}
}

// blocks writes rows of blocks; a row stands without brackets of its own.
func (w *asciiWriter) blocks(rows []*expr.Node) {
	w.WriteByte('[')
	for i, r := range rows {
		if i > 0 {
			w.WriteString("; ")
		}
		if r.Op() == expr.OpHCat {
			w.list(r.Args(), ", ")
		} else {
			w.at(r, expr.PrecAdd)
		}
	}
	w.WriteByte(']')
}

func (w *asciiWriter) power(n *expr.Node) {
	op, over := "^", "/"
	if n.Op() == expr.OpHPow {
		op, over = ".^", "./"
	}
	if isReciprocal(n) {
		w.run([]*expr.Node{n}, "*", over, "")
		return
	}
	e := n.Arg(1)
	w.at(n.Arg(0), expr.PrecPost)
	w.WriteString(op)
	if e.IsNum() && e.Rat().Sign() < 0 {
		w.WriteByte('-')
		e = expr.Neg(e)
	}
	w.at(e, expr.PrecPost)
}

// sum writes a term that is not negative first.
func (w *asciiWriter) sum(n *expr.Node) {
	args := append([]*expr.Node(nil), n.Args()...)
	for i, a := range args {
		if !a.Negative() {
			copy(args[1:i+1], n.Args()[:i])
			args[0] = a
			break
		}
	}
	for i, a := range args {
		switch {
		case i == 0:
			w.at(a, expr.PrecAdd)
		case a.Negative():
			w.WriteByte('-')
			w.at(expr.Neg(a), expr.PrecMul)
		default:
			w.WriteByte('+')
			w.at(a, expr.PrecMul)
		}
	}
}

func (w *asciiWriter) product(n *expr.Node) {
	p := n.Product()
	if p.Coef.Sign() < 0 {
		p.Coef = p.Coef.Neg()
		w.WriteByte('-')
		w.at(p.Node(n.Context()), expr.PrecMul)
		return
	}
	head := ""
	if !p.Coef.Equal(expr.RatOne) {
		head = p.Coef.String()
	}
	if len(p.Chain) == 1 && p.Chain[0].Op() == expr.OpHPow && isReciprocal(p.Chain[0]) {
		w.run(p.Scalars, "*", "/", head)
		w.over(p.Chain[0].Arg(0), "./")
		return
	}
	w.run(append(append([]*expr.Node(nil), p.Scalars...), p.Chain...), "*", "/", head)
}

// run writes factors, those with negative exponents as divisors last.
func (w *asciiWriter) run(args []*expr.Node, times, over, head string) {
	w.WriteString(head)
	first := head == ""
	var under []*expr.Node
	for _, a := range args {
		if divides(a, over) {
			under = append(under, expr.HPow(a.Arg(0), expr.Neg(a.Arg(1))))
			continue
		}
		if !first {
			w.WriteString(times)
		}
		first = false
		w.at(a, expr.PrecMul+1)
	}
	if first {
		w.WriteByte('1')
		if len(under) > 0 {
			w.WriteByte(' ')
		}
	}
	for _, u := range under {
		w.WriteString(over)
		w.at(u, expr.PrecMul+1)
	}
}

// over divides what has been written; a number is kept apart from the point of
// the sign.
func (w *asciiWriter) over(n *expr.Node, sign string) {
	if s := w.String(); s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' {
		w.WriteByte(' ')
	}
	w.WriteString(sign)
	w.at(n, expr.PrecMul+1)
}

// divides reports a factor that is written behind a stroke.
func divides(a *expr.Node, over string) bool {
	return (a.Op() == expr.OpPow && a.Shape().IsScalar() || a.Op() == expr.OpHPow) &&
		a.Arg(1).IsNum() && a.Arg(1).Rat().Sign() < 0 && (over == "./" || a.Shape().IsScalar())
}
