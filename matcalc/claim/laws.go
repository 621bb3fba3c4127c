package claim

import (
	"math"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// fallacy recognises g(a+b) = g(a)+g(b) and g(ab) = g(a)g(b) for a function
// that is not additive or not multiplicative.
func (c Claim) fallacy() *Fault {
	for _, p := range [][2]*expr.Node{{c.Truth, c.Claimed}, {c.Claimed, c.Truth}} {
		g, other := p[0], p[1]
		if len(g.Args()) == 0 || g.Op() == expr.OpAdd || g.Op() == expr.OpMul || g.Op() == expr.OpHad {
			continue
		}
		inside := g.Arg(0)
		name := g.Op().Info().Name
		apply := func(a *expr.Node) *expr.Node {
			args := append([]*expr.Node{a}, g.Args()[1:]...)
			return fits(func() *expr.Node { return expr.Rebuild(g, args) })
		}
		switch {
		case inside.Op() == expr.OpAdd && sameBag(spread(expr.Add, inside.Args(), apply), other):
			return newFault(rowNotAdditive, c.Truth, name)
		case inside.Op() == expr.OpMul && g.Op() != expr.OpInv && g.Op() != expr.OpT && sameBag(spread(expr.Mul, inside.Args(), apply), other):
			return newFault(rowNotProduct, c.Truth, name)
		}
	}
	return nil
}

// spread joins the values of a function at the parts.
func spread(join func(...*expr.Node) *expr.Node, parts []*expr.Node, apply func(*expr.Node) *expr.Node) *expr.Node {
	var out []*expr.Node
	for _, a := range parts {
		v := apply(a)
		if v == nil {
			return nil
		}
		out = append(out, v)
	}
	return fits(func() *expr.Node { return join(out...) })
}

func sameBag(a, b *expr.Node) bool { return a != nil && a.Key() == b.Key() }

// firstOrder recognises an identity that drops terms of second order in a
// variable: both sides agree at zero with their slopes, which are not zero.
func firstOrder(left, right *expr.Node) *Fault {
	rest := expr.Sub(left, right)
	for _, v := range variables(left, right) {
		if !left.DependsOn(v) || !right.DependsOn(v) || !flatAtZero(rest, right, v) {
			continue
		}
		dropped := Remainder(left, right)
		if dropped.Size() >= left.Size() {
			// A series that was cut: what is left out has no short form.
			return newFault(rowSeries, left, texts(v)...)
		}
		return newFault(rowFirstOrder, expr.Add(right, dropped), texts(v, dropped)...)
	}
	return nil
}

// Remainder is the difference of two sides with its terms collected.
func Remainder(left, right *expr.Node) *expr.Node {
	s := rewrite.New()
	out := s.Simplify(expr.Add(terms(expr.Sub(left, right))...))
	if ps, err := at(left, right); err == nil {
		missing, extra := ps.difference(right, left)
		for _, e := range extra {
			missing = append(missing, expr.Neg(e))
		}
		if len(missing) > 0 {
			if sum := expr.Add(missing...); sum.Size() <= out.Size() && ps.agree(sum, expr.Sub(left, right)) {
				return s.Polish(sum)
			}
		}
	}
	return s.Polish(out)
}

// flatAtZero tells whether rest has value and slope zero at v = 0 where the
// slope of other does not vanish.
func flatAtZero(rest, other, v *expr.Node) bool {
	vars := variables(rest, other)
	seen := 0
	for round := range check.SizeRounds {
		for try := 0; try < tries && seen <= round; try++ {
			env, err := check.Draw(vars, round, try, rest)
			if err != nil {
				return false
			}
			dir := env.Vars[v]
			zero := check.Zero(dir.R, dir.C)
			val, slope, err := env.Slope(rest, v, zero, dir)
			if err != nil {
				return false
			}
			_, main, err := env.Slope(other, v, zero, dir)
			if err != nil {
				return false
			}
			if !val.Finite() || !slope.Finite() || !main.Finite() {
				continue
			}
			seen++
			if size(val) > 1e-9 || size(slope) > 1e-9*(1+size(main)) || size(main) < 1e-6 {
				return false
			}
		}
	}
	return seen > 0
}

func size(v *check.Value) float64 {
	s := 0.0
	for _, x := range v.V {
		s = math.Max(s, math.Abs(x))
	}
	return s
}

// FirstOrder tells whether two sides agree to first order in the increments:
// their difference and its slope vanish where the increments are zero, and
// the right side does not vanish to first order itself.
func FirstOrder(left, right *expr.Node, increments []*expr.Node) bool {
	ctx := left.Context()
	t := ctx.Sym("·t", shape.Scalar, 0)
	with := map[*expr.Node]*expr.Node{}
	for _, d := range increments {
		with[d] = expr.Mul(t, d)
	}
	rest := expr.Substitute(expr.Sub(left, right), with)
	if !rest.DependsOn(t) {
		return false
	}
	return flatAtZero(rest, expr.Substitute(right, with), t)
}

// Degree is the power with which a node grows when the increments are doubled:
// 1 for dX, 2 for norm2(dX)^2; 0 when it is none of 1 to 4.
func Degree(n *expr.Node, increments []*expr.Node) int {
	with := map[*expr.Node]*expr.Node{}
	for _, d := range increments {
		with[d] = expr.Scale(expr.Int(2), d)
	}
	twice := expr.Substitute(n, with)
	ps, err := at(n, twice)
	if err != nil {
		return 0
	}
	r, ok := ps.multiple(twice, n)
	if !ok {
		return 0
	}
	for k := int64(1); k <= 4; k++ {
		if r.Equal(expr.Int(1 << k)) {
			return int(k)
		}
	}
	return 0
}
