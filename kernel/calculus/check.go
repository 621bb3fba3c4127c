package calculus

import (
	"fmt"
	"strings"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/matcalc"
	"github.com/nabla-go/nabla/matcalc/derive"
)

// A verdict is what %check shows: the finding in the language it was asked in.
type verdict struct {
	*matcalc.Finding
	lang string
}

// String is one line when the claim holds, else the reason and the right form.
func (v verdict) String() string {
	text := cell.Text{En: "right", Zh: "正确"}
	switch v.Verdict {
	case matcalc.ClaimFalse:
		text = cell.Text{En: "wrong", Zh: "错误"}
	case matcalc.ClaimShapeError:
		text = cell.Text{En: "the shapes do not fit", Zh: "形状不符"}
	}
	out := text.In(v.lang)
	if v.Verdict == matcalc.ClaimTrue {
		return "✓ " + out
	}
	out = "✗ " + out
	if reason := v.Reason(v.lang); reason != "" {
		out += cell.Text{En: ": ", Zh: "："}.In(v.lang) + reason
	}
	if right := v.Repair(); right != "" {
		out += "\n  " + cell.Text{En: "right: ", Zh: "应为："}.In(v.lang) + right
	}
	return out
}

// check judges a claim: LEFT = RIGHT, where the left side may be a derivative
// such as d/dx x'*A*x.
func (n *Notebook) check(m cell.Magic, show func(any)) error {
	if m.Cell {
		return n.review(m, show)
	}
	return n.judge(m.Args, show)
}

// review judges the lines of a derivation, each by the one before it. Lines
// that only declare hold for all.
func (n *Notebook) review(m cell.Magic, show func(any)) error {
	q, err := read(m.Args)
	if err != nil {
		return err
	}
	var claims []string
	for line := range strings.SplitSeq(m.Body, "\n") {
		text, ok := declaration(strings.TrimSpace(line))
		if !ok {
			claims = append(claims, line)
			continue
		}
		own, err := entriesOf(text)
		if err != nil {
			return err
		}
		q.where = merged(q.where, own)
		claims = append(claims, "") // lines keep their numbers
	}
	body := strings.Join(claims, "\n")
	v, err := n.scope(given(body), q.where, show)
	if err != nil {
		return err
	}
	defer (&task{q: q}).speak()()
	layout := q.options.layout
	if layout == "" {
		n.mu.Lock()
		layout = n.layout
		n.mu.Unlock()
	}
	found, err := v.CheckLines(body, layout)
	if err != nil {
		return err
	}
	show(found)
	return nil
}

// given is the expression that a derivation begins with, for its shapes.
func given(body string) string {
	for line := range strings.SplitSeq(body, "\n") {
		if _, right, ok := cutEquation(line); ok && right != "" {
			return right
		}
	}
	return "0"
}

func (n *Notebook) judge(text string, show func(any)) error {
	left, right, ok := cutEquation(text)
	if !ok {
		return fmt.Errorf("%s", say("a claim has two sides: %check tr(A*B) = tr(B*A)", "一个论断要有两边：%check tr(A*B) = tr(B*A)"))
	}
	// What follows the right side belongs to the whole claim.
	right, options := splitOptions(right)
	claimed, where := cutWord(right, whereWords)
	claimed, wrt := cutWord(claimed, wrtWords)
	tail := ""
	if wrt != "" {
		tail += " wrt " + wrt
	}
	if where != "" {
		tail += " where " + where
	}
	q, err := read(left + tail + " " + options)
	if err != nil {
		return err
	}
	// Both sides take part when shapes are proposed.
	v, err := n.scope(both(q.expr, claimed, q.wrt == ""), q.where, show)
	if err != nil {
		return err
	}
	lang := derive.Language()
	if q.options.lang != "" {
		lang = q.options.lang
	}
	if q.wrt == "" {
		f, err := v.CheckIdentity(q.expr, claimed)
		if err != nil {
			return err
		}
		show(verdict{f, lang})
		return nil
	}
	f, err := v.Parse(q.expr)
	if err != nil {
		return err
	}
	x, err := variable(f, q.wrt)
	if err != nil {
		return err
	}
	r := matcalc.Request{Layout: q.options.layout, Structure: q.options.structure, Kind: q.options.kind}
	if q.order == 2 {
		r.Kind = "hessian"
	}
	if r.Layout == "" {
		r.Layout = n.layoutFor(f, x, r.Kind)
	}
	found, err := f.CheckDerivative(x, r, claimed)
	if err != nil {
		return err
	}
	show(verdict{found, lang})
	return nil
}

// both is the text from which shapes are proposed: for an identity its
// difference, which ties the shapes of the sides.
func both(left, right string, identity bool) string {
	if !identity {
		return left
	}
	return left + " - (" + right + ")"
}

// cutEquation parts a claim at its sign of equality.
func cutEquation(text string) (left, right string, ok bool) {
	for _, sign := range []string{"==", "=", "＝"} {
		if left, right, ok = strings.Cut(text, sign); ok {
			return strings.TrimSpace(left), strings.TrimSpace(right), true
		}
	}
	return "", "", false
}
