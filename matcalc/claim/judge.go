package claim

import (
	"fmt"
	"sort"
	"strings"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
	"github.com/nabla-go/nabla/matcalc/words"
)

// Verdict says whether a claim holds.
type Verdict string

// The verdicts.
const (
	True       Verdict = "true"
	False      Verdict = "false"
	ShapeError Verdict = "shape-error" // the sides do not fit, or one of them is no expression
)

// A Claim says that Claimed equals Truth. Truth is the left side of an
// identity, or a derivative that has been worked out and checked.
type Claim struct {
	Truth, Claimed *expr.Node
	Identity       bool
	// F, Wrt and Request say of what a derivative is claimed; Dir is the
	// direction of a differential. They are nil for an identity.
	F, Wrt, Dir *expr.Node
	Request     diff.Request
}

// A Finding is what Judge found.
type Finding struct {
	Verdict  Verdict
	Faults   []*Fault // the repairs that make it right, best first
	Missing  []*expr.Node
	Extra    []*expr.Node
	Evidence *Evidence
	Claimed  *expr.Node
	Right    *expr.Node // the right form; nil when it is not known
	Points   int        // how many random points were compared
	Exact    bool       // decided by exact arithmetic modulo a prime as well
	// ShapeFault is why the text is no expression, for a text that does not parse.
	ShapeFault *shape.Error
}

// Judge tells whether the claim holds and, if not, what is wrong with it. The
// error says that it could not be judged.
func Judge(c Claim) (*Finding, error) {
	f := &Finding{Verdict: True, Claimed: c.Claimed, Right: c.Truth}
	if c.Claimed.Shape() != c.Truth.Shape() {
		return c.misfit(f), nil
	}
	if c.Claimed == c.Truth {
		f.Points = perSize
		return f, nil
	}
	ps, err := at(c.Truth, c.Claimed)
	if err != nil {
		if _, defined := at(c.Truth); defined != nil {
			return nil, err
		}
		f.Verdict = False
		f.Faults = []*Fault{newFault(rowUndefined, c.Truth, texts(c.Claimed, c.Truth)...)}
		return f, nil
	}
	f.Points = len(ps)
	if f.Evidence, err = ps.compare(c.Claimed, c.Truth); err != nil {
		return f, err
	}
	same, exact := check.EqualExactly(c.Claimed, c.Truth)
	f.Exact = exact
	if exact && same || !exact && f.Evidence == nil {
		f.Evidence = nil
		return f, nil
	}
	f.Verdict = False
	f.Missing, f.Extra = ps.difference(c.Claimed, c.Truth)
	for i, m := range f.Missing {
		f.Missing[i] = short(m)
	}
	c.explain(ps, f)
	return f, nil
}

// explain looks for repairs, the telling ones first.
func (c Claim) explain(ps points, f *Finding) {
	add := func(g *Fault) bool {
		if g != nil {
			f.Faults = append(f.Faults, g)
		}
		return g != nil
	}
	if c.Identity {
		if add(c.fallacy()) {
			add(assumed(c.Claimed, c.Truth))
			return
		}
		if add(firstOrder(c.Truth, c.Claimed)) {
			return
		}
	}
	if add(ps.numbered(c.Claimed, c.Truth)) {
		return
	}
	if flip := ps.flipped(c.Claimed, c.Truth); flip != nil && !c.Identity {
		flip.row, flip.about = rowLayout, []string{format.ASCII(c.Claimed), c.otherLayout(), format.ASCII(c.Truth)}
		add(flip)
	} else {
		add(flip)
	}
	add(c.otherFunction())
	if len(f.Missing)+len(f.Extra) == 1 && !add(ps.scaled(c.Claimed, c.Truth)) {
		add(c.single(f))
	}
	if len(f.Faults) == 0 {
		f.Faults = append(f.Faults, ps.changes(c.Claimed, c.Truth)...)
	}
	if len(f.Faults) > 0 {
		c.assume(f)
		return
	}
	late := []func() *Fault{
		func() *Fault { return c.single(f) },
		func() *Fault { return ps.scaled(c.Claimed, c.Truth) },
		func() *Fault { return sizes(ps, c.Claimed, c.Truth) },
		func() *Fault { return assumed(c.Claimed, c.Truth) },
		func() *Fault { return ps.first(expr.Add(terms(c.Claimed)...), c.Truth) }, // H*(B*A+A*B) for H*B*A+A*B*H
		func() *Fault { return ps.multiplied(c.Claimed, c.Truth) },
		func() *Fault { return ps.double(c.Claimed, c.Truth) },
	}
	for _, try := range late {
		if add(try()) {
			return
		}
	}
}

// assume adds the assumption under which a claim is right that has another
// repair, too: one that people make without saying so, or any in an identity. Before a repair that
// adds or drops terms it is the better reason.
func (c Claim) assume(f *Finding) {
	g := assumed(c.Claimed, c.Truth)
	if g == nil || !g.usual && !c.Identity {
		return
	}
	if first := f.Faults[0].row; first == rowMissingTerm || first == rowExtraTerm {
		f.Faults = []*Fault{g}
		return
	}
	f.Faults = append(f.Faults, g)
}

// single says that one term is missing or too many, where nothing finer was
// found.
func (c Claim) single(f *Finding) *Fault {
	switch {
	case len(f.Missing) == 1 && len(f.Extra) == 0:
		return newFault(rowMissingTerm, expr.Add(c.Claimed, f.Missing[0]), texts(f.Missing[0])...)
	case len(f.Missing) == 0 && len(f.Extra) == 1:
		return newFault(rowExtraTerm, c.Truth, texts(f.Extra[0])...)
	}
	return nil
}

func (c Claim) otherLayout() string {
	if c.Request.Layout == diff.Numerator || c.Request.Layout == diff.NumVec {
		return "denominator"
	}
	return "numerator"
}

// misfit explains a claim whose shape is not that of the truth.
func (c Claim) misfit(f *Finding) *Finding {
	f.Verdict = ShapeError
	f.ShapeFault = shape.NewError(shape.Mismatch, fmt.Sprintf("%s is a %s, but it must be a %s", format.ASCII(c.Claimed), c.Claimed.Shape().Describe(), c.Truth.Shape().Describe()), "")
	ps, err := at(c.Truth, c.Claimed)
	if err != nil {
		return f
	}
	f.Points = len(ps)
	if t := expr.T(c.Claimed); t.Shape() == c.Truth.Shape() {
		if !c.Identity && ps.agree(t, c.Truth) {
			f.Faults = append(f.Faults, newFault(rowLayout, short(t), format.ASCII(c.Claimed), c.otherLayout(), format.ASCII(c.Truth)))
			return f
		}
		if fault := ps.search(t, c.Truth); fault != nil {
			whole := newFault(rowTranspose, fault.Right, format.ASCII(c.Claimed))
			whole.next = fault
			f.Faults = append(f.Faults, whole)
			return f
		}
	}
	if fault := ps.search(c.Claimed, c.Truth); fault != nil {
		f.Faults = append(f.Faults, fault)
	}
	return f
}

// scalarFunctions are functions that are taken for one another before they are
// differentiated.
var scalarFunctions = map[expr.Op]bool{expr.OpDet: true, expr.OpLogDet: true, expr.OpTr: true, expr.OpSum: true, expr.OpNorm1: true, expr.OpNorm2: true, expr.OpLogSumExp: true}

// otherFunction tells a derivative of a function that was meant: with a norm
// squared or not, a logarithm forgotten.
func (c Claim) otherFunction() *Fault {
	if c.F == nil {
		return nil
	}
	for _, e := range edits(c.F, nil, nil, 300) {
		switch {
		case e.row == rowSquared, e.row == rowNotSquared, e.row == rowExponent:
		case e.row == rowFunction && scalarFunctions[e.about[0].Op()]:
		default:
			continue
		}
		d, err := c.derive(e.node)
		if err != nil || d.Shape() != c.Claimed.Shape() {
			continue
		}
		g, err := at(d, c.Claimed)
		if err != nil || !g.agree(d, c.Claimed) {
			continue
		}
		f := newFault(rowOther, c.Truth, texts(e.node, c.F)...)
		f.next = e.fault()
		f.next.Right = c.Truth
		return f
	}
	return nil
}

// derive is the derivative of another function by the same request.
func (c Claim) derive(f *expr.Node) (*expr.Node, error) {
	s := rewrite.New()
	if c.Dir != nil {
		return diff.Directional(f, c.Wrt, c.Dir, s)
	}
	return diff.Derive(f, c.Wrt, c.Request, s)
}

// Reason is one sentence or a few in a language, "zh" or "en"; "" for a claim
// that holds.
func (f *Finding) Reason(lang string) string {
	if f.Verdict == True {
		return ""
	}
	zh := lang == "zh"
	var parts []string
	for _, g := range f.Faults {
		parts = append(parts, g.Text(lang))
	}
	if f.ShapeFault != nil {
		parts = append(parts, words.In(lang, f.ShapeFault.Message))
	}
	if f.Verdict == False {
		whole := len(f.Faults) > 0 && (f.Faults[0].row == rowSign || f.Faults[0].row == rowFactor || f.Faults[0].row == rowScalar)
		if t := f.termText(zh); t != "" && !whole {
			parts = append(parts, t)
		}
		if f.Evidence != nil {
			parts = append(parts, f.Evidence.text(zh))
		}
	}
	return strings.Join(parts, map[bool]string{true: "；", false: "; "}[zh])
}

// termText names the terms that differ, where they are few and short.
func (f *Finding) termText(zh bool) string {
	join := func(ns []*expr.Node) string { return strings.Join(texts(ns...), ", ") }
	if n := len(f.Missing) + len(f.Extra); n == 0 || n > 6 {
		return ""
	}
	missing, extra := join(f.Missing), join(f.Extra)
	if len(missing)+len(extra) > 200 {
		return ""
	}
	words := [3]string{"lacking: %s", "not belonging: %s", "; "}
	if zh {
		words = [3]string{"缺少：%s", "多余：%s", "；"}
	}
	var out []string
	if missing != "" {
		out = append(out, fmt.Sprintf(words[0], missing))
	}
	if extra != "" {
		out = append(out, fmt.Sprintf(words[1], extra))
	}
	return strings.Join(out, words[2])
}

func (e *Evidence) text(zh bool) string {
	where, place := e.where(zh)
	if zh {
		return fmt.Sprintf("%s，%s为 %.4g，应为 %.4g", where, place, e.Left, e.Right)
	}
	return fmt.Sprintf("%s %s is %.4g where %.4g is right", where, place, e.Left, e.Right)
}

// where names the point and the entry.
func (e *Evidence) where(zh bool) (point, entry string) {
	names := make([]string, 0, len(e.Sizes))
	for n := range e.Sizes {
		names = append(names, n)
	}
	sort.Strings(names)
	for i, n := range names {
		names[i] = fmt.Sprintf("%s=%d", n, e.Sizes[n])
	}
	sizes := strings.Join(names, ", ")
	point, entry = "at a random point with "+sizes, fmt.Sprintf("entry (%d,%d)", e.Row+1, e.Col+1)
	if zh {
		point, entry = "在 "+sizes+" 的随机点上", fmt.Sprintf("第 (%d,%d) 元", e.Row+1, e.Col+1)
	}
	if sizes == "" {
		point = map[bool]string{true: "在随机点上", false: "at a random point"}[zh]
	}
	if e.Scalar {
		entry = map[bool]string{true: "值", false: "the value"}[zh]
	}
	return point, entry
}

// Repair is the right form in ASCII: the claim with the repair made where one
// was found, else the right side worked out; "" when it is not known.
func (f *Finding) Repair() string {
	for _, g := range f.Faults {
		if g.text != "" {
			return g.text
		}
		if g.Right != nil {
			return format.ASCII(g.Right)
		}
	}
	if f.Right != nil {
		return format.ASCII(f.Right)
	}
	return ""
}

// Kinds names the repairs found, by their rows of the table: sign, factor,
// transpose, assumption and so on.
func (f *Finding) Kinds() []string {
	var out []string
	for _, g := range f.Faults {
		for ; g != nil; g = g.next {
			out = append(out, g.row.ID)
		}
	}
	return out
}

// Mended tells whether a change was found that makes the claim right.
func (f *Finding) Mended() bool {
	for _, g := range f.Faults {
		if g.row != rowTerms && g.row != rowUndefined {
			return true
		}
	}
	return false
}

// Sides are the numbers that show the difference, in a language; "" where
// there are none.
func (f *Finding) Sides(lang string) string {
	e := f.Evidence
	if e == nil {
		return ""
	}
	where, place := e.where(lang == "zh")
	if lang == "zh" {
		return fmt.Sprintf("%s，%s左边为 %.4g，右边为 %.4g", where, place, e.Right, e.Left)
	}
	return fmt.Sprintf("%s %s is %.4g on the left and %.4g on the right", where, place, e.Right, e.Left)
}
