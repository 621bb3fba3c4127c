package compile

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/compressed"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// A kind is how an operand of a product is given.
type kind uint8

const (
	dense    kind = iota // entries, perhaps to be read as transposed
	diagonal             // a vector
	inverted             // the inverse of a factored matrix
	shaped               // a form: a Kronecker product or a permutation
)

// An operand is one factor of a product, r×c.
type operand struct {
	kind  kind
	a     *array
	trans bool // of dense: a is c×r
	r, c  int
	node  *expr.Node
	f     *factorization
	form  compressed.Form // of shaped, over the arrays read
	read  []*array
}

// operand reads a factor without computing its transpose or inverse.
func (b *builder) operand(n *expr.Node) operand {
	r, c := b.extent(n)
	o := operand{r: r, c: c, node: n}
	if a := b.known(n); a != nil {
		o.a = a
		return o
	}
	switch n.Op() {
	case expr.OpT:
		o = b.operand(n.Arg(0))
		o.node, o.r, o.c = n, r, c
		if o.kind == dense && o.a.isVector() {
			o.a = o.a.reshaped(r, c)
		} else if o.kind == dense {
			o.trans = !o.trans
		}
		if o.kind == inverted || o.kind == shaped {
			o.trans = !o.trans
		}
		return o
	case expr.OpDiag:
		o.kind, o.a = diagonal, b.value(n.Arg(0))
		return o
	case expr.OpInv:
		o.kind, o.f = inverted, b.factor(n.Arg(0))
		return o
	case expr.OpKron, expr.OpComm:
		if s := (finder{b, true}).structure(n); s.kron {
			o.kind, o.form = shaped, s.build(&o.read)
			return o
		}
	}
	o.a = b.value(n)
	return o
}

// A chain is the table of the cheapest orders of a product of operands.
type chain struct {
	b     *builder
	ops   []operand
	cells [][]cell // of operands i to j
	turns [][]int8 // whether operands i and j are transposes: 1 yes, -1 no, 0 not asked
}

// A cell is the cheapest way to a partial product.
type cell struct {
	cost  float64
	split int // the last operand of the left part, or one of the ways below
	kind  kind
}

// The ways to a product that are no split.
const (
	single   = -1 // one operand
	ready    = -2 // computed before
	mirrored = -3 // a congruence H'DH
)

// A partial is a product of matrices that has been computed: the value of its
// chain of factors.
type partial struct {
	chain []*expr.Node
	a     *array
}

func newChain(b *builder, ops []operand) *chain {
	k := len(ops)
	c := &chain{b: b, ops: ops, cells: make([][]cell, k), turns: make([][]int8, k)}
	cells, turns := make([]cell, k*k), make([]int8, k*k)
	for i := range ops {
		c.cells[i], c.turns[i] = cells[i*k:(i+1)*k], turns[i*k:(i+1)*k]
		c.cells[i][i] = cell{0, single, ops[i].kind}
	}
	for length := 2; length <= k; length++ {
		for i := 0; i+length <= k; i++ {
			c.choose(i, i+length-1)
		}
	}
	return c
}

// choose finds the cheapest way to the product of operands i to j.
func (c *chain) choose(i, j int) {
	at := &c.cells[i][j]
	*at = cell{math.Inf(1), i, dense}
	if c.cells[i][i].kind == diagonal && c.cells[i+1][j].kind == diagonal {
		at.kind = diagonal
	}
	if c.known(i, j) != nil {
		at.cost, at.split, at.kind = 0, ready, dense
		return
	}
	for m := i; m < j; m++ {
		parts := c.cells[i][m].cost + c.cells[m+1][j].cost
		if parts >= at.cost {
			continue
		}
		if cost := parts + c.work(i, m, j); cost < at.cost {
			at.cost, at.split = cost, m
		}
	}
	if cost, ok := c.congruence(i, j); ok && cost < at.cost {
		at.cost, at.split = cost, mirrored
	}
}

// known is the product of operands i to j where it has been computed already.
func (c *chain) known(i, j int) *array {
	first := c.ops[i].node
	for b := c.b; b != nil && first != nil; b = b.parent {
		if len(b.partials) == 0 {
			continue
		}
	next:
		for _, p := range b.partials[first] {
			if len(p.chain) != j-i+1 {
				continue
			}
			for k, n := range p.chain {
				if c.ops[i+k].node != n {
					continue next
				}
			}
			return p.a
		}
	}
	return nil
}

// remember keeps a product that other chains may contain.
func (b *builder) remember(chain []*expr.Node, a *array) {
	b.partials[chain[0]] = append(b.partials[chain[0]], partial{chain, a})
}

// work is what multiplying operands i to m by m+1 to j costs.
func (c *chain) work(i, m, j int) float64 {
	left, right := c.cells[i][m].kind, c.cells[m+1][j].kind
	switch {
	case left == shaped && right != shaped:
		return compressed.New(c.ops[i].form).Work() * float64(c.ops[j].c)
	case right == shaped:
		return compressed.New(c.ops[j].form).Work() * float64(c.ops[i].r)
	}
	return multiplyCost(left, c.ops[i].r, c.ops[m].c, c.ops[j].c, right)
}

// multiplyCost counts the operations of an r×k matrix times a k×c one.
func multiplyCost(left kind, r, k, c int, right kind) float64 {
	switch {
	case left == diagonal && right == diagonal:
		return float64(r)
	case left == diagonal || right == diagonal:
		return float64(r) * float64(c)
	}
	return 2 * float64(r) * float64(k) * float64(c)
}

// congruence is the cost of H'DH, of which one triangle is computed: the chain
// reads the same from the right, transposed.
func (c *chain) congruence(i, j int) (float64, bool) {
	r := c.ops[i].r
	if r == 1 || r != c.ops[j].c {
		return 0, false
	}
	if middle := c.ops[(i+j)/2]; (j-i)%2 == 0 && middle.kind != diagonal && !middle.node.Is(expr.Symmetric) {
		return 0, false
	}
	for k := 0; i+k < j-k; k++ {
		if !c.transposes(i+k, j-k) {
			return 0, false
		}
	}
	first, cost := c.half(i, j)
	if first > j || c.cells[first][j].kind != dense || c.cells[first][j].cost > 0 && c.cells[first][j].split == mirrored {
		return 0, false
	}
	inner := c.ops[first].r
	return c.cells[first][j].cost + cost + float64(r)*float64(r)*float64(inner), true
}

func (c *chain) transposes(i, j int) bool {
	at := &c.turns[i][j]
	if *at == 0 {
		*at = -1
		if expr.Transposes(c.ops[i].node, c.ops[j].node) {
			*at = 1
		}
	}
	return *at == 1
}

// half gives the first operand of H in H'DH, and what the multiplication by D
// costs.
func (c *chain) half(i, j int) (first int, cost float64) {
	if (j-i)%2 == 1 {
		return (i+j)/2 + 1, 0
	}
	middle := (i + j) / 2
	if middle == j {
		return j + 1, 0
	}
	o := c.ops[middle]
	return middle + 1, multiplyCost(o.kind, o.r, o.c, c.ops[j].c, dense)
}

// multiply emits the product of operands i to j, times alpha, into out (nil: a
// new array), which it adds to if accumulate.
func (c *chain) multiply(i, j int, alpha *scalar, out *array, accumulate bool) operand {
	if i == j && alpha == nil && out == nil {
		return c.ops[i]
	}
	r, k := c.ops[i].r, c.ops[j].c
	done := func(a *array) operand { return operand{a: a, r: r, c: k} }
	switch at := c.cells[i][j].split; {
	case i == j:
		return done(c.b.scaled(c.b.entries(c.ops[i]), alpha, out, accumulate))
	case at == ready:
		a := c.known(i, j)
		if alpha == nil && out == nil {
			return done(a)
		}
		return done(c.b.scaled(a, alpha, out, accumulate))
	case at == mirrored:
		a := c.symmetric(i, j, alpha, out, accumulate)
		c.keep(i, j, alpha, out, a)
		return done(a)
	default:
		left, right := c.multiply(i, at, nil, nil, false), c.multiply(at+1, j, nil, nil, false)
		if left.kind == diagonal && right.kind == diagonal && out == nil {
			o := done(c.b.hadamard(left.a, right.a, alpha))
			o.kind = diagonal
			return o
		}
		a := c.b.multiply(left, right, alpha, out, accumulate)
		c.keep(i, j, alpha, out, a)
		return done(a)
	}
}

// keep remembers a partial product, which other expressions may contain.
func (c *chain) keep(i, j int, alpha *scalar, out, a *array) {
	if alpha != nil || out != nil || j-i+1 == len(c.ops) { // the whole is known by its node
		return
	}
	var nodes []*expr.Node
	for _, o := range c.ops[i : j+1] {
		nodes = append(nodes, o.node)
	}
	c.b.remember(nodes, a)
}

// symmetric emits H'DH.
func (c *chain) symmetric(i, j int, alpha *scalar, out *array, accumulate bool) *array {
	first, _ := c.half(i, j)
	h := c.multiply(first, j, nil, nil, false)
	right := h
	if (j-i)%2 == 0 {
		middle := c.ops[(i+j)/2]
		if middle.kind == diagonal {
			return c.b.weighted(h, middle.a, alpha, out, accumulate)
		}
		right = operand{a: c.b.multiply(middle, h, nil, nil, false), r: h.r, c: h.c}
	}
	return c.b.triangle(h, right, alpha, out, accumulate)
}
