package matcalc

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/compile"
	"github.com/nabla-go/nabla/matcalc/diff"
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
			continue // TestRandomTrees looks at these
		}
		vars := f.node.Variables()
		for _, v := range d.node.Variables() {
			if !slices.Contains(vars, v) {
				vars = append(vars, v)
			}
		}
		program := compile.New(f.node, d.node, d.node).Compress(2)
		for round := range check.SizeRounds {
			env, err := check.Draw(vars, round, i, f.node, d.node)
			if err != nil {
				continue
			}
			value, err1 := env.Eval(f.node)
			derivative, err2 := env.Eval(d.node)
			if err1 != nil || err2 != nil || !value.Finite() || !derivative.Finite() {
				continue
			}
			plan, err := program.Plan(env.Dims)
			if err != nil {
				t.Fatalf("seed %d/%d: %s by %s: %v", seed, i, text, wrt, err)
			}
			for sym, v := range env.Vars {
				if err := plan.Set(sym, v.V); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				if err := plan.Run(); err != nil {
					t.Fatalf("seed %d/%d: %s by %s: %v", seed, i, text, wrt, err)
				}
			}
			kept := plan.Compressed(2)
			r, c := kept.Dims()
			got := []*check.Value{{R: 1, C: 1}, {}, {R: r, C: c, V: kept.Dense().RawMatrix().Data}}
			for root := range 2 {
				got[root] = &check.Value{}
				got[root].R, got[root].C, got[root].V = plan.Result(root)
			}
			for root, want := range []*check.Value{value, derivative, derivative} {
				if off, row, col := check.Distance(got[root], want); !(off < 1e-6) {
					t.Errorf("seed %d/%d: root %d of %s by %s is off by %g at %d,%d", seed, i, root, text, wrt, off, row, col)
				}
			}
			compared++
		}
		plan, err := compile.New(f.node, d.node).Plan(map[string]int{"n": 3, "m": 4})
		if err != nil {
			t.Fatal(text, err)
		}
		var file compile.Source
		if file.Add(plan, "F", "value", "derivative") == nil {
			file.Text("p") // panics if it is no Go
		}
	}
	t.Logf("%d comparisons", compared)
	if compared < count {
		t.Errorf("only %d comparisons", compared)
	}
}
