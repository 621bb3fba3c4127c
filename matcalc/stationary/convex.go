package stationary

import "github.com/nabla-go/nabla/matcalc/expr"

// bend is how a scalar or every entry of a matrix bends as a function of the
// variable.
type bend int8

const (
	unknown bend = iota
	constant
	straight // affine
	convex
	concave
)

func (b bend) flipped() bend {
	switch b {
	case convex:
		return concave
	case concave:
		return convex
	}
	return b
}

// both is the bend of a sum.
func both(a, b bend) bend {
	switch {
	case a == constant:
		return b
	case b == constant || a == b:
		return a
	case a == straight && b != unknown:
		return b
	case b == straight && a != unknown:
		return a
	}
	return unknown
}

// linearOps keep the bend of their operand, entry by entry or summed.
var linearOps = map[expr.Op]bool{expr.OpSum: true, expr.OpTr: true, expr.OpT: true, expr.OpVec: true, expr.OpDiag: true, expr.OpDiagOf: true}

// convexOf are convex functions of an affine operand; rising ones are convex
// of a convex operand, too.
var convexOf = map[expr.Op]struct{ rising bool }{
	expr.OpExp: {true}, expr.OpSoftplus: {true}, expr.OpRelu: {true}, expr.OpLogSumExp: {true}, expr.OpAbs: {}, expr.OpCosh: {},
	expr.OpNorm1: {}, expr.OpNorm2: {}, expr.OpEigMax: {}, expr.OpSigmaMax: {}, expr.OpNucNorm: {}, expr.OpLSERows: {true}, expr.OpLSECols: {true},
}

// shapeOf is the bend of n as a function of x, as far as the rules tell.
func shapeOf(n, x *expr.Node) bend {
	if !n.DependsOn(x) {
		return constant
	}
	if n == x {
		return straight
	}
	if linearOps[n.Op()] {
		if b := traceForm(n, x); b != unknown {
			return b
		}
		return shapeOf(n.Arg(0), x)
	}
	if c, ok := convexOf[n.Op()]; ok {
		b := shapeOf(n.Arg(0), x)
		if b == straight || c.rising && b == convex {
			return convex
		}
		return unknown
	}
	switch n.Op() {
	case expr.OpAdd:
		b := constant
		for _, a := range n.Args() {
			b = both(b, shapeOf(a, x))
		}
		return b
	case expr.OpMul:
		return productShape(n, x)
	case expr.OpHad:
		return hadamardShape(n, x)
	case expr.OpPow, expr.OpHPow:
		return powerShape(n, x)
	case expr.OpLog, expr.OpSqrt:
		if n.Op() == expr.OpLog && exponentials(n.Arg(0), x) {
			return convex
		}
		if b := shapeOf(n.Arg(0), x); b == straight || b == concave {
			return concave
		}
	case expr.OpLogDet:
		if n.Arg(0).Is(expr.PD) && shapeOf(n.Arg(0), x) == straight {
			return concave
		}
	}
	return unknown
}

// exponentials reports a sum of positive constants and exponentials of affine
// operands, whose logarithm is convex.
func exponentials(n, x *expr.Node) bool {
	switch n.Op() {
	case expr.OpAdd:
		for _, a := range n.Args() {
			if !exponentials(a, x) {
				return false
			}
		}
		return true
	case expr.OpExp:
		return shapeOf(n.Arg(0), x) == straight
	case expr.OpSum:
		return exponentials(n.Arg(0), x)
	}
	return !n.DependsOn(x) && n.Is(expr.Positive)
}

// traceForm is the bend of tr(U'*M*U), tr(M*inv(X)) and their kin.
func traceForm(n, x *expr.Node) bend {
	if n.Op() != expr.OpTr || n.Arg(0).Op() != expr.OpMul {
		return unknown
	}
	p := n.Arg(0).Product()
	if b := quadratic(p, x); b != unknown {
		return b
	}
	for i, f := range p.Chain {
		if len(p.Chain) == 2 && f.Op() == expr.OpInv && f.Is(expr.PD) && shapeOf(f.Arg(0), x) == straight && p.Chain[1-i].Is(expr.PSD) && !p.Chain[1-i].DependsOn(x) {
			return signed(p, x, convex) // tr(S*inv(X))
		}
	}
	return unknown
}

// quadratic is the bend of c*u'*M*u with u affine: the chain is its own
// reversed transpose, and its middle is definite.
func quadratic(p expr.Product, x *expr.Node) bend {
	c := p.Chain
	for i, j := 0, len(c)-1; i <= j; i, j = i+1, j-1 {
		if i == j {
			switch {
			case c[i].DependsOn(x):
				if c[i].Op() == expr.OpInv && c[i].Is(expr.PD) && shapeOf(c[i].Arg(0), x) == straight {
					return signed(p, x, convex) // v'*inv(X)*v
				}
				return unknown
			case c[i].Is(expr.PSD), c[i].Is(expr.PDNS):
				return signed(p, x, convex)
			}
			return unknown
		}
		if !expr.Transposes(c[i], c[j]) || c[i].DependsOn(x) && shapeOf(c[i], x) != straight {
			return unknown
		}
		if i+1 == j {
			return signed(p, x, convex)
		}
	}
	return unknown
}

// signed turns a bend by the sign of the constant factors.
func signed(p expr.Product, x *expr.Node, b bend) bend {
	sign := p.Coef.Sign()
	for _, f := range p.Scalars {
		switch {
		case f.DependsOn(x):
			return unknown
		case f.Is(expr.NonNeg):
		case f.Is(expr.Negative):
			sign = -sign
		default:
			if b != straight {
				return unknown
			}
		}
	}
	if sign < 0 {
		return b.flipped()
	}
	return b
}

// productShape is the bend of a product with one factor that varies, or of a
// quadratic form.
func productShape(n, x *expr.Node) bend {
	p := n.Product()
	varying := 0
	for _, f := range n.Args() {
		if f.DependsOn(x) {
			varying++
		}
	}
	if varying == 2 && n.Shape().IsScalar() && len(p.Chain) > 0 {
		if b := quadratic(p, x); b != unknown {
			return b
		}
	}
	if varying == 3 && n.Shape().IsScalar() {
		return quadratic(p, x)
	}
	if varying != 1 {
		if varying == 2 {
			return scalarPair(p, x)
		}
		return unknown
	}
	for i, f := range p.Scalars {
		if !f.DependsOn(x) {
			continue
		}
		q := p
		q.Scalars = append(append([]*expr.Node(nil), p.Scalars[:i]...), p.Scalars[i+1:]...)
		b := shapeOf(f, x)
		if len(p.Chain) == 0 || positiveChain(p.Chain) {
			return signed(q, x, b)
		}
		if n.Shape().IsScalar() {
			q.Scalars = append(q.Scalars, expr.Mul(p.Chain...))
			q.Chain = nil
			return signed(q, x, b)
		}
		if b == straight {
			return straight
		}
		return unknown
	}
	for _, f := range p.Chain {
		if !f.DependsOn(x) {
			continue
		}
		b := shapeOf(f, x)
		if b == straight {
			return straight
		}
		others := true
		for _, g := range p.Chain {
			others = others && (g == f || g.Is(expr.NonNeg))
		}
		if others {
			return signed(p, x, b)
		}
		return quadratic(p, x)
	}
	return unknown
}

// scalarPair is x*log(x) for scalars.
func scalarPair(p expr.Product, x *expr.Node) bend {
	if len(p.Chain) > 0 {
		return unknown
	}
	var vary, rest []*expr.Node
	for _, f := range p.Scalars {
		if f.DependsOn(x) {
			vary = append(vary, f)
		} else {
			rest = append(rest, f)
		}
	}
	if len(vary) == 2 && entropic(vary[0], vary[1], x) {
		return signed(expr.Product{Coef: p.Coef, Scalars: rest}, x, convex)
	}
	return unknown
}

func positiveChain(c []*expr.Node) bool {
	for _, f := range c {
		if !f.Is(expr.NonNeg) {
			return false
		}
	}
	return true
}

// entropic reports u and log(u) with constants beside, u affine.
func entropic(a, b, x *expr.Node) bool {
	for _, p := range [][2]*expr.Node{{a, b}, {b, a}} {
		if shapeOf(p[0], x) != straight {
			continue
		}
		free := true
		logs := 0
		terms := []*expr.Node{p[1]}
		if p[1].Op() == expr.OpAdd {
			terms = p[1].Args()
		}
		for _, t := range terms {
			switch {
			case !t.DependsOn(x):
			case t.Op() == expr.OpLog && t.Arg(0) == p[0]:
				logs++
			default:
				free = false
			}
		}
		if free && logs == 1 {
			return true
		}
	}
	return false
}

// hadamardShape is the bend of an elementwise product.
func hadamardShape(n, x *expr.Node) bend {
	var vary []*expr.Node
	nonNeg := true
	for _, f := range n.Args() {
		if f.DependsOn(x) {
			vary = append(vary, f)
		} else {
			nonNeg = nonNeg && f.Is(expr.NonNeg)
		}
	}
	switch len(vary) {
	case 1:
		b := shapeOf(vary[0], x)
		if b == straight || nonNeg {
			return b
		}
	case 2:
		if nonNeg && (entropic(vary[0], vary[1], x) || vary[0] == vary[1] && shapeOf(vary[0], x) == straight) {
			return convex
		}
	}
	return unknown
}

// powerShape is the bend of u^k and u.^k.
func powerShape(n, x *expr.Node) bend {
	u, e := n.Arg(0), n.Arg(1)
	if !e.IsNum() || n.Shape().IsMatrix() && n.Op() == expr.OpPow {
		return unknown
	}
	b := shapeOf(u, x)
	k, whole := e.Rat().Int64()
	even := whole && k%2 == 0 && k > 0
	switch {
	case b == straight && even:
		return convex
	case b == convex && u.Is(expr.NonNeg) && e.Rat().Cmp(expr.RatOne) >= 0:
		return convex
	case b == straight && u.Is(expr.Positive) && e.Rat().Sign() < 0:
		return convex
	case b == straight && u.Is(expr.Positive) && e.Rat().Cmp(expr.RatOne) >= 0:
		return convex
	case (b == straight || b == concave) && u.Is(expr.NonNeg) && e.Rat().Sign() > 0:
		return concave
	}
	return unknown
}
