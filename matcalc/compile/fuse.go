package compile

import (
	"fmt"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/matcalc/blas"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// fusible reports an operator that works entry by entry.
func fusible(n *expr.Node) bool {
	switch op := n.Op(); op {
	case expr.OpAdd, expr.OpHad, expr.OpHPow:
		return true
	case expr.OpPow:
		return n.Shape().IsScalar()
	case expr.OpMul:
		return len(n.Product().Chain) <= 1
	default:
		return unary[op].block != nil
	}
}

// block is the number of entries that a loop takes at a time: its temporaries
// stay in the first cache.
const block = 512

// A loop computes entries block by block: instructions over registers, the
// first of which are the operands.
type loop struct {
	leaves []*array // full arrays and scalars
	code   []instruction
	where  map[*expr.Node]int // register of a node
	regs   int
	size   int       // entries
	flops  float64   // per entry
	banks  sync.Pool // of *bank
}

// An instruction writes register dst, a block, from registers or scalars.
type instruction struct {
	dst, x, y int
	// One of these is set.
	one func(dst, x []float64)
	two func(dst, x, y []float64)
	by  func(dst, x []float64, k float64)
	k   float64
	// text is the result as Go, of the two operands; of one and k.
	text string
}

// fuse computes a node and what below it works entry by entry, and is used
// nowhere else, in one loop.
func (b *builder) fuse(n *expr.Node) *array {
	l := b.loop(n)
	out := b.room(n)
	size, result := out.size(), l.where[n]
	l.size, l.banks.New = size, l.bank(min(block, size))
	store := func(p panel) {
		to := p.take(out)
		l.over(p, func(at int, regs [][]float64) { copy(to[at:], regs[result]) })
	}
	run := l.runner(store)
	b.emit(l.title(n), out, l.flops*float64(size), func(s *source) {
		l.print(s, size, func(value string) { s.line("%v[i] = %s", out, value) })
	}, func() error {
		run()
		return nil
	}, l.leaves...)
	b.sweeping(sweep{height: out.tall(), rows: append(l.full(), out), part: store})
	return out
}

// fuseSum is the sum over all entries of a node, without storing them.
func (b *builder) fuseSum(n *expr.Node) *array {
	l := b.loop(n)
	r, c := b.extent(n)
	out, result := b.array(1, 1), l.where[n]
	partial := make([]float64, (r*c+block-1)/block) // added in order, whoever computes them
	l.size, l.banks.New = r*c, l.bank(min(block, r*c))
	run := l.runner(func(p panel) {
		l.over(p, func(at int, regs [][]float64) { partial[(p.from+at)/block] = sumBlock(regs[result]) })
	})
	b.emit("sum of "+l.title(n), out, (l.flops+1)*float64(r*c), func(s *source) {
		s.line("%v[0] = 0", out)
		l.print(s, r*c, func(value string) { s.line("%v[0] += %s", out, value) })
	}, func() error {
		run()
		out.v()[0] = sumBlock(partial)
		return nil
	}, l.leaves...)
	b.sweeping(summed((&array{r: r, c: c}).tall(), out, false, func(p panel, to []float64) {
		l.over(p, func(_ int, regs [][]float64) { to[0] += sumBlock(regs[result]) })
	}, l.full()...))
	return out
}

// full are the operands that are no scalars spread over all entries.
func (l *loop) full() (rows []*array) {
	for _, a := range l.leaves {
		if a.size() == l.size {
			rows = append(rows, a)
		}
	}
	return rows
}

func (l *loop) title(n *expr.Node) string {
	if len(l.code) == 1 {
		return n.Op().String()
	}
	return "fused loop, " + n.Op().String()
}

// loop makes the instructions for a node.
func (b *builder) loop(root *expr.Node) *loop {
	l := &loop{where: map[*expr.Node]int{}}
	inside := b.inside(root)
	code := expr.PostOrderBut(func(n *expr.Node) bool { return !inside[n] }, root)
	// The operands take the first registers, in the order in which they are met.
	for _, n := range code {
		for _, a := range operands(n) {
			if _, ok := l.where[a]; !ok && !inside[a] {
				l.where[a] = len(l.leaves)
				l.leaves = append(l.leaves, b.value(a))
			}
		}
	}
	l.regs = len(l.leaves)
	for _, n := range code {
		l.where[n] = l.regs
		l.regs++
		l.translate(n)
	}
	return l
}

// inside are the nodes that the loop of root computes: those of its shape that
// work entry by entry and whose every use is inside.
func (b *builder) inside(root *expr.Node) map[*expr.Node]bool {
	inside := map[*expr.Node]bool{root: true}
	met := map[*expr.Node]int{}
	queue := []*expr.Node{root}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, a := range operands(n) {
			met[a]++
			if met[a] < max(b.uses[a], 1) || inside[a] || a.Shape() != root.Shape() || !fusible(a) || b.known(a) != nil || a.Op() == expr.OpAdd && b.accumulates(a) {
				continue
			}
			inside[a] = true
			queue = append(queue, a)
		}
	}
	return inside
}

// operands are the nodes whose values the instruction of n reads; constants of
// sums, products and powers are part of the instruction.
func operands(n *expr.Node) []*expr.Node {
	var out []*expr.Node
	for _, a := range n.Args() {
		if _, ok := constantIn(n, a); !ok {
			out = append(out, a)
		}
	}
	return out
}

// constantIn is the number that the operand a of n is in every entry.
func constantIn(n, a *expr.Node) (float64, bool) {
	switch n.Op() {
	case expr.OpAdd, expr.OpHad, expr.OpMul:
		p := a.Product() // 3, ones(n), 2*ones(n)
		if len(p.Scalars) == 0 && (len(p.Chain) == 0 || len(p.Chain) == 1 && p.Chain[0].Op() == expr.OpOnes) {
			return p.Coef.Float(), true
		}
	case expr.OpPow, expr.OpHPow:
		return a.Rat().Float(), a.Op() == expr.OpNum
	}
	return 0, false
}

// translate appends the instructions of one node.
func (l *loop) translate(n *expr.Node) {
	dst := l.where[n]
	switch n.Op() {
	case expr.OpAdd:
		l.gather(n, dst, addBlock, shiftBlock, "%s + %s", 0, func(x, y float64) float64 { return x + y })
	case expr.OpHad, expr.OpMul:
		l.gather(n, dst, mulBlock, scaleBlock, "%s * %s", 1, func(x, y float64) float64 { return x * y })
	case expr.OpHPow, expr.OpPow:
		l.flops += 2
		base, exponent := n.Arg(0), n.Arg(1)
		switch {
		case exponent.Op() == expr.OpNum:
			l.code = append(l.code, instruction{dst: dst, x: l.where[base], one: powBy(exponent.Rat().Float()),
				text: "math.Pow(%s, " + number(exponent.Rat().Float()) + ")"})
		case base.Op() == expr.OpNum: // a number to a power
			l.code = append(l.code, instruction{dst: dst, x: l.where[exponent], by: func(dst, x []float64, k float64) {
				for i := range dst {
					dst[i] = k
				}
				powBlock(dst, dst, x)
			}, y: -1, k: base.Rat().Float(), text: "math.Pow(%[2]s, %[1]s)"})
		default:
			l.code = append(l.code, instruction{dst: dst, x: l.where[base], y: l.where[exponent], two: powBlock, text: "math.Pow(%s, %s)"})
		}
	default:
		l.flops += 10
		l.code = append(l.code, instruction{dst: dst, x: l.where[n.Arg(0)], one: unary[n.Op()].block, text: unary[n.Op()].text})
	}
}

// gather folds the operands of a sum or product; numbers become one constant.
func (l *loop) gather(n *expr.Node, dst int, two func(dst, x, y []float64), by func(dst, x []float64, k float64),
	text string, neutral float64, fold func(x, y float64) float64) {
	constant, have := neutral, -1
	for _, a := range n.Args() {
		if k, ok := constantIn(n, a); ok {
			constant = fold(constant, k)
			continue
		}
		x := l.where[a]
		l.flops++
		if have < 0 {
			have = x
			continue
		}
		l.code = append(l.code, instruction{dst: dst, x: have, y: x, two: two, text: text})
		have = dst
	}
	if have < 0 || constant != neutral || have != dst {
		if have < 0 { // numbers alone
			l.code = append(l.code, instruction{dst: dst, x: -1, y: -1, by: func(dst, _ []float64, k float64) {
				for i := range dst {
					dst[i] = k
				}
			}, k: constant, text: "float64(%[2]s)"})
			return
		}
		l.code = append(l.code, instruction{dst: dst, x: have, y: -1, by: by, k: constant, text: text})
	}
}

// print writes the loop as Go; store takes the expression of the result.
func (l *loop) print(s *source, size int, store func(value string)) {
	names := make([]string, l.regs)
	for i, a := range l.leaves {
		names[i] = s.name(a) + "[i]"
		if a.size() == 1 && size > 1 {
			names[i] = s.name(a) + "[0]"
		}
	}
	s.line("for i := range %d {", size)
	for _, c := range l.code {
		var args []any
		if c.x >= 0 {
			args = append(args, names[c.x])
		} else {
			args = append(args, "0")
		}
		if c.two != nil {
			args = append(args, names[c.y])
		} else if c.by != nil {
			args = append(args, number(c.k))
		}
		value := fmt.Sprintf(c.text, args...)
		for _, helper := range []string{"sign", "when", "sigmoid", "softplus"} {
			s.used[helper] = s.used[helper] || strings.HasPrefix(value, helper+"(")
		}
		define := ":="
		if names[c.dst] != "" {
			define = "="
		}
		names[c.dst] = fmt.Sprintf("r%d", c.dst)
		s.line("%s %s %s", names[c.dst], define, value)
	}
	store(names[len(names)-1])
	s.line("}")
}

// piece is the number of entries that one core takes at a time.
const piece = 32 * block

// A bank holds the registers of a loop while a core works through entries, at
// most width at a time.
type bank struct {
	width             int
	rows, blocks, reg [][]float64
}

// bank makes banks.
func (l *loop) bank(width int) func() any {
	return func() any {
		b := &bank{width, make([][]float64, len(l.leaves)), make([][]float64, l.regs), make([][]float64, l.regs)}
		for i := range b.blocks {
			if i >= len(l.leaves) || l.leaves[i].size() != l.size {
				b.blocks[i] = make([]float64, width)
			}
		}
		return b
	}
}

// over computes the entries of a panel; take is called for each block of them,
// with the place of its first in the panel.
func (l *loop) over(p panel, take func(at int, regs [][]float64)) {
	b := l.banks.Get().(*bank)
	defer l.banks.Put(b)
	size := 0
	if l.size > 0 {
		size = (p.to - p.from) * (l.size / p.height)
	}
	for i, a := range l.leaves {
		if a.size() == l.size {
			b.rows[i] = p.take(a)
			continue
		}
		b.rows[i] = nil // a scalar is spread over a block
		k := a.v()[0]
		for j := range b.blocks[i] {
			b.blocks[i][j] = k
		}
	}
	for at := 0; at < size; at += b.width {
		n := min(b.width, size-at)
		for i := range b.reg {
			if i < len(l.leaves) && b.rows[i] != nil {
				b.reg[i] = b.rows[i][at : at+n]
			} else {
				b.reg[i] = b.blocks[i][:n]
			}
		}
		l.step(b.reg)
		take(at, b.reg)
	}
}

// runner is the step over all entries, on several cores where there are many.
func (l *loop) runner(part func(p panel)) func() {
	size := l.size
	if size < 2*piece {
		return func() { part(panel{size, 0, size, 0}) }
	}
	pieces := func(k int) { part(panel{size, k * piece, min(size, (k+1)*piece), 0}) }
	return func() { blas.Parallel((size+piece-1)/piece, pieces) }
}

// step carries out the instructions on one block.
func (l *loop) step(regs [][]float64) {
	for i := range l.code {
		c := &l.code[i]
		switch {
		case c.two != nil:
			c.two(regs[c.dst], regs[c.x], regs[c.y])
		case c.one != nil:
			c.one(regs[c.dst], regs[c.x])
		case c.x < 0:
			c.by(regs[c.dst], nil, c.k)
		default:
			c.by(regs[c.dst], regs[c.x], c.k)
		}
	}
}
