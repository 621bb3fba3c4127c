package matcalc

import (
	"path/filepath"
	"sort"
	"testing"
	"time"

	"github.com/nabla-go/nabla/matcalc/check"
)

// TestTables answers the larger tables; an answer is right when it passes the
// engine's own numeric check and, where a reference stands, equals it.
func TestTables(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no tables", err)
	}
	for _, file := range files {
		cases := loadCases(t, file)
		long, sized := 0, 0
		var times []time.Duration
		for _, c := range cases {
			if c.Wrt == "" {
				continue
			}
			v := c.variables(t)
			start := time.Now()
			f, err := v.Parse(c.Expr)
			if err != nil {
				t.Errorf("%s: %s: %v", c.ID, c.Expr, err)
				continue
			}
			d, err := f.Ask(c.Wrt, c.request())
			times = append(times, time.Since(start))
			if err != nil {
				t.Errorf("%s: d %s / d %s (%s %s): %v", c.ID, c.Expr, c.Wrt, c.Kind, c.Layout, err)
				continue
			}
			if c.Expected == "" {
				continue
			}
			if same, worst, err := check.Equal(d.node, v.Expr(c.Expected).node); err != nil || !same {
				t.Errorf("%s: d %s / d %s: got %s, want %s (%g, %v)", c.ID, c.Expr, c.Wrt, d, c.Expected, worst, err)
			}
			sized++
			if ratio := float64(d.node.Size()) / float64(c.Size); ratio > 1.5 {
				long++
				t.Logf("long %.2f %s: d %s / d %s = %s, reference %s", ratio, c.ID, c.Expr, c.Wrt, d, c.Expected)
			}
		}
		sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
		t.Logf("%s: %d cases, %d of %d longer than 1.5 times; median %v, longest %v", filepath.Base(file), len(cases), long, sized, times[len(times)/2], times[len(times)-1])
	}
}
