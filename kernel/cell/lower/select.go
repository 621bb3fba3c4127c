package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/nabla-go/nabla/kernel/rt"
)

// selectStmt lowers a select to a call that chooses and a switch over what was
// chosen. The interpreter keeps the operands of a select in the statement, where
// goroutines that run it at once overwrite those of one another, and loses a
// branch at the end of a clause.
func (f *fn) selectStmt(s *ast.SelectStmt, label string) {
	f.line("{")
	defer f.line("}")
	l := f.push(label, false)
	defer f.pop()
	// Operands are evaluated once, in order; values are received into variables
	// of their own.
	var kinds strings.Builder
	var operands []string
	received := make([]typed, len(s.Body.List))
	for i, c := range s.Body.List {
		kind, channel, v := f.comm(c.(*ast.CommClause))
		kinds.WriteByte(kind)
		if channel != "" {
			operands = append(operands, "interface{}("+channel+")")
		}
		if v.text != "" {
			operands = append(operands, "interface{}(&"+v.text+")")
		}
		received[i] = v
	}
	chosen, ok := f.fresh("chosen"), f.fresh("ok")
	f.line("%s, %s := %s.Select(%s)", chosen, ok, Runtime, strings.Join(append([]string{strconv.Quote(kinds.String())}, operands...), ", "))
	f.label(l)
	f.line("switch %s {", chosen)
	for i, c := range s.Body.List {
		clause := c.(*ast.CommClause)
		f.line("case %d:", i)
		if a, define := clause.Comm.(*ast.AssignStmt); define {
			f.receive(a, []typed{received[i], {text: ok, typ: types.Typ[types.Bool]}})
		}
		f.branchBlock(clause.Body)
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

// comm evaluates the operands of a clause: its kind, its channel, and the
// variable that is sent or received into.
func (f *fn) comm(c *ast.CommClause) (kind byte, channel string, v typed) {
	element := func(ch ast.Expr) types.Type { return f.typ(f.under(ch).(*types.Chan).Elem()) }
	variable := func(t types.Type) typed {
		v := typed{text: f.fresh("v"), typ: t}
		f.line("var %s %s", v.text, f.s.goType(t))
		return v
	}
	var source ast.Expr
	switch s := c.Comm.(type) {
	case nil:
		return rt.Otherwise, "", typed{}
	case *ast.SendStmt:
		channel = f.temp2(f.primary(s.Chan))
		t := element(s.Chan)
		text := f.conv(s.Value, t)
		v = variable(t)
		f.line("%s = %s", v.text, text)
		return rt.Send, channel, v
	case *ast.ExprStmt:
		source = s.X
	case *ast.AssignStmt:
		source = s.Rhs[0]
	}
	x := ast.Unparen(source).(*ast.UnaryExpr).X
	channel = f.temp2(f.primary(x))
	if _, discarded := c.Comm.(*ast.ExprStmt); discarded {
		return rt.Discard, channel, typed{}
	}
	return rt.Receive, channel, variable(element(x))
}
