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
		tag = f.tempOf(f.conv(s.Tag, t), t)
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
	whole := f.expr(subject)
	if id, plain := ast.Unparen(subject).(*ast.Ident); !plain || !isName(whole) || !f.unchanged(id, s.Body) {
		text := whole
		whole = f.fresh("x")
		if f.repeats() {
			f.line("%s = %s", f.slot(whole, st), text)
		} else {
			f.line("var %s %s = %s", whole, f.s.goType(st), text)
		}
	}
	x := whole
	if !f.s.anyKind(st) {
		x = f.fresh("x")
		f.line("var %s interface{} = %s", x, f.convText(whole, st, types.Universe.Lookup("any").Type()))
	}
	split := f.splitOnce(s, x)
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
		f.typeClause(clause, parted{x, split[0], split[1]}, whole, st, l)
	}
	if fallback != nil {
		if obj := f.u.Info.Implicits[fallback]; obj != nil {
			f.line("var %s %s = %s", f.declare(obj), f.s.goType(st), whole)
		}
		f.branchBlock(fallback.Body)
	}
	f.line("}")
}

// A parted is the subject of a type switch; its dynamic type and the value are
// empty unless they have been taken apart.
type parted struct{ x, dynamic, value string }

// splitOnce takes the subject apart where several clauses would.
func (f *fn) splitOnce(s *ast.TypeSwitchStmt, x string) (split [2]string) {
	count := 0
	for _, c := range s.Body.List {
		for _, e := range c.(*ast.CaseClause).List {
			if !isNil(f.u.Info, e) && f.s.isParted(f.typ(f.u.Info.Types[e].Type)) {
				count++
			}
		}
	}
	if count < 2 {
		return split
	}
	split = [2]string{f.fresh("t"), f.fresh("v")}
	f.line("%s, %s := %s.Split(%s)", split[0], split[1], Runtime, x)
	f.line("_ = %s", split[1])
	return split
}

// isParted tells a type whose values are taken out of interfaces by its Type.
func (s *Session) isParted(t types.Type) bool {
	return !isInterface(t) && !isEmptyStruct(t) && !s.isPlain(t) && !s.isOpaque(t)
}

// test is tester for the subject of a type switch: a condition and the value.
func (f *fn) test(x parted, t types.Type) (cond, value string) {
	if x.dynamic == "" || !f.s.isParted(t) {
		return f.tester(x.x, t)
	}
	return x.dynamic + " == " + f.s.desc(t).expr(), f.s.view(x.value, t)
}

// typeClause tests the types of a clause one after the other and runs its body.
func (f *fn) typeClause(clause *ast.CaseClause, x parted, whole string, st types.Type, l *loop) {
	obj := f.u.Info.Implicits[clause]
	if len(clause.List) == 1 && !isNil(f.u.Info, clause.List[0]) {
		t := f.typ(f.u.Info.Types[clause.List[0]].Type)
		ok, value := f.test(x, t)
		f.line("if %s {", ok)
		if obj != nil {
			f.bindClause(obj, value, t)
		}
		f.branchBlock(clause.Body)
		f.line("break %s", l.lowered)
		f.line("}")
		return
	}
	var oks []string
	for _, e := range clause.List {
		if isNil(f.u.Info, e) {
			oks = append(oks, x.x+" == nil")
			continue
		}
		ok, _ := f.test(x, f.typ(f.u.Info.Types[e].Type))
		oks = append(oks, ok)
	}
	f.line("if %s {", strings.Join(parenthesized(oks), " || "))
	if obj != nil {
		f.line("var %s %s = %s", f.declare(obj), f.s.goType(st), whole)
	}
	f.branchBlock(clause.Body)
	f.line("break %s", l.lowered)
	f.line("}")
}

// bindClause gives the variable of a clause its value: that of the test, when
// nothing else is done with it.
func (f *fn) bindClause(obj types.Object, value string, t types.Type) {
	switch {
	case isName(value) && !f.shared.captured[obj] && !isInterface(t) && f.reusable(t) && f.s.isPlain(t) && !f.s.isOpaque(t):
		f.shared.names[obj] = value
	case f.reused(obj, t):
		f.line("%s = %s", f.slot(f.declare(obj), t), value)
	default:
		f.line("var %s %s = %s", f.declare(obj), f.s.goType(t), value)
	}
}

// unchanged tells a local variable that a statement does not set.
func (f *fn) unchanged(id *ast.Ident, s ast.Stmt) bool {
	obj := f.object(id)
	_, local := f.shared.names[obj]
	return local && !f.shared.captured[obj] && !f.assigns(s, obj)
}
