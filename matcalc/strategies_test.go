package matcalc

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nabla-go/nabla/matcalc/diff"
)

// applies is how many of the gradients and Jacobians in derivatives.json each
// strategy derives; the others it refuses with a reason.
var applies = map[Strategy]int{ByDifferential: 113, ByDefinition: 113, ByComponents: 90, ByChain: 113}

// TestStrategies derives every gradient and Jacobian by every strategy; a
// strategy may refuse by a reason, never fail. NABLA_FULL=1 takes all cases.
func TestStrategies(t *testing.T) {
	files := []string{"testdata/derivatives.json"}
	if os.Getenv("NABLA_FULL") != "" {
		more, err := filepath.Glob("testdata/cases/*.json")
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	count, refused := map[Strategy]int{}, map[Strategy]int{}
	var times []time.Duration
	for _, file := range files {
		for _, c := range loadCases(t, file) {
			if c.Kind != string(diff.Gradient) && c.Kind != string(diff.Jacobian) {
				continue
			}
			f, err := c.variables(t).Parse(c.Expr)
			if err != nil {
				t.Fatal(c.ID, err)
			}
			for _, by := range Strategies() {
				start := time.Now()
				d, err := f.DeriveBy(c.Wrt, c.request(), by)
				times = append(times, time.Since(start))
				if err != nil {
					refused[by]++
					if e, ok := err.(*Error); !ok || e.Class != "domain" || !strings.HasPrefix(e.Message, "by components") {
						t.Errorf("%s: d %s / d %s by %s: %v", c.ID, c.Expr, c.Wrt, by, err)
					}
					continue
				}
				count[by]++
				if len(d.Lines) < 2 || d.LaTeX() == "" || d.String() == "" {
					t.Errorf("%s by %s: no lines", c.ID, by)
				}
			}
		}
	}
	for _, by := range Strategies() {
		t.Logf("%s: %d derived, %d refused", by, count[by], refused[by])
		if len(files) == 1 && count[by] < applies[by] {
			t.Errorf("%s derives %d, want %d", by, count[by], applies[by])
		}
	}
	slices.Sort(times)
	t.Logf("median %v, longest %v", times[len(times)/2], times[len(times)-1])
}
