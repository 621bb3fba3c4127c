package expr

import (
	"sync"

	"github.com/nabla-go/nabla/matcalc/shape"
)

// Context owns the nodes of one set of variables. Its methods may be called
// from several goroutines.
type Context struct {
	mu    sync.Mutex
	table map[uint64]*Node
	next  int32
	syms  []*Node
	one   *Node
	zero  *Node
	neg   *Node
}

// NewContext is an empty context.
func NewContext() *Context {
	c := &Context{table: make(map[uint64]*Node, 256)}
	c.zero = c.Num(RatZero)
	c.one = c.Num(RatOne)
	c.neg = c.Num(RatNeg)
	return c
}

// Len is the number of distinct nodes made so far.
func (c *Context) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.next)
}

// Symbols lists the variables in the order in which they were made.
func (c *Context) Symbols() []*Node {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*Node(nil), c.syms...)
}

// intern returns the node equal to the candidate, storing the candidate when
// there is none.
func (c *Context) intern(n *Node) *Node {
	h := n.structHash()
	c.mu.Lock()
	for m := c.table[h]; m != nil; m = m.bucket {
		if m.same(n) {
			c.mu.Unlock()
			return m
		}
	}
	n.ctx = c
	n.id = c.next
	c.next++
	if n.op == OpSym {
		n.symIndex = int32(len(c.syms))
		c.syms = append(c.syms, n)
	}
	n.finish()
	n.bucket = c.table[h]
	c.table[h] = n
	c.mu.Unlock()
	return n
}

// Num is a rational number.
func (c *Context) Num(r Rat) *Node { return c.intern(&Node{op: OpNum, rat: r}) }

// Int is a whole number.
func (c *Context) Int(k int64) *Node {
	switch k {
	case 0:
		if c.zero != nil {
			return c.zero
		}
	case 1:
		if c.one != nil {
			return c.one
		}
	case -1:
		if c.neg != nil {
			return c.neg
		}
	}
	return c.Num(Int(k))
}

// Sym is a variable with its declared facts; facts that they imply are added.
func (c *Context) Sym(name string, s shape.Shape, props Props) *Node {
	return c.intern(&Node{op: OpSym, name: name, shape: s, declared: props.Closed()})
}

// Dim is a dimension used as a number; the size 1 and other known sizes are
// plain numbers.
func (c *Context) Dim(s shape.Size) *Node {
	if names, k, ok := s.Factors(); ok && len(names) == 0 {
		return c.Int(int64(k))
	}
	return c.intern(&Node{op: OpDim, sizes: []shape.Size{s}})
}

// Eye is the n×n identity; for n = 1 the number 1.
func (c *Context) Eye(n shape.Size) *Node {
	if n.IsOne() {
		return c.Int(1)
	}
	return c.intern(&Node{op: OpEye, shape: shape.Matrix(n, n), sizes: []shape.Size{n}})
}

// Ones is the m×n matrix of ones; 1×1 is the number 1, a row is the transpose
// of a column.
func (c *Context) Ones(m, n shape.Size) *Node {
	if m.IsOne() && n.IsOne() {
		return c.Int(1)
	}
	if m.IsOne() {
		return T(c.Ones(n, m))
	}
	return c.intern(&Node{op: OpOnes, shape: shape.Matrix(m, n), sizes: []shape.Size{m, n}})
}

// Zeros is the m×n zero matrix; 1×1 is the number 0.
func (c *Context) Zeros(m, n shape.Size) *Node {
	if m.IsOne() && n.IsOne() {
		return c.Int(0)
	}
	return c.intern(&Node{op: OpZeros, shape: shape.Matrix(m, n), sizes: []shape.Size{m, n}})
}

// Comm is the commutation matrix K(m,n), which takes vec A to vec A' for A m×n.
// With a length of 1 it is an identity.
func (c *Context) Comm(m, n shape.Size) *Node {
	if m.IsOne() || n.IsOne() {
		return c.Eye(m.Mul(n))
	}
	mn := m.Mul(n)
	return c.intern(&Node{op: OpComm, shape: shape.Matrix(mn, mn), sizes: []shape.Size{m, n}})
}
