package review

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/nabla-go/nabla/matcalc/claim"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/shape"
	"github.com/nabla-go/nabla/matcalc/stationary"
	"github.com/nabla-go/nabla/matcalc/words"
)

// verdict is that on one pair of sides.
type verdict struct {
	verdict claim.Verdict
	sense   Sense
	derived bool
	reason  Words
	numbers Words // that show the difference
	right   string
	swap    [2]string // a name and the one that was meant
}

// compare judges left = right.
func (j *judge) compare(left, right string) (verdict, error) {
	if j.indexed(left) || j.indexed(right) {
		return j.entries(latexEntries(left), latexEntries(right))
	}
	if body, order, ok := remainder(right); ok {
		return j.withRemainder(left, body, order)
	}
	return j.compareWith(left, func(_ *expr.Node, m mode) (*side, error) { return j.read(right, m) })
}

// sumsIndex reports sum(i, ...).
func sumsIndex(text string) bool {
	for _, part := range strings.Split(text, "sum(")[1:] {
		k := wordEnd(part, 0)
		if k > 0 && strings.HasPrefix(strings.TrimSpace(part[k:]), ",") {
			return true
		}
	}
	return false
}

// compareWith reads both sides, d first as an increment, then as a
// differential, and judges.
func (j *judge) compareWith(left string, right func(l *expr.Node, m mode) (*side, error)) (verdict, error) {
	l, err := j.read(left, infinitesimal)
	if err != nil {
		return j.unreadable(err, nil, nil, left)
	}
	r, err := right(l.node, infinitesimal)
	if err != nil {
		return j.unreadable(err, l, r, "")
	}
	out := verdict{verdict: claim.True, derived: l.derivative || r.derivative || l.differential || r.differential}
	if l.differential || r.differential {
		if j.asIncrements(left, right) {
			f, err := claim.Judge(j.claim(l, r))
			out.derived = err == nil && f.Verdict == claim.True // linear: the differential is the increment
			return out, nil
		}
	} else if len(j.moving) > 0 && l.node.Shape() == r.node.Shape() && j.together(l.node, r.node) {
		out.sense = FirstOrder
	}
	f, err := claim.Judge(j.claim(l, r))
	if err != nil {
		return out, err
	}
	if f.Verdict == claim.True {
		if l.differential || r.differential {
			out.sense = AsDifferentials
		} else {
			out.sense = Exactly
		}
		return out, nil
	}
	if out.sense == FirstOrder || (l.differential || r.differential) && l.node.Shape() == r.node.Shape() && claim.FirstOrder(l.node, r.node, j.increments()) {
		out.sense = FirstOrder
		return out, nil
	}
	j.explain(&out, f, l, r)
	return out, nil
}

// asIncrements tells whether the sides are equal with d as an increment.
func (j *judge) asIncrements(left string, right func(l *expr.Node, m mode) (*side, error)) bool {
	l, err := j.read(left, increment)
	if err != nil {
		return false
	}
	r, err := right(l.node, increment)
	if err != nil || l.node.Shape() != r.node.Shape() {
		return false
	}
	f, err := claim.Judge(claim.Claim{Truth: l.node, Claimed: r.node, Identity: true})
	return err == nil && f.Verdict == claim.True
}

// together tells whether two sides without a differential of their own agree
// to first order only: increments stand in both.
func (j *judge) together(l, r *expr.Node) bool {
	for _, d := range j.increments() {
		if l.DependsOn(d) && r.DependsOn(d) {
			return claim.FirstOrder(l, r, j.increments())
		}
	}
	return false
}

func (j *judge) increments() []*expr.Node {
	var out []*expr.Node
	for _, d := range j.moving {
		out = append(out, d)
	}
	return out
}

// claim makes the claim of two sides.
func (j *judge) claim(l, r *side) claim.Claim {
	c := claim.Claim{Truth: l.node, Claimed: r.node, Identity: true}
	if l.derivative && l.f != nil {
		c.Identity, c.F, c.Wrt, c.Request = false, j.expanded(l.f), l.wrt, l.request
		if !c.F.DependsOn(c.Wrt) || c.Wrt.Op() != expr.OpSym {
			c.F = nil
		}
	}
	return c
}

// names lists the declared and defined names.
func (j *judge) names() []string {
	return sortedNames(j.scope.Vars)
}

// unreadable turns sides whose operands do not fit, and names that nobody
// knows, into a verdict; other errors stay.
func (j *judge) unreadable(err error, l, r *side, left string) (verdict, error) {
	var e *shape.Error
	if !errors.As(err, &e) || e.Class != shape.Mismatch && e.Class != shape.Unknown {
		return verdict{}, err
	}
	if e.Class == shape.Unknown {
		return j.unknown(e), nil
	}
	out := verdict{verdict: claim.ShapeError, derived: l != nil && (l.derivative || l.differential)}
	if l == nil || r == nil {
		out.reason = inBoth(e.Message)
		return out, nil
	}
	f := claim.Misshapen(r.text, err, l.node, j.names(), j.parsed)
	if other := j.otherName(l, r, err); other != nil {
		return *other, nil
	}
	j.explain(&out, f, l, r)
	return out, nil
}

// otherName judges a line whose left side is the derivative of something that
// does not depend on the variable: if the right side, mended, is the
// derivative of another name, that name was meant.
func (j *judge) otherName(l, r *side, fault error) *verdict {
	if l == nil || l.f == nil || l.under == "" || !l.node.IsZero() {
		return nil
	}
	for _, name := range j.names() {
		if j.defs[j.scope.Vars[name]] == nil {
			continue
		}
		meant, err := j.read("∂"+name+"/∂"+l.under, infinitesimal)
		if err != nil || meant.node.IsZero() {
			continue
		}
		f := claim.Misshapen(r.text, fault, meant.node, nil, j.parsed)
		if !f.Mended() {
			continue
		}
		out := &verdict{derived: true}
		j.explain(out, f, l, r)
		left := strings.TrimSpace(l.text)
		out.reason = Words{fmt.Sprintf("the left side must be the derivative of %s: %s is zero, since it does not depend on %s", name, left, l.under),
			fmt.Sprintf("左边应为 %s 的导数：%s 为零，因为它与 %s 无关", name, left, l.under)}.joined(out.reason)
		out.right = "d" + name + "/d" + l.under + " = " + out.right
		return out
	}
	return nil
}

// parsed reads a text as an expression.
func (j *judge) parsed(text string) (*expr.Node, error) {
	s, err := j.read(text, infinitesimal)
	if err != nil {
		return nil, err
	}
	return s.node, nil
}

// unknown is the verdict on a line with a name that is not known.
func (j *judge) unknown(e *shape.Error) verdict {
	out := verdict{verdict: claim.False, reason: Words{e.Message + "; " + e.Hint, words.In("zh", e.Message) + "；" + words.In("zh", e.Hint)}}
	name := strings.TrimPrefix(e.Message, "undefined ")
	for _, n := range j.names() {
		if strings.EqualFold(n, name) {
			out.reason = Words{fmt.Sprintf("%s is not defined; %s is: the two must be the same letter", name, n), fmt.Sprintf("%s 没有定义，定义过的是 %s：两处应为同一个字母", name, n)}
			out.swap = [2]string{name, n}
		}
	}
	return out
}

// explain fills in what is wrong and the correct form.
func (j *judge) explain(out *verdict, f *claim.Finding, sides ...*side) {
	out.verdict = f.Verdict
	out.reason = Words{f.Reason("en"), f.Reason("zh")}
	out.numbers = Words{f.Sides("en"), f.Sides("zh")}
	if right := f.Repair(); right != "" {
		out.right = right
	}
	for _, s := range sides {
		if s == nil {
			continue
		}
		for _, fresh := range longestFirst(s.names) {
			out.reason.En = strings.ReplaceAll(out.reason.En, fresh, s.names[fresh])
			out.reason.Zh = strings.ReplaceAll(out.reason.Zh, fresh, s.names[fresh])
			out.right = strings.ReplaceAll(out.right, fresh, s.names[fresh])
		}
	}
}

// longestFirst lists the fresh names so that none is replaced within another.
func longestFirst(names map[string]string) []string {
	out := make([]string, 0, len(names))
	for n := range names {
		out = append(out, n)
	}
	sort.Slice(out, func(i, j int) bool { return len(out[i]) > len(out[j]) || len(out[i]) == len(out[j]) && out[i] < out[j] })
	return out
}

// remainder takes + O(...) off the end of a side.
func remainder(text string) (body, order string, ok bool) {
	k := strings.LastIndex(text, "O(")
	if k <= 0 {
		return "", "", false
	}
	head := strings.TrimSpace(text[:k])
	inside, end := operand(text, k+1)
	if !strings.HasSuffix(head, "+") || end == k+1 || strings.TrimSpace(text[end:]) != "" {
		return "", "", false
	}
	return strings.TrimSpace(strings.TrimSuffix(head, "+")), inside, true
}

// withRemainder judges left = body + O(order), left being an exact increment.
func (j *judge) withRemainder(left, body, order string) (verdict, error) {
	l, err := j.read(left, increment)
	if err != nil {
		return j.unreadable(err, nil, nil, left)
	}
	b, err := j.read(body, increment)
	if err != nil {
		return j.unreadable(err, l, &side{text: body}, "")
	}
	o, err := j.read(order, increment)
	if err != nil {
		return verdict{}, err
	}
	out := verdict{verdict: claim.True, sense: FirstOrder}
	degree := claim.Degree(o.node, j.increments())
	if l.node.Shape() != b.node.Shape() || !claim.FirstOrder(l.node, b.node, j.increments()) {
		f, err := claim.Judge(claim.Claim{Truth: l.node, Claimed: b.node, Identity: true})
		if err != nil {
			return out, err
		}
		if f.Verdict == claim.True {
			return out, nil
		}
		j.explain(&out, f, l, b)
		return out, nil
	}
	if degree >= 2 {
		return out, nil
	}
	var names []string
	for _, d := range o.node.Variables() {
		if j.isIncrement(d.Name()) {
			names = append(names, d.Name())
		}
	}
	what := strings.Join(names, "+")
	if what == "" {
		what = order
	}
	out.verdict = claim.False
	out.right = fmt.Sprintf("%s + O(norm2(%s)^2)", body, what)
	dropped := format.ASCII(claim.Remainder(l.node, b.node))
	out.reason = Words{
		fmt.Sprintf("O(%s) is of first order, as the terms that are kept: with it the line would say nothing; what is dropped, %s, is of second order", order, dropped),
		fmt.Sprintf("O(%s) 与保留的项同为一阶，这样写等于什么也没说；实际略去的 %s 是二阶项", order, dropped),
	}
	return out, nil
}

// solution judges x = ... as a solution of the equation before, or of gradient
// = 0 where a line has the gradient by x.
func (j *judge) solution(l *Line, sides []string) (bool, error) {
	x := j.scope.Vars[sides[0]]
	e := j.equation
	if e == nil {
		e = j.slope
	}
	if x == nil || e == nil || e.wrt != x {
		return false, nil
	}
	p, err := stationary.Find(j.expanded(e.f), x, nil)
	if err != nil {
		return true, err
	}
	root := &side{text: sides[0]}
	if p.Root != nil {
		root.node = p.Root.Value
	}
	s, err := j.read(sides[1], infinitesimal)
	if err != nil {
		if root.node == nil {
			root = nil
		}
		v, err := j.unreadable(err, root, s, "")
		if err == nil {
			l.Class, l.Sense = Derived, Solved
			j.absorb(l, v)
		}
		return true, err
	}
	if s.node.DependsOn(x) {
		return false, nil // an equation, no solution
	}
	l.Class, l.Sense = Derived, Solved
	j.root, j.last = sides[0], sides[1]
	v, kind, err := j.solves(p, root, s)
	if err != nil {
		return true, err
	}
	j.absorb(l, v)
	if v.verdict == claim.True {
		l.Reason = l.Reason.joined(kind)
		if c := p.Condition("en"); c != "" {
			l.Reason = l.Reason.joined(Words{"needs " + c, "需要 " + p.Condition("zh")})
		}
	}
	return true, nil
}

// solves compares a value with the stationary points that are known or, where
// none has a closed form, puts it into the gradient; kind says what the point
// is.
func (j *judge) solves(p *stationary.Point, root, s *side) (v verdict, kind Words, err error) {
	v = verdict{verdict: claim.True}
	name := stationary.KindName(p.Kind)
	kind = Words{name.En + ", since " + p.Why.En, name.Zh + "，因为" + p.Why.Zh}
	for _, b := range p.Branches {
		if f, err := claim.Judge(claim.Claim{Truth: b.Value, Claimed: s.node, Identity: true}); err == nil && f.Verdict == claim.True {
			name := stationary.KindName(b.Kind)
			return v, Words{name.En + ", since " + b.Why.En, name.Zh + "，因为" + b.Why.Zh}, nil
		}
	}
	truth, claimed := root.node, s.node
	if truth == nil {
		if s.node.Shape() != p.Wrt.Shape() {
			return v, kind, shape.NewError(shape.Mismatch, root.text+" is a "+p.Wrt.Shape().Describe()+", the right side a "+s.node.Shape().Describe(), "")
		}
		claimed = expr.Substitute(p.Gradient, map[*expr.Node]*expr.Node{p.Wrt: s.node})
		truth = p.Gradient.Context().Zeros(claimed.Shape().Rows, claimed.Shape().Cols)
	}
	f, err := claim.Judge(claim.Claim{Truth: truth, Claimed: claimed, Identity: true})
	if err != nil {
		return v, kind, err
	}
	switch {
	case f.Verdict == claim.True:
	case root.node == nil:
		v.verdict = claim.False
		v.reason = Words{"put into the gradient it does not give zero", "代入梯度不为零"}
	default:
		j.explain(&v, f, s)
	}
	return v, kind, nil
}
