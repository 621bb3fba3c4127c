package expr

// countNode counts the tokens of a node as it is written: numbers, names,
// calls and operators one each. A sign between terms is the operator; a sign
// in front is one more.
func countNode(n *Node) int64 {
	switch n.op {
	case OpNum:
		return countRat(n.rat)
	case OpSym:
		return 1
	case OpDim:
		return countSize(n.sizes[0].String())
	case OpEye, OpComm:
		c := int64(1)
		for _, s := range n.sizes {
			c += countSize(s.String())
		}
		return c
	case OpOnes, OpZeros:
		return countFill(n)
	case OpAdd:
		return countSum(n)
	case OpMul:
		return countProduct(n)
	case OpHad:
		return countHad(n)
	case OpPow, OpHPow:
		if n.args[1].IsInt(-1) {
			return 2 + int64(n.args[0].size)
		}
		return 1 + int64(n.args[0].size) + int64(n.args[1].size)
	}
	c := int64(1)
	for _, a := range n.args {
		c += int64(a.size)
	}
	return c
}

func countRat(r Rat) int64 {
	c := int64(1)
	if r.Sign() < 0 {
		c++
	}
	for _, b := range r.String() {
		if b == '/' {
			return c + 2
		}
	}
	return c
}

// countSize counts names and operators of a size: m*n is 3.
func countSize(s string) int64 {
	c := int64(1)
	for i := 0; i < len(s); i++ {
		if s[i] == '*' || s[i] == '+' {
			c += 2
		}
	}
	return c
}

func countFill(n *Node) int64 {
	r, c := n.sizes[0], n.sizes[1]
	switch {
	case c.IsOne():
		return 1 + countSize(r.String())
	case r.IsOne():
		return 2 + countSize(c.String())
	}
	return 1 + countSize(r.String()) + countSize(c.String())
}

// negative reports a term that is written with a minus sign.
func (n *Node) negative() bool {
	c := n
	if n.op == OpMul {
		c = n.args[0]
	}
	return c.op == OpNum && c.rat.Sign() < 0
}

// Negative reports whether the node is a negative number or a product with a
// negative coefficient, so that it is written with a minus sign.
func (n *Node) Negative() bool { return n.negative() }

func countSum(n *Node) int64 {
	c := int64(len(n.args) - 1)
	positive := false
	for _, a := range n.args {
		c += int64(a.size)
		if a.negative() {
			c--
		} else {
			positive = true
		}
	}
	if !positive {
		c++
	}
	return c
}

// countProduct counts a*b/c/d: each factor and an operator before all but the
// first; a numerator that is empty is written 1.
func countProduct(n *Node) int64 {
	var c int64
	over, under := 0, 0
	for i, a := range n.args {
		switch {
		case i == 0 && a.op == OpNum && a.rat.Equal(RatNeg):
			c++ // the sign alone
		case i == 0 && a.op == OpNum:
			k := countRat(a.rat)
			c += k
			over++
		case a.op == OpPow && a.shape.IsScalar() && a.args[1].op == OpNum && a.args[1].rat.Sign() < 0:
			under++
			c += 1 + int64(a.args[0].size)
			if !a.args[1].IsInt(-1) {
				c += 1 + countRat(a.args[1].rat.Neg())
			}
		case i == len(n.args)-1 && over+under > 0 && a.op == OpHPow && a.args[1].IsInt(-1) && (i == 0 || n.args[i-1].shape.IsScalar()):
			c += 1 + int64(a.args[0].size) // 2 ./x
		default:
			c += int64(a.size)
			over++
		}
	}
	if over == 0 {
		return c + 1
	}
	return c + int64(over-1)
}

func countHad(n *Node) int64 {
	var c int64
	over := 0
	for _, a := range n.args {
		if a.op == OpHPow && a.args[1].op == OpNum && a.args[1].rat.Sign() < 0 {
			c += 1 + int64(a.args[0].size)
			if !a.args[1].IsInt(-1) {
				c += 1 + countRat(a.args[1].rat.Neg())
			}
			continue
		}
		c += int64(a.size)
		over++
	}
	if over == 0 {
		return c + 1
	}
	return c + int64(over-1)
}
