package rewrite

import "github.com/nabla-go/nabla/matcalc/expr"

// stackedProduct is vec(a*m*b), without vec where the product is a row or a
// column.
func stackedProduct(a, m, b *expr.Node) *expr.Node {
	p := expr.Mul(a, m, b)
	switch {
	case p.Shape().Cols.IsOne():
		return p
	case p.Shape().IsRow():
		return expr.T(p)
	}
	return expr.Call(expr.OpVec, p)
}

// kroneckerSum lists the terms of a sum of Kronecker products, transposed where
// the sum is; nil for other nodes.
func kroneckerSum(n *expr.Node) []*expr.Node {
	flip := n.Op() == expr.OpT
	if flip {
		n = n.Arg(0)
	}
	if n.Op() != expr.OpAdd {
		return nil
	}
	out := make([]*expr.Node, len(n.Args()))
	for i, t := range n.Args() {
		c := t.Product().Chain
		if len(c) != 1 || c[0].Op() != expr.OpKron {
			return nil
		}
		if out[i] = t; flip {
			out[i] = expr.T(t)
		}
	}
	return out
}

// intoKron is kron(u,eye(m))*M = kron(u,M) and kron(eye(m),u)*M = kron(M,u) for a
// column u, and the same from the right for a row; nil for other factors. Sums of blocks, with u
// of ones, and shuffled vectors stay as they are.
func intoKron(a, b *expr.Node) *expr.Node {
	plain := func(n *expr.Node) bool {
		return n.Op() != expr.OpKron && n.Op() != expr.OpComm && n.Op() != expr.OpVec && n.Op() != expr.OpEye
	}
	switch {
	case a.Op() == expr.OpKron && a.Arg(0).Op() == expr.OpEye && a.Arg(1).Shape().IsColumn() && a.Arg(1).Op() != expr.OpOnes && plain(b):
		return kron(b, a.Arg(1))
	case b.Op() == expr.OpKron && b.Arg(0).Op() == expr.OpEye && b.Arg(1).Shape().IsRow() && !isOnesRow(b.Arg(1)) && plain(a):
		return kron(a, b.Arg(1))
	case a.Op() == expr.OpKron && a.Arg(1).Op() == expr.OpEye && a.Arg(0).Shape().IsColumn() && a.Arg(0).Op() != expr.OpOnes && plain(b):
		return kron(a.Arg(0), b)
	case b.Op() == expr.OpKron && b.Arg(1).Op() == expr.OpEye && b.Arg(0).Shape().IsRow() && !isOnesRow(b.Arg(0)) && plain(a):
		return kron(b.Arg(0), a)
	}
	return nil
}

// kron is the Kronecker product where a factor may be a scalar.
func kron(a, b *expr.Node) *expr.Node {
	if a.Shape().IsScalar() || b.Shape().IsScalar() {
		return expr.Mul(a, b)
	}
	return expr.Call(expr.OpKron, a, b)
}
