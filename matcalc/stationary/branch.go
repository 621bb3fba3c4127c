package stationary

import (
	"slices"

	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
)

// A Branch is one of several stationary points.
type Branch struct {
	Value      *expr.Node
	Kind       Kind
	Why        Rule
	Conditions []Rule
}

// NumPy is the value as Python over np and sla.
func (b Branch) NumPy() string { return format.NumPy(b.Value) }

// unconstrained sets the root of gradient = 0, or its branches.
func (s *solver) unconstrained(p *Point) {
	scalar := p.Wrt.Shape().IsScalar()
	var all []*Root
	if scalar {
		all = s.roots(p.Gradient, p.Wrt)
		if len(all) > 1 && p.choose(s, all) {
			return
		}
	}
	if p.Root = s.solve(p.Gradient, p.Wrt); p.Root != nil && p.verified() {
		return
	}
	p.Root = nil
	if !p.choose(s, all) {
		s.rays(p)
	}
}

// underConstraints sets the root of the Lagrangian's gradient and the
// constraints.
func (s *solver) underConstraints(p *Point) {
	rays := func(p *Point) *Root { s.rays(p); return p.Root }
	for _, f := range []func(*Point) *Root{s.constrained, s.bordered, s.scaled, rays, s.signed, s.stiefel} {
		if p.Root = f(p); p.Root != nil && (len(p.Branches) > 0 || p.verified()) {
			return
		}
		p.Root, p.Kind, p.Many = nil, "", false
	}
}

// choose keeps those of the candidates that pass the check and tells whether
// there is one. The point is the first minimum, or else the first maximum.
func (p *Point) choose(s *solver, all []*Root) bool {
	var passed []*Point
	var seen []expr.Key
	for _, r := range all {
		q := *p
		q.Root = r
		if slices.Contains(seen, r.Value.Key()) || !q.verified() {
			continue
		}
		seen = append(seen, r.Value.Key())
		q.Conditions = q.conditions()
		q.classify(s)
		passed = append(passed, &q)
	}
	if len(passed) == 0 {
		return false
	}
	order := map[Kind]int{Min: 0, Max: 1, Saddle: 2, Undecided: 3}
	slices.SortStableFunc(passed, func(a, b *Point) int { return order[a.Kind] - order[b.Kind] })
	first := passed[0]
	p.Root, p.Points, p.Kind, p.Why, p.Many = first.Root, first.Points, first.Kind, first.Why, first.Many
	if len(passed) > 1 {
		for _, q := range passed {
			p.Branches = append(p.Branches, Branch{q.Root.Value, q.Kind, q.Why, q.Conditions})
		}
	}
	return true
}
