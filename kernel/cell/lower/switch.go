package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// switchStmt lowers a switch to one over conditions, but for tags of a basic
// type with constant cases, which the interpreter is right and fast about.
func (f *fn) switchStmt(s *ast.SwitchStmt, label string) {
	f.line("{")
	defer f.line("}")
	if s.Init != nil {
		f.stmt(s.Init)
	}
	l := f.push(label, false)
	defer f.pop()
	tag, t := "", types.Type(nil)
	native := false
	if s.Tag != nil {
		t = types.Default(f.typeOf(s.Tag))
		tag = f.temp2(f.conv(s.Tag, t))
		native = f.nativeSwitch(s, t)
	}
	if fallsFromDefault(s) {
		f.numbered(s, tag, t, l)
		return
	}
	f.label(l)
	if native {
		f.line("switch %s {", tag)
	} else {
		f.line("switch {")
	}
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if clause.List == nil {
			f.line("default:")
		} else {
			f.line("case %s:", f.caseText(s, clause, tag, t, native))
		}
		f.branchBlock(clause.Body)
	}
	f.line("}")
}

// caseText is what stands after case.
func (f *fn) caseText(s *ast.SwitchStmt, clause *ast.CaseClause, tag string, t types.Type, native bool) string {
	var conds []string
	for _, e := range clause.List {
		switch {
		case native:
			conds = append(conds, f.conv(e, t))
		case s.Tag == nil && isInterface(f.typeOf(e)):
			conds = append(conds, f.matches("true", types.Typ[types.Bool], e))
		case s.Tag == nil:
			conds = append(conds, f.cond(e))
		default:
			conds = append(conds, f.matches(tag, t, e))
		}
	}
	if native {
		return strings.Join(conds, ", ")
	}
	return strings.Join(parenthesized(conds), " || ")
}

// fallsFromDefault tells a switch with a default before other cases and a
// fallthrough, which the interpreter follows in another order.
func fallsFromDefault(s *ast.SwitchStmt) bool {
	early, falls := false, false
	for i, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		early = early || clause.List == nil && i < len(s.Body.List)-1
		if n := len(clause.Body); n > 0 {
			b, ok := clause.Body[n-1].(*ast.BranchStmt)
			falls = falls || ok && b.Tok == token.FALLTHROUGH
		}
	}
	return early && falls
}

// numbered lowers a switch in two steps: one finds the number of the clause, the
// other runs it.
func (f *fn) numbered(s *ast.SwitchStmt, tag string, t types.Type, l *loop) {
	number, otherwise := f.fresh("clause"), -1
	f.line("%s := -1", number)
	f.line("switch {")
	for i, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if clause.List == nil {
			otherwise = i
			continue
		}
		f.line("case %s:", f.caseText(s, clause, tag, t, false))
		f.line("%s = %d", number, i)
	}
	f.line("default:")
	f.line("%s = %d", number, otherwise)
	f.line("}")
	f.label(l)
	f.line("switch %s {", number)
	for i, c := range s.Body.List {
		f.line("case %d:", i)
		f.branchBlock(c.(*ast.CaseClause).Body)
	}
	f.line("}")
}

func parenthesized(conds []string) []string {
	if len(conds) == 1 {
		return conds
	}
	out := make([]string, len(conds))
	for i, c := range conds {
		out[i] = "(" + c + ")"
	}
	return out
}

func (f *fn) nativeSwitch(s *ast.SwitchStmt, t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	if !ok || b.Info()&(types.IsInteger|types.IsString) == 0 {
		return false
	}
	for _, c := range s.Body.List {
		for _, e := range c.(*ast.CaseClause).List {
			if f.value(e) == nil {
				return false
			}
		}
	}
	return true
}

// matches compares the tag with a case.
func (f *fn) matches(tag string, t types.Type, e ast.Expr) string {
	if isNil(f.u.Info, e) {
		return f.open(tag, t) + " == nil"
	}
	et := f.typeOf(e)
	if isInterface(t) || isInterface(et) {
		universe := types.Universe.Lookup("any").Type()
		return Runtime + ".Eq(" + f.convText(tag, t, universe) + ", " + f.conv(e, universe) + ")"
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		_ = u
		return tag + " == " + operand(f.conv(e, t))
	case *types.Pointer:
		return tag + " == " + operand(f.expr(e))
	case *types.Chan:
		return Runtime + ".Same(" + tag + ", " + f.expr(e) + ")"
	}
	return Runtime + ".EqOf(" + tag + ", " + f.expr(e) + ", " + f.s.desc(t).expr() + ")"
}

// typeSwitch lowers a type switch to a chain of tests.
func (f *fn) typeSwitch(s *ast.TypeSwitchStmt, label string) {
	f.line("{")
	defer f.line("}")
	if s.Init != nil {
		f.stmt(s.Init)
	}
	var subject ast.Expr
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		subject = a.Rhs[0].(*ast.TypeAssertExpr).X
	case *ast.ExprStmt:
		subject = a.X.(*ast.TypeAssertExpr).X
	}
	st := f.typeOf(subject)
	whole := f.fresh("x")
	f.line("var %s %s = %s", whole, f.s.goType(st), f.expr(subject))
	x := whole
	if !f.s.anyKind(st) {
		x = f.fresh("x")
		f.line("var %s interface{} = %s", x, f.convText(whole, st, types.Universe.Lookup("any").Type()))
	}
	l := f.push(label, false)
	defer f.pop()
	if l.lowered == "" {
		l.lowered = f.fresh("done")
	}
	f.line("%s:", l.lowered)
	f.line("switch {")
	f.line("default:")
	var fallback *ast.CaseClause
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if clause.List == nil {
			fallback = clause
			continue
		}
		f.typeClause(clause, x, whole, st, l)
	}
	if fallback != nil {
		if obj := f.u.Info.Implicits[fallback]; obj != nil {
			f.line("var %s %s = %s", f.declare(obj), f.s.goType(st), whole)
		}
		f.branchBlock(fallback.Body)
	}
	f.line("}")
}

// typeClause tests the types of a clause one after the other and runs its body.
func (f *fn) typeClause(clause *ast.CaseClause, x, whole string, st types.Type, l *loop) {
	obj := f.u.Info.Implicits[clause]
	if len(clause.List) == 1 && !isNil(f.u.Info, clause.List[0]) {
		t := f.typ(f.u.Info.Types[clause.List[0]].Type)
		ok, value := f.tester(x, t)
		f.line("if %s {", ok)
		if obj != nil {
			f.line("var %s %s = %s", f.declare(obj), f.s.goType(t), value)
		}
		f.branchBlock(clause.Body)
		f.line("break %s", l.lowered)
		f.line("}")
		return
	}
	var oks []string
	for _, e := range clause.List {
		if isNil(f.u.Info, e) {
			oks = append(oks, x+" == nil")
			continue
		}
		ok, _ := f.tester(x, f.typ(f.u.Info.Types[e].Type))
		oks = append(oks, ok)
	}
	f.line("if %s {", strings.Join(oks, " || "))
	if obj != nil {
		f.line("var %s %s = %s", f.declare(obj), f.s.goType(st), whole)
	}
	f.branchBlock(clause.Body)
	f.line("break %s", l.lowered)
	f.line("}")
}
