package compile

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/nabla-go/nabla/matcalc/compressed"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A Program computes the values of some expressions of one context together.
type Program struct {
	roots []*expr.Node
	keep  []bool // of each root: keep it by its structure
	dims  []string
	mu    sync.Mutex
	plans []*Plan // the one that was asked for last comes first
}

// New makes a program for the roots.
func New(roots ...*expr.Node) *Program {
	p := &Program{roots: roots, keep: make([]bool, len(roots))}
	for _, n := range expr.PostOrder(roots...) {
		for _, s := range append([]shape.Size{n.Shape().Rows, n.Shape().Cols}, n.Sizes()...) {
			for _, name := range s.Names() {
				if !slices.Contains(p.dims, name) {
					p.dims = append(p.dims, name)
				}
			}
		}
	}
	slices.Sort(p.dims)
	return p
}

// Compress keeps root i by its structure: Plan.Compressed gives it, not Result.
// It returns p.
func (p *Program) Compress(i int) *Program {
	p.keep[i] = true
	return p
}

// Plan is the program for given sizes. The same sizes give the same Plan, which
// only one goroutine may use at a time.
func (p *Program) Plan(dims map[string]int) (*Plan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, plan := range p.plans {
		if p.fits(plan, dims) {
			p.plans[0], p.plans[i] = plan, p.plans[0]
			return plan, nil
		}
	}
	plan, err := build(p.roots, p.keep, dims)
	if err != nil {
		return nil, err
	}
	for _, d := range p.dims {
		plan.sizes = append(plan.sizes, dims[d])
	}
	p.plans = slices.Insert(p.plans, 0, plan)
	if len(p.plans) > maxPlans {
		p.plans = p.plans[:maxPlans]
	}
	return plan, nil
}

// maxPlans is the number of plans that a program keeps.
const maxPlans = 8

func (p *Program) fits(plan *Plan, dims map[string]int) bool {
	for i, d := range p.dims {
		if plan.sizes[i] != dims[d] {
			return false
		}
	}
	return true
}

// A step is one operation of a plan.
type step struct {
	name  string
	out   *array
	read  []*array
	flops float64 // floating-point operations
	bytes float64 // read and written, at least
	run   func() error
	code  func(s *source) // prints it as Go; nil where that cannot be

	sweep   *sweep          // how it works by rows; nil where it does not
	members []step          // those that are joined in one sweep
	strips  map[*memory]int // results by rows that may exist by panels of this many numbers for each lane
}

// A Plan is a sequence of steps over buffers of fixed sizes.
type Plan struct {
	steps   []step
	inputs  map[*expr.Node]*array
	results []*array // nil for one that is compressed
	kept    []*compressed.Matrix
	buffers []*buffer // to be made by the first run
	words   int       // float64s of all buffers
	sizes   []int     // of the program's dimensions
}

// Inputs are the variables that the plan reads.
func (p *Plan) Inputs() []*expr.Node {
	var out []*expr.Node
	for n := range p.inputs {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b *expr.Node) int { return a.ID() - b.ID() })
	return out
}

// Set gives a variable its entries by rows. The slice is not copied, so it must
// not change while the plan runs, unless it is a result of the plan, which the run
// overwrites: then its entries are kept.
func (p *Plan) Set(sym *expr.Node, entries []float64) error {
	a := p.inputs[sym]
	if a == nil {
		return nil
	}
	if len(entries) != a.size() {
		return fmt.Errorf("%s has %d entries where %d×%d are wanted", sym.Name(), len(entries), a.r, a.c)
	}
	if entries == nil { // none, which is a value
		entries = []float64{}
	}
	for _, r := range p.results {
		if r != nil && sameRoom(entries, r.mem.data) {
			a.mem.spare = append(a.mem.spare[:0], entries...)
			entries = a.mem.spare
		}
	}
	a.mem.data = entries
	return nil
}

// Run computes the results from the inputs.
func (p *Plan) Run() error { return p.RunContext(context.Background()) }

// RunContext is Run, ended between two steps by the context, whose error it then
// returns.
func (p *Plan) RunContext(ctx context.Context) error {
	for sym, a := range p.inputs {
		if a.mem.data == nil {
			return fmt.Errorf("%s has no value", sym.Name())
		}
	}
	if p.buffers != nil {
		allocate(p.buffers)
		p.buffers = nil
	}
	for i := range p.steps {
		if ctx.Err() != nil {
			return fmt.Errorf("the evaluation was interrupted: %w", ctx.Err())
		}
		if err := p.steps[i].run(); err != nil {
			return err
		}
	}
	return nil
}

// Result is the value of root i after Run, by rows; the next Run overwrites it.
func (p *Plan) Result(i int) (r, c int, entries []float64) {
	a := p.results[i]
	return a.r, a.c, a.v()
}

// Compressed is root i after Run, kept by its structure; nil unless Compress was
// asked for. The next Run changes its numbers.
func (p *Plan) Compressed(i int) *compressed.Matrix { return p.kept[i] }

// Flops are the floating-point operations of one run.
func (p *Plan) Flops() float64 {
	total := 0.0
	for _, s := range p.steps {
		total += s.flops
	}
	return total
}

// String shows the steps with their sizes, operations and bytes.
func (p *Plan) String() string {
	var b strings.Builder
	bytes := 0.0
	for i, s := range p.steps {
		bytes += s.bytes
		if s.members != nil {
			fmt.Fprintf(&b, "%3d  %-34s %13s %10s flop %10s B\n", i+1, s.name+":", "", short(s.flops), short(s.bytes))
			for _, m := range s.members {
				fmt.Fprintf(&b, "     · %-32s %6d×%-6d %10s flop\n", m.name, m.out.r, m.out.c, short(m.flops))
			}
			continue
		}
		fmt.Fprintf(&b, "%3d  %-34s %6d×%-6d %10s flop %10s B\n", i+1, s.name, s.out.r, s.out.c, short(s.flops), short(s.bytes))
	}
	fmt.Fprintf(&b, "     %-34s %13s %10s flop %10s B, buffers %s B\n", "all", "", short(p.Flops()), short(bytes), short(8*float64(p.words)))
	return b.String()
}

// short writes a count with a unit.
func short(x float64) string {
	for _, unit := range []string{"", "k", "M", "G"} {
		if x < 1000 {
			return fmt.Sprintf("%.3g%s", x, unit)
		}
		x /= 1000
	}
	return fmt.Sprintf("%.3gT", x)
}
