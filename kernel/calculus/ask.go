package calculus

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nabla-go/nabla/matcalc"
	"github.com/nabla-go/nabla/matcalc/derive"
)

// A task is a question that is ready to be answered: the expression parsed,
// the variable known.
type task struct {
	f       *matcalc.Expr
	wrt     string
	request matcalc.Request
	q       question
}

// prepare parses the expression of a question with the declarations in force;
// names without any get proposed shapes. Kind is what the magic asks for, ""
// for what fits. What was assumed is shown.
func (n *Notebook) prepare(text string, kind matcalc.Kind, show func(any)) (*task, error) {
	q, err := read(text)
	if err != nil {
		return nil, err
	}
	_, q.expr = defined(q.expr) // f = x'*A*x is as good as x'*A*x
	return n.task(q, kind, show)
}

func (n *Notebook) task(q question, kind matcalc.Kind, show func(any)) (*task, error) {
	t := &task{q: q}
	if q.expr == "" {
		return nil, fmt.Errorf("%s", say("the expression is missing, as in x'*A*x wrt x", "缺少表达式，例如 x'*A*x wrt x"))
	}
	v, err := n.scope(q.expr, q.where, show)
	if err != nil {
		return nil, err
	}
	if t.f, err = v.Parse(q.expr); err != nil {
		return nil, err
	}
	if u := t.f.Understood(); u != "" {
		show(u + "\n")
	}
	if t.wrt, err = variable(t.f, q.wrt); err != nil {
		return nil, err
	}
	t.request = matcalc.Request{Kind: kind, Layout: q.options.layout, Structure: q.options.structure}
	if q.options.kind != "" {
		t.request.Kind = q.options.kind
	}
	if q.order == 2 && kind == "" {
		t.request.Kind = "hessian"
	}
	if t.request.Layout == "" {
		t.request.Layout = n.layoutFor(t.f, t.wrt, t.request.Kind)
	}
	return t, nil
}

// layoutFor is the layout that %layout chose, for the kinds that have two.
func (n *Notebook) layoutFor(f *matcalc.Expr, wrt string, kind matcalc.Kind) matcalc.Layout {
	n.mu.Lock()
	defer n.mu.Unlock()
	q := matcalc.Request{Kind: kind}.Normal(f.Node(), f.Vars().Scope().Vars[wrt])
	if q.Kind != "gradient" && q.Kind != "jacobian" {
		return ""
	}
	return n.layout
}

// scope gives the declarations for an expression and shows what was proposed.
func (n *Notebook) scope(expr string, where []entry, show func(any)) (*matcalc.Variables, error) {
	all := n.declaredIn(where)
	if _, err := variables(all); err != nil && len(where) > 0 {
		// A name of the notebook may be a dimension here: only what is used counts.
		all = merged(slices.DeleteFunc(n.declaredIn(nil), func(e entry) bool { return !strings.Contains(expr, e.name) }), where)
	}
	proposed, err := propose(expr, all)
	if err != nil {
		return nil, err
	}
	if len(proposed) > 0 {
		show(fmt.Sprintf(say("not declared, taken as  %s   (other shapes: %%vars %s)\n", "未声明，按  %s  处理（如需改变：%%vars %s）\n"), joined(proposed), joined(proposed)))
		all = merged(all, proposed)
	}
	return variables(all)
}

// variable is the name to differentiate by: the one given, or the only one in
// the expression.
func variable(f *matcalc.Expr, given string) (string, error) {
	scope := f.Vars().Scope()
	if strings.Contains(given, ",") {
		return "", fmt.Errorf(say("by one variable at a time, not by %s", "一次只能对一个变量求导，而不是 %s"), given)
	}
	if given != "" {
		if scope.Vars[given] == nil {
			if scope.Vars[strings.TrimPrefix(given, `\`)] != nil {
				return strings.TrimPrefix(given, `\`), nil
			}
			if one, err := f.Vars().Parse(given); err == nil && scope.Vars[one.ASCII()] != nil {
				return one.ASCII(), nil
			}
			return "", fmt.Errorf(say("%s is not declared; the expression has %s", "%s 没有声明；表达式中有 %s"), given, strings.Join(names(f), ", "))
		}
		return given, nil
	}
	switch have := names(f); len(have) {
	case 0:
		return "", fmt.Errorf("%s", say("the expression has no variable to differentiate by", "表达式中没有可以求导的变量"))
	case 1:
		return have[0], nil
	default:
		return "", fmt.Errorf(say("by which variable? add: wrt %s", "对哪个变量求导？请加上：wrt %s"), strings.Join(have, say(" or wrt ", " 或 wrt ")))
	}
}

// names lists the variables of an expression in the order of declaration.
func names(f *matcalc.Expr) []string {
	used := map[string]bool{}
	for _, sym := range f.Node().Variables() {
		used[sym.Name()] = true
	}
	return slices.DeleteFunc(f.Vars().Scope().Names(), func(name string) bool { return !used[name] })
}

// ask gives the derivative as one formula.
func (n *Notebook) ask(text string, kind matcalc.Kind, show func(any)) error {
	t, err := n.prepare(text, kind, show)
	if err != nil {
		return err
	}
	defer t.speak()()
	d, err := t.f.Ask(t.wrt, t.request)
	if err != nil {
		return err
	}
	n.remember(d)
	show(t.form(d))
	return nil
}

// form is a result as the options ask for it.
func (t *task) form(d *matcalc.Expr) any {
	if t.q.options.latex {
		return listing{"latex", d.LaTeX()}
	}
	scope := t.f.Vars()
	kind := t.request.Normal(t.f.Node(), scope.Scope().Vars[t.wrt]).Kind
	return equationOf(kind, scope.Expr(t.wrt), d)
}

// speak switches to the language of --lang; the result switches back.
func (t *task) speak() (back func()) {
	if t.q.options.lang == "" {
		return func() {}
	}
	before := derive.Language()
	derive.SetLanguage(t.q.options.lang)
	return func() { derive.SetLanguage(before) }
}

func (n *Notebook) remember(d *matcalc.Expr) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last = d
}
