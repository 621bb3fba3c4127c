package derive

import (
	"fmt"
	"slices"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// A Line is one equation of a derivation.
type Line struct {
	// Left is what stands on the left: f, df, the derivative, or nothing when
	// the line continues the one before.
	Left  Side
	Right *expr.Node
	// Trace tells that Right is the factor G of tr(G'dX).
	Trace bool
	Rules []Rule
	Uses  []Use // where the rules were applied, as far as that was recorded
	// Name is what Left speaks of where that is not f: the intermediate that is
	// defined or differentiated.
	Name *expr.Node
	// Order is set where the line holds to first order only.
	Order bool
	// worth is an expression of the same value, where Right is none that has one
	// by itself: it holds names or d( ), or is a sum over entries.
	worth func() *expr.Node
	// Text and LaTeX are the right side where it is no matrix expression, as
	// sums over entries are.
	Text, TeX string
}

// A Side is what stands on the left of a line.
type Side uint8

// The left sides.
const (
	Same Side = iota
	Function
	Differential
	Derivative
	Named   // the intermediate Name
	Slope   // ∂f/∂Name
	NamedD  // dName
	Moved   // f at X+dX
	Entry   // an entry of f
	Partial // an entry of the derivative
)

// A Derivation leads from F to its derivative by Wrt.
type Derivation struct {
	F, Wrt *expr.Node
	D      *expr.Node // the symbol dX
	Result *expr.Node // in Layout
	Layout diff.Layout
	Lines  []Line

	entryForms map[Side]leftForm // what an entry is called, in derivations by components
}

// mostRounds bounds the lines that move d inwards; deeper expressions are
// shown with the rest in one line.
const mostRounds = 12

// ByDifferential derives f by x. The result is that of package diff in the
// layout of q; every line is compared with the directional derivative of f, and
// one that differs is an error.
func ByDifferential(f, x, result *expr.Node, q diff.Request) (*Derivation, error) {
	s := rewrite.New()
	w := &writer{s: s, x: x, dx: symbolOf(f, x)}
	d := &Derivation{F: f, Wrt: x, D: w.dx, Result: result, Layout: q.Layout}
	d.add(Function, f, "given")
	g := squares(f)
	if g != f {
		d.add(Same, g, "square")
	}
	want, err := diff.Directional(f, x, w.dx, s)
	if err != nil {
		return nil, err
	}
	line := w.d(g)
	d.add(Differential, line, "d")
	d.worth(want)
	for round := 0; w.pending(line); round++ {
		w.used, w.uses = nil, nil
		if round == mostRounds {
			line = want
			w.use("function")
		} else {
			line = w.expand(line)
		}
		if !w.pending(line) {
			if err := w.verify(line, want); err != nil {
				return nil, err
			}
		}
		d.add(Same, line, w.used...)
		d.Lines[len(d.Lines)-1].Uses = w.uses
		if w.pending(line) {
			d.worth(want)
		}
	}
	if err := w.finish(d, line, want); err != nil {
		return nil, err
	}
	d.add(Derivative, result, "read")
	return d, nil
}

func (d *Derivation) add(left Side, right *expr.Node, ids ...string) {
	l := Line{Left: left, Right: right}
	for _, id := range ids {
		l.Rules = append(l.Rules, rules[id])
	}
	d.Lines = append(d.Lines, l)
}

// worth gives the last line its value.
func (d *Derivation) worth(n *expr.Node) {
	d.Lines[len(d.Lines)-1].worth = func() *expr.Node { return n }
}

func (d *Derivation) named(left Side, name, right *expr.Node, ids ...string) {
	d.add(left, right, ids...)
	d.Lines[len(d.Lines)-1].Name = name
}

func (d *Derivation) define(name, right *expr.Node, id string) { d.named(Named, name, right, id) }
func (d *Derivation) slope(name, right *expr.Node, id string)  { d.named(Slope, name, right, id) }
func (d *Derivation) differential(name, right *expr.Node, id string) {
	d.named(NamedD, name, right, id)
}

// symbolOf makes the symbol dX: of the shape of X, its entries free. Where f has
// a variable of that name it is δX.
func symbolOf(f, x *expr.Node) *expr.Node {
	name := "d" + x.Name()
	for _, v := range f.Variables() {
		if v.Name() == name {
			name = "δ" + x.Name()
		}
	}
	return x.Context().Sym(name, x.Shape(), 0)
}

// squares writes squared norms as inner products.
func squares(f *expr.Node) *expr.Node {
	memo := map[*expr.Node]*expr.Node{}
	for _, n := range expr.PostOrder(f) {
		args := make([]*expr.Node, len(n.Args()))
		for i, a := range n.Args() {
			args[i] = memo[a]
		}
		m := expr.Rebuild(n, args)
		if m.Op() == expr.OpPow && m.Arg(1).IsInt(2) && m.Arg(0).Op() == expr.OpNorm2 {
			u := m.Arg(0).Arg(0)
			m = expr.Mul(expr.T(u), u)
			if u.Shape().IsMatrix() {
				m = expr.Call(expr.OpTr, m)
			}
		}
		memo[n] = m
	}
	return memo[f]
}

// A writer moves d inwards.
type writer struct {
	s     *rewrite.Simplifier
	x, dx *expr.Node
	used  []string
	uses  []Use
	last  string // the rule used last
	fresh int
}

const dName = "d"

// d is the differential of an expression, still to be worked out.
func (w *writer) d(e *expr.Node) *expr.Node {
	if e == w.x {
		return w.dx
	}
	return expr.Apply(dName, 0, e)
}

func (w *writer) use(id string) {
	w.last = id
	if !slices.Contains(w.used, id) {
		w.used = append(w.used, id)
	}
}

func isD(n *expr.Node) bool { return n.Op() == expr.OpApply && n.Name() == dName }

func (w *writer) pending(n *expr.Node) bool {
	return slices.ContainsFunc(expr.PostOrder(n), isD)
}

// expand applies one rule to each outermost d.
func (w *writer) expand(n *expr.Node) *expr.Node {
	if isD(n) {
		after := w.rule(n.Arg(0))
		w.uses = append(w.uses, Use{w.last, n.Arg(0), after})
		return after
	}
	if n.IsLeaf() {
		return n
	}
	args := make([]*expr.Node, len(n.Args()))
	for i, a := range n.Args() {
		args[i] = w.expand(a)
	}
	return expr.Rebuild(n, args)
}

// rule works out d(e) by one rule; what is constant has dropped out.
func (w *writer) rule(e *expr.Node) *expr.Node {
	switch e.Op() {
	case expr.OpAdd:
		var terms []*expr.Node
		for _, a := range e.Args() {
			if a.DependsOn(w.x) {
				terms = append(terms, w.term(a))
			}
		}
		w.use("sum")
		return expr.Add(terms...)
	case expr.OpMul:
		return w.product(e, expr.Mul, "product")
	case expr.OpHad:
		return w.product(e, expr.Had, "hadamard")
	case expr.OpT:
		w.use("transpose")
		return expr.T(w.d(e.Arg(0)))
	case expr.OpTr:
		w.use("trace")
		return expr.Call(expr.OpTr, w.d(e.Arg(0)))
	}
	return w.table(e)
}

// term moves d into a product with one variable factor at once: d(AX) = A dX.
func (w *writer) term(a *expr.Node) *expr.Node {
	if a.Op() == expr.OpMul && w.factors(a) == 1 {
		return w.product(a, expr.Mul, "product")
	}
	return w.d(a)
}

// factors counts the factors that depend on the variable.
func (w *writer) factors(e *expr.Node) int {
	k := 0
	for _, a := range e.Args() {
		if a.DependsOn(w.x) {
			k++
		}
	}
	return k
}

func (w *writer) product(e *expr.Node, join func(...*expr.Node) *expr.Node, id string) *expr.Node {
	if w.factors(e) == 1 {
		id = "constant"
	}
	w.use(id)
	var terms []*expr.Node
	for i, a := range e.Args() {
		if !a.DependsOn(w.x) {
			continue
		}
		args := slices.Clone(e.Args())
		args[i] = w.d(a)
		terms = append(terms, join(args...))
	}
	return expr.Add(terms...)
}

// table works out the differential of an operator: its operands are replaced
// by symbols, package diff gives the differential by each, and the operands
// are put back.
func (w *writer) table(e *expr.Node) *expr.Node {
	w.use(ruleOf(e.Op()))
	ctx := e.Context()
	args := slices.Clone(e.Args())
	back := map[*expr.Node]*expr.Node{}
	type pair struct{ z, dz *expr.Node }
	var pairs []pair
	for i, a := range args {
		if !a.DependsOn(w.x) {
			continue
		}
		w.fresh++
		z := ctx.Sym(fmt.Sprintf("z_%d", w.fresh), a.Shape(), facts(a))
		dz := ctx.Sym(fmt.Sprintf("dz_%d", w.fresh), a.Shape(), 0)
		args[i] = z
		back[z], back[dz] = a, w.d(a)
		pairs = append(pairs, pair{z, dz})
	}
	g := expr.Rebuild(e, args)
	var terms []*expr.Node
	for _, p := range pairs {
		t, err := diff.Directional(g, p.z, p.dz, w.s)
		if err != nil {
			panic(err)
		}
		terms = append(terms, t)
	}
	return expr.Substitute(expr.Add(terms...), back)
}

// facts are the properties that the operand of a table rule keeps.
func facts(a *expr.Node) (p expr.Props) {
	for _, q := range []expr.Props{expr.Invertible, expr.Positive} {
		if a.Is(q) {
			p |= q
		}
	}
	return p
}

// verify compares a line with the directional derivative.
func (w *writer) verify(line, want *expr.Node) error {
	same, worst, err := check.Equal(line, want)
	switch {
	case err != nil:
		return shape.NewError(shape.Unverified, "a line of the derivation could not be checked: "+err.Error(), "")
	case !same:
		return shape.NewError(shape.Unverified, fmt.Sprintf("a line of the derivation did not pass its numeric check (difference %.2g), so it is not shown", worst), "please report the expression")
	}
	return nil
}
