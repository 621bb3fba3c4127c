package expr

// Product is a node seen as coefficient, scalar factors and a chain of
// vectors and matrices; a node that is no product is a product of itself.
type Product struct {
	Coef    Rat
	Scalars []*Node
	Chain   []*Node
}

// Product splits the node; the slices are the node's own and must not be
// changed.
func (n *Node) Product() Product {
	switch {
	case n.op == OpNum:
		return Product{Coef: n.rat}
	case n.op != OpMul:
		p := Product{Coef: RatOne}
		self := []*Node{n}
		if n.shape.IsScalar() {
			p.Scalars = self
		} else {
			p.Chain = self
		}
		return p
	}
	p := Product{Coef: RatOne}
	args := n.args
	if args[0].op == OpNum {
		p.Coef = args[0].rat
		args = args[1:]
	}
	k := 0
	for k < len(args) && args[k].shape.IsScalar() {
		k++
	}
	p.Scalars, p.Chain = args[:k:k], args[k:]
	return p
}

// scaling lists the coefficient (unless it is 1) and the scalar factors.
func (p Product) scaling(c *Context) []*Node {
	var out []*Node
	if !p.Coef.Equal(RatOne) {
		out = append(out, c.Num(p.Coef))
	}
	return append(out, p.Scalars...)
}

// Node is the product's value; the context is that of a part, or c when the
// product is a bare number.
func (p Product) Node(c *Context) *Node {
	args := make([]*Node, 0, 1+len(p.Scalars)+len(p.Chain))
	args = append(args, c.Num(p.Coef))
	args = append(args, p.Scalars...)
	args = append(args, p.Chain...)
	return Mul(args...)
}

// Mul is the flat product: numbers gathered in front, then scalar factors in
// the order given, then the chain. A product of no operands is not allowed.
func Mul(args ...*Node) *Node {
	s := checked(OpMul, args)
	ctx := args[0].ctx
	coef := RatOne
	var scalars, chain []*Node
	for _, a := range args {
		coef = splice(a, coef, &scalars, &chain)
	}
	if coef.Sign() == 0 {
		return ctx.Zeros(s.Rows, s.Cols)
	}
	for _, f := range chain {
		if f.IsZero() {
			return ctx.Zeros(s.Rows, s.Cols)
		}
	}
	scalars, chain = settle(scalars, chain)
	flat := make([]*Node, 0, 1+len(scalars)+len(chain))
	if !coef.Equal(RatOne) || len(scalars)+len(chain) == 0 {
		flat = append(flat, ctx.Num(coef))
	}
	flat = append(append(flat, scalars...), chain...)
	if len(flat) == 1 {
		return flat[0]
	}
	return ctx.intern(&Node{op: OpMul, shape: s, args: flat})
}

// splice adds the parts of one factor and returns the new coefficient. A
// scalar that is itself a chain stays one operand.
func splice(a *Node, coef Rat, scalars, chain *[]*Node) Rat {
	switch {
	case a.op == OpNum:
		return coef.Mul(a.rat)
	case a.op != OpMul && a.shape.IsScalar():
		*scalars = append(*scalars, a)
		return coef
	case a.op != OpMul:
		*chain = append(*chain, a)
		return coef
	}
	p := a.Product()
	*scalars = append(*scalars, p.Scalars...)
	if a.shape.IsScalar() && len(p.Chain) > 0 {
		*scalars = append(*scalars, a.ctx.chain(p.Chain))
	} else {
		*chain = append(*chain, p.Chain...)
	}
	return coef.Mul(p.Coef)
}

// chain is the bare product of a chain that is known to fit.
func (c *Context) chain(f []*Node) *Node {
	if len(f) == 1 {
		return f[0]
	}
	s := f[0].shape
	s.Cols = f[len(f)-1].shape.Cols
	return c.intern(&Node{op: OpMul, shape: s, args: f})
}

// settle splits closed sub-chains (row to column) off the chain as scalar
// factors, so that x*x'*x is (x'*x)*x, and opens the only scalar chain of a
// product that has no other chain.
func settle(scalars, chain []*Node) (s, c []*Node) {
	if len(chain) > 1 {
		scalars, chain = closeChains(scalars, chain)
	}
	if len(chain) > 0 {
		return scalars, chain
	}
	only := -1
	for i, f := range scalars {
		if f.op == OpMul {
			if only >= 0 {
				return scalars, nil
			}
			only = i
		}
	}
	if only < 0 {
		return scalars, nil
	}
	rest := append(append([]*Node(nil), scalars[:only]...), scalars[only+1:]...)
	return rest, scalars[only].args
}

func closeChains(scalars, chain []*Node) (s, c []*Node) {
	// breaks are the places between factors, and the two ends, where the
	// length is 1.
	var breaks []int
	if chain[0].shape.Rows.IsOne() {
		breaks = append(breaks, 0)
	}
	for i, f := range chain {
		if f.shape.Cols.IsOne() {
			breaks = append(breaks, i+1)
		}
	}
	if len(breaks) < 2 {
		return scalars, chain
	}
	for i := 0; i+1 < len(breaks); i++ {
		part := chain[breaks[i]:breaks[i+1]]
		scalars = append(scalars, part[0].ctx.chain(append([]*Node(nil), part...)))
	}
	first, last := breaks[0], breaks[len(breaks)-1]
	return scalars, append(append([]*Node(nil), chain[:first]...), chain[last:]...)
}
