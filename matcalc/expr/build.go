package expr

import "github.com/nabla-go/nabla/matcalc/shape"

// checked panics when the operands do not fit an operator: the caller of a
// constructor vouches for the shapes.
func checked(op Op, args []*Node) shape.Shape {
	s, err := ShapeOf(op, args)
	if err != nil {
		panic(err)
	}
	return s
}

// ShapeOf applies the operator's shape rule.
func ShapeOf(op Op, args []*Node) (shape.Shape, *shape.Error) {
	var buf [8]Arg
	as := buf[:0]
	for _, a := range args {
		as = append(as, Arg{Shape: a.shape})
	}
	return op.Info().Shape(as)
}

// Build makes a node of any operator with operands, checking the shapes first;
// texts, when given, name the operands in the error.
func Build(op Op, args []*Node, texts []string) (*Node, *shape.Error) {
	as := make([]Arg, len(args))
	for i, a := range args {
		as[i].Shape = a.shape
		if i < len(texts) {
			as[i].Text = texts[i]
		}
	}
	if _, err := op.Info().Shape(as); err != nil {
		return nil, err
	}
	switch op {
	case OpAdd:
		return Add(args...), nil
	case OpMul:
		return Mul(args...), nil
	case OpHad:
		return Had(args...), nil
	}
	return Call(op, args...), nil
}

// Call makes a node of any operator but a leaf, normalising as the operator's
// own constructor does.
func Call(op Op, args ...*Node) *Node {
	switch op {
	case OpAdd:
		return Add(args...)
	case OpMul:
		return Mul(args...)
	case OpHad:
		return Had(args...)
	case OpT:
		return T(args[0])
	case OpPow:
		return Pow(args[0], args[1])
	case OpHPow:
		return HPow(args[0], args[1])
	case OpInv:
		return Inv(args[0])
	case OpDiag, OpDiagOf:
		return Diag(args[0])
	}
	return plain(op, args...)
}

func plain(op Op, args ...*Node) *Node {
	return args[0].ctx.intern(&Node{op: op, shape: checked(op, args), args: args})
}

// Apply is the order-th derivative of a declared elementwise function at a.
func Apply(name string, order int, a *Node) *Node {
	return a.ctx.intern(&Node{op: OpApply, name: name, order: int32(order), shape: a.shape, args: []*Node{a}})
}

// Rebuild makes the node n with other operands.
func Rebuild(n *Node, args []*Node) *Node {
	if len(args) == 0 {
		return n
	}
	same := true
	for i := range args {
		same = same && args[i] == n.args[i]
	}
	switch {
	case same:
		return n
	case n.op == OpApply:
		return Apply(n.name, int(n.order), args[0])
	}
	return Call(n.op, args...)
}

// Inv is the inverse; of a scalar, the power -1.
func Inv(a *Node) *Node {
	if a.shape.IsScalar() {
		return Pow(a, a.ctx.Int(-1))
	}
	return plain(OpInv, a)
}

// Diag is the diagonal matrix of a vector, or the diagonal of a square matrix.
func Diag(a *Node) *Node {
	if a.shape.IsColumn() || a.shape.IsRow() {
		return plain(OpDiag, a)
	}
	return plain(OpDiagOf, a)
}

// T is the transpose; of a scalar the scalar itself.
func T(a *Node) *Node {
	switch {
	case a.op == OpT:
		return a.args[0]
	case a.shape.IsScalar(), a.op == OpEye:
		return a
	case a.op == OpZeros:
		return a.ctx.Zeros(a.shape.Cols, a.shape.Rows)
	case a.op == OpOnes && a.shape.IsMatrix():
		return a.ctx.Ones(a.shape.Cols, a.shape.Rows)
	}
	return plain(OpT, a)
}

// Pow is a power of a scalar, or of a square matrix with a whole exponent.
func Pow(a, e *Node) *Node {
	if e.IsInt(1) {
		return a
	}
	if e.IsInt(-1) && !a.shape.IsScalar() {
		return Inv(a)
	}
	if a.op == OpNum && e.op == OpNum {
		if k, ok := e.rat.Int64(); ok {
			if p, ok := a.rat.Pow(k); ok {
				return a.ctx.Num(p)
			}
		}
	}
	return plain(OpPow, a, e)
}

// HPow is the elementwise power; of a scalar the plain power.
func HPow(a, e *Node) *Node {
	switch {
	case a.shape.IsScalar() && e.shape.IsScalar():
		return Pow(a, e)
	case e.IsInt(1):
		return a
	}
	return plain(OpHPow, a, e)
}

// Neg is -a.
func Neg(a *Node) *Node { return Mul(a.ctx.Int(-1), a) }

// Sub is a - b.
func Sub(a, b *Node) *Node { return Add(a, Neg(b)) }

// Div is a/s for a scalar s.
func Div(a, s *Node) *Node { return Mul(a, Pow(s, a.ctx.Int(-1))) }

// Scale is r*a.
func Scale(r Rat, a *Node) *Node { return Mul(a.ctx.Num(r), a) }

// Add is the flat sum; zeros are dropped.
func Add(args ...*Node) *Node {
	checked(OpAdd, args)
	flat := make([]*Node, 0, len(args))
	for _, a := range args {
		switch {
		case a.IsZero():
		case a.op == OpAdd:
			flat = append(flat, a.args...)
		default:
			flat = append(flat, a)
		}
	}
	switch len(flat) {
	case 0:
		return args[0]
	case 1:
		return flat[0]
	}
	return args[0].ctx.intern(&Node{op: OpAdd, shape: args[0].shape, args: flat})
}

// Had is the flat elementwise product. Scalars are taken out as factors; of
// scalars alone it is the product.
func Had(args ...*Node) *Node {
	checked(OpHad, args)
	var scalars, flat []*Node
	for _, a := range args {
		switch {
		case a.shape.IsScalar():
			scalars = append(scalars, a)
		case a.op == OpHad:
			flat = append(flat, a.args...)
		case a.op == OpMul && len(a.Product().Chain) < len(a.args):
			p := a.Product()
			scalars = append(scalars, p.scaling(a.ctx)...)
			if c := Mul(p.Chain...); c.op == OpHad {
				flat = append(flat, c.args...)
			} else {
				flat = append(flat, c)
			}
		default:
			flat = append(flat, a)
		}
	}
	if len(flat) == 0 {
		return Mul(scalars...)
	}
	h := flat[0]
	if len(flat) > 1 {
		h = h.ctx.intern(&Node{op: OpHad, shape: h.shape, args: flat})
		for _, a := range flat {
			if a.IsZero() {
				h = a
			}
		}
	}
	if len(scalars) == 0 {
		return h
	}
	return Mul(append(scalars, h)...)
}
