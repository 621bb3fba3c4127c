package matcalc

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/compile"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// TestCompiledTrees compiles random expressions with a derivative, dense and
// kept by its structure, and holds the numbers against the plain evaluator at
// several sizes. What prints as Go must be Go.
func TestCompiledTrees(t *testing.T) {
	count := 200
	if os.Getenv("NABLA_FULL") != "" {
		count = 10000
	}
	seed := uint64(2)
	if s, err := strconv.ParseUint(os.Getenv("NABLA_SEED"), 10, 64); err == nil {
		seed = s
	}
	compared := 0
	for i := range count {
		compared += compiledTree(t, seed, i)
	}
	t.Logf("%d comparisons", compared)
	if compared < count {
		t.Errorf("only %d comparisons", compared)
	}
}

// FuzzCompiledTrees lets the fuzzer choose the expressions.
func FuzzCompiledTrees(f *testing.F) {
	f.Add(uint64(2), uint16(0))
	f.Add(uint64(7), uint16(5))
	f.Fuzz(func(t *testing.T, seed uint64, i uint16) { compiledTree(t, seed, int(i)) })
}

// compiledTree compiles one expression and counts the comparisons.
func compiledTree(t *testing.T, seed uint64, i int) (compared int) {
	t.Helper()
	g := grower{rand.New(rand.NewPCG(seed, uint64(i)))}
	text, q := g.scalar(1+i%5), Request{Kind: diff.Gradient}
	switch i % 3 {
	case 1:
		text, q.Kind = g.vector(1+i%4), diff.Jacobian
	case 2:
		text, q.Kind = g.scalar(1+i%3), diff.Hessian
	}
	wrt := g.pick("x", "A", "X", "y", "S")
	f, err := Vars(randomVars).Parse(text)
	if err != nil {
		t.Fatal(text, err)
	}
	d, err := f.Ask(wrt, q)
	if err != nil {
		return 0 // TestRandomTrees looks at these
	}
	vars := f.node.Variables()
	for _, v := range d.node.Variables() {
		if !slices.Contains(vars, v) {
			vars = append(vars, v)
		}
	}
	c := compiledCase{fmt.Sprintf("seed %d/%d: %s by %s", seed, i, text, wrt), compile.New(f.node, d.node, d.node).Compress(2), f.node, d.node}
	for round := range check.SizeRounds {
		if env, err := check.Draw(vars, round, i, f.node, d.node); err == nil {
			compared += c.compare(t, env)
		}
	}
	for _, sizes := range []map[string]int{{"n": 1, "m": 1}, {"n": 1, "m": 3}, {"n": 4, "m": 1}, {"n": 9, "m": 17}} {
		env := &check.Env{Dims: sizes, Vars: map[*expr.Node]*check.Value{}}
		for _, v := range vars {
			env.Vars[v] = sampled(t, g.rng, v, sizes)
		}
		compared += c.compare(t, env)
	}
	plan, err := compile.New(f.node, d.node).Plan(map[string]int{"n": 3, "m": 4})
	if err != nil {
		t.Fatal(text, err)
	}
	var file compile.Source
	if file.Add(plan, "F", "value", "derivative") == nil {
		file.Text("p") // panics if it is no Go
	}
	return compared
}

// sampled are numbers for a variable, near a multiple of the identity so that
// what is inverted can be.
func sampled(t *testing.T, rng *rand.Rand, v *expr.Node, sizes map[string]int) *check.Value {
	t.Helper()
	r, err1 := v.Shape().Rows.Eval(sizes)
	c, err2 := v.Shape().Cols.Eval(sizes)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	x := &check.Value{R: r, C: c, V: make([]float64, r*c)}
	for i := range x.V {
		if v.Is(expr.Symmetric) && i%c < i/c {
			x.V[i] = x.V[i%c*c+i/c]
			continue
		}
		x.V[i] = rng.Float64() / 2
		if i/c == i%c && r == c {
			x.V[i] += 2
		}
	}
	return x
}

// A compiledCase is a program of f, its derivative, and that again compressed.
type compiledCase struct {
	name    string
	program *compile.Program
	f, d    *expr.Node
}

// compare holds the program against the evaluator; 0 where that is not finite.
func (c compiledCase) compare(t *testing.T, env *check.Env) int {
	t.Helper()
	value, err1 := env.Eval(c.f)
	derivative, err2 := env.Eval(c.d)
	if err1 != nil || err2 != nil || !value.Finite() || !derivative.Finite() {
		return 0
	}
	plan, err := c.program.Plan(env.Dims)
	if err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	for sym, v := range env.Vars {
		if err := plan.Set(sym, v.V); err != nil {
			t.Fatal(c.name, err)
		}
	}
	for range 2 { // buffers are used again
		if err := plan.Run(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
	}
	got := []*check.Value{{}, {}, {}}
	for root := range 2 {
		got[root].R, got[root].C, got[root].V = plan.Result(root)
	}
	kept := plan.Compressed(2)
	got[2].R, got[2].C = kept.Dims()
	got[2].V = kept.Dense().RawMatrix().Data
	for root, want := range []*check.Value{value, derivative, derivative} {
		if off, row, col := check.Distance(got[root], want); !(off < 1e-6) {
			t.Errorf("%s, sizes %v: root %d is off by %g at %d,%d", c.name, env.Dims, root, off, row, col)
		}
	}
	return 1
}
