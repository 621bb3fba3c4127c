package rewrite_test

import (
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// TestRules walks all rows: both sides parse, agree in shape and in value,
// simplification really turns the left into something no longer than the
// right, and is idempotent; names are unique; the result reads back.
func TestRules(t *testing.T) {
	en, zh := map[string]bool{}, map[string]bool{}
	for _, r := range rewrite.Rules() {
		if r.Name == "" || r.NameZH == "" || r.Why == "" || r.WhyZH == "" || en[r.Name] || zh[r.NameZH] {
			t.Errorf("%s/%s: a name or reason is missing or used twice", r.Name, r.NameZH)
		}
		en[r.Name], zh[r.NameZH] = true, true
		s, err := parse.Declarations(r.Vars)
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
			continue
		}
		left, err := parse.ASCII(r.Left, s)
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
			continue
		}
		right, err := parse.ASCII(r.Right, s)
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
			continue
		}
		if left.Shape() != right.Shape() {
			t.Errorf("%s: shapes %s and %s", r.Name, left.Shape(), right.Shape())
			continue
		}
		if same, worst, err := check.Equal(left, right); err != nil || !same {
			t.Errorf("%s: %s and %s differ by %g (%v)", r.Name, r.Left, r.Right, worst, err)
		}
		got := rewrite.Simplify(left)
		if got.Size() > right.Size() {
			t.Errorf("%s: %s simplifies to %s, longer than %s", r.Name, r.Left, format.ASCII(got), r.Right)
		}
		if again := rewrite.Simplify(got); again != got {
			t.Errorf("%s: not idempotent: %s, then %s", r.Name, format.ASCII(got), format.ASCII(again))
		}
		if same, _, err := check.Equal(got, right); err != nil || !same {
			t.Errorf("%s: %s simplifies to %s", r.Name, r.Left, format.ASCII(got))
		}
		if back, err := parse.ASCII(format.ASCII(got), s); err != nil || back.Key() != got.Key() {
			t.Errorf("%s: %s does not read back: %v", r.Name, format.ASCII(got), err)
		}
	}
}
