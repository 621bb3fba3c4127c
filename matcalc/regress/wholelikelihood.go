package regress

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/compile"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/halt"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/regress/internal/dd"
	"github.com/nabla-go/nabla/matcalc/regress/internal/formula"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
	"gonum.org/v1/gonum/mat"
)

// A wholeLikelihood is the log-likelihood of all rows as an expression of matrix
// calculus, evaluated over BLAS.
type wholeLikelihood struct {
	*wholeScope
	node     *expr.Node
	gradient []*expr.Node   // of each parameter
	hessian  [][]*expr.Node // lower triangle of blocks
	sums     *compile.Plan
	slope    *compile.Plan // the gradient and then the Hessian
}

func maxLikWhole(source string, values map[string]any, start []Start) (*Model, error) {
	data, err := arraysOf(values)
	if err != nil {
		return nil, err
	}
	return fitWhole(source, data, start, &frame{})
}

// wholeOfTable maximises a likelihood of the columns of a table as vectors, over
// the rows that have a value in all columns that it names.
func wholeOfTable(source string, t *Table, start []Start) (*Model, error) {
	scope, err := newWholeScope(columnArrays(t, nil), start)
	if err != nil {
		return nil, err
	}
	node, err := scope.read(source)
	if err != nil {
		return nil, err
	}
	fr := &frame{table: t, formula: &formula.Formula{}}
	for _, v := range node.Variables() {
		if t.Column(v.Name()) != nil {
			fr.formula.Variables = append(fr.formula.Variables, formula.Name{Ident: v.Name()})
		}
	}
	if err := fr.selectRows(frameSpec{noResponse: true}); err != nil {
		return nil, err
	}
	return fitWhole(source, columnArrays(t, fr.rows), start, fr)
}

func fitWhole(source string, data []array, start []Start, fr *frame) (*Model, error) {
	scope, err := newWholeScope(data, start)
	if err != nil {
		return nil, err
	}
	l := &wholeLikelihood{wholeScope: scope}
	if l.node, err = scope.read(source); err != nil {
		return nil, err
	}
	l.node = steady(l.node)
	if err := l.differentiate(); err != nil {
		return nil, err
	}
	fr.formula, fr.rows = &formula.Formula{Source: source}, make([]int, scope.rows)
	m := newModel(fr, KindML)
	m.Terms = scope.terms(l.node)
	return m, m.maximise(l, start)
}

// differentiate derives gradient and Hessian by blocks, each checked against
// differences, and compiles them.
func (l *wholeLikelihood) differentiate() (err error) {
	simplify := rewrite.New()
	derive := func(f, by *expr.Node) (*expr.Node, error) {
		q := diff.Request{}.Normal(f, by)
		d, err := diff.Derive(f, by, q, simplify)
		if err != nil {
			return nil, fail(BadInput, "%s cannot be differentiated: %v", format.ASCII(f), err)
		}
		form := map[diff.Kind]check.Form{diff.Gradient: check.FormGradient, diff.MatrixByScalar: check.FormPlain, diff.Jacobian: check.FormJacobian}[q.Kind]
		if _, err := check.Derivative(check.Claim{F: f, Wrt: by, Result: d, Form: form}); err != nil {
			return nil, fail(BadInput, "the %s did not pass its numeric check: %v", q.Kind, err)
		}
		return d, nil
	}
	var second []*expr.Node
	for i, a := range l.params {
		if !l.node.DependsOn(a) {
			return fail(SingularGradient, "the likelihood does not depend on %s", a.Name())
		}
		first, err := derive(l.node, a)
		if err != nil {
			return err
		}
		l.gradient = append(l.gradient, first)
		l.hessian = append(l.hessian, nil)
		for j := range i + 1 {
			// The derivative of a vector by a number, never the other way about.
			f, by := first, l.params[j]
			if a.Shape().IsScalar() {
				f, by = l.gradient[j], a
			}
			d, err := derive(f, by)
			if err != nil {
				return err
			}
			l.hessian[i] = append(l.hessian[i], d)
		}
		second = append(second, l.hessian[i]...)
	}
	if l.sums, err = l.plan(l.node); err != nil {
		return err
	}
	l.slope, err = l.plan(slices.Concat(l.gradient, second)...)
	return err
}

// plan compiles the nodes and gives the data to them.
func (l *wholeLikelihood) plan(nodes ...*expr.Node) (*compile.Plan, error) {
	p, err := compile.New(nodes...).Plan(l.dims)
	if err != nil {
		return nil, fail(BadInput, "%s cannot be evaluated: %v", format.ASCII(l.node), err)
	}
	for _, sym := range p.Inputs() {
		if entries, ok := l.values[sym]; ok {
			if err := p.Set(sym, entries); err != nil {
				return nil, fail(BadInput, "%s cannot be evaluated: %v", format.ASCII(l.node), err)
			}
		}
	}
	return p, nil
}

// run evaluates a plan at b; false where it has no value.
func (l *wholeLikelihood) run(p *compile.Plan, b []dd.Float) bool {
	numbers := float64s(b)
	for _, sym := range p.Inputs() {
		if k := slices.Index(l.params, sym); k >= 0 {
			if p.Set(sym, numbers[l.at[k]:l.at[k+1]]) != nil {
				return false
			}
		}
	}
	return p.RunContext(halt.Context()) == nil
}

func (l *wholeLikelihood) value(b []dd.Float) dd.Float {
	if !l.run(l.sums, b) {
		return dd.Of(math.NaN())
	}
	_, _, v := l.sums.Result(0)
	return dd.Of(v[0])
}

// rounding allows for sums of many terms of both signs.
func (l *wholeLikelihood) rounding() float64 { return 1e-12 }

func (l *wholeLikelihood) slopes(b []dd.Float) (*mat.VecDense, *mat.SymDense) {
	p := len(b)
	g, h := mat.NewVecDense(p, nil), mat.NewSymDense(p, nil)
	if !l.run(l.slope, b) {
		g.SetVec(0, math.NaN())
		return g, h
	}
	result := len(l.params) // the blocks of the Hessian follow the gradient's
	for i := range l.params {
		_, _, v := l.slope.Result(i)
		copy(g.RawVector().Data[l.at[i]:l.at[i+1]], v)
		for j := range i + 1 {
			_, _, v := l.slope.Result(result)
			result++
			rows, cols := l.at[i+1]-l.at[i], l.at[j+1]-l.at[j]
			for r := range rows {
				for c := range cols {
					h.SetSym(l.at[i]+r, l.at[j]+c, -v[r*cols+c])
				}
			}
		}
	}
	return g, h
}

func (l *wholeLikelihood) derivation(d *Derivation) error {
	d.line("whole-likelihood", "l = "+format.ASCII(l.node), `\ell = `+format.LaTeX(l.node))
	for i, a := range l.params {
		d.line("gradient", "dl/d"+a.Name()+" = "+format.ASCII(l.gradient[i]),
			fmt.Sprintf(`\frac{\partial \ell}{\partial %s} = %s`, format.LaTeX(a), format.LaTeX(l.gradient[i])))
	}
	for i := range l.params {
		for j := range i + 1 {
			a, b := l.params[i], l.params[j]
			if a.Shape().IsScalar() {
				a, b = b, a // a is what was differentiated by first
			}
			d.line("hessian", "d2l/d"+a.Name()+" d"+b.Name()+" = "+format.ASCII(l.hessian[i][j]), secondLaTeX(a, b)+" = "+format.LaTeX(l.hessian[i][j]))
		}
	}
	d.line("step", "H*(b_new - b) = -g", `H\,(b^{+}-b) = -g`)
	d.Steps = append(d.Steps, DerivationStep{Label: word("condition-of") + ": " + word("ml-condition")})
	d.line("covariance", "inv(-H)", `(-H)^{-1}`)
	return nil
}

// secondLaTeX is the sign of a second derivative of the likelihood.
func secondLaTeX(a, b *expr.Node) string {
	below := fmt.Sprintf(`\partial %s\,\partial %s`, format.LaTeX(a), format.LaTeX(b))
	switch {
	case a == b && a.Shape().IsScalar():
		below = fmt.Sprintf(`\partial {%s}^2`, format.LaTeX(a))
	case !b.Shape().IsScalar():
		below = fmt.Sprintf(`\partial %s\,\partial {%s}^\top`, format.LaTeX(a), format.LaTeX(b))
	}
	return fmt.Sprintf(`\frac{\partial^2 \ell}{%s}`, below)
}

// A wholeScope declares data and parameters to the engine. Sizes are named, so
// that derivatives show n and p rather than numbers.
type wholeScope struct {
	*parse.Scope
	data   []array
	start  []Start
	params []*expr.Node
	at     []int // parameter k is entries at[k] to at[k+1] of the list
	dims   map[string]int
	values map[*expr.Node][]float64
	rows   int
}

func newWholeScope(data []array, start []Start) (*wholeScope, error) {
	s := &wholeScope{Scope: parse.NewScope(), data: data, start: start, at: []int{0}, dims: map[string]int{}, values: map[*expr.Node][]float64{}, rows: 1}
	s.Spread = true
	for _, a := range data {
		s.rows = max(s.rows, a.r)
		if slices.ContainsFunc(start, func(p Start) bool { return p.Name == a.name }) {
			return nil, fail(BadInput, "%s is both data and a parameter; rename one", a.name)
		}
	}
	name := s.sizes()
	for _, a := range data {
		if a.column && !s.admits(a.name) {
			continue
		}
		if err := s.Declare(a.name, shape.Shape{Rows: name(a.r), Cols: name(a.c)}, 0); err != nil {
			return nil, engineError(err)
		}
		s.values[s.Vars[a.name]] = a.entries
	}
	for _, p := range start {
		if err := s.Declare(p.Name, shape.Vector(name(len(p.Values))), 0); err != nil {
			return nil, engineError(err)
		}
		s.params = append(s.params, s.Vars[p.Name])
		s.at = append(s.at, s.at[len(s.at)-1]+len(p.Values))
	}
	if s.admits("pi") {
		if err := s.Declare("pi", shape.Scalar, expr.Positive); err != nil {
			return nil, engineError(err)
		}
		s.values[s.Vars["pi"]] = []float64{math.Pi}
	}
	return s, nil
}

// admits reports whether a name can be declared.
func (s *wholeScope) admits(name string) bool {
	_, function := expr.Lookup(name)
	return shape.IsName(name) && !function && s.Vars[name] == nil && s.Dims[name] == shape.One
}

// sizes returns a function that names sizes: n is the number of rows, the others
// follow in the order of their use.
func (s *wholeScope) sizes() func(k int) shape.Size {
	names := map[int]string{}
	taken := func(name string) bool {
		return slices.ContainsFunc(s.data, func(a array) bool { return a.name == name }) ||
			slices.ContainsFunc(s.start, func(p Start) bool { return p.Name == name })
	}
	next := 0
	name := func(k int) shape.Size {
		if k == 1 {
			return shape.One
		}
		for ; names[k] == ""; next++ {
			candidate := "n" + fmt.Sprint(next)
			if letters := "npqkmdrhuvw"; next < len(letters) {
				candidate = letters[next : next+1]
			}
			if !taken(candidate) {
				names[k] = candidate
				s.dims[candidate] = k
			}
		}
		return shape.Name(names[k])
	}
	name(s.rows)
	return name
}

// read parses the likelihood, which must be a number.
func (s *wholeScope) read(source string) (*expr.Node, error) {
	r, err := parse.Text(source, s.Scope)
	if err != nil {
		return nil, engineError(err)
	}
	if !r.Node.Shape().IsScalar() {
		return nil, fail(Mismatch, "a log-likelihood is a number, and %s is %s; sum it over the rows with sum(...)", source, r.Node.Shape())
	}
	return r.Node, nil
}

// engineError gives an error of the engine a class of this package.
func engineError(err error) error {
	e, ok := err.(*shape.Error)
	if !ok {
		return fail(BadInput, "%v", err)
	}
	class, known := map[shape.Class]Class{shape.Syntax: Syntax, shape.Unknown: UnknownName, shape.Mismatch: Mismatch}[e.Class]
	if !known {
		class = BadInput
	}
	if name := e.Expr[max(e.Pos, 0):max(e.End, 0)]; strings.HasPrefix(e.Hint, "declare it") {
		faulty := *e
		faulty.Hint = phrase("give it among the data, or with a start value as in Param(%q, 0)", name)
		e = &faulty
	}
	return fail(class, "%s", e.Text(code()))
}

// terms names the coefficients: a number by its parameter, an entry of a vector
// by the column of the matrix that it multiplies, where that has a name, else by
// its place.
func (s *wholeScope) terms(f *expr.Node) []string {
	var plain, long []string
	for _, p := range s.start {
		names := s.columnsOf(f, p.Name)
		for i := range p.Values {
			switch {
			case len(p.Values) == 1:
				plain, long = append(plain, p.Name), append(long, p.Name)
			case names != nil:
				plain, long = append(plain, names[i]), append(long, p.Name+"."+names[i])
			default:
				name := fmt.Sprint(p.Name, i+1)
				plain, long = append(plain, name), append(long, name)
			}
		}
	}
	seen := map[string]bool{}
	for _, name := range plain {
		if seen[name] {
			return long
		}
		seen[name] = true
	}
	return plain
}

// columnsOf returns the column names of the matrix that stands before the
// parameter in a product; nil if there is none that has names.
func (s *wholeScope) columnsOf(f *expr.Node, param string) []string {
	for _, n := range expr.PostOrder(f) {
		if n.Op() != expr.OpMul {
			continue
		}
		for i, v := range n.Args()[1:] {
			if v != s.Vars[param] {
				continue
			}
			for _, a := range s.data {
				if n.Arg(i) == s.Vars[a.name] && len(a.names) == a.c {
					return a.names
				}
			}
		}
	}
	return nil
}
