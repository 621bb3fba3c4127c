package review

import (
	"fmt"
	"math"
	"strings"

	"github.com/nabla-go/nabla/matcalc/claim"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// entries judges two sides of entries, for every choice of the free indices.
func (j *judge) entries(left, right string) (verdict, error) {
	out := verdict{verdict: claim.True}
	ranges := map[string]shape.Size{}
	s := &side{names: map[string]string{}}
	read := func(text string) (*entryExpr, []string, error) {
		p := &entryParser{r: j.reader, s: s, text: text, ranges: ranges}
		if !j.indexed(text) {
			e, err := p.leaf(text, nil) // a scalar in matrix form
			return e, nil, err
		}
		e, err := p.whole()
		return e, p.unused, err
	}
	l, _, err := read(left)
	if err != nil {
		return out, err
	}
	r, unused, err := read(right)
	if err != nil {
		return j.unreadable(err, nil, nil, "")
	}
	if len(unused) > 0 {
		out.verdict = claim.False
		u := strings.Join(unused, ", ")
		out.reason = Words{fmt.Sprintf("the summation index %s does not occur in the summand", u), fmt.Sprintf("求和指标 %s 没有出现在被加项中，是多余的", u)}
		out.right = without(right, unused)
		return out, nil
	}
	out.derived = s.derivative || s.differential
	lf, rf := map[string]bool{}, map[string]bool{}
	l.free(nil, lf)
	r.free(nil, rf)
	if lost := extra(rf, lf); len(lost) > 0 {
		return j.lostSum(out, l, r, lost, lf, ranges, right)
	}
	for k := range rf {
		lf[k] = true
	}
	same, ratio, points := compareEntries(l, r, ranges, sortedKeys(lf))
	switch {
	case points == 0:
		return out, shape.NewError(shape.Domain, "no numbers were found for which both sides are defined", "")
	case same:
		if d := j.symbolic(l); d != nil {
			derived, _, _ := compareEntries(d, r, ranges, sortedKeys(lf))
			out.derived = out.derived || derived
		}
		return out, nil
	}
	out.verdict = claim.False
	out.reason = Words{"the two sides differ at random points", "两边在随机点上不相等"}
	if !math.IsNaN(ratio) {
		out.reason = Words{fmt.Sprintf("off by factor %.4g", 1/ratio), fmt.Sprintf("相差因子 %.4g", 1/ratio)}
		out.right = fmt.Sprintf("%.4g*(%s)", 1/ratio, right)
	}
	if ok, _, _ := compareEntries(&entryExpr{kind: entryPow, args: []*entryExpr{l, {kind: entryNumber, num: 2}}}, r, ranges, sortedKeys(lf)); ok {
		out.reason = Words{"the left side must be squared", "左边应当平方"}
		out.right = squared(left) + " = " + right
	}
	if v := onlySymmetric(l, r, ranges, sortedKeys(lf)); v != nil {
		name := v.Name()
		out.reason = Words{"only for symmetric " + name, "仅当 " + name + " 对称时成立"}
	}
	if l.kind == entryDiv && l.args[1].kind == entryLeaf && l.args[1].node.Op() == expr.OpSym {
		d := &entryExpr{kind: entryPartial, args: l.args}
		if ok, _, _ := compareEntries(d, r, ranges, sortedKeys(lf)); ok {
			over, under, _ := strings.Cut(left, "/")
			out.reason = Words{"the signs ∂ are missing: the left side is a quotient of numbers, the right side a partial derivative", "缺少偏导符号 ∂：左边写成了两数之商，右边是偏导数"}
			out.right = "∂" + strings.TrimSpace(over) + "/∂" + strings.TrimSpace(under) + " = " + right
		}
	}
	return out, nil
}

// onlySymmetric finds a square variable with which the sides agree once it is
// symmetric.
func onlySymmetric(l, r *entryExpr, ranges map[string]shape.Size, free []string) *expr.Node {
	for _, v := range append(l.variables(), r.variables()...) {
		if !v.Shape().IsSquare() || v.Shape().IsScalar() || v.Declared().Has(expr.Symmetric) {
			continue
		}
		with := map[*expr.Node]*expr.Node{v: v.Context().Sym(v.Name(), v.Shape(), v.Declared()|expr.Symmetric)}
		if same, _, points := compareEntries(l.with(with), r.with(with), ranges, free); same && points > 0 {
			return v
		}
	}
	return nil
}

// variables lists the variables of the leaves.
func (e *entryExpr) variables() []*expr.Node {
	var out []*expr.Node
	if e.node != nil {
		out = e.node.Variables()
	}
	for _, a := range e.args {
		out = append(out, a.variables()...)
	}
	return out
}

// with replaces variables in the leaves.
func (e *entryExpr) with(by map[*expr.Node]*expr.Node) *entryExpr {
	c := *e
	if e.node != nil {
		c.node = expr.Substitute(e.node, by)
	}
	c.args = make([]*entryExpr, len(e.args))
	for i, a := range e.args {
		c.args[i] = a.with(by)
	}
	return &c
}

// symbolic is the entry of the derivative that the engine derives in closed
// form, for ∂f/∂x[k] with f a scalar or an entry of a vector; nil for others.
func (j *judge) symbolic(e *entryExpr) *entryExpr {
	if e.kind != entryPartial || e.args[0].kind != entryLeaf {
		return nil
	}
	over, under := e.args[0], e.args[1]
	q := diff.Request{Kind: diff.Gradient, Layout: diff.Denominator}
	idx := under.idx
	if !over.node.Shape().IsScalar() {
		if !over.node.Shape().IsColumn() || !under.node.Shape().IsColumn() {
			return nil
		}
		q = diff.Request{Kind: diff.Jacobian, Layout: diff.Numerator}
		idx = []string{over.idx[0], under.idx[0]}
	}
	d, err := diff.Derive(over.node, under.node, q, rewrite.New())
	if err != nil {
		return nil
	}
	return &entryExpr{kind: entryLeaf, node: d, idx: idx}
}

// squared is the square of a text, in brackets unless it is one call.
func squared(text string) string {
	if _, end := operand(text, wordEnd(text, 0)); end == len(text) {
		return text + "^2"
	}
	return "(" + text + ")^2"
}

// extra lists the indices of a that are not in b.
func extra(a, b map[string]bool) []string {
	only := map[string]bool{}
	for k := range a {
		if !b[k] {
			only[k] = true
		}
	}
	return sortedKeys(only)
}

// lostSum judges a right side with indices that the left side has not: a sum
// over them may have been lost.
func (j *judge) lostSum(out verdict, l, r *entryExpr, lost []string, free map[string]bool, ranges map[string]shape.Size, right string) (verdict, error) {
	out.verdict = claim.False
	names := strings.Join(lost, ", ")
	out.reason = Words{fmt.Sprintf("the index %s is free on the right side only", names), fmt.Sprintf("指标 %s 只在右边自由出现", names)}
	summed, text := r, right
	for _, i := range lost {
		summed = &entryExpr{kind: entrySum, index: i, args: []*entryExpr{summed}}
		text = fmt.Sprintf("sum(%s, %s)", i, text)
	}
	if ok, _, _ := compareEntries(l, summed, ranges, sortedKeys(free)); ok {
		out.reason = out.reason.joined(Words{fmt.Sprintf("the sum over %s is lost", names), fmt.Sprintf("丢失了对 %s 的求和号", names)})
		out.right = text
	}
	return out, nil
}

// without takes sums over unused indices out of a text.
func without(text string, unused []string) string {
	for _, i := range unused {
		k := strings.Index(text, "sum("+i+",")
		if k < 0 {
			continue
		}
		if inside, end := operand(text, k+3); end > k+3 {
			_, body, _ := strings.Cut(inside, ",")
			text = text[:k] + strings.TrimSpace(body) + text[end:]
		}
	}
	return text
}
