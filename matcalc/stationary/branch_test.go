package stationary_test

import (
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/stationary"
)

// find solves gradient = 0 for a text.
func find(t *testing.T, vars, f, wrt string) *stationary.Point {
	t.Helper()
	s, err := parse.Declarations(vars)
	if err != nil {
		t.Fatal(err)
	}
	n, err := parse.ASCII(f, s)
	if err != nil {
		t.Fatal(err)
	}
	p, err := stationary.Find(n, s.Vars[wrt], nil)
	if err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	return p
}

// TestBranches finds all stationary points of functions of one number, each
// with its kind.
func TestBranches(t *testing.T) {
	for _, c := range []struct {
		f    string
		want []string
	}{
		{"t^3-3*t", []string{"-1 max", "1 min"}},
		{"t^4-2*t^2", []string{"-1 min", "0 max", "1 min"}},
		{"(t^2-1)^2", []string{"-1 min", "0 max", "1 min"}},
		{"t^3/3-t^2/2-2*t", []string{"-1 max", "2 min"}},
		{"t^3-3*c*t", []string{"-sqrt(c) max", "sqrt(c) min"}},
		{"t^4/4-c*t^2/2", []string{"-sqrt(c) min", "0 max", "sqrt(c) min"}},
		{"t^3/3-c*t", []string{"-sqrt(c) max", "sqrt(c) min"}},
		{"t^4/4-2*t^3+11*t^2/2-6*t", []string{"1 min", "2 max", "3 min"}},
		{"t^2*exp(-t)", []string{"0 min", "2 max"}},
		{"t*exp(-t)", []string{"1 max"}},
		{"t*exp(-c*t)", []string{"1 /c max"}},
		{"t/(1+t^2)", []string{"-1 min", "1 max"}},
		{"t+1/t", []string{"-1 max", "1 min"}},
		{"arctan(t)-t/2", []string{"-1 min", "1 max"}},
		{"exp(-t^2)", []string{"0 max"}},
		{"log(1+t^2)", []string{"0 min"}},
		{"sqrt(1+t^2)-0.6*t", []string{"0.75 min"}},
		{"t^6-3*t^2", []string{"-1 min", "0 max", "1 min"}},
		{"cosh(t)-t^2/2", nil},
		{"t^5-t+exp(t)", nil},
	} {
		p := find(t, "t: scalar; c: scalar positive", c.f, "t")
		var got []string
		for _, b := range p.Branches {
			got = append(got, format.ASCII(b.Value)+" "+string(b.Kind))
		}
		if len(got) == 0 && p.Closed() {
			got = []string{format.ASCII(p.Root.Value) + " " + string(p.Kind)}
		}
		sort.Strings(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.f, got, c.want)
		}
	}
}

// TestRays finds directions: eigenvectors of Rayleigh quotients and points
// known but for their length.
func TestRays(t *testing.T) {
	const vars = "x: n; a: n; S: n×n symmetric; P: n×n pd; A: n×n; Z: m×n; c: scalar positive"
	for _, c := range []struct{ f, want, kind string }{
		{"x'*S*x/(x'*x)", "x = eigvecmax(S)", "max"},
		{"-x'*S*x/(x'*x)", "x = eigvecmax(S)", "min"},
		{"x'*S*x/norm2(x)^2", "x = eigvecmax(S)", "max"},
		{"norm2(Z*x)^2/(x'*x)", "x = eigvecmax(Z'*Z)", "max"},
		{"x'*A*x/(x'*x)", "x = eigvecmax(A+A')", "max"},
		{"x'*S*x/(x'*P*x)", "S*x = λ*P*x", "max"},
		{"(a'*x)^2/(x'*P*x)", "x = inv(P)*a", "max"},
		{"a'*x/norm2(x)", "x = a", "max"},
		{"norm2(x)^4/4-a'*x", "x = a/norm2(a)^(2/3)", "min"},
	} {
		p := find(t, vars, c.f, "x")
		if got := p.Solution(); strings.ReplaceAll(got, "A'+A", "A+A'") != c.want || string(p.Kind) != c.kind || p.Points == 0 {
			t.Errorf("%s: %s, a %s (%d points), want %s, a %s", c.f, got, p.Kind, p.Points, c.want, c.kind)
		}
		if p.NumPy() == "" {
			t.Errorf("%s: no code", c.f)
		}
	}
}
