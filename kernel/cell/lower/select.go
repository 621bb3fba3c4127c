package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/kernel/rt"
)

// A clause is one of a select with its operands evaluated.
type clause struct {
	kind    byte
	channel string
	value   typed // the variable that is sent or received into
}

// selectStmt lowers a select to two steps, one that chooses and a switch over
// what was chosen: the interpreter loses a branch at the end of a clause.
func (f *fn) selectStmt(s *ast.SelectStmt, label string) {
	f.line("{")
	defer f.line("}")
	l := f.push(label, false)
	defer f.pop()
	// Operands are evaluated once, in order.
	clauses := make([]clause, len(s.Body.List))
	for i, c := range s.Body.List {
		clauses[i] = f.comm(c.(*ast.CommClause))
	}
	chosen, ok := f.fresh("chosen"), f.fresh("ok")
	if f.alone {
		f.chooseHere(clauses, chosen, ok)
	} else {
		f.choose(clauses, chosen, ok)
	}
	f.label(l)
	f.line("switch %s {", chosen)
	for i, c := range s.Body.List {
		c := c.(*ast.CommClause)
		f.line("case %d:", i)
		if a, define := c.Comm.(*ast.AssignStmt); define {
			f.receive(a, []typed{clauses[i].value, {text: ok, typ: types.Typ[types.Bool]}})
		}
		f.branchBlock(c.Body)
	}
	f.line("}")
}

// choose lets compiled code choose: the interpreter keeps the operands of a select
// in the statement, where goroutines overwrite those of one another.
func (f *fn) choose(clauses []clause, chosen, ok string) {
	var kinds strings.Builder
	var operands []string
	for _, c := range clauses {
		kinds.WriteByte(c.kind)
		if c.channel != "" {
			operands = append(operands, "interface{}("+c.channel+")")
		}
		if c.value.text != "" {
			operands = append(operands, "interface{}(&"+c.value.text+")")
		}
	}
	f.line("%s, %s := %s.Select(%s)", chosen, ok, Runtime, strings.Join(append([]string{strconv.Quote(kinds.String())}, operands...), ", "))
}

// chooseHere leaves the choice to the interpreter, which is quicker.
func (f *fn) chooseHere(clauses []clause, chosen, ok string) {
	f.line("%s, %s := -1, false", chosen, ok)
	f.line("select {")
	for i, c := range clauses {
		switch c.kind {
		case rt.Otherwise:
			f.line("default:")
		case rt.Send:
			f.line("case %s <- %s:", c.channel, c.value.text)
		case rt.Discard:
			f.line("case <-%s:", c.channel)
		case rt.Receive:
			f.line("case %s, %s = <-%s:", c.value.text, ok, c.channel)
		}
		f.line("%s = %d", chosen, i)
	}
	f.line("}")
}

// receive gives the variables of a clause what was received.
func (f *fn) receive(a *ast.AssignStmt, values []typed) {
	for k, e := range a.Lhs {
		if a.Tok == token.DEFINE {
			f.bind(e.(*ast.Ident), values[k])
		} else if !isBlank(e) {
			f.line("%s = %s", f.place2(ast.Unparen(e)), f.convText(values[k].text, values[k].typ, f.typeOf(e)))
		}
	}
}

// comm evaluates the operands of a clause.
func (f *fn) comm(c *ast.CommClause) clause {
	element := func(ch ast.Expr) types.Type { return f.typ(f.under(ch).(*types.Chan).Elem()) }
	variable := func(t types.Type) typed {
		v := typed{text: f.fresh("v"), typ: t}
		if f.repeats() && f.reusable(t) {
			f.slot(v.text, t) // what is received is copied
		} else {
			f.line("var %s %s", v.text, f.s.goType(t))
		}
		return v
	}
	var source ast.Expr
	switch s := c.Comm.(type) {
	case nil:
		return clause{kind: rt.Otherwise}
	case *ast.SendStmt:
		channel, t := f.temp2(f.primary(s.Chan)), element(s.Chan)
		text := f.conv(s.Value, t)
		v := variable(t)
		f.line("%s = %s", v.text, text)
		return clause{rt.Send, channel, v}
	case *ast.ExprStmt:
		source = s.X
	case *ast.AssignStmt:
		source = s.Rhs[0]
	}
	x := ast.Unparen(source).(*ast.UnaryExpr).X
	channel := f.temp2(f.primary(x))
	if _, discarded := c.Comm.(*ast.ExprStmt); discarded {
		return clause{kind: rt.Discard, channel: channel}
	}
	return clause{rt.Receive, channel, variable(element(x))}
}
