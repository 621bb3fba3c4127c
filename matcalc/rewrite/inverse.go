package rewrite

import "github.com/nabla-go/nabla/matcalc/expr"

// underInverse lists the factors M1..Mk of inv(M1*...*Mk), also where it is
// transposed; nil for other nodes.
func underInverse(n *expr.Node) []*expr.Node {
	flip := n.Op() == expr.OpT
	if flip {
		n = n.Arg(0)
	}
	if n.Op() != expr.OpInv || n.Arg(0).Op() != expr.OpMul {
		return nil
	}
	p := n.Arg(0).Product()
	if !p.Coef.Equal(expr.RatOne) || len(p.Scalars) > 0 {
		return nil
	}
	if !flip {
		return p.Chain
	}
	out := make([]*expr.Node, len(p.Chain))
	for i, f := range p.Chain {
		t := expr.T(f)
		if f.Is(expr.Symmetric) {
			t = f
		}
		out[len(out)-1-i] = t
	}
	return out
}

// inverseMeets is inv(A*B)*A = inv(B) and B*inv(A*B) = inv(A) for square
// factors, each of which then has an inverse; nil for other neighbours.
func inverseMeets(a, b *expr.Node) *expr.Node {
	if f := underInverse(a); f != nil && f[0] == b && allSquare(f) {
		return invOf(f[1:])
	}
	if f := underInverse(b); f != nil && f[len(f)-1] == a && allSquare(f) {
		return invOf(f[:len(f)-1])
	}
	return nil
}

func allSquare(fs []*expr.Node) bool {
	for _, f := range fs {
		if !f.Shape().IsSquare() {
			return false
		}
	}
	return true
}

// invOf is inv(f1*...*fk), as inv(...)' where the factors are transposes.
func invOf(f []*expr.Node) *expr.Node {
	flips := 0
	for _, g := range f {
		if g.Op() == expr.OpT {
			flips++
		} else if !g.Is(expr.Symmetric) {
			flips = -len(f)
		}
	}
	if flips > 0 {
		back := make([]*expr.Node, len(f))
		for i, g := range f {
			back[len(f)-1-i] = expr.T(g)
		}
		return expr.T(expr.Inv(expr.Mul(back...)))
	}
	return expr.Inv(expr.Mul(f...))
}

// cancelTail drops M1..Mk*inv(M1*...*Mk), or the same the other way round, from
// the end of a chain: X'*X*inv(X'*X) is the identity, so that the projector
// X*inv(X'*X)*X' is idempotent.
func cancelTail(chain []*expr.Node) ([]*expr.Node, bool) {
	last := len(chain) - 1
	if f := underInverse(chain[last]); f != nil && endsWith(chain[:last], f) {
		return chain[:last-len(f)], true
	}
	for i := last - 1; i >= 0 && i >= last-maxInverse; i-- {
		if f := underInverse(chain[i]); f != nil && len(f) == last-i && endsWith(chain, f) {
			return chain[:i], true
		}
	}
	return chain, false
}

// maxInverse bounds how long a product under an inverse is compared.
const maxInverse = 8

func endsWith(chain, tail []*expr.Node) bool {
	if len(tail) > len(chain) {
		return false
	}
	for i, f := range tail {
		if chain[len(chain)-len(tail)+i] != f {
			return false
		}
	}
	return true
}
