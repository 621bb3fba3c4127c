package matcalc

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/check"
)

type stationaryCase struct {
	tableCase
	Solution, Constraint string
	Constraints          []string
	Closed               bool
}

func loadStationary(t *testing.T, file string) []stationaryCase {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []stationaryCase
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (c stationaryCase) find(t *testing.T, v *Variables) *StationaryPoint {
	f, err := v.Parse(c.Expr)
	if err != nil {
		t.Fatal(c.ID, err)
	}
	cs := c.Constraints
	if c.Constraint != "" {
		cs = []string{c.Constraint}
	}
	p, err := f.FindStationary(c.Wrt, cs...)
	if err != nil {
		t.Fatalf("%s: %s: %v", c.ID, c.Expr, err)
	}
	return p
}

// TestStationary compares solutions with references: equal in value, and of
// the same kind.
func TestStationary(t *testing.T) {
	cases := loadStationary(t, "testdata/stationary.json")
	for _, c := range cases {
		v := c.variables(t)
		p := c.find(t, v)
		if string(p.Kind) != c.Kind {
			t.Errorf("%s: %s is a %s (%s), want %s", c.ID, c.Expr, p.Kind, p.Why.En, c.Kind)
		}
		if p.Root == nil || p.Root.Value == nil {
			t.Errorf("%s: %s: no closed form; %s", c.ID, c.Expr, p.Solution())
			continue
		}
		if same, worst, err := check.Equal(p.Root.Value, v.Expr(c.Solution).node); !same || err != nil {
			t.Errorf("%s: %s: %s, want %s (%g, %v)", c.ID, c.Expr, p.Solution(), c.Solution, worst, err)
		}
	}
	t.Logf("%d cases", len(cases))
}

// TestStationaryOwn finds more points: each closed form has been put into the
// gradient, or, under constraints, into gradient and constraint, before it is
// given; the kinds are known.
func TestStationaryOwn(t *testing.T) {
	cases := loadStationary(t, "testdata/stationary_own.json")
	closed := 0
	for _, c := range cases {
		p := c.find(t, c.variables(t))
		if string(p.Kind) != c.Kind {
			t.Errorf("%s: %s by %s under %q is a %s (%s), want %s", c.ID, c.Expr, c.Wrt, c.Constraint, p.Kind, p.Why.En, c.Kind)
		}
		if p.Closed() != c.Closed {
			t.Errorf("%s: %s by %s under %q: closed form %v, want %v: %s", c.ID, c.Expr, c.Wrt, c.Constraint, p.Closed(), c.Closed, p.Solution())
		}
		if p.Closed() {
			closed++
			if p.Points == 0 || p.NumPy() == "" {
				t.Errorf("%s: not checked (%d points) or not printed (%q)", c.ID, p.Points, p.NumPy())
			}
		}
		for _, lang := range []string{"en", "zh"} {
			if text := p.Text(lang); strings.Contains(text, "%!") || strings.Contains(text, "·=") || strings.Count(text, "\n") < 1 {
				t.Errorf("%s: %s", c.ID, text)
			}
		}
	}
	t.Logf("%d cases, %d in closed form", len(cases), closed)
}

func TestStationaryRefused(t *testing.T) {
	v := Vars("x: n; y: n; A: n×n; C: m×n; d: m")
	for _, c := range []struct{ f, wrt, constraint, class string }{
		{"A*x", "x", "", "shape"}, {"x'*x", "z", "", "name"}, {"x'*x", "y", "", "domain"}, {"x'*x", "x", "C*x", "syntax"}, {"x'*x", "x", "C*x = x", "shape"}, {"x'*x", "x", "C*y = d", "domain"}, {"x'*x", "x", "C*x = e", "name"},
	} {
		var cs []string
		if c.constraint != "" {
			cs = []string{c.constraint}
		}
		_, err := v.Expr(c.f).FindStationary(c.wrt, cs...)
		if e, ok := err.(*Error); !ok || string(e.Class) != c.class {
			t.Errorf("%s by %s under %q: %v, want class %s", c.f, c.wrt, c.constraint, err, c.class)
		}
	}
}

func TestStationaryText(t *testing.T) {
	p := Vars("X: m×n tall; w: n; y: m").Expr("norm2(X*w-y)^2").Stationary("w")
	for lang, words := range map[string][]string{"en": {"X full column rank", "minimum", "convex"}, "zh": {"X 列满秩", "极小点", "令梯度为零"}} {
		text := p.Text(lang)
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%q is missing in\n%s", w, text)
			}
		}
	}
	if tex := p.Markup("zh"); !strings.Contains(tex, `\begin{aligned}`) {
		t.Error(tex)
	}
	t.Log("\n" + p.Text("zh"))
}
