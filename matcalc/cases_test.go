package matcalc

import (
	"encoding/json"
	"os"
	"sort"
	"testing"
	"time"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
)

type tableVar struct {
	Shape []string `json:"shape"`
	Props []string `json:"props"`
}

type tableCase struct {
	ID        string              `json:"id"`
	Vars      map[string]tableVar `json:"vars"`
	Expr      string              `json:"expr"`
	Wrt       string              `json:"wrt"`
	Expected  string              `json:"expected"`
	Kind      string              `json:"kind"`
	Layout    string              `json:"layout"`
	Structure string              `json:"wrt_structure"`
	Size      int                 `json:"size"`
}

func loadCases(t testing.TB, file string) []tableCase {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []tableCase
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (c tableCase) variables(t testing.TB) *Variables {
	t.Helper()
	v := NewVariables()
	var names []string
	for n := range c.Vars {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if err := v.Declare(n, c.Vars[n].Shape, c.Vars[n].Props); err != nil {
			t.Fatal(c.ID, err)
		}
	}
	return v
}

func (c tableCase) request() Request {
	return Request{Kind: diff.Kind(c.Kind), Layout: diff.Layout(c.Layout), Structure: diff.Structure(c.Structure)}
}

// TestCases compares every case with its reference: equal in value and shape,
// and for nearly all not longer than 1.5 times.
func TestCases(t *testing.T) {
	cases := loadCases(t, "testdata/derivatives.json")
	var long int
	var times []time.Duration
	for _, c := range cases {
		v := c.variables(t)
		start := time.Now()
		f, err := v.Parse(c.Expr)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		d, err := f.Ask(c.Wrt, c.request())
		times = append(times, time.Since(start))
		if err != nil {
			t.Errorf("%s: d %s / d %s (%s): %v", c.ID, c.Expr, c.Wrt, c.Kind, err)
			continue
		}
		want := v.Expr(c.Expected)
		same, worst, err := check.Equal(d.node, want.node)
		if err != nil || !same {
			t.Errorf("%s: d %s / d %s: got %s, want %s (%g, %v)", c.ID, c.Expr, c.Wrt, d, c.Expected, worst, err)
		}
		if ratio := float64(d.node.Size()) / float64(c.Size); ratio > 1.5 {
			long++
			t.Logf("long %.2f %s: d %s / d %s = %s, reference %s", ratio, c.ID, c.Expr, c.Wrt, d, c.Expected)
		}
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	t.Logf("%d cases, %d longer than 1.5 times; median %v, longest %v", len(cases), long, times[len(times)/2], times[len(times)-1])
	if 20*long > len(cases) {
		t.Errorf("%d of %d answers are longer than 1.5 times the reference", long, len(cases))
	}
}
