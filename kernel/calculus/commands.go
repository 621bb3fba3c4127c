package calculus

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nabla-go/nabla/kernel/cell"
	"github.com/nabla-go/nabla/matcalc"
	"github.com/nabla-go/nabla/matcalc/derive"
	"github.com/nabla-go/nabla/matcalc/regress"
	"github.com/nabla-go/nabla/matcalc/words"
)

// A row of the table: what is shown of a magic and what it does.
type row struct {
	cell.Command
	run func(n *Notebook, m cell.Magic, show func(any)) error
}

// Commands lists the magics of mathematics, ready to run on the notebook.
func (n *Notebook) Commands() []cell.Command {
	out := make([]cell.Command, len(rows))
	for i, r := range rows {
		out[i] = r.Command
		out[i].Answer = func(m cell.Magic, show func(any)) (err error) {
			defer protect(&err)
			return r.run(n, m, show)
		}
	}
	return out
}

// protect turns a panic of the facade into its error, in the person's language.
func protect(err *error) {
	if r := recover(); r != nil {
		fault, ok := r.(*matcalc.Error)
		if !ok {
			panic(r)
		}
		*err = fault
	}
	var fault *matcalc.Error
	if errors.As(*err, &fault) {
		*err = Fault{fault}
	}
}

// A Fault is an error of matcalc as a person reads it: what is wrong, the line
// with carets, how to mend it.
type Fault struct{ fault *matcalc.Error }

// Unwrap gives the error of matcalc.
func (f Fault) Unwrap() error { return f.fault }

// Error is the message, the place and the hint, each on its own line.
func (f Fault) Error() string {
	text := words.Say(f.fault.Message)
	if line, caret := f.fault.Place(); line != "" {
		text += "\n    " + line + "\n    " + caret
	}
	if f.fault.Hint != "" {
		text += "\n" + say("hint: ", "提示：") + words.Say(f.fault.Hint)
	}
	return text
}

var rows []row

func init() {
	kinds := func(kind matcalc.Kind) func(*Notebook, cell.Magic, func(any)) error {
		return each(func(n *Notebook, text string, show func(any)) error { return n.ask(text, kind, show) })
	}
	rows = []row{
		{cell.Command{Name: "derive", Takes: cell.Expression, Usage: "%derive EXPRESSION wrt NAME [where DECLARATIONS] [--by STRATEGY] [--layout LAYOUT]",
			Help: cell.Text{En: "derive a derivative step by step", Zh: "一步一步推导导数"},
			More: cell.Text{
				En: "%derive x'*A*x wrt x where A: n×n symmetric; x: n\n%derive d/dx x'*A*x --by chain      strategies: definition, components, differential, chain\n%%derive takes several lines: declarations, and one expression each",
				Zh: "%derive x'*A*x 对 x 其中 A: n×n 对称; x: n\n%derive ∂(x'*A*x)/∂x --by 链式      方法：定义、分量、微分、链式\n%%derive 可以写多行：声明，以及每行一个表达式"}},
			each((*Notebook).derive)},
		{cell.Command{Name: "grad", Takes: cell.Expression, Alias: []string{"gradient"}, Usage: "%grad EXPRESSION wrt NAME [where DECLARATIONS]",
			Help: cell.Text{En: "the gradient of a scalar", Zh: "标量函数的梯度"},
			More: cell.Text{En: "%grad norm2(X*w-y)^2 wrt w", Zh: "%grad norm2(X*w-y)^2 wrt w"}}, kinds("gradient")},
		{cell.Command{Name: "jacobian", Takes: cell.Expression, Usage: "%jacobian EXPRESSION wrt NAME [where DECLARATIONS]",
			Help: cell.Text{En: "the Jacobian of a vector or matrix", Zh: "向量或矩阵函数的雅可比矩阵"},
			More: cell.Text{En: "%jacobian A*x+b wrt x", Zh: "%jacobian A*x+b wrt x"}}, kinds("jacobian")},
		{cell.Command{Name: "hessian", Takes: cell.Expression, Usage: "%hessian EXPRESSION wrt NAME [where DECLARATIONS]",
			Help: cell.Text{En: "the matrix of second derivatives of a scalar", Zh: "标量函数的黑塞矩阵"},
			More: cell.Text{En: "%hessian x'*A*x wrt x", Zh: "%hessian x'*A*x wrt x"}}, kinds("hessian")},
		{cell.Command{Name: "check", Takes: cell.Expression, Usage: "%check LEFT = RIGHT [where DECLARATIONS]",
			Help: cell.Text{En: "is it right? if not: what is wrong, numbers, the repair", Zh: "对不对？不对时指出错在哪里、数值依据和改正"},
			More: cell.Text{
				En: "%check tr(A*B) = tr(B*A)\n%check d/dx x'*A*x = 2*A*x where A: n×n; x: n\n%%check judges the lines of a derivation one by one",
				Zh: "%check tr(A*B) = tr(B*A)\n%check d/dx x'*A*x = 2*A*x 其中 A: n×n; x: n\n%%check 逐行检查单元格中的推导"}},
			(*Notebook).check},
		{cell.Command{Name: "solve", Takes: cell.Expression, Alias: []string{"stationary"}, Usage: "%solve EXPRESSION wrt NAME [subject to CONSTRAINTS] [where DECLARATIONS]",
			Help: cell.Text{En: "where the gradient is zero: closed form, condition, minimum or maximum", Zh: "梯度为零的点：闭式解、条件、极小或极大"},
			More: cell.Text{
				En: "%solve norm2(X*w-y)^2 wrt w\n%solve x'*x wrt x subject to C*x = d",
				Zh: "%solve norm2(X*w-y)^2 wrt w\n%solve x'*x wrt x 约束 C*x = d"}},
			each((*Notebook).solve)},
		{cell.Command{Name: "vars", Takes: cell.Expression, Usage: "%vars [DECLARATIONS]",
			Help: cell.Text{En: "declare names for the whole notebook, or list them", Zh: "为整个笔记本声明变量，或列出已声明的变量"},
			More: cell.Text{En: "%vars A: n×n symmetric; x: n; lambda: scalar positive; sigma: function", Zh: "%vars A: n×n 对称; x: n; lambda: 标量; sigma: 函数"}},
			(*Notebook).vars},
		{cell.Command{Name: "rules", Usage: "%rules [NAME]",
			Help: cell.Text{En: "the rules of derivation whose name or formula has the word", Zh: "名称或公式中含有该词的求导规则"},
			More: cell.Text{En: "%rules trace", Zh: "%rules 迹"}}, (*Notebook).rules},
		{cell.Command{Name: "layout", Takes: cell.Values, Words: []string{"numerator", "denominator", "default", "分子", "分母"}, Usage: "%layout [numerator|denominator]",
			Help: cell.Text{En: "how the entries of derivatives are arranged", Zh: "导数的布局：分子布局或分母布局"},
			More: cell.Text{En: "%layout numerator\n%layout default", Zh: "%layout 分子\n%layout 默认"}}, (*Notebook).setLayout},
		{cell.Command{Name: "code", Takes: cell.Expression, Words: []string{"numpy", "go"}, Usage: "%code numpy|go [EXPRESSION [wrt NAME] [where DECLARATIONS]]",
			Help: cell.Text{En: "the last result, or a derivative, as code", Zh: "把上一个结果或某个导数写成代码"},
			More: cell.Text{En: "%code numpy\n%code go norm2(X*w-y)^2 wrt w", Zh: "%code numpy\n%code go norm2(X*w-y)^2 wrt w"}}, (*Notebook).code},
		{cell.Command{Name: "lang", Takes: cell.Values, Words: []string{"zh", "en"}, Usage: "%lang [zh|en]",
			Help: cell.Text{En: "the language of hints, help and derivations", Zh: "提示、帮助和推导所用的语言"},
			More: cell.Text{En: "%lang zh", Zh: "%lang en"}}, (*Notebook).setLanguage},
	}
}

// each makes a magic of what answers one question: a cell magic asks one for
// each of its lines, and lines that only declare hold for the lines below.
func each(ask func(n *Notebook, text string, show func(any)) error) func(*Notebook, cell.Magic, func(any)) error {
	return func(n *Notebook, m cell.Magic, show func(any)) error {
		if !m.Cell {
			return ask(n, m.Args, show)
		}
		var declared []string
		all, head, asked := lines(m.Body), m.Args, false
		if holdsExpression(head) {
			all, head = append([]string{head}, all...), ""
		}
		var defined definitions
		for i, line := range all {
			if text, ok := declaration(line); ok {
				declared = append(declared, text)
				continue
			}
			if i+1 < len(all) && defined.add(line) {
				continue
			}
			asked = true
			if err := ask(n, with(defined.in(line), head, declared), show); err != nil {
				return err
			}
		}
		if !asked {
			return fmt.Errorf("%s", say("the cell holds no expression", "单元格里没有表达式"))
		}
		return nil
	}
}

// holdsExpression tells that what stands after the name of a cell magic is more
// than a variable, declarations and options.
func holdsExpression(head string) bool {
	before, _ := cutWord(withoutOptions(head), whereWords)
	expr, _ := cutWord(before, wrtWords)
	return expr != ""
}

func withoutOptions(text string) string {
	text, _ = splitOptions(text)
	return text
}

// declaration recognises a line that only declares: A: n×n, or where A: n×n.
func declaration(line string) (text string, ok bool) {
	if before, after := cutWord(line, whereWords); before == "" && after != "" {
		line = after
	}
	if !strings.ContainsAny(line, ":：∈") {
		return "", false
	}
	_, err := entriesOf(line)
	return line, err == nil
}

// with adds to a line what stands after the name of the magic and what the
// lines above declare.
func with(line, head string, declared []string) string {
	line, options := splitOptions(line)
	head, more := splitOptions(head)
	if len(declared) > 0 {
		if before, own := cutWord(line, whereWords); own != "" {
			line, declared = before, append(declared[:len(declared):len(declared)], own)
		}
		head, shared := cutWord(head, whereWords)
		if shared != "" {
			declared = append([]string{shared}, declared...)
		}
		return strings.Join([]string{line, head, "where", strings.Join(declared, "; "), options, more}, " ")
	}
	return strings.Join([]string{line, head, options, more}, " ")
}

// derive gives a derivation, or the bare result where no strategy leads to it.
func (n *Notebook) derive(text string, show func(any)) error {
	t, err := n.prepare(text, "", show)
	if err != nil {
		return err
	}
	defer t.speak()()
	d, err := t.f.Ask(t.wrt, t.request)
	if err != nil {
		return err
	}
	n.remember(d)
	if t.q.options.by == "all" {
		return t.deriveAll(show)
	}
	by, err := matcalc.ParseStrategy(t.q.options.by)
	if err != nil {
		return err
	}
	steps, err := t.f.DeriveBy(t.wrt, t.request, by)
	switch {
	case err != nil && t.q.options.by != "":
		return err
	case err != nil:
		show(t.form(d))
	default:
		show(t.written(steps))
	}
	return nil
}

// deriveAll shows the derivation by every strategy, or why one does not apply.
func (t *task) deriveAll(show func(any)) error {
	for _, by := range matcalc.Strategies() {
		steps, err := t.f.DeriveBy(t.wrt, t.request, by)
		if err != nil {
			show(string(by) + ": " + err.Error() + "\n")
			continue
		}
		show(t.written(steps))
	}
	return nil
}

// written is a derivation in the form that the options ask for.
func (t *task) written(steps *matcalc.Derivation) any {
	if t.q.options.short {
		steps = steps.Short()
	}
	switch {
	case t.q.options.latex:
		return listing{"latex", steps.LaTeX()}
	case t.q.options.fragment:
		return listing{"latex", steps.Fragment()}
	case t.q.options.markdown:
		return listing{"markdown", steps.AsMarkdown()}
	case t.q.options.html:
		return listing{"html", steps.HTML()}
	}
	return steps
}

// vars declares names, or lists those that are declared.
func (n *Notebook) vars(m cell.Magic, show func(any)) error {
	text := strings.TrimSpace(m.Args + "\n" + m.Body)
	if text != "" {
		return n.declare(text)
	}
	names, shapes := n.Declared()
	if len(names) == 0 {
		show(say("nothing is declared yet: %vars A: n×n symmetric; x: n\n", "还没有声明变量，例如：%vars A: n×n 对称; x: n\n"))
	}
	for i, name := range names {
		show(name + ": " + shapes[i] + "\n")
	}
	return nil
}

// setLayout chooses the layout of all that follows, or says which one holds.
func (n *Notebook) setLayout(m cell.Magic, show func(any)) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch m.Args {
	case "":
		if n.layout == "" {
			show(say("default: gradients in denominator layout (the shape of the variable), Jacobians in numerator layout\n", "默认：梯度用分母布局（与变量同形），雅可比矩阵用分子布局\n"))
			return nil
		}
		show(string(n.layout) + "\n")
		return nil
	case "default", "默认":
		n.layout = ""
		return nil
	}
	value, err := pick(layouts[:2], say("the layout", "布局"), m.Args)
	if err == nil {
		n.layout = matcalc.Layout(value)
	}
	return err
}

// setLanguage chooses the language, or says which one holds.
func (n *Notebook) setLanguage(m cell.Magic, show func(any)) error {
	if m.Args == "" {
		show(derive.Language() + "\n")
		return nil
	}
	value, err := pick(languages, say("the language", "语言"), m.Args)
	if err == nil {
		derive.SetLanguage(value)
		regress.SetLanguage(value)
	}
	return err
}

// code writes the latest result, or that of a question, as a program.
func (n *Notebook) code(m cell.Magic, show func(any)) error {
	language, question, _ := strings.Cut(strings.TrimSpace(m.Args+"\n"+m.Body), " ")
	write, ok := programs[strings.ToLower(language)]
	if !ok {
		return fmt.Errorf(say("%q is no language to write code in: numpy or go", "不能写成 %q：可以是 numpy 或 go"), language)
	}
	n.mu.Lock()
	d := n.last
	n.mu.Unlock()
	if question = strings.TrimSpace(question); question != "" {
		var err error
		if d, err = n.coded(question, show); err != nil {
			return err
		}
	}
	if d == nil {
		return fmt.Errorf("%s", say("there is no result yet: ask for one first, or write %code numpy x'*A*x wrt x", "还没有结果：请先求一个导数，或写 %code numpy x'*A*x wrt x"))
	}
	show(write(d))
	return nil
}

// programs are the languages of %code.
var programs = map[string]func(d *matcalc.Expr) listing{
	"numpy":  func(d *matcalc.Expr) listing { return listing{"python", d.NumPy()} },
	"python": func(d *matcalc.Expr) listing { return listing{"python", d.NumPy()} },
	"go":     func(d *matcalc.Expr) listing { return listing{"go", d.Go("derivative")} },
	"gonum":  func(d *matcalc.Expr) listing { return listing{"go", d.Go("derivative")} },
}

// coded answers a question for %code: with wrt the derivative, else the
// expression itself.
func (n *Notebook) coded(text string, show func(any)) (*matcalc.Expr, error) {
	q, err := read(text)
	if err != nil {
		return nil, err
	}
	if q.wrt != "" {
		t, err := n.task(q, "", show)
		if err != nil {
			return nil, err
		}
		return t.f.Ask(t.wrt, t.request)
	}
	v, err := n.scope(q.expr, q.where, show)
	if err != nil {
		return nil, err
	}
	return v.Parse(q.expr)
}
