package diff_test

import (
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// TestRules differentiates every row in its direction and compares.
func TestRules(t *testing.T) {
	names := map[string]bool{}
	covered := map[expr.Op]bool{}
	for _, r := range diff.Rules() {
		if r.Name == "" || r.NameZH == "" || r.Why == "" || r.WhyZH == "" || names[r.Name] || names[r.NameZH] {
			t.Errorf("%s/%s: a name or reason is missing or used twice", r.Name, r.NameZH)
		}
		names[r.Name], names[r.NameZH] = true, true
		s, err := parse.Declarations(r.Vars)
		if err != nil {
			t.Fatal(r.Name, err)
		}
		f, err := parse.ASCII(r.F, s)
		if err != nil {
			t.Fatal(r.Name, err)
		}
		covered[f.Op()] = true
		if f.Shape() != s.Vars[r.Wrt].Shape() && s.Vars[r.Wrt].Shape() != s.Vars["d"+r.Wrt].Shape() {
			t.Errorf("%s: the direction has another shape than the variable", r.Name)
		}
		d, err := parse.ASCII(r.D, s)
		if err != nil {
			t.Fatal(r.Name, err)
		}
		got, err := diff.Directional(f, s.Vars[r.Wrt], s.Vars["d"+r.Wrt], rewrite.New())
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
			continue
		}
		if same, worst, err := check.Equal(got, d); err != nil || !same {
			t.Errorf("%s: d(%s) = %s, want %s (%g, %v)", r.Name, r.F, format.ASCII(got), r.D, worst, err)
		}
		if back, err := parse.ASCII(format.ASCII(got), s); err != nil || rewrite.Simplify(back).Key() != got.Key() {
			t.Errorf("%s: %s does not read back: %v", r.Name, format.ASCII(got), err)
		}
	}
	for op := expr.OpInvalid + 1; op < expr.NumOps; op++ {
		if op.Info().Kind != expr.Leaf && !covered[op] && diff.HasDerivative(op) {
			t.Errorf("no rule tells the differential of %v", op)
		}
	}
}

// TestEveryOperator names the operators without a rule in one of the tables.
func TestEveryOperator(t *testing.T) {
	for op := expr.OpInvalid + 1; op < expr.NumOps; op++ {
		for _, table := range diff.Lacking(op) {
			t.Errorf("%v has no row in %s", op, table)
		}
	}
}
