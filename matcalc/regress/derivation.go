package regress

import (
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
// the equations or the step that are solved, the condition, and the covariance.
type Derivation struct {
	Title string
	Steps []DerivationStep
}

// A DerivationStep is one line: what it is, and the expression as text and as
// LaTeX; both empty for a remark.
type DerivationStep struct {
	Label, ASCII, LaTeX string
}

// A source says, for a kind of model, what the engine is asked: declarations,
// the loss as a function of b, and what follows from gradient and Hessian.
type source struct {
	vars, loss string
	left       string // of the normal equations, left A b = right; or of the step
	right      string
	covariance string
	condition  [2]string
}

const (
	fullRank = "X has full column rank, so the Hessian is positive definite and the solution is the only minimum"
	fullZh   = "X 列满秩，故 Hessian 正定，解是唯一的最小值"
)

var sources = map[Kind]source{
	KindOLS:      {"X: n×p; y: n; b: p; s2: scalar positive", "(y-X*b)'*(y-X*b)", "X'*X*b", "X'*y", "s2*inv(X'*X)", [2]string{fullRank, fullZh}},
	KindWLS:      {"X: n×p; W: n×n diagonal pd; y: n; b: p; s2: scalar positive", "(y-X*b)'*W*(y-X*b)", "X'*W*X*b", "X'*W*y", "s2*inv(X'*W*X)", [2]string{fullRank, fullZh}},
	KindGLS:      {"X: n×p; V: n×n symmetric pd; y: n; b: p; s2: scalar positive", "(y-X*b)'*inv(V)*(y-X*b)", "X'*inv(V)*X*b", "X'*inv(V)*y", "s2*inv(X'*inv(V)*X)", [2]string{fullRank, fullZh}},
	KindRidge:    {"X: n×p; D: p×p diagonal; y: n; b: p; lambda: scalar positive", "(y-X*b)'*(y-X*b) + lambda*b'*D*b", "(X'*X + lambda*D)*b", "X'*y", "", [2]string{"X'X + λD is positive definite (D has ones, and a zero for the intercept)", "X'X + λD 正定（D 的对角元为 1，截距处为 0）"}},
	KindLogistic: {"X: n×p; y: n; b: p", "sum(softplus(X*b)) - y'*X*b", "", "", "inv(H)", [2]string{fullRank + "; it exists unless the classes are separated", fullZh + "；除非两类可分，解存在"}},
	KindPoisson:  {"X: n×p; y: n; b: p", "sum(exp(X*b)) - y'*X*b", "", "", "inv(H)", [2]string{fullRank, fullZh}},
}

// Derivation derives the equations of the model with the engine. It panics
// with an *Error if the kind of model has none.
func (m *Model) Derivation() *Derivation {
	d, err := derivationOf(m.Kind)
	must(err)
	return d
}

var derivationWords = [...][2]string{
	{"Loss", "损失"}, {"Gradient", "梯度"}, {"Hessian", "Hessian 矩阵"}, {"Normal equations", "正规方程"},
	{"Newton step (iteratively reweighted least squares)", "Newton 步（迭代重加权最小二乘）"}, {"Condition", "条件"}, {"Covariance of the estimate", "估计量的协方差"},
}

func derivationOf(kind Kind) (*Derivation, error) {
	src, ok := sources[kind]
	if !ok {
		return nil, fail(BadInput, "a %s model has no derivation in matrices; its Jacobian is symbolic", kind)
	}
	scope, err := parse.Declarations(src.vars)
	if err != nil {
		return nil, fail(BadInput, "the derivation cannot be declared: %v", err)
	}
	loss, err := parse.ASCII(src.loss, scope)
	if err != nil {
		return nil, fail(BadInput, "the derivation cannot be read: %v", err)
	}
	s := rewrite.New()
	b := scope.Vars["b"]
	gradient, err := derived(loss, b, diff.Request{Kind: diff.Gradient}, check.FormGradient, loss, s)
	if err != nil {
		return nil, err
	}
	hessian, err := derived(loss, b, diff.Request{Kind: diff.Hessian}, check.FormJacobian, gradient, s)
	if err != nil {
		return nil, err
	}
	d := &Derivation{Title: word(string(kind))}
	d.add(0, format.ASCII(loss), format.LaTeX(loss))
	d.add(1, format.ASCII(gradient), format.LaTeX(gradient))
	d.add(2, format.ASCII(hessian), format.LaTeX(hessian))
	if err := d.solve(src, scope, gradient, s); err != nil {
		return nil, err
	}
	lang := language.Load()
	d.Steps = append(d.Steps, DerivationStep{Label: derivationWords[5][lang] + ": " + src.condition[lang]})
	switch src.covariance {
	case "":
	case "inv(H)":
		d.add(6, "inv("+format.ASCII(hessian)+")", `\left(`+format.LaTeX(hessian)+`\right)^{-1}`)
	default:
		c, err := parse.ASCII(src.covariance, scope)
		if err != nil {
			return nil, fail(BadInput, "the covariance cannot be read: %v", err)
		}
		d.add(6, format.ASCII(c), format.LaTeX(c))
	}
	return d, nil
}

// derived differentiates f by b and checks the result as the derivative of of.
func derived(f, b *expr.Node, q diff.Request, form check.Form, of *expr.Node, s *rewrite.Simplifier) (*expr.Node, error) {
	q = q.Normal(f, b)
	node, err := diff.Derive(f, b, q, s)
	if err != nil {
		return nil, fail(BadInput, "the %s was not derived: %v", q.Kind, err)
	}
	if _, err := check.Derivative(check.Claim{F: of, Wrt: b, Result: node, Form: form}); err != nil {
		return nil, fail(BadInput, "the %s did not pass its numeric check: %v", q.Kind, err)
	}
	return node, nil
}

// solve adds the equations that make the gradient zero. That they do is
// decided by the engine: half the gradient equals left minus right.
func (d *Derivation) solve(src source, scope *parse.Scope, gradient *expr.Node, s *rewrite.Simplifier) error {
	if src.left == "" {
		d.add(4, "H*(b_new - b) = -g", `H\,(b^{+}-b) = -g`)
		return nil
	}
	claim, err := parse.ASCII("2*("+src.left+" - "+src.right+")", scope)
	if err != nil {
		return fail(BadInput, "the normal equations cannot be read: %v", err)
	}
	if same, _, err := check.Equal(claim, gradient); err != nil || !same {
		return fail(BadInput, "the normal equations do not follow from the gradient %s", format.ASCII(gradient))
	}
	left, _ := parse.ASCII(src.left, scope)
	right, _ := parse.ASCII(src.right, scope)
	d.add(3, format.ASCII(left)+" = "+format.ASCII(right), format.LaTeX(left)+" = "+format.LaTeX(right))
	return nil
}

func (d *Derivation) add(label int, ascii, latex string) {
	d.Steps = append(d.Steps, DerivationStep{derivationWords[label][language.Load()], ascii, latex})
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

// HTML is the derivation with its formulas as LaTeX between dollars, which a
// notebook typesets.
func (d *Derivation) HTML() string {
	var b strings.Builder
	b.WriteString("<p><b>" + html.EscapeString(d.Title) + "</b></p><ul>")
	for _, s := range d.Steps {
		b.WriteString("<li>" + html.EscapeString(s.Label))
		if s.LaTeX != "" {
			b.WriteString(": $" + html.EscapeString(s.LaTeX) + "$")
		}
		b.WriteString("</li>")
	}
	return b.String() + "</ul>"
}
