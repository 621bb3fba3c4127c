package matcalc

import (
	"fmt"
	"html"
	"strings"

	"github.com/nabla-go/nabla/matcalc/check"
	"github.com/nabla-go/nabla/matcalc/diff"
	"github.com/nabla-go/nabla/matcalc/expr"
	"github.com/nabla-go/nabla/matcalc/format"
	"github.com/nabla-go/nabla/matcalc/index"
	"github.com/nabla-go/nabla/matcalc/rewrite"
	"github.com/nabla-go/nabla/matcalc/shape"
)

// Tensor is a derivative in index form: a sum of products of entries. It is
// the form of results of order three and more, such as third derivatives, the
// Hessian of a vector, or the derivative of a matrix by a vector entry by entry.
type Tensor struct {
	f      *Expr
	by     []string
	form   *index.Form
	report *check.Report
}

// Tensor differentiates by each of the named variables in turn, entry by entry,
// and checks every step numerically. Each variable counts as free in all its
// entries. It panics with *Error.
//
//	v := matcalc.Vars("a, x: n")
//	v.Expr("(a'*x)^3").Tensor("x", "x", "x") // 6 a_i a_j a_k
func (f *Expr) Tensor(by ...string) *Tensor {
	t, err := f.AskTensor(by...)
	raise(err)
	return t
}

// Third is the third derivative of a scalar by a vector, n×n×n.
func (f *Expr) Third(wrt string) *Tensor { return f.Tensor(wrt, wrt, wrt) }

// AskTensor is Tensor with an error (an *Error) in place of a panic.
func (f *Expr) AskTensor(by ...string) (*Tensor, error) {
	variables := make([]*expr.Node, len(by))
	for k, name := range by {
		if variables[k] = f.vars.scope.Vars[name]; variables[k] == nil {
			return nil, shape.NewError(shape.Unknown, fmt.Sprintf("undefined variable %q", name), "declared: "+fmt.Sprint(f.vars.scope.Names()))
		}
	}
	if len(by) == 0 {
		return nil, shape.NewError(shape.Syntax, "no variable is named", `write Tensor("x", "x", "x")`)
	}
	s := rewrite.New()
	n, back := expr.Loose(s.Simplify(f.node), variables)
	loose := make([]*expr.Node, len(variables))
	for k, v := range variables {
		loose[k] = expr.Loosened(v)
	}
	forms, err := chainOfForms(n, loose)
	if err != nil {
		return nil, shape.NewError(shape.Domain, err.Error(), "")
	}
	report, err := check.Forms(n, forms, loose)
	if err != nil {
		return nil, shape.NewError(shape.Unverified, "a result was found but did not pass its numeric check, so it is not shown: "+err.Error(), "please report the expression")
	}
	last := forms[len(forms)-1].Settled(func(m *expr.Node) *expr.Node { return s.Polish(s.Simplify(expr.Substitute(m, back))) })
	return &Tensor{f, by, last, report}, nil
}

// chainOfForms is the index form and its derivatives by each variable.
func chainOfForms(n *expr.Node, by []*expr.Node) ([]*index.Form, error) {
	form, err := index.Of(n, by...)
	if err != nil {
		return nil, err
	}
	out := []*index.Form{form}
	for _, v := range by {
		if form, err = form.Derivative(v, diff.Slope); err != nil {
			return nil, err
		}
		out = append(out, form)
	}
	out[len(out)-1] = form.Folded()
	return out, nil
}

// Order is the number of free indices.
func (t *Tensor) Order() int { return len(t.form.Free) }

// Matrix is the tensor as a scalar, vector or matrix expression; nil where there
// is no such form.
func (t *Tensor) Matrix() *Expr {
	n := t.form.Matrix()
	if n == nil {
		return nil
	}
	s := rewrite.New()
	return &Expr{vars: t.f.vars, node: s.Polish(s.Simplify(n))}
}

// String is the tensor in ASCII, as in 6*a[i]*a[j]*a[k].
func (t *Tensor) String() string { return t.head() + " = " + format.Indexed(t.form) }

// ASCII is the entry alone.
func (t *Tensor) ASCII() string { return format.Indexed(t.form) }

// head names the entry: T[i,j,k].
func (t *Tensor) head() string { return "T[" + strings.Join(format.Letters(t.form), ",") + "]" }

// NumPy is the tensor as a sum of einsums over np, an array with an axis for
// each free index; "" where a function of a sum has no matrix form.
func (t *Tensor) NumPy() string { return format.IndexedNumPy(t.form) }

// LaTeX is the entry of the tensor as LaTeX without delimiters.
func (t *Tensor) LaTeX() string {
	letters := format.Letters(t.form)
	k := len(letters)
	var under []string
	for n := len(t.by) - 1; n >= 0; n-- {
		v := t.f.vars.scope.Vars[t.by[n]]
		width := 0
		for _, s := range []shape.Size{v.Shape().Rows, v.Shape().Cols} {
			if !s.IsOne() {
				width++
			}
		}
		sub := ""
		if width > 0 {
			sub = "_{" + strings.Join(letters[k-width:k], "") + "}"
		}
		k -= width
		under = append([]string{`\partial ` + format.LaTeX(v) + sub}, under...)
	}
	power := ""
	if len(t.by) > 1 {
		power = fmt.Sprintf("^{%d}", len(t.by))
	}
	over := `\partial` + power + " f"
	if k > 0 {
		over += "_{" + strings.Join(letters[:k], "") + "}"
	}
	return `\frac{` + over + `}{` + strings.Join(under, `\,`) + `} = ` + format.IndexedLaTeX(t.form)
}

// HTML shows the tensor with how it was checked folded below it.
func (t *Tensor) HTML() string {
	return fmt.Sprintf(`<div>$$%s$$</div><details style="opacity:0.8"><summary>%s</summary><pre>%s</pre></details>`,
		html.EscapeString(t.LaTeX()), [2]string{"checked numerically", "已作数值检验"}[language()], html.EscapeString(t.Verify().String()))
}

// Verify tells how the tensor was checked.
func (t *Tensor) Verify() Verification {
	return Verification{Method: t.report.Method, Sizes: t.report.Dims, Seeds: t.report.Seeds, Worst: t.report.Worst, Rules: rulesFor(t.f.node, t.f.vars.scope.Vars[t.by[0]])}
}

// Eval is the value of the tensor: dims are the lengths of its free indices,
// and the entry (i,j,k) stands at data[(i*dims[1]+j)*dims[2]+k]. It panics with
// *Error as Expr.Eval does.
func (t *Tensor) Eval(values Values) (dims []int, data []float64) {
	env, err := t.f.environment(values)
	raise(err)
	out, err := env.EvalForm(t.form)
	if err != nil {
		raise(shape.NewError(shape.Values, err.Error(), "give every variable a value, and sizes as whole numbers"))
	}
	return out.Dims, out.V
}
