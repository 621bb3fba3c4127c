package compile_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nabla-go/nabla/matcalc"
	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/compile"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
)

// A derivative is one of the verified cases that package matcalc is tested with.
type derivative struct {
	ID   string `json:"id"`
	Vars map[string]struct {
		Shape []string `json:"shape"`
		Props []string `json:"props"`
	} `json:"vars"`
	Expr      string `json:"expr"`
	Wrt       string `json:"wrt"`
	Kind      string `json:"kind"`
	Layout    string `json:"layout"`
	Structure string `json:"wrt_structure"`
}

func cases(t *testing.T) (all []derivative) {
	t.Helper()
	files, err := filepath.Glob("../testdata/cases/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var some []derivative
		if err := json.Unmarshal(text, &some); err != nil {
			t.Fatal(file, err)
		}
		all = append(all, some...)
	}
	return all
}

// roots are the expression of a case and its derivative.
func (d derivative) roots() (f, g *expr.Node) {
	v := matcalc.NewVariables()
	var names []string
	for n := range d.Vars {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		if v.Declare(n, d.Vars[n].Shape, d.Vars[n].Props) != nil {
			return nil, nil
		}
	}
	e, err := v.Parse(d.Expr)
	if err != nil {
		return nil, nil
	}
	a, err := e.Ask(d.Wrt, matcalc.Request{Kind: diff.Kind(d.Kind), Layout: diff.Layout(d.Layout), Structure: diff.Structure(d.Structure)})
	if err != nil {
		return nil, nil
	}
	return e.Node(), a.Node()
}

// TestAgainstEvaluator runs the program of each case, value and derivative in
// one, at several sizes, and holds it against the plain evaluator.
func TestAgainstEvaluator(t *testing.T) { againstEvaluator(t) }

// TestJoined does the same with steps joined in sweeps wherever that can be.
func TestJoined(t *testing.T) {
	defer compile.JoinAll()()
	if joined := againstEvaluator(t); joined < 1000 {
		t.Errorf("only %d steps were joined", joined)
	}
}

func againstEvaluator(t *testing.T) (joined int) {
	t.Helper()
	tested, compressed := 0, 0
	for _, d := range cases(t) {
		f, g := d.roots()
		if f == nil || declared(f) {
			continue
		}
		p := compile.New(f, g, g).Compress(2)
		vars := both(f, g)
		ran := false
		for round := range check.SizeRounds {
			var env *check.Env
			for try := range 6 {
				drawn, err := check.Draw(vars, round, try, f, g)
				if err != nil {
					continue
				}
				env = drawn
				if agrees(t, d, p, env, f, g) {
					ran = true
					break
				}
			}
			if env == nil {
				continue
			}
			if plan, err := p.Plan(env.Dims); err == nil && round == 0 {
				if r, c := plan.Compressed(2).Dims(); plan.Compressed(2).Words() < r*c {
					compressed++
				}
				joined += plan.Joined()
			}
		}
		if !ran {
			t.Logf("%s: %s is nowhere finite", d.ID, d.Expr)
			continue
		}
		tested++
	}
	if tested < 1000 {
		t.Errorf("only %d cases were run", tested)
	}
	if compressed < 100 {
		t.Errorf("only %d derivatives were kept by their structure", compressed)
	}
	return joined
}

// declared reports an unknown function, which has no value.
func declared(f *expr.Node) bool {
	return slices.ContainsFunc(expr.PostOrder(f), func(n *expr.Node) bool { return n.Op() == expr.OpApply })
}

func both(f, g *expr.Node) []*expr.Node {
	vars := f.Variables()
	for _, v := range g.Variables() {
		if !slices.Contains(vars, v) {
			vars = append(vars, v)
		}
	}
	return vars
}

// agrees compares at one point; false if the evaluator is not finite there.
func agrees(t *testing.T, d derivative, p *compile.Program, env *check.Env, roots ...*expr.Node) bool {
	t.Helper()
	plan, err := p.Plan(env.Dims)
	if err != nil {
		t.Errorf("%s: %v", d.ID, err)
		return true
	}
	for sym, v := range env.Vars {
		if err := plan.Set(sym, v.V); err != nil {
			t.Fatal(d.ID, err)
		}
	}
	var want []*check.Value
	for _, n := range roots {
		v, err := env.Eval(n)
		if err != nil || !v.Finite() {
			return false
		}
		want = append(want, v)
	}
	for again := range 2 { // buffers are used again
		if err := plan.Run(); err != nil {
			t.Errorf("%s: %s: %v", d.ID, d.Expr, err)
			return true
		}
		for i, w := range want {
			r, c, entries := plan.Result(i)
			got := &check.Value{R: r, C: c, V: entries}
			if off, row, col := check.Distance(got, w); !(off < 1e-8) {
				t.Errorf("%s: root %d of %s by %s, run %d, is off by %g at %d,%d\n%s", d.ID, i, d.Expr, d.Wrt, again, off, row, col, plan)
				return true
			}
		}
		kept := plan.Compressed(2)
		r, c := kept.Dims()
		got := &check.Value{R: r, C: c, V: kept.Dense().RawMatrix().Data}
		if off, row, col := check.Distance(got, want[1]); !(off < 1e-8) {
			t.Errorf("%s: %s by %s as %s, run %d, is off by %g at %d,%d\n%s", d.ID, d.Expr, d.Wrt, kept.Form(), again, off, row, col, plan)
			return true
		}
	}
	return true
}
