package regress

import (
	"fmt"
	"html"
	"strings"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/parse"
	"github.com/nabla-go/nabla/matcalc/rewrite"
)

// A Derivation shows where the estimate of a model comes from: the loss, its
// gradient and Hessian as the engine derives them (each checked numerically),
// the equations or the step that are solved, the condition, and the covariance;
// and what these give at the data of the fit.
type Derivation struct {
	Title string
	Steps []DerivationStep
}

// A DerivationStep is one line: what it is, and the expression as text and as
// LaTeX; both empty for a remark.
type DerivationStep struct {
	Label, ASCII, LaTeX string
}

// Derivation derives the equations of the model with the engine. It panics
// with an *Error if the model is not one that was fitted.
func (m *Model) Derivation() *Derivation {
	d, err := m.derive()
	must(err)
	return d
}

func (m *Model) derive() (*Derivation, error) {
	d := &Derivation{Title: word(string(m.Kind))}
	switch m.Kind {
	case KindNLS:
		d.addCurve(m.curve)
	case KindML:
		return d, m.likelihood.derivation(d)
	}
	r, ok := recipes[m.Kind]
	if !ok {
		return nil, fail(BadInput, "a model of kind %q has no derivation", m.Kind)
	}
	b, err := newDeriver(m, r)
	if err != nil {
		return nil, err
	}
	for _, step := range []func(*Derivation) error{b.slopes, b.equations, b.condition, b.covariance} {
		if err := step(d); err != nil {
			return nil, err
		}
	}
	b.atEstimate(d)
	return d, nil
}

// A deriver asks the engine about one model.
type deriver struct {
	recipe
	m                       *Model
	scope                   *parse.Scope
	simplify                *rewrite.Simplifier
	variable                *expr.Node
	loss, gradient, hessian *expr.Node
	cov                     *expr.Node
}

func newDeriver(m *Model, r recipe) (*deriver, error) {
	b := &deriver{recipe: r, m: m, simplify: rewrite.New()}
	if c, ok := cumulants[m.Kind]; ok {
		b.recipe.loss = c.loss(m.sqrtW != nil || m.frame != nil && (m.frame.weights != nil || m.frame.response.failures != nil))
	}
	var err error
	if b.scope, err = parse.Declarations(r.vars); err != nil {
		return nil, fail(BadInput, "the derivation cannot be declared: %v", err)
	}
	b.variable = b.scope.Vars[r.unknown]
	b.loss, err = b.read(b.recipe.loss)
	return b, err
}

// read parses a text of the recipe, the offset in place where there is one.
func (b *deriver) read(text string) (*expr.Node, error) {
	response, predictor := "y", "X*b"
	if b.m.frame != nil && b.m.frame.offset != nil {
		response, predictor = "(y-o)", "X*b+o"
	}
	text = strings.NewReplacer("%[1]s", response, "%[2]s", predictor).Replace(text)
	n, err := parse.ASCII(text, b.scope)
	if err != nil {
		return nil, fail(BadInput, "the derivation cannot be read: %v", err)
	}
	return n, nil
}

// slopes adds the loss, its gradient and its Hessian, each checked against
// differences.
func (b *deriver) slopes(d *Derivation) (err error) {
	if b.gradient, err = b.derived(b.loss, diff.Request{Kind: diff.Gradient}, check.FormGradient, b.loss); err != nil {
		return err
	}
	if b.hessian, err = b.derived(b.loss, diff.Request{Kind: diff.Hessian}, check.FormJacobian, b.gradient); err != nil {
		return err
	}
	d.node("loss", b.loss)
	d.node("gradient", b.gradient)
	d.node("hessian", b.hessian)
	return nil
}

// derived differentiates f and checks the result as the derivative of of.
func (b *deriver) derived(f *expr.Node, q diff.Request, form check.Form, of *expr.Node) (*expr.Node, error) {
	q = q.Normal(f, b.variable)
	node, err := diff.Derive(f, b.variable, q, b.simplify)
	if err != nil {
		return nil, fail(BadInput, "the %s was not derived: %v", q.Kind, err)
	}
	if _, err := check.Derivative(check.Claim{F: of, Wrt: b.variable, Result: node, Form: form}); err != nil {
		return nil, fail(BadInput, "the %s did not pass its numeric check: %v", q.Kind, err)
	}
	return node, nil
}

// equations adds the equations that make the gradient zero, or Newton's step
// where they have no closed solution. That they do is decided by the engine:
// half the gradient equals left minus right.
func (b *deriver) equations(d *Derivation) error {
	if b.left == "" {
		d.line("step", "H*(b_new - b) = -g", `H\,(b^{+}-b) = -g`)
		return nil
	}
	if err := b.equal("2*("+b.left+" - "+b.right+")", b.gradient); err != nil {
		return err
	}
	if err := d.equation(b, "normal", b.left, b.right); err != nil {
		return err
	}
	if b.constraint[0] == "" {
		return nil
	}
	return d.equation(b, "constraint", b.constraint[0], b.constraint[1])
}

// equal confirms that a text of the recipe is the node.
func (b *deriver) equal(text string, n *expr.Node) error {
	claim, err := b.read(text)
	if err != nil {
		return err
	}
	if same, _, err := check.Equal(claim, n); err != nil || !same {
		return fail(BadInput, "%s does not follow: it should be %s", format.ASCII(claim), format.ASCII(n))
	}
	return nil
}

func (d *Derivation) equation(b *deriver, label, left, right string) error {
	l, err := b.read(left)
	if err != nil {
		return err
	}
	r, err := b.read(right)
	if err != nil {
		return err
	}
	d.line(label, format.ASCII(l)+" = "+format.ASCII(r), format.LaTeX(l)+" = "+format.LaTeX(r))
	return nil
}

func (b *deriver) condition(d *Derivation) error {
	d.Steps = append(d.Steps, DerivationStep{Label: word("condition-of") + ": " + b.recipe.condition[language.Load()]})
	if len(b.m.Aliased) > 0 {
		d.Steps = append(d.Steps, DerivationStep{Label: word("without", listNames(b.m.Aliased))})
	}
	return nil
}

// covariance adds the covariance of the estimate. Where the estimate has a
// closed form it is J V J', V the covariance of the response and J the
// derivative of the estimate by it; else the inverse of the Hessian.
func (b *deriver) covariance(d *Derivation) error {
	if b.estimate == "" {
		b.cov = expr.Inv(b.hessian)
		d.node("covariance", b.cov)
		return nil
	}
	estimate, err := b.read(b.estimate)
	if err != nil {
		return err
	}
	if err := b.solves(estimate); err != nil {
		return err
	}
	d.node("estimate-of", estimate)
	j, err := diff.Derive(estimate, b.scope.Vars[b.response], diff.Request{Kind: diff.Jacobian}, b.simplify)
	if err != nil {
		return fail(BadInput, "the derivative of the estimate was not found: %v", err)
	}
	noise, err := b.read(b.noise)
	if err != nil {
		return err
	}
	if err := b.equal(b.recipe.covariance, expr.Mul(j, noise, expr.T(j))); err != nil {
		return err
	}
	b.cov, err = b.read(b.recipe.covariance)
	d.node("covariance", b.cov)
	return err
}

// solves confirms that the estimate satisfies the equations.
func (b *deriver) solves(estimate *expr.Node) error {
	with := map[*expr.Node]*expr.Node{b.variable: estimate}
	if b.multiplier != "" {
		l, err := b.read(b.multiplier)
		if err != nil {
			return err
		}
		with[b.scope.Vars["l"]] = l
	}
	for _, sides := range [][2]string{{b.left, b.right}, b.constraint} {
		if sides[0] == "" {
			continue
		}
		left, err := b.read(sides[0])
		if err != nil {
			return err
		}
		if err := b.equal(sides[1], expr.Substitute(left, with)); err != nil {
			return err
		}
	}
	return nil
}

func (d *Derivation) node(label string, n *expr.Node) {
	d.line(label, format.ASCII(n), format.LaTeX(n))
}

func (d *Derivation) line(label, ascii, latex string) {
	d.Steps = append(d.Steps, DerivationStep{word(label), ascii, latex})
}

// addCurve adds a nonlinear model and its partial derivatives, the nodes that
// the fit evaluates.
func (d *Derivation) addCurve(c *curve) {
	d.line("curve", "f = "+format.ASCII(c.node), "f = "+format.LaTeX(c.node))
	for k, name := range c.params {
		d.line("partial", "df/d"+name+" = "+format.ASCII(c.partial[k]),
			fmt.Sprintf(`\frac{\partial f}{\partial %s} = %s`, format.LaTeXName(name), format.LaTeX(c.partial[k])))
	}
	d.line("linearised", "r = y - f, J = df/d("+strings.Join(c.params, ", ")+"), f(b + d) ~ f + J*d", `r = y - f,\quad J = \frac{\partial f}{\partial b'},\quad f(b+d) \approx f + J d`)
}

// String is the derivation as text.
func (d *Derivation) String() string {
	var b strings.Builder
	b.WriteString(d.Title + "\n")
	for _, s := range d.Steps {
		if s.ASCII == "" {
			b.WriteString("  " + s.Label + "\n")
			continue
		}
		b.WriteString("  " + s.Label + ": " + s.ASCII + "\n")
	}
	return b.String()
}

// HTML is the derivation as a table of labels and formulas, these as LaTeX
// between dollars, which a notebook typesets.
func (d *Derivation) HTML() string {
	const cell = `<td style="text-align:left;vertical-align:middle`
	var b strings.Builder
	b.WriteString("<p><b>" + html.EscapeString(d.Title) + "</b></p><table><tbody>")
	last := ""
	for _, s := range d.Steps {
		if s.LaTeX == "" {
			b.WriteString("<tr>" + cell + `;white-space:normal" colspan="2">` + html.EscapeString(s.Label) + "</td></tr>")
			continue
		}
		label := s.Label
		if label == last {
			label = ""
		}
		last = s.Label
		b.WriteString("<tr>" + cell + `;width:1%;white-space:nowrap">` + html.EscapeString(label) + "</td>" + cell + `">$\displaystyle ` + html.EscapeString(s.LaTeX) + "$</td></tr>")
	}
	return b.String() + "</tbody></table>"
}
