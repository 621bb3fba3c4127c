package rewrite

import "github.com/nabla-go/nabla/matcalc/expr"

// pastComm turns a Kronecker product round at a commutation matrix:
// K(t,r)*(A⊗B)*K(s,u) = B⊗A for A r×s and B t×u, where one of the two K is an
// identity when a length is 1.
func pastComm(a, b *expr.Node) *expr.Node {
	if a.Op() == expr.OpKron && b.Op() == expr.OpComm {
		x, y := a.Arg(0), a.Arg(1)
		if (x.Shape().Rows.IsOne() || y.Shape().Rows.IsOne()) && b.Sizes()[0] == x.Shape().Cols && b.Sizes()[1] == y.Shape().Cols {
			return kron(y, x)
		}
	}
	if a.Op() == expr.OpComm && b.Op() == expr.OpKron {
		x, y := b.Arg(0), b.Arg(1)
		if (x.Shape().Cols.IsOne() || y.Shape().Cols.IsOne()) && a.Sizes()[0] == y.Shape().Rows && a.Sizes()[1] == x.Shape().Rows {
			return kron(y, x)
		}
	}
	return nil
}

// betweenComms is K(t,r)*(A⊗B)*K(s,u) as B⊗A, for three neighbours.
func betweenComms(a, k, b *expr.Node) *expr.Node {
	if a.Op() != expr.OpComm || b.Op() != expr.OpComm || k.Op() != expr.OpKron {
		return nil
	}
	x, y := k.Arg(0).Shape(), k.Arg(1).Shape()
	if a.Sizes()[0] == y.Rows && a.Sizes()[1] == x.Rows && b.Sizes()[0] == x.Cols && b.Sizes()[1] == y.Cols {
		return kron(k.Arg(1), k.Arg(0))
	}
	return nil
}
