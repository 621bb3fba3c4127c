package compile

import (
	"fmt"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/compressed"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A builder lowers nodes to steps for given sizes. With a parent it only
// counts operations: what the parent has computed costs nothing.
type builder struct {
	parent   *builder
	dims     map[string]int
	uses     map[*expr.Node]int
	memo     map[*expr.Node]*array
	partials map[*expr.Node][]partial // by their first factor
	factored map[*expr.Node]*factorization
	inputs   map[*expr.Node]*array
	memories []*memory
	steps    []step
	cost     float64 // operations, and words moved, which cost more
	depth    int     // of forks
	err      error
}

// build lowers the roots; those to keep by their structure are not written out.
func build(roots []*expr.Node, keep []bool, dims map[string]int) (*Plan, error) {
	b := &builder{dims: dims, uses: map[*expr.Node]int{}, memo: map[*expr.Node]*array{}, partials: map[*expr.Node][]partial{},
		factored: map[*expr.Node]*factorization{}, inputs: map[*expr.Node]*array{}}
	for _, n := range expr.PostOrder(roots...) {
		for _, a := range n.Args() {
			b.uses[a]++
		}
	}
	plan := &Plan{inputs: b.inputs}
	var pinned []*array
	for _, r := range roots {
		b.uses[r]++
	}
	for i, r := range roots {
		if keep[i] {
			var read []*array
			form := finder{b, false}.structure(r).build(&read)
			pinned = append(pinned, read...)
			plan.results, plan.kept = append(plan.results, nil), append(plan.kept, compressed.New(form))
			continue
		}
		a := b.value(r)
		if a.mem.fixed { // an input or a constant: the result is a copy
			a = b.copied(a)
		}
		pinned = append(pinned, a)
		plan.results, plan.kept = append(plan.results, a), append(plan.kept, nil)
	}
	if b.err != nil {
		return nil, b.err
	}
	for _, a := range pinned {
		a.mem.fixed = true
	}
	plan.steps = join(b.steps)
	strip(plan.steps)
	plan.buffers, plan.words = assign(live(plan.steps, b.memories))
	return plan, nil
}

// fork is a builder that counts what further nodes would cost.
func (b *builder) fork() *builder {
	return &builder{parent: b, dims: b.dims, uses: b.uses, memo: map[*expr.Node]*array{}, partials: map[*expr.Node][]partial{},
		factored: map[*expr.Node]*factorization{}, inputs: map[*expr.Node]*array{}, depth: b.depth + 1}
}

// known is the array of a node that has been computed already.
func (b *builder) known(n *expr.Node) *array {
	for ; b != nil; b = b.parent {
		if a := b.memo[n]; a != nil {
			return a
		}
	}
	return nil
}

// value is the array of a node.
func (b *builder) value(n *expr.Node) *array {
	if a := b.known(n); a != nil {
		return a
	}
	a := b.lower(n)
	b.memo[n] = a
	return a
}

func (b *builder) lower(n *expr.Node) *array {
	if row := lowerings[n.Op()]; row != nil {
		return row(b, n)
	}
	if fusible(n) {
		return b.fuse(n)
	}
	return b.general(n)
}

// lowerings are the operators with steps of their own; the others are fused or
// left to package check. It is filled in init, as its rows call value.
var lowerings [expr.NumOps]func(b *builder, n *expr.Node) *array

func init() {
	for op, row := range map[expr.Op]func(b *builder, n *expr.Node) *array{
		expr.OpSym: (*builder).input, expr.OpNum: (*builder).number, expr.OpDim: (*builder).number,
		expr.OpEye: (*builder).constant, expr.OpOnes: (*builder).constant, expr.OpZeros: (*builder).constant, expr.OpComm: (*builder).constant,
		expr.OpMul: (*builder).product, expr.OpAdd: (*builder).sum, expr.OpT: (*builder).transpose, expr.OpVec: (*builder).vec,
		expr.OpInv: (*builder).inverse, expr.OpDet: (*builder).determinant, expr.OpLogDet: (*builder).determinant,
		expr.OpTr: (*builder).trace, expr.OpSum: (*builder).total, expr.OpNorm1: (*builder).norm, expr.OpNorm2: (*builder).norm,
		expr.OpLogSumExp: (*builder).logSumExp, expr.OpLSERows: (*builder).logSumExp, expr.OpSoftmax: (*builder).softmax, expr.OpSoftmaxRows: (*builder).softmax,
		expr.OpDiag: (*builder).diag, expr.OpDiagOf: (*builder).diagOf, expr.OpKron: (*builder).kron, expr.OpPow: (*builder).power,
	} {
		lowerings[op] = row
	}
}

// extent is the number of rows and columns of a node.
func (b *builder) extent(n *expr.Node) (r, c int) {
	return b.length(n.Shape().Rows), b.length(n.Shape().Cols)
}

func (b *builder) length(s shape.Size) int {
	k, err := s.Eval(b.dims)
	if err != nil && b.err == nil {
		b.err = err
	}
	return k
}

// room is a new array of the node's size, to be written by the next step.
func (b *builder) room(n *expr.Node) *array { r, c := b.extent(n); return b.array(r, c) }

func (b *builder) array(r, c int) *array {
	m := &memory{size: r * c}
	b.memories = append(b.memories, m)
	return &array{r, c, m}
}

// wordCost is the cost of moving one number, in operations of a matrix product.
const wordCost = 3

// emit appends a step that writes out and reads the others. The step must not
// be emitted before the arrays that it reads are. code prints it as Go; it is
// nil where that cannot be.
func (b *builder) emit(name string, out *array, flops float64, code func(s *source), run func() error, read ...*array) *array {
	words := float64(out.size())
	for _, a := range read {
		words += float64(a.size())
	}
	b.cost += flops + wordCost*words
	if b.parent != nil {
		return out
	}
	b.steps = append(b.steps, step{name: name, out: out, read: read, flops: flops, bytes: 8 * words, run: run, code: code})
	return out
}

func (b *builder) input(n *expr.Node) *array {
	if b.parent != nil {
		r, c := b.extent(n)
		return &array{r, c, &memory{size: r * c, fixed: true}}
	}
	r, c := b.extent(n)
	a := &array{r, c, &memory{size: r * c, fixed: true}}
	b.inputs[n] = a
	return a
}

func (b *builder) number(n *expr.Node) *array {
	a := b.array(1, 1)
	a.mem.fixed, a.mem.constant = true, true
	if n.Op() == expr.OpNum {
		a.mem.data = []float64{n.Rat().Float()}
	} else {
		a.mem.data = []float64{float64(b.length(n.Sizes()[0]))}
	}
	return a
}

// constant computes a matrix without variables once, when the plan is made.
func (b *builder) constant(n *expr.Node) *array {
	a := b.room(n)
	a.mem.fixed, a.mem.constant = true, true
	if b.parent != nil {
		return a
	}
	env := check.Env{Dims: b.dims}
	v, err := env.Eval(n)
	if err != nil {
		b.fail(err)
		return a
	}
	a.mem.data = v.V
	return a
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// general leaves an operator to the evaluator of package check.
func (b *builder) general(n *expr.Node) *array {
	var args []*array
	values := make([]*check.Value, len(n.Args()))
	cost := 0.0
	for i, x := range n.Args() {
		a := b.value(x)
		args = append(args, a)
		values[i] = &check.Value{R: a.r, C: a.c}
		cost += float64(a.size())
	}
	out := b.room(n)
	cost += float64(out.size())
	return b.emit(n.Op().String(), out, 10*cost, nil, func() error {
		for i, a := range args {
			values[i].V = a.v()
		}
		v, err := check.Apply(n, values)
		if err != nil {
			return err
		}
		if len(v.V) != out.size() {
			return fmt.Errorf("%v has %d entries where %d are wanted", n.Op(), len(v.V), out.size())
		}
		copy(out.v(), v.V)
		return nil
	}, args...)
}

// copied is a new array with the entries of another.
func (b *builder) copied(a *array) *array {
	out := b.array(a.r, a.c)
	b.emit("copy", out, 0, func(s *source) { s.line("copy(%v, %v)", out, a) }, moved(a.r, a.c, func(from, to int) {
		copy(out.v()[from*a.c:to*a.c], a.v()[from*a.c:])
	}), a)
	b.sweeping(sweep{height: out.tall(), rows: []*array{out, a}, part: func(p panel) { copy(p.take(out), p.take(a)) }})
	return out
}
