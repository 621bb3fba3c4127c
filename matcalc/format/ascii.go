// Package format writes expressions as text.
package format

import (
	"strings"

	"github.com/nabla-go/nabla/matcalc/expr"
)

// ASCII writes the expression in the ASCII syntax; it parses back.
func ASCII(n *expr.Node) string {
	var b strings.Builder
	asciiWrite(&b, n, expr.PrecAdd)
	return b.String()
}

func asciiWrite(b *strings.Builder, n *expr.Node, at expr.Prec) {
	text, prec := asciiNode(n)
	if prec < at {
		b.WriteString("(" + text + ")")
		return
	}
	b.WriteString(text)
}

func asciiSub(n *expr.Node, at expr.Prec) string {
	var b strings.Builder
	asciiWrite(&b, n, at)
	return b.String()
}

func asciiNode(n *expr.Node) (string, expr.Prec) {
	switch n.Op() {
	case expr.OpNum:
		s := n.Rat().String()
		if n.Rat().Sign() < 0 {
			return s, expr.PrecAdd
		}
		if strings.Contains(s, "/") {
			return s, expr.PrecMul
		}
		return s, expr.PrecAtom
	case expr.OpSym:
		return n.Name(), expr.PrecAtom
	case expr.OpDim:
		s := n.Sizes()[0].String()
		if strings.ContainsAny(s, "+*") {
			return "(" + s + ")", expr.PrecAtom
		}
		return s, expr.PrecAtom
	case expr.OpEye, expr.OpComm, expr.OpOnes, expr.OpZeros:
		var parts []string
		for i, s := range n.Sizes() {
			if i == 1 && s.IsOne() {
				continue
			}
			parts = append(parts, s.String())
		}
		return n.Op().Info().Spell[0] + "(" + strings.Join(parts, ",") + ")", expr.PrecAtom
	case expr.OpAdd:
		return asciiSum(n), expr.PrecAdd
	case expr.OpMul:
		return asciiProduct(n)
	case expr.OpHad:
		return asciiRun(n.Args(), ".*", "./", ""), expr.PrecMul
	case expr.OpT:
		return asciiSub(n.Arg(0), expr.PrecPost) + "'", expr.PrecPost
	case expr.OpPow, expr.OpHPow:
		if n.Arg(1).IsInt(-1) && (n.Op() == expr.OpHPow || n.Shape().IsScalar()) {
			op := "/"
			if n.Op() == expr.OpHPow {
				op = "./"
			}
			return asciiRun([]*expr.Node{n}, "*", op, ""), expr.PrecMul
		}
		op := "^"
		if n.Op() == expr.OpHPow {
			op = ".^"
		}
		e := n.Arg(1)
		et := asciiSub(e, expr.PrecPost)
		if e.IsNum() && e.Rat().Sign() < 0 {
			et = "-" + asciiSub(expr.Neg(e), expr.PrecPost)
		}
		return asciiSub(n.Arg(0), expr.PrecPost) + op + et, expr.PrecPow
	case expr.OpHCat, expr.OpVCat:
		sep := ", "
		if n.Op() == expr.OpVCat {
			sep = "; "
		}
		return "[" + asciiBlocks(n.Args(), sep) + "]", expr.PrecAtom
	case expr.OpApply:
		return n.Name() + strings.Repeat("'", n.Order()) + "(" + asciiList(n.Args(), ",") + ")", expr.PrecAtom
	}
	name, tail := n.Op().Info().Name, ""
	switch n.Op() {
	case expr.OpDiagOf:
		name = "diag"
	case expr.OpSoftmaxRows:
		name, tail = "softmax", ", rows"
	case expr.OpSoftmaxCols:
		name, tail = "softmax", ", cols"
	case expr.OpLSERows:
		name, tail = "logsumexp", ", rows"
	case expr.OpLSECols:
		name, tail = "logsumexp", ", cols"
	}
	return name + "(" + asciiList(n.Args(), ",") + tail + ")", expr.PrecAtom
}

func asciiList(args []*expr.Node, sep string) string {
	parts := make([]string, len(args))
	for i, a := range args {
		parts[i] = asciiSub(a, expr.PrecAdd)
	}
	return strings.Join(parts, sep)
}

// asciiBlocks writes blocks; a row of blocks stands without brackets of its own.
func asciiBlocks(args []*expr.Node, sep string) string {
	parts := make([]string, len(args))
	for i, a := range args {
		if a.Op() == expr.OpHCat && sep == "; " {
			parts[i] = asciiList(a.Args(), ", ")
		} else {
			parts[i] = asciiSub(a, expr.PrecAdd)
		}
	}
	return strings.Join(parts, sep)
}

func asciiSum(n *expr.Node) string {
	args := append([]*expr.Node(nil), n.Args()...)
	for i, a := range args {
		if !a.Negative() {
			copy(args[1:i+1], n.Args()[:i])
			args[0] = a
			break
		}
	}
	var b strings.Builder
	for i, a := range args {
		switch {
		case i == 0:
			b.WriteString(asciiSub(a, expr.PrecAdd))
		case a.Negative():
			b.WriteString("-" + asciiSub(expr.Neg(a), expr.PrecMul))
		default:
			b.WriteString("+" + asciiSub(a, expr.PrecMul))
		}
	}
	return b.String()
}

func asciiProduct(n *expr.Node) (string, expr.Prec) {
	p := n.Product()
	if p.Coef.Sign() < 0 {
		p.Coef = p.Coef.Neg()
		return "-" + asciiSub(p.Node(n.Context()), expr.PrecMul), expr.PrecAdd
	}
	head := ""
	if !p.Coef.Equal(expr.RatOne) {
		head = p.Coef.String()
	}
	args := append(append([]*expr.Node(nil), p.Scalars...), p.Chain...)
	return asciiRun(args, "*", "/", head), expr.PrecMul
}

// asciiRun writes factors, those with negative exponents as divisors last.
func asciiRun(args []*expr.Node, times, over, head string) string {
	var b strings.Builder
	b.WriteString(head)
	var under []*expr.Node
	for _, a := range args {
		if (a.Op() == expr.OpPow && a.Shape().IsScalar() || a.Op() == expr.OpHPow) && a.Arg(1).IsNum() && a.Arg(1).Rat().Sign() < 0 && (over == "./" || a.Shape().IsScalar()) {
			under = append(under, expr.HPow(a.Arg(0), expr.Neg(a.Arg(1))))
			continue
		}
		if b.Len() > 0 {
			b.WriteString(times)
		}
		at := expr.PrecMul + 1
		if a.Op() == expr.OpMul {
			at = expr.PrecMul + 1
		}
		b.WriteString(asciiSub(a, at))
	}
	if b.Len() == 0 {
		b.WriteString("1")
	}
	for _, u := range under {
		if b.String() == "1" {
			b.WriteString(" ")
		}
		b.WriteString(over + asciiSub(u, expr.PrecMul+1))
	}
	return b.String()
}
