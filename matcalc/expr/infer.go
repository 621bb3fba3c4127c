package expr

import "math/bits"

// Is reports whether a fact follows for the node. False means only that it
// does not follow. Facts about entries of a scalar are facts about the scalar;
// a scalar is symmetric and, when positive, positive definite.
func (n *Node) Is(p Props) bool {
	for rest := p; rest != 0; rest &= rest - 1 {
		bit := Props(1) << bits.TrailingZeros64(uint64(rest))
		if !n.isOne(bit) {
			return false
		}
	}
	return true
}

func (n *Node) isOne(p Props) bool {
	if n.known.Load()&uint64(p) != 0 {
		return n.facts.Load()&uint64(p) != 0
	}
	ok := n.infer(p)
	if ok {
		n.facts.Or(uint64(p))
	}
	n.known.Or(uint64(p))
	return ok
}

// infer decides one fact. Facts about the whole matrix and facts about its
// entries have rules of their own.
func (n *Node) infer(p Props) bool {
	if n.op == OpSym {
		return n.declared.Has(p) || p == PD && n.declared&Positive != 0 && n.shape.IsScalar() ||
			n.shape.IsScalar() && p&(Symmetric|Diagonal) != 0 ||
			n.shape.IsScalar() && p == Invertible && n.declared&Nonzero != 0 ||
			n.shape.IsScalar() && p == PSD && n.declared&NonNeg != 0 ||
			p == Orthogonal && n.declared.Has(PM1) && n.shape.IsScalar()
	}
	if p&(Positive|NonNeg|Nonzero|Negative) != 0 {
		return n.inferSign(p)
	}
	if n.shape.IsScalar() {
		switch p {
		case Symmetric, Diagonal, Lower, Upper:
			return true
		case PD, PosDet, PDNS:
			return n.Is(Positive)
		case PSD:
			return n.Is(NonNeg)
		case Invertible:
			return n.Is(Nonzero)
		}
	}
	switch p {
	case Symmetric:
		return n.isSymmetric()
	case Skew:
		return n.isSkew()
	case Diagonal, Lower, Upper:
		return n.isTriangular(p)
	case Orthogonal:
		return n.isOrthogonal()
	case Invertible:
		return n.isInvertible()
	case PD:
		return n.isPD()
	case PSD:
		return n.isPSD()
	case PosDet:
		return n.isPosDet()
	case Projector:
		return n.isProjector()
	case Integer:
		return n.isInteger()
	case Tall, Wide:
		return n.isFullRank(p)
	}
	return false
}

func all(args []*Node, p Props) bool {
	for _, a := range args {
		if !a.Is(p) {
			return false
		}
	}
	return true
}

func (n *Node) isSymmetric() bool {
	if !n.shape.IsSquare() {
		return false
	}
	switch n.op {
	case OpEye, OpOnes, OpZeros, OpDiag:
		return true
	case OpMul:
		p := n.Product()
		return len(p.Chain) > 0 && palindrome(p.Chain, Symmetric)
	case OpAdd:
		return all(n.args, Symmetric) || symmetricPairs(n)
	case OpHad, OpT, OpInv, OpPinv, OpAdj, OpExpm, OpKron:
		return all(n.args, Symmetric)
	case OpPow, OpHPow:
		if n.args[0].Is(Skew) {
			k, ok := n.args[1].rat.Int64()
			return ok && n.args[1].op == OpNum && k%2 == 0
		}
		return n.args[0].Is(Symmetric) && (n.args[1].shape.IsScalar() || n.args[1].Is(Symmetric))
	case OpSoftmax:
		return n.args[0].Is(Symmetric)
	case OpComm:
		return n.sizes[0] == n.sizes[1]
	case OpVCat:
		return n.mirrored()
	}
	return n.op.IsElementwise() && n.args[0].Is(Symmetric)
}

// mirrored reports blocks [A, B; B', D] that equal their transpose.
func (n *Node) mirrored() bool {
	for i, row := range n.args {
		if row.op != OpHCat || len(row.args) != len(n.args) {
			return false
		}
		for j := 0; j <= i; j++ {
			if !Transposes(row.args[j], n.args[j].args[i]) {
				return false
			}
		}
	}
	return true
}

// symmetricPairs reports a sum whose terms are symmetric or come with their
// transposes, as A + A'.
func symmetricPairs(n *Node) bool {
	if len(n.args) > 8 {
		return false
	}
	used := make([]bool, len(n.args))
	for i, a := range n.args {
		if used[i] || a.Is(Symmetric) {
			continue
		}
		for j := i + 1; j < len(n.args) && !used[i]; j++ {
			if !used[j] && Transposes(a, n.args[j]) {
				used[i], used[j] = true, true
			}
		}
		if !used[i] {
			return false
		}
	}
	return true
}

// palindrome reports a chain that is its own reversed transpose around a
// middle with the fact p (for an even length, around nothing).
func palindrome(chain []*Node, p Props) bool {
	i, j := 0, len(chain)-1
	for ; i < j; i, j = i+1, j-1 {
		if !Transposes(chain[i], chain[j]) {
			return false
		}
	}
	return i > j || chain[i].Is(p)
}

// Transposes reports whether b is recognised as the transpose of a.
func Transposes(a, b *Node) bool {
	if a.shape.Rows != b.shape.Cols || a.shape.Cols != b.shape.Rows {
		return false
	}
	switch {
	case a == b:
		return a.Is(Symmetric)
	case a.op == OpT && a.args[0] == b, b.op == OpT && b.args[0] == a:
		return true
	case a.op == OpT && b.op == OpT:
		return Transposes(a.args[0], b.args[0])
	case a.op == OpT:
		return sameUpTo(a.args[0], b)
	case b.op == OpT:
		return sameUpTo(b.args[0], a)
	case a.op != b.op || len(a.args) != len(b.args) || len(a.args) == 0 || a.name != b.name || a.order != b.order:
		return false
	case a.op == OpMul:
		return productTransposes(a, b)
	case a.op == OpAdd || a.op == OpHad || a.op == OpKron || a.op.IsElementwise() || a.op == OpInv || a.op == OpPinv || a.op == OpAdj || a.op == OpExpm:
		for i := range a.args {
			if !Transposes(a.args[i], b.args[i]) {
				return false
			}
		}
		return true
	case a.op == OpPow || a.op == OpHPow && a.args[1].shape.IsScalar():
		return a.args[1] == b.args[1] && Transposes(a.args[0], b.args[0])
	}
	return false
}

func sameUpTo(a, b *Node) bool { return a == b || a.key == b.key }

func productTransposes(a, b *Node) bool {
	p, q := a.Product(), b.Product()
	if !p.Coef.Equal(q.Coef) || len(p.Scalars) != len(q.Scalars) || len(p.Chain) != len(q.Chain) {
		return false
	}
	for i := range p.Scalars {
		if p.Scalars[i] != q.Scalars[i] {
			return false
		}
	}
	k := len(p.Chain) - 1
	for i := range p.Chain {
		if !Transposes(p.Chain[i], q.Chain[k-i]) {
			return false
		}
	}
	return true
}

func (n *Node) isSkew() bool {
	switch n.op {
	case OpAdd:
		return all(n.args, Skew) || len(n.args) == 2 && Transposes(n.args[0], Neg(n.args[1]))
	case OpMul:
		c := n.Product().Chain
		return len(c)%2 == 1 && n.shape.IsSquare() && palindrome(c, Skew)
	case OpT, OpInv:
		return n.args[0].Is(Skew)
	}
	return false
}

func (n *Node) isTriangular(p Props) bool {
	if !n.shape.IsSquare() {
		return false
	}
	switch n.op {
	case OpEye, OpDiag, OpZeros:
		return true
	case OpAdd, OpKron:
		return all(n.args, p)
	case OpMul:
		c := n.Product().Chain
		return len(c) > 0 && all(c, p)
	case OpHad:
		for _, a := range n.args {
			if a.Is(p) {
				return true
			}
		}
	case OpT:
		return n.args[0].Is(map[Props]Props{Diagonal: Diagonal, Lower: Upper, Upper: Lower}[p])
	case OpInv, OpAdj, OpExpm:
		return n.args[0].Is(p)
	case OpPow:
		return n.args[0].Is(p)
	case OpSin, OpTan, OpSinh, OpTanh, OpArcsin, OpArctan, OpSqrt, OpAbs, OpSign, OpRelu:
		return n.args[0].Is(p)
	}
	return false
}

func (n *Node) isOrthogonal() bool {
	switch n.op {
	case OpEye, OpComm:
		return true
	case OpMul:
		p := n.Product()
		return len(p.Scalars) == 0 && (p.Coef.Equal(RatOne) || p.Coef.Equal(RatNeg)) && all(p.Chain, Orthogonal)
	case OpT, OpInv, OpPow:
		return n.args[0].Is(Orthogonal)
	case OpKron:
		return all(n.args, Orthogonal)
	}
	return false
}

func (n *Node) isInvertible() bool {
	if n.Is(PD) || n.Is(Orthogonal) {
		return true
	}
	switch n.op {
	case OpInv, OpExpm:
		return true
	case OpMul:
		p := n.Product()
		return all(p.Scalars, Nonzero) && len(p.Chain) > 0 && all(p.Chain, Invertible)
	case OpT, OpPow:
		return n.args[0].Is(Invertible)
	case OpKron:
		return all(n.args, Invertible)
	case OpDiag:
		return n.args[0].Is(Nonzero)
	}
	return false
}

func (n *Node) isPD() bool {
	switch n.op {
	case OpEye:
		return true
	case OpAdd:
		strict := false
		for _, a := range n.args {
			if !a.Is(PSD) {
				return false
			}
			strict = strict || a.Is(PD)
		}
		return strict
	case OpMul:
		p := n.Product()
		return p.Coef.Sign() > 0 && all(p.Scalars, Positive) && congruence(p.Chain, PD)
	case OpT, OpInv, OpPow, OpAdj:
		return n.args[0].Is(PD)
	case OpExpm:
		return n.args[0].Is(Symmetric)
	case OpKron:
		return all(n.args, PD)
	case OpDiag:
		return n.args[0].Is(Positive)
	}
	return false
}

// congruence reports X'*...*M*...*X with M of fact p, the outer factors
// keeping definiteness (invertible or of full rank) where p is PD.
func congruence(c []*Node, p Props) bool {
	if len(c) == 0 || !palindrome(c, p) {
		return false
	}
	if p != PD {
		return true
	}
	for _, f := range c[(len(c)+1)/2:] {
		if !f.Is(Tall) && !f.Is(Invertible) {
			return false
		}
	}
	return true
}

func (n *Node) isFullRank(p Props) bool {
	switch n.op {
	case OpT:
		return n.args[0].Is(map[Props]Props{Tall: Wide, Wide: Tall}[p])
	case OpMul:
		c := n.Product().Chain
		return len(c) > 1 && all(n.Product().Scalars, Nonzero) && (p == Tall && c[0].Is(Tall) && all(c[1:], Invertible) ||
			p == Wide && c[len(c)-1].Is(Wide) && all(c[:len(c)-1], Invertible))
	}
	return false
}

func (n *Node) isPSD() bool {
	if n.Is(PD) || n.Is(Projector) {
		return true
	}
	switch n.op {
	case OpZeros:
		return true
	case OpAdd, OpKron:
		return all(n.args, PSD)
	case OpMul:
		p := n.Product()
		return p.Coef.Sign() > 0 && all(p.Scalars, NonNeg) && congruence(p.Chain, PSD)
	case OpT, OpPow, OpPinv:
		return n.args[0].Is(PSD)
	case OpHad:
		return all(n.args, PSD)
	case OpDiag:
		return n.args[0].Is(NonNeg)
	case OpOnes:
		return n.shape.IsSquare()
	}
	return false
}

func (n *Node) isPosDet() bool {
	if n.Is(PD) {
		return true
	}
	switch n.op {
	case OpMul:
		p := n.Product()
		return p.Coef.Sign() > 0 && all(p.Scalars, Positive) && len(p.Chain) > 0 && all(p.Chain, PosDet)
	case OpT, OpInv, OpPow:
		return n.args[0].Is(PosDet)
	case OpExpm:
		return true
	}
	return false
}

func (n *Node) isInteger() bool {
	switch n.op {
	case OpNum:
		return n.rat.IsInt()
	case OpDim:
		return true
	case OpAdd, OpMul:
		return n.shape.IsScalar() && all(n.args, Integer)
	}
	return false
}

// isProjector sees P' = P with PP = P: the identity, I - P, and products such as
// X*inv(X'*X)*X'.
func (n *Node) isProjector() bool {
	switch n.op {
	case OpEye:
		return true
	case OpT:
		return n.args[0].Is(Projector)
	case OpAdd:
		if len(n.args) != 2 {
			return false
		}
		for i, a := range n.args {
			b := n.args[1-i]
			if p := b.Product(); a.op == OpEye && len(p.Scalars) == 0 && len(p.Chain) > 0 && p.Coef.Equal(RatNeg) {
				return b.ctx.chain(p.Chain).Is(Projector)
			}
		}
	case OpMul:
		p := n.Product()
		if !p.Coef.Equal(RatOne) || len(p.Scalars) > 0 {
			return false
		}
		for i, f := range p.Chain {
			if f.op == OpInv && f.args[0].op == OpMul && turned(p.Chain, i, f.args[0].args) {
				return n.Is(Symmetric)
			}
		}
	}
	return false
}

// turned reports that the factors behind place i and then those before it are
// the given ones.
func turned(chain []*Node, i int, want []*Node) bool {
	if len(want) != len(chain)-1 {
		return false
	}
	for k, w := range want {
		if chain[(i+1+k)%len(chain)] != w {
			return false
		}
	}
	return true
}
