package expr

// inferSign decides facts about the signs of all entries.
func (n *Node) inferSign(p Props) bool {
	switch p {
	case NonNeg:
		return n.isNonNeg()
	case Positive:
		return n.isPositive()
	case Nonzero:
		return n.Is(Positive) || n.Is(Negative) || n.isNonzero()
	}
	return n.isNegative()
}

func (n *Node) isPositive() bool {
	switch n.op {
	case OpNum:
		return n.rat.Sign() > 0
	case OpDim, OpOnes, OpExp, OpSigmoid, OpSoftplus, OpCosh, OpSoftmax, OpSoftmaxRows, OpSoftmaxCols:
		return true
	case OpAdd:
		strict := false
		for _, a := range n.args {
			if !a.Is(NonNeg) {
				return false
			}
			strict = strict || a.Is(Positive)
		}
		return strict
	case OpMul:
		p := n.Product()
		if p.Coef.Sign() > 0 && all(p.Scalars, Positive) && len(p.Chain) > 2 && n.shape.IsScalar() && palindrome(p.Chain, PD) {
			return false // x'Ax is 0 at x = 0
		}
		return p.Coef.Sign() > 0 && all(p.Scalars, Positive) && all(p.Chain, Positive)
	case OpHad, OpKron:
		return all(n.args, Positive)
	case OpT, OpVec, OpSum, OpDiagOf, OpSqrt, OpAbs, OpNorm1, OpRelu, OpStep, OpSign:
		return n.args[0].Is(Positive)
	case OpNorm2:
		return n.args[0].Is(Nonzero)
	case OpPow:
		return n.shape.IsScalar() && (n.args[0].Is(Positive) || even(n.args[1]) && n.args[0].Is(Nonzero))
	case OpHPow:
		return n.args[0].Is(Positive) || even(n.args[1]) && n.args[0].Is(Nonzero)
	case OpDet:
		return n.args[0].Is(PosDet)
	case OpTr, OpEigMax:
		return n.args[0].Is(PD)
	}
	return false
}

func even(e *Node) bool {
	k, ok := e.rat.Int64()
	return e.op == OpNum && ok && k%2 == 0
}

func (n *Node) isNonNeg() bool {
	if n.Is(Positive) {
		return true
	}
	switch n.op {
	case OpZeros, OpEye, OpAbs, OpRelu, OpStep, OpNorm1, OpNorm2, OpSigmaMax, OpNucNorm, OpComm, OpSqrt:
		return true
	case OpNum:
		return n.rat.Sign() >= 0
	case OpAdd, OpKron, OpHad, OpT, OpVec, OpSum, OpDiag, OpDiagOf:
		return all(n.args, NonNeg)
	case OpMul:
		p := n.Product()
		if p.Coef.Sign() < 0 || !all(p.Scalars, NonNeg) {
			return false
		}
		return all(p.Chain, NonNeg) || n.shape.IsScalar() && palindrome(p.Chain, PSD)
	case OpPow:
		return n.shape.IsScalar() && (even(n.args[1]) || n.args[0].Is(NonNeg))
	case OpHPow:
		return even(n.args[1]) || n.args[0].Is(NonNeg)
	case OpTr, OpEigMax, OpDet:
		return n.args[0].Is(PSD)
	}
	return false
}

func (n *Node) isNonzero() bool {
	switch n.op {
	case OpMul:
		p := n.Product()
		return all(p.Scalars, Nonzero) && len(p.Chain) == 0
	case OpHad:
		return all(n.args, Nonzero)
	case OpT, OpVec, OpAbs, OpSign, OpSinh, OpTanh, OpArctan:
		return n.args[0].Is(Nonzero)
	case OpPow:
		return n.shape.IsScalar() && n.args[0].Is(Nonzero)
	case OpHPow:
		return n.args[0].Is(Nonzero)
	case OpDet:
		return n.args[0].Is(Invertible)
	}
	return false
}

func (n *Node) isNegative() bool {
	switch n.op {
	case OpNum:
		return n.rat.Sign() < 0
	case OpMul:
		p := n.Product()
		if p.Coef.Sign() < 0 {
			return all(p.Scalars, Positive) && all(p.Chain, Positive)
		}
	case OpAdd:
		return all(n.args, Negative)
	case OpT, OpVec, OpSum:
		return n.args[0].Is(Negative)
	}
	return false
}
