package lower

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A loop is a statement that break or continue may mean.
type loop struct {
	label    string // of the person
	lowered  string // its label in lowered code, "" when it has none
	isLoop   bool
	onNext   string // what runs before the next iteration
	boundary *rangeFunc
}

func (f *fn) block(list []ast.Stmt) {
	for _, s := range list {
		f.stmt(s)
	}
}

// unmarked lowers a statement; the marks are those of its parts.
func (f *fn) unmarked(s ast.Stmt) {
	early := f.early
	defer func() { f.early = early }()
	switch s.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.DeclStmt, *ast.ReturnStmt:
		f.early = !f.inHead && f.repeats()
	default:
		f.early = false
	}
	switch s := s.(type) {
	case *ast.EmptyStmt:
	case *ast.ExprStmt:
		f.exprStmt(s.X)
	case *ast.AssignStmt:
		f.assign(s)
	case *ast.DeclStmt:
		f.decl(s.Decl.(*ast.GenDecl))
	case *ast.BlockStmt:
		f.line("{")
		f.block(s.List)
		f.line("}")
	case *ast.IfStmt:
		f.ifStmt(s)
	case *ast.ForStmt:
		f.forStmt(s, "")
	case *ast.RangeStmt:
		f.rangeStmt(s, "")
	case *ast.SwitchStmt:
		f.switchStmt(s, "")
	case *ast.TypeSwitchStmt:
		f.typeSwitch(s, "")
	case *ast.SelectStmt:
		f.selectStmt(s, "")
	case *ast.LabeledStmt:
		f.labeled(s)
	case *ast.BranchStmt:
		f.branch(s)
	case *ast.ReturnStmt:
		f.returnStmt(s)
	case *ast.IncDecStmt:
		f.incDec(s)
	case *ast.SendStmt:
		c := f.under(s.Chan).(*types.Chan)
		f.line("%s <- %s", f.primary(s.Chan), f.conv(s.Value, c.Elem()))
	case *ast.GoStmt:
		f.goStmt(s)
	case *ast.DeferStmt:
		f.deferStmt(s)
	default:
		fail(s.Pos(), "%T cannot be lowered", s)
	}
}

// exprStmt is an expression for its effect.
func (f *fn) exprStmt(e ast.Expr) {
	e = ast.Unparen(e)
	if isNil(f.u.Info, e) {
		return
	}
	if call, ok := e.(*ast.CallExpr); ok {
		if i, receiver := f.staticCallee(call); i != nil && f.writeOut(call, i, receiver) {
			return
		}
		if tv := f.u.Info.Types[call.Fun]; !tv.IsType() && !tv.IsBuiltin() || tv.IsBuiltin() {
			f.line("%s", f.expr(e))
			return
		}
	}
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		f.line("<-%s", f.primary(u.X))
		return
	}
	f.line("_ = %s", f.conv(e, types.Default(f.typeOf(e))))
}

func (f *fn) ifStmt(s *ast.IfStmt) {
	if s.Init != nil {
		f.line("{")
		f.stmt(s.Init)
	}
	conds := []ast.Expr{s.Cond}
	if s.Else == nil {
		conds = f.conjuncts(s.Cond)
	}
	f.early = f.repeats()
	for _, c := range conds {
		f.line("if %s {", f.cond(c))
	}
	f.early = false
	f.branchBlock(s.Body.List)
	switch e := s.Else.(type) {
	case nil:
		f.line("%s", strings.Repeat("}", len(conds)))
	case *ast.BlockStmt:
		f.line("} else {")
		f.branchBlock(e.List)
		f.line("}")
	case *ast.IfStmt:
		f.line("} else {")
		f.branchBlock([]ast.Stmt{e})
		f.line("}")
	}
	if s.Init != nil {
		f.line("}")
	}
}

// conjuncts are the operands of &&, each of which the interpreter tests faster as
// a condition of its own.
func (f *fn) conjuncts(e ast.Expr) []ast.Expr {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok || b.Op != token.LAND || f.value(b) != nil {
		return []ast.Expr{e}
	}
	return append(f.conjuncts(b.X), f.conjuncts(b.Y)...)
}

// cond is a condition, without parentheses, which the interpreter pays for.
func (f *fn) cond(e ast.Expr) string { return f.expr(ast.Unparen(e)) }

func (f *fn) incDec(s *ast.IncDecStmt) {
	if b, ok := f.under(s.X).(*types.Basic); ok && b.Kind() == types.Uintptr { // the interpreter would end the function
		place := f.fixed(ast.Unparen(s.X))
		f.line("%s = %s %s uintptr(1)", place, operand(place), s.Tok.String()[:1])
		return
	}
	if ix, ok := ast.Unparen(s.X).(*ast.IndexExpr); ok {
		if m, ok := f.under(ix.X).(*types.Map); ok {
			if f.simple(ix.X) && !isInterface(m.Key()) && !f.s.isOpaque(f.typeOf(ix.X)) {
				f.line("%s[%s]%s", f.expr(ix.X), f.mapKey(ix.Index, m), s.Tok)
				return
			}
			x, k := f.temp(f.primary(ix.X)), f.temp(f.mapKey(ix.Index, m))
			f.line("%s[%s] = %s[%s] %s 1", x, k, x, k, s.Tok.String()[:1])
			return
		}
	}
	f.line("%s%s", f.expr(ast.Unparen(s.X)), s.Tok)
}

// temp keeps a value in a fresh variable.
func (f *fn) temp(text string) string {
	if isName(text) {
		return text
	}
	n := f.fresh("t")
	f.line("%s := %s", n, text)
	return n
}

func isName(text string) bool { return token.IsIdentifier(text) }

func (f *fn) decl(d *ast.GenDecl) {
	if d.Tok != token.VAR {
		return // constants are folded; types are named when they are used
	}
	for _, spec := range d.Specs {
		f.varSpec(spec.(*ast.ValueSpec))
	}
}

func (f *fn) varSpec(s *ast.ValueSpec) {
	if len(s.Values) > 0 {
		lhs := make([]ast.Expr, len(s.Names))
		for i, n := range s.Names {
			lhs[i] = n
		}
		f.define(lhs, s.Values, true)
		return
	}
	for _, n := range s.Names {
		obj := f.u.Info.Defs[n]
		if n.Name == "_" || obj == nil {
			continue
		}
		typ := f.typ(obj.Type())
		if g, ok := f.s.globals[obj]; ok {
			f.line("%s = %s", g, f.s.zero(typ))
			continue
		}
		if lit, set := f.literalAfter(s, obj); lit != nil && f.lifts(obj, lit, set) {
			continue
		}
		if f.reused(obj, typ) {
			f.line("%s = %s", f.slot(f.declare(obj), typ), f.s.zero(typ))
			continue
		}
		f.line("var %s %s", f.declare(obj), f.s.goType(typ))
	}
}

// zero is an expression for the zero value.
func (s *Session) zero(t types.Type) string {
	if isInterface(t) || s.isOpaque(t) {
		return "nil"
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return s.retype(`""`, types.Typ[types.String], t)
		case u.Info()&types.IsBoolean != 0:
			return s.retype("false", types.Typ[types.Bool], t)
		case u.Info()&types.IsNumeric != 0:
			return s.retype("0", types.Typ[types.Int], t)
		}
		return "nil"
	case *types.Struct, *types.Array:
		return s.goType(t) + "{}"
	}
	return "nil"
}

func (f *fn) labeled(s *ast.LabeledStmt) {
	switch inner := s.Stmt.(type) {
	case *ast.ForStmt:
		f.gotoLabel(s)
		f.line("{") // in a clause of a switch the interpreter finds no labels
		f.forStmt(inner, s.Label.Name)
		f.line("}")
	case *ast.RangeStmt:
		f.gotoLabel(s)
		f.line("{")
		f.rangeStmt(inner, s.Label.Name)
		f.line("}")
	case *ast.SwitchStmt:
		f.gotoLabel(s)
		f.switchStmt(inner, s.Label.Name)
	case *ast.TypeSwitchStmt:
		f.gotoLabel(s)
		f.typeSwitch(inner, s.Label.Name)
	case *ast.SelectStmt:
		f.gotoLabel(s)
		f.selectStmt(inner, s.Label.Name)
	case *ast.BlockStmt:
		f.gotoLabel(s)
		f.labeledBlock(inner, s.Label.Name)
	default:
		f.gotoLabel(s)
		f.stmt(s.Stmt)
	}
}

// gotoLabel writes the label that goto means.
func (f *fn) gotoLabel(s *ast.LabeledStmt) {
	if f.isGotoTarget(s.Label) {
		f.line("%s:", gotoName(s.Label.Name))
		f.line("{")
		f.line("}")
	}
}

func (f *fn) isGotoLabel(s ast.Stmt) bool {
	l, ok := s.(*ast.LabeledStmt)
	return ok && f.isGotoTarget(l.Label)
}

func gotoName(n string) string { return "goto_" + n }

func (f *fn) isGotoTarget(label *ast.Ident) bool {
	obj := f.u.Info.Defs[label]
	for id, use := range f.u.Info.Uses {
		if use == obj && obj != nil {
			if f.gotos == nil {
				f.gotos = map[*ast.Ident]bool{}
				for _, file := range f.u.Files {
					ast.Inspect(file, func(n ast.Node) bool {
						if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
							f.gotos[b.Label] = true
						}
						return true
					})
				}
			}
			if f.gotos[id] {
				return true
			}
		}
	}
	return false
}

// labeledBlock is a block that break leaves: a switch in lowered code.
func (f *fn) labeledBlock(b *ast.BlockStmt, label string) {
	l := f.push(label, false)
	l.lowered = f.fresh(label)
	f.line("%s:", l.lowered)
	f.line("switch {")
	f.line("default:")
	f.block(b.List)
	f.line("}")
	f.pop()
}

// push enters a statement that break may mean.
func (f *fn) push(label string, isLoop bool) *loop {
	l := &loop{label: label, isLoop: isLoop, boundary: f.inRange}
	if label != "" {
		l.lowered = f.fresh(label)
	}
	f.loops = append(f.loops[:len(f.loops):len(f.loops)], l)
	return l
}

func (f *fn) pop() { f.loops = f.loops[:len(f.loops)-1] }

// label writes the label of a loop, right before its statement.
func (f *fn) label(l *loop) {
	if l.lowered != "" {
		f.line("%s:", l.lowered)
	}
}

// target finds the statement that a break or continue means.
func (f *fn) target(s *ast.BranchStmt) *loop {
	for i := len(f.loops) - 1; i >= 0; i-- {
		l := f.loops[i]
		switch {
		case s.Label != nil && l.label == s.Label.Name:
			return l
		case s.Label == nil && (l.isLoop || s.Tok == token.BREAK && l.label == "" || s.Tok == token.BREAK && !l.block()):
			return l
		}
	}
	fail(s.Pos(), "%s outside of a loop", s.Tok)
	return nil
}

func (l *loop) block() bool { return false }

func (f *fn) branch(s *ast.BranchStmt) {
	switch s.Tok {
	case token.FALLTHROUGH:
		f.line("fallthrough")
		return
	case token.GOTO:
		f.line("goto %s", gotoName(s.Label.Name))
		return
	}
	l := f.target(s)
	if l.boundary != f.inRange {
		f.crossing(l, s.Tok)
		return
	}
	if r := f.inRange; r != nil && l == r.loop {
		r.leave(f, s.Tok)
		return
	}
	if s.Tok == token.CONTINUE && l.onNext != "" {
		f.line("%s", l.onNext)
	}
	if s.Label != nil {
		f.line("%s %s", s.Tok, l.lowered)
		return
	}
	f.line("%s", s.Tok)
}

func (f *fn) returnStmt(s *ast.ReturnStmt) {
	if f.inRange != nil {
		f.inRange.returns(f, s)
		return
	}
	values := f.returnValues(s)
	switch {
	case f.body:
		f.setResults(values)
		f.line("return")
	default:
		f.line("return %s", strings.Join(values, ", "))
	}
}

// setResults assigns the operands of return to the results. Of several values the
// interpreter assigns only variables and literals as they should be; a nil gets a
// line of its own.
func (f *fn) setResults(values []string) {
	var left, right, nils []string
	for i, v := range values {
		r := f.results[i]
		if v == "nil" {
			nils = append(nils, r.name)
			continue
		}
		if len(values) > 1 && !isName(v) && !isLiteral(v) {
			name := f.fresh("v")
			f.line("var %s %s = %s", name, f.s.goType(r.typ), v)
			v = name
		}
		left, right = append(left, r.name), append(right, v)
	}
	if !slices.Equal(left, right) {
		f.line("%s = %s", strings.Join(left, ", "), strings.Join(right, ", "))
	}
	for _, name := range nils {
		f.line("%s = nil", name)
	}
}

func isLiteral(text string) bool {
	e, err := parser.ParseExpr(text)
	_, ok := e.(*ast.BasicLit)
	return err == nil && ok
}

// returnValues lowers the operands of return; a call of several results is
// taken apart.
func (f *fn) returnValues(s *ast.ReturnStmt) []string {
	if len(s.Results) == 0 {
		if f.named {
			return f.resultNames()
		}
		return nil
	}
	if len(s.Results) == 1 && len(f.results) > 1 {
		tuple := f.typeOf(s.Results[0]).(*types.Tuple)
		var names, values []string
		for i, r := range f.results {
			n := f.fresh("v")
			names = append(names, n)
			values = append(values, f.convText(n, f.typ(tuple.At(i).Type()), r.typ))
		}
		f.line("%s := %s", strings.Join(names, ", "), f.expr(s.Results[0]))
		return values
	}
	builtin := len(s.Results) > 1 && slices.ContainsFunc(s.Results, f.isBuiltinCall)
	var values []string
	for i, r := range s.Results {
		text := f.conv(r, f.results[i].typ)
		if builtin && f.value(r) == nil && !isName(text) { // it would become the first result
			text = f.temp2(text)
		}
		values = append(values, text)
	}
	return values
}

func (f *fn) isBuiltinCall(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && f.u.Info.Types[call.Fun].IsBuiltin()
}
