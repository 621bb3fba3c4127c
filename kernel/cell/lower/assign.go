package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// assign lowers an assignment, definition or operation.
func (f *fn) assign(s *ast.AssignStmt) {
	switch s.Tok {
	case token.DEFINE:
		f.define(s.Lhs, s.Rhs, false)
	case token.ASSIGN:
		f.set(s.Lhs, s.Rhs)
	default:
		f.operate(s)
	}
}

// define lowers := and var with values. Fresh tells that all names are new.
func (f *fn) define(lhs, rhs []ast.Expr, fresh bool) {
	if len(lhs) == 1 && len(rhs) == 1 {
		f.defineOne(lhs[0].(*ast.Ident), rhs[0])
		return
	}
	if len(lhs) == len(rhs) && f.allNew(lhs) {
		for i, e := range lhs {
			f.defineOne(e.(*ast.Ident), rhs[i])
		}
		return
	}
	names := make([]string, len(lhs))
	for i, e := range lhs {
		names[i] = e.(*ast.Ident).Name
	}
	values := f.values(len(lhs), rhs, names...)
	for i, e := range lhs {
		f.bind(e.(*ast.Ident), values[i])
	}
}

// allNew tells that a definition only makes local variables, so that no value
// depends on another.
func (f *fn) allNew(lhs []ast.Expr) bool {
	for _, e := range lhs {
		if isBlank(e) {
			continue
		}
		obj := f.u.Info.Defs[e.(*ast.Ident)]
		if _, global := f.s.globals[obj]; obj == nil || global {
			return false
		}
	}
	return true
}

// A typed is lowered text with its type.
type typed struct {
	text string
	typ  types.Type
	own  bool // a variable that was made for this value
}

// defineOne defines one variable by one expression.
func (f *fn) defineOne(id *ast.Ident, e ast.Expr) {
	obj := f.u.Info.Defs[id]
	if id.Name == "_" || obj == nil {
		if obj == nil && id.Name != "_" {
			f.set([]ast.Expr{id}, []ast.Expr{e})
			return
		}
		f.exprDiscard(e)
		return
	}
	if _, global := f.s.globals[obj]; !global && f.lifts(obj, e, nil) {
		return
	}
	t := f.typ(obj.Type())
	text, ok := "", false
	if _, global := f.s.globals[obj]; global || f.reused(obj, t) {
		text, ok = f.scaledTo(id, e, t)
	}
	if ok {
	} else if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		text = f.convText(f.temp2("<-"+f.primary(u.X)), f.typeOf(u), t)
	} else {
		text = f.conv(e, t)
	}
	if g, ok := f.s.globals[obj]; ok {
		f.line("%s = %s", g, text)
		return
	}
	f.newVar(obj, text, t, e)
}

// newVar declares a variable with its first value.
func (f *fn) newVar(obj types.Object, text string, t types.Type, e ast.Expr) {
	name := f.declare(obj)
	if f.reused(obj, t) {
		f.line("%s = %s", f.slot(name, t), text)
		return
	}
	if f.needsType(t, e) {
		f.line("var %s %s = %s", name, f.s.goType(t), text)
		return
	}
	f.line("%s := %s", name, text)
}

// needsType tells that the interpreter would not find the type of the value.
func (f *fn) needsType(t types.Type, e ast.Expr) bool {
	if isInterface(t) || f.s.isOpaque(t) || e == nil {
		return true
	}
	if isNil(f.u.Info, e) {
		return true
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return !f.arithmetic(x)
	case *ast.UnaryExpr:
		return x.Op != token.AND
	}
	switch t.Underlying().(type) {
	case *types.Signature, *types.Chan:
		return true
	}
	return f.value(e) != nil && f.s.goType(t) != "int" && f.s.goType(t) != "string" && f.s.goType(t) != "bool"
}

// arithmetic tells an operation of which the interpreter finds the type: no
// operand is a constant.
func (f *fn) arithmetic(e *ast.BinaryExpr) bool {
	switch e.Op {
	case token.ADD, token.SUB, token.MUL, token.QUO:
	default:
		return false
	}
	switch f.s.goType(f.typeOf(e)) {
	case "int", "float64", "string":
		plain := func(e ast.Expr) bool {
			e = ast.Unparen(e)
			if b, ok := e.(*ast.BinaryExpr); ok {
				return f.arithmetic(b)
			}
			_, unary := e.(*ast.UnaryExpr)
			return f.value(e) == nil && !unary
		}
		return f.value(e) == nil && plain(e.X) && plain(e.Y)
	}
	return false
}

// bind gives a value to a name on the left of a definition.
func (f *fn) bind(id *ast.Ident, v typed) {
	if id.Name == "_" {
		return
	}
	if obj := f.u.Info.Defs[id]; obj != nil {
		t := f.typ(obj.Type())
		text := f.convText(v.text, v.typ, t)
		if g, ok := f.s.globals[obj]; ok {
			f.line("%s = %s", g, text)
			return
		}
		if v.own && !f.shared.captured[obj] && !isInterface(t) && f.reusable(t) && types.Identical(t, v.typ) {
			f.shared.names[obj] = v.text
			return
		}
		if f.reused(obj, t) {
			f.line("%s = %s", f.slot(f.declare(obj), t), text)
			return
		}
		f.line("var %s %s = %s", f.declare(obj), f.s.goType(t), text)
		return
	}
	f.line("%s = %s", f.expr(id), f.convText(v.text, v.typ, f.typeOf(id)))
}

func (f *fn) exprDiscard(e ast.Expr) {
	if f.value(e) != nil || isNil(f.u.Info, e) {
		return
	}
	call, calls := ast.Unparen(e).(*ast.CallExpr)
	if _, name := ast.Unparen(e).(*ast.Ident); !name && (!calls || f.u.Info.Types[call.Fun].IsType()) {
		// Given to a blank, an operation takes the place of a variable, and of a
		// nil pointer nothing would be asked for.
		f.temp2(f.expr(e))
		return
	}
	f.line("_ = %s", f.expr(e))
}

// set lowers =.
func (f *fn) set(lhs, rhs []ast.Expr) {
	if len(lhs) == 1 && len(rhs) == 1 {
		l := ast.Unparen(lhs[0])
		if isBlank(l) {
			f.exprDiscard(rhs[0])
			return
		}
		if f.liftedCallee(l) != nil {
			return // the one value of a variable that is a function of its own
		}
		t := f.typeOf(l)
		place := f.place2(l)
		value, ok := f.scaledTo(l, rhs[0], t)
		if !ok {
			value = f.conv(rhs[0], t)
		}
		if f.replaced(l, rhs[0]) {
			value = f.temp2(value)
		}
		if f.isMapElement(l) { // what a nil pointer gives would take the element out of the map
			value = f.certain(value, rhs[0], t)
		}
		f.line("%s = %s", place, value)
		return
	}
	if f.exchange(lhs, rhs) {
		return
	}
	places := make([]string, len(lhs))
	for i, l := range lhs {
		if l = ast.Unparen(l); !isBlank(l) {
			places[i] = f.fixed(l)
		}
	}
	values := f.values(len(lhs), rhs)
	for i, l := range lhs {
		if places[i] == "" {
			continue
		}
		f.line("%s = %s", places[i], f.convText(values[i].text, values[i].typ, f.typeOf(ast.Unparen(l))))
	}
}

// replaced tells the assignment of a struct literal to a variable that closures
// or pointers lead to: the interpreter would put another variable in its place.
func (f *fn) replaced(l, r ast.Expr) bool {
	if _, literal := ast.Unparen(r).(*ast.CompositeLit); !literal {
		return false
	}
	if _, structure := f.under(l).(*types.Struct); !structure {
		return false
	}
	id, variable := l.(*ast.Ident)
	return variable && f.shared.captured[f.object(id)]
}

func (f *fn) isMapElement(e ast.Expr) bool {
	x, ok := e.(*ast.IndexExpr)
	if !ok {
		return false
	}
	_, ok = f.under(x.X).(*types.Map)
	return ok
}

// exchange lowers an assignment of simple operands to as many simple places,
// such as the swap of two elements: all values but the first are kept before the
// first is assigned.
func (f *fn) exchange(lhs, rhs []ast.Expr) bool {
	if len(lhs) != len(rhs) {
		return false
	}
	changed := map[types.Object]bool{}
	for i, l := range lhs {
		l = ast.Unparen(l)
		if isBlank(l) || !f.simplePlace(l) || !f.simple(rhs[i]) || isNil(f.u.Info, rhs[i]) || isInterface(f.typeOf(l)) || f.s.isOpaque(f.typeOf(l)) {
			return false
		}
		if id, ok := l.(*ast.Ident); ok {
			changed[f.object(id)] = true
		}
	}
	for _, l := range lhs { // an index must not depend on what is assigned
		if _, plain := ast.Unparen(l).(*ast.Ident); !plain && f.mentionsAny(l, changed) {
			return false
		}
	}
	values := make([]string, len(rhs))
	for i := len(rhs) - 1; i > 0; i-- {
		t := f.typeOf(ast.Unparen(lhs[i]))
		if values[i] = f.conv(rhs[i], t); f.value(rhs[i]) == nil && f.dependsOn(rhs[i], lhs[:i]) {
			values[i] = f.tempOf(values[i], t)
		}
	}
	values[0] = f.conv(rhs[0], f.typeOf(ast.Unparen(lhs[0])))
	for i, l := range lhs {
		f.line("%s = %s", f.expr(ast.Unparen(l)), values[i])
	}
	return true
}

// dependsOn tells that an expression reads what one of the places may be, or
// could fail after they have been set.
func (f *fn) dependsOn(e ast.Expr, places []ast.Expr) bool {
	changed := map[types.Object]bool{}
	for _, p := range places {
		id, ok := ast.Unparen(p).(*ast.Ident)
		if !ok || isBlank(id) {
			return true
		}
		changed[f.object(id)] = true
	}
	return !f.steady(e) || f.mentionsAny(e, changed)
}

// simplePlace is a variable, or an element of one, of which the indices are no
// elements themselves.
func (f *fn) simplePlace(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		_, ok := f.object(e).(*types.Var)
		return ok
	case *ast.IndexExpr:
		switch u := f.under(e.X).(type) {
		case *types.Slice:
			if _, basic := u.Elem().Underlying().(*types.Basic); !basic {
				return false // it may hold what another place is in
			}
		case *types.Array:
		default:
			return false
		}
		return f.flat(e.X) && f.flat(e.Index) && !f.s.isOpaque(f.typeOf(e.X))
	}
	return false
}

// flat is an expression of variables and constants.
func (f *fn) flat(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.BinaryExpr:
		return f.flat(e.X) && f.flat(e.Y)
	}
	return f.value(e) != nil
}

func (f *fn) mentionsAny(e ast.Node, objects map[types.Object]bool) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && objects[f.object(id)] {
			found = true
		}
		return !found
	})
	return found
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// place2 is what is assigned to.
func (f *fn) place2(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if pkg := f.packageOf(s.X); pkg != nil {
			if obj, ok := f.object(s.Sel).(*types.Var); ok {
				if text := f.s.throughPointer(obj); text != "" {
					return text
				}
			}
			if v := f.s.packages.Symbol(pkg.Path(), s.Sel.Name); v.IsValid() && v.CanAddr() {
				return "*" + f.s.symbol("P"+strconv.Itoa(f.s.serial()), v.Addr())
			}
		}
	}
	return f.expr(e)
}

// fixed is a place whose operands have been evaluated, so that assignments
// before it change nothing.
func (f *fn) fixed(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.IndexExpr:
		x := f.container(e.X)
		if m, ok := f.under(e.X).(*types.Map); ok {
			return x + "[" + f.operandTemp(e.Index, f.mapKey(e.Index, m)) + "]"
		}
		if _, ok := f.under(e.X).(*types.Pointer); ok {
			x = "(*" + x + ")"
		}
		return x + "[" + f.operandTemp(e.Index, f.expr(e.Index)) + "]"
	case *ast.StarExpr:
		return "*" + f.temp2(f.expr(e.X))
	case *ast.SelectorExpr:
		if f.packageOf(e.X) != nil {
			return f.expr(e)
		}
		if _, ok := f.under(e.X).(*types.Pointer); ok {
			sel := f.u.Info.Selections[e]
			_, path := f.lookup(e, sel)
			text, _ := f.walk(f.temp2(f.expr(e.X)), f.typeOf(e.X), path)
			return text
		}
		if _, variable := ast.Unparen(e.X).(*ast.Ident); !variable {
			_, path := f.lookup(e, f.u.Info.Selections[e])
			text, _ := f.walk(f.fixed(ast.Unparen(e.X)), f.typeOf(e.X), path)
			return text
		}
	}
	return f.place2(e)
}

func (f *fn) temp2(text string) string {
	n := f.fresh("t")
	f.line("%s := %s", n, text)
	return n
}

// container is the operand of an index on the left: slices and maps are fixed,
// arrays are places themselves.
func (f *fn) container(e ast.Expr) string {
	if _, ok := f.under(e).(*types.Array); ok {
		return f.fixed(ast.Unparen(e))
	}
	return f.temp2(f.primary(e))
}

func (f *fn) operandTemp(e ast.Expr, text string) string {
	if isNil(f.u.Info, e) {
		return text
	}
	if f.value(e) != nil || isNil(f.u.Info, e) {
		return text
	}
	return f.temp2(text)
}
